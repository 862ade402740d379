"""What goes through the peers while things happen to them."""
import http.server
import socket
import threading
import time


def ask(address, port, name, timeout=5.0):
    """The body of a 200, sent over a connection of its own. OSError or ValueError tells what else came."""
    with socket.create_connection((address, port), timeout) as connection:
        connection.settimeout(timeout)
        connection.sendall(f"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while True:
            some = connection.recv(65536)
            if not some:
                break
            answer += some
    head, _, body = answer.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise ValueError(head.split(b"\r\n", 1)[0].decode(errors="replace") or "closed without an answer")
    return body.decode(errors="replace").strip()


class Load:
    """Requests one after the other on a few threads, each with a pause of its own, until the end of the block."""

    def __init__(self, address, port, name, threads=3, pause=0.03):
        self.target = (address, port, name)
        self.pause = pause
        self.sent = 0
        self.failures = []  # (when, what)
        self.successes = []  # when
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self.work, daemon=True) for _ in range(threads)]

    def work(self):
        while not self.stopped.is_set():
            try:
                ask(*self.target)
                self.successes.append(time.monotonic())
            except (OSError, ValueError) as problem:
                self.failures.append((time.monotonic(), f"{type(problem).__name__}: {problem}"))
            self.stopped.wait(self.pause)

    def __enter__(self):
        for one in self.threads:
            one.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        for one in self.threads:
            one.join(10)

    def longest_silence(self):
        """Seconds without a success."""
        times = sorted(self.successes)
        return max((later - earlier for earlier, later in zip(times, times[1:])), default=float("inf"))

    def summary(self):
        kinds = sorted({what for _, what in self.failures})
        return f"{len(self.successes)} answered, {len(self.failures)} failed" + "".join("; " + one for one in kinds[:3])


class SlowBackend:
    """Answers each request with one line every tenth of a second."""

    def __init__(self, address, lines):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                try:
                    for number in range(lines):
                        self.wfile.write(b"%d\n" % number)
                        time.sleep(0.1)
                except OSError:  # the client is told by what it received
                    pass

            def log_message(self, *_):
                pass

        self.lines = lines
        self.server = http.server.ThreadingHTTPServer((address, 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Stream:
    """One long download, read in the background."""

    def __init__(self, address, port, name):
        self.received = 0
        self.ended = None
        self.connection = socket.create_connection((address, port), 10)
        self.connection.settimeout(10)
        self.connection.sendall(f"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        text = b""
        try:
            while True:
                some = self.connection.recv(65536)
                if not some:
                    break
                text += some
                self.received = text.partition(b"\r\n\r\n")[2].count(b"\n")
        except OSError:
            pass
        self.ended = time.monotonic()
