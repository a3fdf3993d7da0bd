"""Webhook receivers on loopback that behave as badly as real ones can."""

import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Answer = Callable[[socket.socket, threading.Event], None]
"""Answers on a connection whose request was read; the event is set when the test is over."""


def status(line: str, *headers: str, body: bytes = b"") -> Answer:
    """Answer with a status line and headers."""

    def answer(connection: socket.socket, _over: threading.Event) -> None:
        head = "".join(f"{text}\r\n" for text in (f"HTTP/1.1 {line}", *headers, f"Content-Length: {len(body)}"))
        connection.sendall(f"{head}\r\n".encode() + body)

    return answer


def hang(_connection: socket.socket, over: threading.Event) -> None:
    """Say nothing, and keep the connection."""
    over.wait(60)


def reset(connection: socket.socket, _over: threading.Event) -> None:
    """Break the connection off."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def close(_connection: socket.socket, _over: threading.Event) -> None:
    """Hang up without a word."""


def drip_head(connection: socket.socket, over: threading.Event) -> None:
    """Send the response's head a byte at a time, for ever."""
    _drip(connection, over, b"HTTP/1.1 200 OK\r\nX-Padding: " + b"a" * 100_000)


def drip_slowly(connection: socket.socket, over: threading.Event) -> None:
    """Send the response's head a byte a second."""
    _drip(connection, over, b"HTTP/1.1 200 OK\r\n\r\n", pause=1)


def drip_body(connection: socket.socket, over: threading.Event) -> None:
    """Send the response's head at once, and its body a byte at a time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    _drip(connection, over, b"a" * 100_000)


def garbage(connection: socket.socket, _over: threading.Event) -> None:
    """Send what is not HTTP."""
    connection.sendall(b"\x00\xff" * 500 + b"\r\n\r\n")


def endless_headers(connection: socket.socket, over: threading.Event) -> None:
    """Send header after header."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not over.is_set():
        connection.sendall(b"X-More: of the same\r\n" * 100)


@dataclass
class Flood:
    """Answers with 100 MB, and tells how much of it was taken."""

    taken: int = 0

    def __call__(self, connection: socket.socket, over: threading.Event) -> None:
        """Send until nobody takes any more."""
        size, block = 100_000_000, b"a" * 65_536
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode())
        while self.taken < size and not over.is_set():
            self.taken += connection.send(block)


def _drip(connection: socket.socket, over: threading.Event, content: bytes, *, pause: float = 0.02) -> None:
    for byte in content:
        connection.sendall(bytes((byte,)))
        if over.wait(pause):
            return


@dataclass
class Receiver:
    """A receiver that takes requests and answers as it is told."""

    port: int = 0
    answer: Answer = field(default=status("200 OK"))
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    wrap: Callable[[socket.socket], socket.socket] | None = None

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http{'s' if self.wrap else ''}://127.0.0.1:{self.port}/in?a=b"


@contextmanager
def listening(receiver: Receiver) -> Iterator[Receiver]:
    """Let a receiver listen on a port of its own."""
    over = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def setup(self) -> None:
            if receiver.wrap:
                self.request = receiver.wrap(self.request)
            super().setup()

        def finish(self) -> None:
            with suppress(OSError):
                super().finish()
            if receiver.wrap:
                self.request.close()

        def handle(self) -> None:
            with suppress(OSError):
                line = self.rfile.readline().decode().strip()
                headers: dict[str, str] = {}
                while text := self.rfile.readline().decode().strip():
                    name, _, value = text.partition(": ")
                    headers[name.lower()] = value
                receiver.requests.append((line, headers, self.rfile.read(int(headers.get("content-length", 0)))))
                receiver.answer(self.request, over)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def shutdown_request(self, request: object) -> None:
            # Without a farewell, so that breaking off stays breaking off.
            self.close_request(request)  # type: ignore[arg-type]  # a socket

        def handle_error(self, request: object, client_address: object) -> None:
            """Stay quiet: broken connections are what this is about."""

    with Server(("127.0.0.1", receiver.port), Handler) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            over.set()
            server.shutdown()
            thread.join()
