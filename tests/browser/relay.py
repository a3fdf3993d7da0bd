"""A relay for TCP that a test can cut: what lies behind it does not notice more than a lost network."""

import contextlib
import socket
import threading
from collections.abc import Iterator


class Relay:
    """Passes connections on, until it is cut.

    Parameters
    ----------
    target
        Host and port that connections are passed on to.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._whole = True
        self._server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where the relay listens."""
        port: int = self._server.getsockname()[1]
        return port

    def cut(self) -> None:
        """End every connection, and refuse new ones."""
        with self._lock:
            self._whole = False
            for one in self._open:
                _end(one)
            self._open.clear()

    def mend(self) -> None:
        """Pass new connections on again."""
        with self._lock:
            self._whole = True

    def close(self) -> None:
        """Cut, and stop to listen."""
        self.cut()
        _end(self._server)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:  # closed
                return
            try:
                server = socket.create_connection(self._target, timeout=10)
            except OSError:
                _end(client)
                continue
            server.settimeout(None)
            with self._lock:
                if not self._whole:
                    _end(client)
                    _end(server)
                    continue
                self._open |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with self._lock:
            self._open -= {source, sink}
        _end(source)
        _end(sink)


@contextlib.contextmanager
def relay(host: str, port: int) -> Iterator[Relay]:
    """Run a relay to a server."""
    running = Relay((host, port))
    try:
        yield running
    finally:
        running.close()


def _end(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
