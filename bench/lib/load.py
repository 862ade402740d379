"""The load: wrk for requests, small programs of our own (this file, run as a process) for bulk data and idle connections."""

import json
import os
import re
import select
import socket
import subprocess
import sys
import time

UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


def _milliseconds(text):
    match = re.match(r"([\d.]+)(us|ms|s|m)$", text)
    return float(match.group(1)) * UNITS[match.group(2)]


def wrk(tool, url, connections, seconds, headers=()):
    """Returns requests, rate (per second), p50 and p99 (milliseconds), errors. One thread: the machine is shared with the proxy."""
    command = [tool, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "10s"]
    for header in headers:
        command += ["-H", header]
    done = subprocess.run(command + [url], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds + 60)
    out = done.stdout
    total = re.search(r"(\d+) requests in", out)
    if not total or int(total.group(1)) == 0:
        raise RuntimeError(f"no answers through {url}: {out.strip()[-400:]}")
    errors = sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", out)))
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    return {
        "requests": int(total.group(1)),
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
        "p50": _milliseconds(re.search(r"^ +50% +(\S+)", out, re.M).group(1)),
        "p99": _milliseconds(re.search(r"^ +99% +(\S+)", out, re.M).group(1)),
        "errors": errors + (int(refused.group(1)) if refused else 0),
    }


def bulk(port, host, connections, seconds):
    """Downloads for that long, in a process of its own. Returns bytes and seconds."""
    done = subprocess.run(
        [sys.executable, "-B", os.path.abspath(__file__), "bulk", str(port), host, str(connections), str(seconds)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=seconds + 60)
    if done.returncode:
        raise RuntimeError(f"bulk through port {port}: {done.stderr.strip()[-400:]}")
    return json.loads(done.stdout)


# --- as a program --------------------------------------------------------------------------------

def _ask(port, host, path):
    """A connection on which the head of the answer has been read. The rest is on its way."""
    connection = socket.create_connection(("127.0.0.1", port), 10)
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{'Connection: close' if path != '/' else 'Accept: */*'}\r\n\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        part = connection.recv(512)
        if not part:
            raise RuntimeError("closed before an answer: " + repr(head[:80]))
        head += part
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(repr(head[:80]))
    return connection


def _bulk(port, host, connections, seconds):
    # MSG_TRUNC: the kernel drops the bytes instead of copying them, so that the reader costs little.
    sink, size = bytearray(1 << 20), 1 << 20
    poll = select.epoll()
    open_ones = {}

    def begin():
        connection = _ask(port, host, "/large")
        connection.setblocking(False)
        open_ones[connection.fileno()] = connection
        poll.register(connection.fileno(), select.EPOLLIN)

    for _ in range(connections):
        begin()
    total, whole, start = 0, 0, time.perf_counter()
    deadline = start + seconds
    now = start
    while now < deadline:
        for descriptor, _ in poll.poll(1):
            try:
                count = open_ones[descriptor].recv_into(sink, size, socket.MSG_TRUNC)
            except BlockingIOError:
                continue
            if count:
                total += count
            else:
                whole += 1
                poll.unregister(descriptor)
                open_ones.pop(descriptor).close()
                begin()
        now = time.perf_counter()
    if total == 0:
        raise RuntimeError("no data")
    print(json.dumps({"bytes": total, "seconds": now - start, "files": whole}))


def _idle(port, host, count):
    """Holds that many connections, each of which has had one answer and stays open, until standard input ends."""
    from machine import raise_file_limit

    raise_file_limit(count + 1000)
    held = []
    for _ in range(count):
        held.append(_ask(port, host, "/"))
    print(len(held), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    kind, *rest = sys.argv[1:]
    if kind == "bulk":
        _bulk(int(rest[0]), rest[1], int(rest[2]), float(rest[3]))
    elif kind == "idle":
        _idle(int(rest[0]), rest[1], int(rest[2]))
