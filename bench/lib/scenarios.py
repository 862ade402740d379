"""What is done with the systems. Each scenario returns {system: {figure: [one value a repetition]}}."""

import os
import subprocess
import sys
import time

import load
from machine import Process, connects, find, free_port, say
from systems import HTTP_NAME, LAUNCHER, TLS_NAME, Peer, peer_environment


class Failed(Exception):
    pass


class Bench:
    """The settings of one run, and the systems in it."""

    def __init__(self, directory, backend, kinds, repetitions, seconds, warm_up):
        self.directory = directory
        self.backend = backend
        self.kinds = kinds
        self.repetitions = repetitions
        self.seconds = seconds
        self.warm_up = warm_up
        self.failures = []
        self.broken = set()

    def started(self, wanted, kind="http"):
        """Starts the systems of that scenario; one that cannot start is said and left out."""
        running = []
        for system_kind in self.kinds:
            if system_kind.name not in wanted or kind not in system_kind.kinds or system_kind.name in self.broken:
                continue
            system = system_kind(self.directory, self.backend)
            try:
                system.start()
                running.append(system)
            except (RuntimeError, OSError) as problem:
                system.stop()
                self.give_up(system.name, problem)
        return running

    def fail(self, name, problem):
        say(f"  {name}: {problem}")
        self.failures.append(f"{name}: {str(problem).splitlines()[0]}")

    def give_up(self, name, problem):
        """What does not start once is not tried again in this run."""
        self.broken.add(name)
        self.fail(name, problem)

    def interleave(self, systems, once, warm):
        """Warms every system, then goes round them once a repetition, so that a slow minute of the machine hits all of them."""
        results = {}
        try:
            for system in list(systems):
                try:
                    warm(system)
                except RuntimeError as problem:
                    self.fail(system.name, problem)
                    systems.remove(system)
            for repetition in range(self.repetitions):
                turn = repetition % len(systems) if systems else 0
                for system in systems[turn:] + systems[:turn]:
                    say(f"  {repetition + 1}/{self.repetitions} {system.name}")
                    try:
                        figures = once(system)
                    except RuntimeError as problem:
                        self.fail(system.name, problem)
                        continue
                    for name, value in figures.items():
                        results.setdefault(system.name, {}).setdefault(name, []).append(value)
        finally:
            for system in systems:
                system.stop()
        # In the order of the systems, whoever came first in a round.
        return {system.name: results[system.name] for system in systems if system.name in results}


def requests(bench, wanted, kind, connections, keep_alive):
    """wrk against every system: rate, CPU microseconds a request, latency."""
    def run(system, seconds):
        port = system.ports[kind]
        url = f"https://{TLS_NAME}:{port}/" if kind == "tls" else f"http://127.0.0.1:{port}/"
        headers = [f"Host: {TLS_NAME if kind == 'tls' else HTTP_NAME}"] + ([] if keep_alive else ["Connection: close"])
        before = system.cpu()
        out = load.wrk(find("wrk"), url, connections, seconds, headers)
        used = system.cpu() - before
        if out["errors"] * 100 > out["requests"]:
            raise RuntimeError(f"{out['errors']} errors in {out['requests']} requests")
        return {"rate": out["rate"], "cpu_us": used * 1e6 / out["requests"], "p50_ms": out["p50"], "p99_ms": out["p99"], "errors": out["errors"]}

    return bench.interleave(bench.started(wanted, kind), lambda system: run(system, bench.seconds), lambda system: run(system, bench.warm_up))


PLAIN = ("direct", "ops-proxy", "tunnel", "tunnel-v2", "haproxy", "haproxy-host", "nginx")


def connections(bench):
    return requests(bench, PLAIN, "http", 50, keep_alive=False)


def endpoints(bench):
    return requests(bench, ("ops-proxy-1", "ops-proxy-10"), "http", 50, keep_alive=False)


def tls(bench):
    if not bench.backend.has_tls:
        raise Failed("needs openssl for a certificate")
    return requests(bench, PLAIN, "tls", 16, keep_alive=False)


def keepalive(bench):
    return requests(bench, PLAIN, "http", 64, keep_alive=True)


def bulk(bench, count):
    def run(system, seconds):
        before = system.cpu()
        out = load.bulk(system.ports["http"], HTTP_NAME, count, seconds)
        used = system.cpu() - before
        gigabytes = out["bytes"] / 1e9
        return {"gb_s": gigabytes / out["seconds"], "cpu_s_gb": used / gigabytes}

    wanted = ("direct", "ops-proxy", "tunnel", "tunnel-v2", "haproxy", "haproxy-splice", "nginx")
    return bench.interleave(bench.started(wanted), lambda system: run(system, bench.seconds), lambda system: run(system, bench.warm_up))


