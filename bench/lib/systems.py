"""What is measured: each system starts on ports of its own, with one worker thread, in front of the same backend."""

import os
import subprocess

from machine import Process, answers, connects, find, free_port, nginx_stream_module, wait_for

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAUNCHER = os.path.join(ROOT, "ops-proxy")

HTTP_NAME = "web.test"
# The backend has its port on 127.0.0.1 to 127.0.0.10, so that it can be ten endpoints.
ADDRESSES = [f"127.0.0.{number}" for number in range(1, 11)]
# wrk puts the host of its URL into the SNI and has to resolve it.
TLS_NAME = "localhost"


def write(directory, name, text):
    path = os.path.join(directory, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def nginx_head(directory, module=""):
    user = "user root;\n" if os.geteuid() == 0 else ""
    load = f"load_module {module};\n" if module else ""
    return (f"{load}{user}daemon off;\nworker_processes 1;\n"
            f"pid {directory}/nginx.pid;\nerror_log {directory}/error.log;\nevents {{ worker_connections 16000; }}\n")


class Backend:
    """nginx with one worker: 100 bytes at /, a large file sent with sendfile, the same over TLS."""

    def __init__(self, directory, files, size):
        self.directory = os.path.join(directory, "backend")
        os.mkdir(self.directory)
        self.http, self.tls = free_port(), free_port()
        with open(os.path.join(files, "large"), "wb") as large:
            block = os.urandom(1 << 20)
            for _ in range(size >> 20):
                large.write(block)
        self.has_tls = bool(find("openssl")) and subprocess.run(
            [find("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
             "-subj", f"/CN={TLS_NAME}", "-keyout", "key.pem", "-out", "cert.pem"],
            cwd=self.directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
        locations = f"root {files}; location = / {{ return 200 \"{'x' * 99}\\n\"; }}"
        tls = ""
        if self.has_tls:
            # Without session resumption every connection is a whole handshake, for everyone.
            tls = (f"server {{ listen 127.0.0.1:{self.tls} ssl backlog=4096; ssl_certificate {self.directory}/cert.pem;"
                   f" ssl_certificate_key {self.directory}/key.pem; ssl_session_cache off; ssl_session_tickets off; {locations} }}")
        temporary = "".join(f"{kind}_temp_path {self.directory}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        config = write(self.directory, "nginx.conf", nginx_head(self.directory) + f"""http {{
{temporary}access_log off; sendfile on; tcp_nopush on; keepalive_timeout 600s; keepalive_requests 1000000000; default_type text/plain;
server {{ {' '.join(f"listen {address}:{self.http} backlog=4096;" for address in ADDRESSES)} {locations} }}
{tls}
}}
""")
        self.process = Process([find("nginx"), "-p", self.directory, "-c", config], f"{self.directory}/log")
        wait_for(self.process, lambda: answers(self.http, HTTP_NAME), "the backend")


class System:
    """One thing to measure. `kinds` are the ways in that it offers; a port for each after start()."""

    name = "?"
    kinds = ("http", "tls")
    detail = ""

    def __init__(self, directory, backend):
        self.backend = backend
        self.directory = os.path.join(directory, self.name)
        os.makedirs(self.directory, exist_ok=True)
        self.processes = []
        self.ports = {}

    def start(self):
        self.launch()
        for process in self.processes:
            wait_for(process, lambda: connects(self.ports["http"]), self.name)
        wait_for(self.processes[0], lambda: answers(self.ports["http"], HTTP_NAME), self.name)

    def cpu(self):
        return sum(process.cpu() for process in self.processes)

    def memory(self):
        each = [process.memory() for process in self.processes]
        return tuple(map(sum, zip(*each)))

    def stop(self):
        for process in self.processes:
            process.stop()
        self.processes = []


class Direct(System):
    name = "direct"
    detail = "no proxy"

    def start(self):
        self.ports = {"http": self.backend.http, "tls": self.backend.tls}

    def cpu(self):
        return 0.0


class Haproxy(System):
    name = "haproxy"
    detail = "mode tcp, one thread; http: forwards without a look inside; tls: by the SNI"

    def http_rules(self):
        return "  default_backend http\n"

    def launch(self):
        self.ports = {"http": free_port(), "tls": free_port()}
        config = write(self.directory, "haproxy.cfg", f"""global
  nbthread 1
  maxconn 6000
  maxpipes 1000
defaults
  mode tcp
  timeout connect 5s
  timeout client 300s
  timeout server 300s
frontend http
  bind 127.0.0.1:{self.ports['http']} backlog 4096
{self.http_rules()}frontend tls
  bind 127.0.0.1:{self.ports['tls']} backlog 4096
  tcp-request inspect-delay 5s
  tcp-request content accept if {{ req.ssl_hello_type 1 }}
  use_backend tls if {{ req.ssl_sni -i {TLS_NAME} }}
backend http
  server web 127.0.0.1:{self.backend.http}
backend tls
  server web 127.0.0.1:{self.backend.tls}
""")
        self.processes = [Process([find("haproxy"), "-db", "-f", config], f"{self.directory}/log")]


class HaproxyHost(Haproxy):
    name = "haproxy-host"
    kinds = ("http",)
    detail = "mode tcp, one thread; looks for the HTTP Host in the first bytes, as the peer does"

    def http_rules(self):
        return ("  tcp-request inspect-delay 5s\n  tcp-request content reject if !HTTP\n"
                f"  use_backend http if {{ req.hdr(host) -i {HTTP_NAME} }}\n")


class HaproxySplice(Haproxy):
    name = "haproxy-splice"
    kinds = ("http",)
    detail = "as haproxy, with option splice-request and splice-response"

    def http_rules(self):
        return "  default_backend http\n  option splice-request\n  option splice-response\n"


class Nginx(System):
    name = "nginx"
    detail = "stream, one worker; http: forwards without a look inside; tls: by the SNI (ssl_preread)"

    def launch(self):
        self.ports = {"http": free_port(), "tls": free_port()}
        config = write(self.directory, "nginx.conf", nginx_head(self.directory, nginx_stream_module()) + f"""stream {{
proxy_timeout 300s;
map $ssl_preread_server_name $by_name {{ {TLS_NAME} 127.0.0.1:{self.backend.tls}; }}
server {{ listen 127.0.0.1:{self.ports['http']} backlog=4096; proxy_pass 127.0.0.1:{self.backend.http}; }}
server {{ listen 127.0.0.1:{self.ports['tls']} backlog=4096; ssl_preread on; proxy_pass $by_name; }}
}}
""")
        self.processes = [Process([find("nginx"), "-p", self.directory, "-c", config], f"{self.directory}/log")]


def peer_environment():
    """The caller's environment without what would configure a peer: only what the launcher and the JVM need."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "JAVA_HOME", "OPS_PROXY_JAVA_HOME", "OPS_PROXY_JAVA_OPTS")
    return {key: value for key, value in os.environ.items() if key in kept}


class Peer(System):
    name = "ops-proxy"
    detail = "one event loop; http: by the Host; tls: by the SNI"

    def services(self):
        return f"{HTTP_NAME}:127.0.0.1:{self.backend.http},{TLS_NAME}:127.0.0.1:{self.backend.tls}"

    def configure(self, name, port, **settings):
        lines = {"bind_addr": f"127.0.0.1:{port}", "listen_address": f"127.0.0.1:{free_port()}", "peer_name": name, **settings}
        text = "peer:\n" + "".join(f"  {key}: \"{value}\"\n" for key, value in lines.items()) + "proxy:\n  threads: 1\nlog:\n  level: warn\n"
        return write(self.directory, f"{name}.yaml", text)

    def command(self, config):
        return [LAUNCHER, f"--config.file={config}"]

    def run(self, name, config):
        return Process(self.command(config), f"{self.directory}/{name}.log", env=peer_environment(), cwd=self.directory)

    def launch(self):
        port = free_port()
        self.ports = {"http": port, "tls": port}
        self.processes = [self.run("a", self.configure("a", port, service_addr=self.services()))]


class Balanced(Peer):
    """A service with several endpoints, all of them the backend, watched as the API servers of docs/api-servers.md are."""

    kinds = ("http",)
    endpoints = 1

    def launch(self):
        port = free_port()
        self.ports = {"http": port}
        config = self.configure("a", port)
        with open(config, "a") as file:
            file.write(f"""services:
- name: {HTTP_NAME}
  endpoints: [{', '.join(f'"{address}:{self.backend.http}"' for address in ADDRESSES[:self.endpoints])}]
  health_checks: [{{timeout: 3s, interval: 10s, tcp_health_check: {{}}}}]
  outlier_detection: {{consecutive_5xx: 5, base_ejection_time: 30s, max_ejection_percent: 50}}
""")
        self.processes = [self.run("a", config)]


class One(Balanced):
    name = "ops-proxy-1"
    detail = "a service with one endpoint, health checks, outlier detection"


class Ten(Balanced):
    name = "ops-proxy-10"
    endpoints = 10
    detail = "the same with ten endpoints, ROUND_ROBIN"


class Tunnel(Peer):
    name = "tunnel"
    detail = "two peers: the client asks A, whose link to B was dialled by B, which has the backend; CPU and memory of both"

    def launch(self):
        port, second = free_port(), free_port()
        self.ports = {"http": port, "tls": port}
        a = self.run("a", self.configure("a", port))
        b = self.run("b", self.configure("b", second, service_addr=self.services(), remote_peer_addr=f"127.0.0.1:{port}", local_peer_addr=f"127.0.0.1:{second}"))
        self.processes = [a, b]


class TrustedTunnel(Tunnel):
    name = "tunnel-v2"
    detail = "the same with certificates: protocol v2"

    def launch(self):
        def trust(*arguments):
            subprocess.run([LAUNCHER, "trust", *arguments], check=True, stdout=subprocess.DEVNULL, cwd=self.directory)

        if not os.path.exists(os.path.join(self.directory, "trust")):
            trust("init", "trust")
            for peer in ("a", "b"):
                trust("issue", "trust", peer)
        super().launch()

    def configure(self, name, port, **peer):
        config = super().configure(name, port, **peer)
        with open(config, "a") as file:
            file.write(f"""mesh:
  identity: {{certificate: trust/{name}.crt, key: trust/{name}.key}}
  trust: [{{ca: trust/ca.crt, names: ["*"]}}]
""")
        return config


ALL = (Direct, Peer, One, Ten, Tunnel, TrustedTunnel, Haproxy, HaproxyHost, HaproxySplice, Nginx)
