"""Mail by a mail server of one's own (Amazon SES has one too): plain text and HTML, and TLS before the password."""

import smtplib
import socket
import ssl
import time
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from threading import Thread
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from hookline_core.alerting.endpoints import Target
from hookline_core.alerting.events import Event
from hookline_core.alerting.guard import Guard
from hookline_core.alerting.guard import Target as Place
from hookline_core.alerting.notices import facts_of, subject_of, text_of, title_of
from hookline_core.errors import HooklineError

from alerts.channels.port import Access
from alerts.sender import Answer, DeliveryError, DeliveryTimeoutError, TlsError

TIMEOUT = 10.0
"""Seconds for the whole conversation with the mail server, which takes a dozen turns."""

_DOMAIN = "hookline"


class MailRefusedError(DeliveryError):
    """The mail server does not offer what we insist on."""

    code = "mail_refused"


def mail_of(event: Event, target: Target) -> EmailMessage:
    """Return the mail. Its id comes from the event, so that one that is sent twice can be told to be the same."""
    user = unquote(urlsplit(target.url).username or "")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = target.sender or (user if "@" in user else f"hookline@{target.address.rpartition('@')[2]}")
    mail["To"] = target.address
    mail["Subject"] = subject_of(event)
    mail["Message-ID"] = f"<{event.id}@{_DOMAIN}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text_of(event))
    mail.add_alternative(html_of(event), subtype="html")
    return mail


def html_of(event: Event) -> str:
    """Return the mail's HTML. Everything in it is escaped, and nothing is loaded from anywhere."""
    rows = "".join(
        f'<tr><th align="left" valign="top">{escape(name)}</th><td>{escape(fact)}</td></tr>'
        for name, fact in facts_of(event).items()
    )
    link = f'<p><a href="{escape(event.notice.url)}">Open the console</a></p>' if event.notice.url else ""
    return (
        '<!doctype html><html><head><meta charset="utf-8"></head><body>'
        f"<h1>{escape(title_of(event))}</h1><table>{rows}</table>{link}</body></html>"
    )


class Smtp:
    """A channel that sends mail.

    Parameters
    ----------
    trust
        Whose certificates are believed.
    timeout
        Seconds for one mail.
    """

    def __init__(self, guard: Guard, trust: ssl.SSLContext, *, timeout: float = TIMEOUT) -> None:
        self._guard = guard
        self._trust = trust
        self._timeout = timeout

    def send(self, event: Event, access: Access, *, replay: bool) -> Answer:
        """Deliver an event and return the mail server's answer.

        Raises
        ------
        HooklineError
            If it could not be sent, or was not answered.
        """
        del replay
        conversation = _Conversation(self._guard, self._trust, access.target, mail_of(event, access.target))
        # A thread, because each of the server's turns may take its own time.
        thread = Thread(target=conversation.run, args=(time.monotonic() + self._timeout,), daemon=True)
        thread.start()
        thread.join(self._timeout)
        return conversation.end()


class _Conversation:
    """One mail, told to one server in a thread."""

    def __init__(self, guard: Guard, trust: ssl.SSLContext, target: Target, mail: EmailMessage) -> None:
        self._guard = guard
        self._trust = trust
        self._target = target
        self._mail = mail
        self._client: _Client | None = None
        self._result: Answer | HooklineError = DeliveryTimeoutError("no answer in time")

    def run(self, deadline: float) -> None:
        """Send the mail and keep what comes of it."""
        try:
            self._result = self._talk(self._guard.check(self._target.url, mail=True), deadline)
        except HooklineError as error:
            self._result = error
        except smtplib.SMTPRecipientsRefused as error:
            self._result = _answer(*next(iter(error.recipients.values())))
        except smtplib.SMTPResponseException as error:
            self._result = _answer(error.smtp_code, error.smtp_error)
        except TimeoutError:
            pass
        except ssl.SSLError as error:
            self._result = TlsError(f"no trusted connection: {error.reason or 'unknown'}")
        except (OSError, smtplib.SMTPException) as error:
            self._result = DeliveryError(f"no answer: {type(error).__name__}")
        finally:
            if self._client:
                self._client.close()

    def end(self) -> Answer:
        """Cut the conversation if it is still going on, and return what came of it."""
        result = self._result
        if self._client and self._client.sock:
            with suppress(OSError):  # it ended by itself
                socket.socket.shutdown(self._client.sock, socket.SHUT_RDWR)
        if isinstance(result, HooklineError):
            raise result
        return result

    def _talk(self, place: Place, deadline: float) -> Answer:
        parts = urlsplit(self._target.url)
        left = max(0.1, deadline - time.monotonic())
        self._client = client = _Client(place, self._trust, timeout=left)
        client.connect(place.host, place.port)
        client.ehlo()
        if not place.tls and not all(address.is_loopback for address in place.addresses):
            if not client.has_extn("starttls"):
                raise MailRefusedError("the mail server offers no TLS")
            client.starttls(context=self._trust)
            client.ehlo()
        _log_in(client, parts)
        client.send_message(self._mail)
        # The server has it: how the farewell goes changes nothing.
        with suppress(OSError, smtplib.SMTPException):
            client.quit()
        return _answer(250, b"")


class _Client(smtplib.SMTP):
    """A client whose connection goes to a checked address, while the certificate is the name's."""

    def __init__(self, place: Place, trust: ssl.SSLContext, *, timeout: float) -> None:
        self._place = place
        self._trust = trust
        super().__init__(local_hostname=_DOMAIN, timeout=timeout)
        self._host = place.host

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:  # noqa: ANN401  # the library's
        refusal: OSError = TimeoutError()
        for address in self._place.addresses:
            try:
                connected = socket.create_connection((str(address), port), timeout)
            except OSError as error:
                refusal = error
            else:
                return self._trust.wrap_socket(connected, server_hostname=host) if self._place.tls else connected
        raise refusal


def _log_in(client: _Client, parts: SplitResult) -> None:
    if parts.username:
        client.login(unquote(parts.username), unquote(parts.password or ""))


def _answer(code: int, text: bytes | str) -> Answer:
    return Answer(code, None, text if isinstance(text, bytes) else text.encode())