def memory(bench, idle=5000):
    """Resident memory of one fresh process at its start, after load, and with idle connections through it."""
    results = {}
    for kind in bench.kinds:
        if kind.name not in ("ops-proxy", "tunnel", "tunnel-v2", "haproxy", "nginx") or kind.name in bench.broken:
            continue
        say(f"  {kind.name}")
        system = kind(bench.directory, bench.backend)
        figures = results.setdefault(kind.name, {})
        try:
            system.start()
            time.sleep(1)
            figures["start_mib"], figures["start_anon_mib"] = ([value] for value in system.memory())
            url = f"http://127.0.0.1:{system.ports['http']}/"
            load.wrk(find("wrk"), url, 50, bench.seconds + 2, [f"Host: {HTTP_NAME}", "Connection: close"])
            load.wrk(find("wrk"), url, 64, 2, [f"Host: {HTTP_NAME}"])
            figures["load_mib"], figures["load_anon_mib"] = ([value] for value in system.memory())
            holder = Process(
                [sys.executable, "-B", os.path.abspath(load.__file__), "idle", str(system.ports["http"]), HTTP_NAME, str(idle)],
                os.path.join(system.directory, "idle.log"), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            try:
                if holder.popen.stdout.readline().strip() != str(idle).encode():
                    raise RuntimeError(f"could not hold {idle} connections: {holder.tail()}")
                time.sleep(1)
                figures["idle_mib"], figures["idle_anon_mib"] = ([value] for value in system.memory())
                figures["kib_per_idle"] = [(figures["idle_mib"][0] - figures["load_mib"][0]) * 1024 / idle]
            finally:
                holder.stop()
        except (RuntimeError, OSError) as problem:
            bench.fail(kind.name, problem)
        finally:
            system.stop()
    return {name: figures for name, figures in results.items() if figures}


def startup(bench):
    """Milliseconds from the start of the process until a connection is accepted, and the CPU time used by then."""
    results = {}

    def measure(name, launch):
        process, port = launch()
        try:
            deadline = time.perf_counter() + 30
            while not connects(port):
                if not process.alive() or time.perf_counter() > deadline:
                    raise RuntimeError(f"did not start:\n{process.tail()}")
                time.sleep(0.0002)
            took = (time.perf_counter() - process.started) * 1000
            used = process.cpu() * 1000
        finally:
            process.stop()
        figures = results.setdefault(name, {})
        figures.setdefault("listening_ms", []).append(took)
        figures.setdefault("cpu_ms", []).append(used)

    def of(kind):
        def launch():
            system = kind(bench.directory, bench.backend)
            system.launch()
            return system.processes[0], system.ports["http"]
        return launch

    def bare_java(command, environment):
        def launch():
            system = Peer(bench.directory, bench.backend)
            port = free_port()
            config = system.configure("java", port, service_addr=system.services())
            arguments = [argument for argument in command if not argument.startswith("--config.file=")]
            return Process([*arguments, f"--config.file={config}"], f"{system.directory}/java.log", env=environment, cwd=system.directory), port
        return launch

    ways = {}
    for kind in bench.kinds:
        if kind.name in ("haproxy", "nginx") and kind.name not in bench.broken:
            ways[kind.name] = of(kind)
        elif kind is Peer and kind.name not in bench.broken:
            ways["ops-proxy"] = of(kind)
            # The launcher becomes java: what it ran is what its process says.
            system = kind(bench.directory, bench.backend)
            try:
                system.start()
                with open(f"/proc/{system.processes[0].pid}/cmdline", "rb") as line:
                    command = line.read().decode().rstrip("\0").split("\0")
                ways["java"] = bare_java(command, {**peer_environment(), "MALLOC_ARENA_MAX": "1"})
            except (RuntimeError, OSError) as problem:
                bench.fail(kind.name, problem)
                del ways["ops-proxy"]
            finally:
                system.stop()
    for repetition in range(7):
        say(f"  {repetition + 1}/7")
        for name, launch in list(ways.items()):
            try:
                measure(name, launch)
            except (RuntimeError, OSError) as problem:
                bench.fail(name, problem)
                del ways[name]
        if "java" in ways:
            start = time.perf_counter()
            subprocess.run([LAUNCHER, "--version"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=peer_environment())
            results.setdefault("ops-proxy --version", {}).setdefault("whole_ms", []).append((time.perf_counter() - start) * 1000)
    return results


SCENARIOS = {
    "connections": ("new connection per request, 50 clients, 100 bytes", connections),
    "endpoints": ("new connection per request to a service with one endpoint, and with ten", endpoints),
    "tls": ("TLS passed through, new handshake per request, 16 clients", tls),
    "keepalive": ("requests on 64 open connections, 100 bytes", keepalive),
    "bulk8": ("downloads on 8 connections", lambda bench: bulk(bench, 8)),
    "bulk1": ("download on 1 connection", lambda bench: bulk(bench, 1)),
    "memory": ("memory: at start, after load, with 5,000 idle connections (anon: without mapped files)", memory),
    "startup": ("from the start of the process to listening", startup),
}
