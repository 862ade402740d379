"""The command: starts a backend, runs the scenarios, prints the tables, writes the figures."""

import argparse
import json
import os
import subprocess
import sys
import time

import machine
import report
from machine import find, say
from scenarios import SCENARIOS, Bench, Failed
from systems import ALL, LAUNCHER, ROOT, Backend, Peer, peer_environment


def arguments():
    parser = argparse.ArgumentParser(prog="bench/run", description="Measures the peer, HAProxy, nginx stream and a direct connection on this machine, in one run.",
                                     epilog="Exit codes: 0 measured; 1 something could not be; 2 wrong usage.")
    parser.add_argument("--quick", action="store_true", help="2 repetitions of 1 s: shows that everything works, not how fast it is")
    parser.add_argument("--reps", type=int, help="repetitions of each measurement (default 5)")
    parser.add_argument("--seconds", type=int, help="length of each measurement (default 3)")
    parser.add_argument("--only", metavar="A,B", help="scenarios: " + ", ".join(SCENARIOS))
    parser.add_argument("--systems", metavar="A,B", help="systems: " + ", ".join(kind.name for kind in ALL))
    parser.add_argument("--output", metavar="FILE", help="where the figures go as JSON (default bench/results/TIME.json)")
    parser.add_argument("--no-install", action="store_true", help="install nothing; what is missing is left out")
    options = parser.parse_args()
    options.reps = options.reps or (2 if options.quick else 5)
    options.seconds = options.seconds or (1 if options.quick else 3)

    def chosen(text, known, what):
        names = text.split(",") if text else list(known)
        unknown = [name for name in names if name not in known]
        if unknown:
            parser.error(f"no {what} {', '.join(unknown)}; there are {', '.join(known)}")
        return names

    options.only = chosen(options.only, list(SCENARIOS), "scenario")
    options.systems = chosen(options.systems, [kind.name for kind in ALL], "system")
    return options


def git_revision():
    return machine.first_line("git", "-C", ROOT, "describe", "--always", "--dirty") or "?"


def usable(options):
    """The kinds of systems that can run here."""
    missing = machine.install_missing(["haproxy", "nginx", "wrk", "openssl"], allowed=not options.no_install)
    for tool in ("nginx", "wrk"):
        if not find(tool):
            sys.exit(f"bench/run: needs {tool} ({'the backend' if tool == 'nginx' else 'the load'})")
    kinds = [kind for kind in ALL if kind.name in options.systems]
    for tool in missing:
        kinds = [kind for kind in kinds if not kind.name.startswith(tool)]
        say(f"without {tool}: left out")
    peers = [kind for kind in kinds if issubclass(kind, Peer)]
    if peers:
        # Builds, and makes the class archive, now and not within a measurement.
        started = subprocess.run([LAUNCHER, "--version"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=peer_environment())
        if started.returncode:
            sys.exit("bench/run: ./ops-proxy --version failed")
        say(started.stdout.strip())
    return kinds


def jvm(bench):
    """What the peer runs on, as its process says it."""
    system = Peer(bench.directory, bench.backend)
    try:
        system.start()
        with open(f"/proc/{system.processes[0].pid}/cmdline", "rb") as line:
            command = line.read().decode().rstrip("\0").split("\0")
        options = [argument for argument in command[1:] if argument.startswith("-X") and not argument.startswith("-Xlog")]
        release = os.path.join(os.path.dirname(os.path.dirname(command[0])), "release")
        known = dict(line.strip().split("=", 1) for line in open(release) if "=" in line)
        return {
            "jdk": f"{known.get('IMPLEMENTOR', '?')} {known.get('JAVA_RUNTIME_VERSION', known.get('JAVA_VERSION', '?'))}".replace('"', ""),
            "jvm_options": " ".join(option.replace(ROOT + "/", "") for option in options),
        }
    except (RuntimeError, OSError) as problem:
        bench.give_up(Peer.name, problem)
        return {"jdk": "?"}
    finally:
        system.stop()


def main():
    options = arguments()
    if not sys.platform.startswith("linux"):
        sys.exit("bench/run: needs Linux (/proc)")
    machine.raise_file_limit()
    kinds = usable(options)
    directory = machine.scratch()
    size = (128 if options.quick else 512) << 20
    backend = Backend(directory, machine.shared_memory(size), size)
    bench = Bench(directory, backend, kinds, options.reps, options.seconds, warm_up=1 if options.quick else 12)

    facts = {**machine.facts(["haproxy", "nginx", "wrk", "openssl"]), "revision": git_revision()}
    if any(issubclass(kind, Peer) for kind in kinds):
        facts.update(jvm(bench))
    facts["repetitions"] = f"{options.reps} x {options.seconds} s, interleaved, after {bench.warm_up} s of warm-up each; medians"
    for name, value in facts.items():
        print(f"{name + ':':<13} {value}")
    for kind in kinds:
        print(f"{kind.name + ':':<15} {kind.detail}")
    print("~ is the distance between the largest and the smallest repetition in percent of the median", flush=True)

    scenarios = {}
    for name in options.only:
        title, run = SCENARIOS[name]
        say(f"{name}: {title}")
        try:
            scenarios[name] = run(bench)
        except Failed as problem:
            say(f"  left out: {problem}")
            continue
        if scenarios[name]:
            print(f"\n{name}: {title}\n{report.figures(scenarios[name])}", flush=True)
        if name == "endpoints":
            print(report.balancing(scenarios[name]), flush=True)
    print(f"\n{report.ratios(scenarios, [kind.name for kind in kinds])}")
    if options.quick:
        print("\nA quick run: the figures say that it works, not how fast it is.")

    output = options.output or os.path.join(ROOT, "bench", "results", time.strftime("%Y%m%d-%H%M%S.json"))
    os.makedirs(os.path.dirname(os.path.abspath(output)), exist_ok=True)
    with open(output, "w") as file:
        json.dump({"facts": facts, "scenarios": scenarios, "failures": bench.failures}, file, indent=1)
    say(f"figures in {output}")
    if bench.failures:
        print("\nNot measured:\n" + "\n".join(bench.failures))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
