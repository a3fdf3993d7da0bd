"""A webhook receiver on this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """Answers every delivery with one status, and keeps it.

    Parameters
    ----------
    port
        Where it listens.
    status
        What it answers; it may change at any time.
    """

    port: int
    status: int = 200
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def about(self, message_id: str) -> list[tuple[dict[str, str], bytes]]:
        """Return headers and body of the deliveries for a message."""
        return [(headers, body) for headers, body in self.received if message_id.encode() in body]


@contextmanager
def listening(port: int = 0) -> Iterator[Receiver]:
    """Run a receiver; without a port, at one that is free."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    found = Receiver(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
