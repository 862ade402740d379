# For hands that are used to make; ./ops-proxy does the work, and builds by itself when it has to.
.PHONY: build test demo image

build:
	./ops-proxy --version

test:
	./ops-proxy test

demo:
	./ops-proxy demo

image:
	deploy/images/build dataplane operator
