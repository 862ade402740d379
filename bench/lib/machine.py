"""The machine: its facts, its tools, its processes and what they use."""

import atexit
import ctypes
import os
import platform
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

TICKS = os.sysconf("SC_CLK_TCK")


def say(*words):
    print(*words, file=sys.stderr, flush=True)


# --- tools ---------------------------------------------------------------------------------------

PACKAGES = {
    "apt-get": {"haproxy": "haproxy", "nginx": "nginx libnginx-mod-stream", "wrk": "wrk", "openssl": "openssl"},
    "dnf": {"haproxy": "haproxy", "nginx": "nginx nginx-mod-stream", "wrk": "wrk", "openssl": "openssl"},
    "apk": {"haproxy": "haproxy", "nginx": "nginx nginx-mod-stream", "wrk": "wrk", "openssl": "openssl"},
}

# Debian starts a server as soon as it is installed. This file is its documented way to say no.
INSTALL = {
    "apt-get": """set -e
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then trap "rm -f $policy" EXIT; printf '#!/bin/sh\\nexit 101\\n' >$policy; chmod +x $policy; fi
apt-get update -q || true
apt-get install -y -q --no-install-recommends %s""",
    "dnf": "dnf install -y -q %s",
    "apk": "apk add -q %s",
}


def find(tool):
    return shutil.which(tool, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin:/sbin")


def install_missing(tools, allowed=True):
    """Installs what can be installed; says what is missing after that. Returns the missing ones."""
    missing = [tool for tool in tools if not find(tool)]
    if find("nginx") and "nginx" in tools and not nginx_has_stream():
        missing.append("nginx")
    if not missing:
        return []
    manager = next((m for m in PACKAGES if find(m)), None)
    if manager:
        names = " ".join(PACKAGES[manager][tool] for tool in missing)
        become = [] if os.geteuid() == 0 else ["sudo", "-n"]
        permitted = not become or (find("sudo") and subprocess.run(["sudo", "-n", "true"], stderr=subprocess.DEVNULL).returncode == 0)
        if allowed and permitted:
            say(f"installing {names} ({manager})")
            done = subprocess.run(
                [*become, "sh", "-c", INSTALL[manager] % names],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode:
                say(done.stdout[-2000:])
        else:
            say(f"to measure everything, install: {names} ({manager})")
    return [tool for tool in missing if not find(tool) or (tool == "nginx" and not nginx_has_stream())]


def nginx_stream_module():
    """The path of nginx's stream module, "" when it is built in, None when there is none."""
    built = subprocess.run([find("nginx"), "-V"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    if not re.search(r"--with-stream=dynamic", built):
        return "" if "--with-stream" in built else None
    where = re.search(r"--modules-path=(\S+)", built)
    for directory in [where.group(1) if where else "", "/usr/lib/nginx/modules", "/usr/lib64/nginx/modules"]:
        path = os.path.join(directory, "ngx_stream_module.so")
        if os.path.exists(path):
            return path
    return None


def nginx_has_stream():
    return nginx_stream_module() is not None


# --- facts ---------------------------------------------------------------------------------------

def first_line(*command):
    try:
        out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, timeout=60).stdout
        return out.strip().splitlines()[0].strip() if out.strip() else "?"
    except (OSError, subprocess.TimeoutExpired):
        return None


def facts(tools):
    model = "?"
    with open("/proc/cpuinfo") as lines:
        for line in lines:
            if line.startswith(("model name", "Model")):
                model = line.split(":", 1)[1].strip()
                break
    memory = re.search(r"MemTotal:\s+(\d+)", open("/proc/meminfo").read())
    found = {
        "date": time.strftime("%Y-%m-%d %H:%M:%S %z"),
        "cpu": f"{model}, {os.cpu_count()} cores",
        "memory": f"{int(memory.group(1)) // 1048576} GiB",
        "kernel": platform.release(),
        "load": "%.2f %.2f %.2f" % os.getloadavg(),
        "python": platform.python_version(),
    }
    options = {"haproxy": "-v", "nginx": "-v", "wrk": "-v", "openssl": "version"}
    for tool in tools:
        if find(tool):
            found[tool] = first_line(find(tool), options[tool])
    return found


# --- ports and files -----------------------------------------------------------------------------

_given = set()


def free_port():
    """A port that is free now and was not given before. Below the range that outgoing connections take theirs from."""
    lowest = int(open("/proc/sys/net/ipv4/ip_local_port_range").read().split()[0])
    for port in range(max(lowest - 12000, 10000) + os.getpid() % 6000, 65000):
        if port in _given:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise RuntimeError("no free port")


def scratch():
    directory = tempfile.mkdtemp(prefix="ops-proxy-bench-")
    os.chmod(directory, 0o755)
    atexit.register(shutil.rmtree, directory, True)
    return directory


def shared_memory(size):
    """A directory for a file of that size: in memory where it fits well, else a temporary one (then the page cache holds it)."""
    if os.path.isdir("/dev/shm"):
        room = os.statvfs("/dev/shm")
        if room.f_bavail * room.f_frsize > 2 * size:
            directory = tempfile.mkdtemp(prefix="ops-proxy-bench-", dir="/dev/shm")
            os.chmod(directory, 0o755)
            atexit.register(shutil.rmtree, directory, True)
            return directory
    return scratch()


def raise_file_limit(wanted=65536):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if os.geteuid() == 0 and hard != resource.RLIM_INFINITY and hard < wanted:
        hard = wanted
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(limit, soft) if soft != resource.RLIM_INFINITY else soft, hard))
    except (OSError, ValueError):
        pass
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


# --- processes -----------------------------------------------------------------------------------

_running = []
_libc = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def _die_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Process:
    """A process that we started. It ends when we end, however that happens."""

    def __init__(self, command, log, env=None, cwd=None, stdin=subprocess.DEVNULL, stdout=None):
        self.log = log
        with open(log, "ab") as out:
            self.started = time.perf_counter()
            self.popen = subprocess.Popen(
                command, stdin=stdin, stdout=stdout or out, stderr=out, env=env, cwd=cwd,
                start_new_session=True, preexec_fn=_die_with_parent)
        self.pid = self.popen.pid
        _running.append(self)

    def alive(self):
        return self.popen.poll() is None

    def tree(self):
        found, look = [], [self.pid]
        while look:
            pid = look.pop()
            found.append(pid)
            try:
                for task in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{task}/children") as children:
                        look += [int(child) for child in children.read().split()]
            except OSError:
                pass
        return found

    def cpu(self):
        """Seconds of CPU time used so far, user and system, by it and its children."""
        total = 0
        for pid in self.tree():
            try:
                with open(f"/proc/{pid}/stat") as stat:
                    fields = stat.read().rpartition(")")[2].split()
                total += int(fields[11]) + int(fields[12])
            except OSError:
                pass
        return total / TICKS

    def memory(self):
        """(resident MiB, anonymous MiB) of the largest process of the tree: of nginx, the worker."""
        largest = (0, 0)
        for pid in self.tree():
            try:
                with open(f"/proc/{pid}/status") as status:
                    values = dict(re.findall(r"^(VmRSS|RssAnon):\s+(\d+) kB", status.read(), re.M))
                largest = max(largest, (int(values["VmRSS"]) / 1024, int(values["RssAnon"]) / 1024))
            except (OSError, KeyError):
                pass
        return largest

    def tail(self):
        try:
            with open(self.log, errors="replace") as log:
                return "".join(log.readlines()[-15:])
        except OSError:
            return ""

    def stop(self):
        if self in _running:
            _running.remove(self)
        if self.alive():
            self.popen.terminate()
            try:
                self.popen.wait(10)
            except subprocess.TimeoutExpired:
                for pid in self.tree():
                    try:
                        os.kill(pid, signal.SIGKILL)
                    except OSError:
                        pass
                self.popen.wait()


def stop_all():
    for process in list(_running):
        process.stop()


atexit.register(stop_all)
for _signal in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
    signal.signal(_signal, lambda number, frame: sys.exit(128 + number))


def wait_for(process, ready, what, seconds=15):
    deadline = time.monotonic() + seconds
    while not ready():
        if not process.alive():
            raise RuntimeError(f"{what} ended at its start:\n{process.tail()}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what} was not ready after {seconds} s:\n{process.tail()}")
        time.sleep(0.02)


def connects(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(port, host):
    """Whether a request for that name gets its 200."""
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as connection:
            connection.settimeout(2)
            connection.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
