# For hands that are used to make; ./ops-proxy does the work, and builds by itself when it has to.
.PHONY: build test demo image outdated

build:
	./ops-proxy --version

test:
	./ops-proxy test

demo:
	./ops-proxy demo

image:
	deploy/images/build dataplane operator

# What of the libraries and plugins is behind its newest release; pom.xml says why one stays where it is.
outdated:
	@mvn -B -ntp -N versions:display-property-updates versions:display-plugin-updates | sed -n 's/^\[INFO\] \(.* -> .*\)/\1/p'
