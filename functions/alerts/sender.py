"""Sends one HTTP request, and does not let the other side keep us: not by a redirect, not by silence, not by talking.

The standard library's client is used on a socket of our own, because the socket must go to an address that was
checked, and must be ours to cut when the time is over.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Event, Thread

from hookline_core.alerting.guard import AddressRefusedError, AddressUnknownError, Guard, Target
from hookline_core.errors import HooklineError

TIMEOUT = 5.0
"""Seconds for everything: finding the address, connecting, sending, and the head of the response."""

_EXCERPT_BYTES = 2048


class DeliveryError(HooklineError):
    """The request got no response."""

    code = "no_response"


class DeliveryTimeoutError(DeliveryError):
    """The request got no response in time."""

    code = "timeout"


class TlsError(DeliveryError):
    """The other side did not prove who it is."""

    code = "tls_failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response.

    Parameters
    ----------
    retry_after
        The header of that name.
    excerpt
        The beginning of the body, as far as it came in time.
    """

    status: int
    retry_after: str | None
    excerpt: bytes = b""

    @property
    def success(self) -> bool:
        """Whether the other side has it now. Only 2xx says so."""
        return 200 <= self.status < 300


class HttpSender:
    """Sends requests to checked addresses.

    Parameters
    ----------
    trust
        Whose certificates are believed.
    timeout
        Seconds for one request.
    """

    def __init__(self, guard: Guard, trust: ssl.SSLContext, *, timeout: float = TIMEOUT) -> None:
        self._guard = guard
        self._trust = trust
        self._timeout = timeout

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a POST request and return the response. Redirects are not followed.

        Raises
        ------
        AddressRefusedError, AddressUnknownError
            If the request may not or cannot go there.
        DeliveryError
            If there is no response within the time.
        """
        exchange = _Exchange(self._guard, self._trust, url, headers, body, self._timeout)
        # A thread, because nothing else can interrupt a name server that does not answer.
        thread = Thread(target=exchange.run, daemon=True)
        thread.start()
        thread.join(self._timeout)
        return exchange.end()


class _Exchange:
    """One request and its response, run in a thread and cut from outside."""

    def __init__(
        self,
        guard: Guard,
        trust: ssl.SSLContext,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        timeout: float,
    ) -> None:
        self._guard = guard
        self._trust = trust
        self._url = url
        self._headers = headers
        self._body = body
        self._deadline = time.monotonic() + timeout
        self._cut = Event()
        self._socket: socket.socket | None = None
        self._result: Answer | HooklineError = DeliveryTimeoutError("no response in time")

    def run(self) -> None:
        """Send the request and keep what comes of it."""
        try:
            self._exchange(self._guard.check(self._url))
        except (AddressRefusedError, AddressUnknownError) as error:
            self._result = error
        except TimeoutError:
            pass
        except ssl.SSLError as error:
            self._fail(TlsError(f"no trusted connection: {error.reason or 'unknown'}"))
        except (OSError, http.client.HTTPException) as error:
            self._fail(DeliveryError(f"no response: {type(error).__name__}"))
        finally:
            if self._socket:
                self._socket.close()

    def end(self) -> Answer:
        """Cut the exchange if it is still going on, and return what came of it."""
        # Before the cut: a response that ends there looks whole to the parser.
        result = self._result
        self._cut.set()
        if self._socket:
            with suppress(OSError):  # it ended by itself
                # Not the TLS socket's own way, which waits for nothing and breaks a read in the other thread.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        if isinstance(result, HooklineError):
            raise result
        return result

    def _exchange(self, target: Target) -> None:
        plain = self._connect(target)
        plain.settimeout(self._left())
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = plain
        if target.tls:
            connection = http.client.HTTPSConnection(target.host, target.port, context=self._trust)
            connection.sock = self._keep(self._trust.wrap_socket(plain, server_hostname=target.host))
        connection.request("POST", target.path, body=self._body, headers=dict(self._headers))
        response = connection.getresponse()
        answer = Answer(response.status, response.headers.get("Retry-After"))
        self._result = answer
        # The status stands, whatever becomes of the body.
        self._result = replace(answer, excerpt=response.read(_EXCERPT_BYTES))

    def _connect(self, target: Target) -> socket.socket:
        refusal: OSError = TimeoutError()
        for address in target.addresses:
            try:
                return self._keep(socket.create_connection((str(address), target.port), timeout=self._left()))
            except OSError as error:
                refusal = error
        raise refusal

    def _keep(self, connected: socket.socket) -> socket.socket:
        """Hold a socket so that it can be cut; drop it if that has already happened."""
        self._socket = connected
        if self._cut.is_set():
            raise TimeoutError
        return connected

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0 or self._cut.is_set():
            raise TimeoutError
        return left

    def _fail(self, error: DeliveryError) -> None:
        """Keep an error, unless there is a response, or the error came of cutting."""
        if isinstance(self._result, DeliveryTimeoutError) and not self._cut.is_set():
            self._result = error
