"""Mail goes to a real mail server on loopback: once each, harmless, and kept for later when the server will not."""

import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from ipaddress import ip_address
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from alerts.channels.port import Access
from alerts.channels.smtp import MailRefusedError, Smtp
from alerts.sender import DeliveryError, TlsError
from hookline_core.alerting.endpoints import Target
from hookline_core.alerting.events import Event
from hookline_core.alerting.guard import AddressRefusedError, Guard

from tests.builders import an_event
from tests.component.receivers import Receiver, hang, listening

PASSWORD = "s3cret"
HOSTILE = "</td><script>alert(1)</script>\r\nBcc: everybody@example.test\r\n\r\nhttps://evil.test"


@dataclass
class Mailbox:
    """Takes mail, or answers as it is told."""

    answer: str = "250 OK"
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802  # the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take a mail."""
        assert isinstance(envelope.content, bytes)
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        if self.answer.startswith("250"):
            self.mails.append(parsed)
            self.recipients.append(list(envelope.rcpt_tos))
        return self.answer

    def log_in(self, _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, given: Any) -> AuthResult:
        """Take a password."""
        assert isinstance(given, LoginPassword)
        self.logins.append((given.login, given.password))
        return AuthResult(success=given.password == PASSWORD.encode(), handled=False)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Controller]:
    """Run a mail server that wants a password."""
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=_free_port(),
        authenticator=mailbox.log_in,
        auth_require_tls=False,
        server_hostname="mail.example.test",
    )
    controller.start()
    yield controller
    controller.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _send(port: int, event: Event, *, password: str = PASSWORD, timeout: float = 15) -> Any:
    target = Target(
        url=f"smtp://me%40example.test:{password}@127.0.0.1:{port}",
        address="desk@example.test",
        sender="hookline@example.test",
    )
    channel = Smtp(Guard(allow_loopback=True), ssl.create_default_context(), timeout=timeout)
    return channel.send(event, Access(target), replay=False)


def test_a_mail_arrives_with_both_its_parts(server: Controller, mailbox: Mailbox) -> None:
    event = an_event()
    assert _send(server.port, event).success
    (mail,) = mailbox.mails
    assert mailbox.recipients == [["desk@example.test"]]
    assert mailbox.logins == [(b"me@example.test", b"s3cret")]
    assert (mail["From"], mail["To"]) == ("hookline@example.test", "desk@example.test")
    assert mail["Message-ID"] == f"<{event.id}@hookline>"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert all("Bank Impersonation" in part.get_content() for part in mail.iter_parts())


def test_a_strangers_text_adds_no_header_no_recipient_and_no_tag(server: Controller, mailbox: Mailbox) -> None:
    event = an_event(primary_reason=HOSTILE, threat_category=HOSTILE)
    hostile = event.model_copy(update={"notice": event.notice.model_copy(update={"title": HOSTILE})})
    assert _send(server.port, hostile).success
    (mail,) = mailbox.mails
    assert mailbox.recipients == [["desk@example.test"]]
    assert mail["Bcc"] is None
    (html,) = (part.get_content() for part in mail.iter_parts() if part.get_content_type() == "text/html")
    assert "<script" not in html
    assert "https://evil" not in html


@pytest.mark.parametrize(("answer", "status"), [("451 Later", 451), ("550 No", 550), ("421 Closing", 421)])
def test_a_server_that_refuses_is_an_answer_and_no_success(
    server: Controller, mailbox: Mailbox, answer: str, status: int
) -> None:
    mailbox.answer = answer
    found = _send(server.port, an_event())
    assert (found.status, found.success) == (status, False)
    assert mailbox.mails == []


def test_a_wrong_password_is_an_answer_too(server: Controller, mailbox: Mailbox) -> None:
    found = _send(server.port, an_event(), password="wrong")
    assert (found.status, found.success) == (535, False)
    assert mailbox.mails == []


def test_a_server_that_says_nothing_is_cut() -> None:
    with listening(Receiver(answer=hang)) as silent, pytest.raises(DeliveryError):
        _send(silent.port, an_event(), timeout=0.5)


def test_where_nobody_listens_there_is_no_answer() -> None:
    with pytest.raises(DeliveryError):
        _send(_free_port(), an_event())


def test_mail_goes_to_no_private_address(server: Controller, mailbox: Mailbox) -> None:
    channel = Smtp(Guard(allow_loopback=False), ssl.create_default_context())
    for host in ("127.0.0.1", "169.254.169.254", "10.0.0.1", "[::1]"):
        target = Target(url=f"smtp://{host}:587", address="desk@example.test")
        with pytest.raises(AddressRefusedError):
            channel.send(an_event(), Access(target), replay=False)
    assert mailbox.mails == []


class _Elsewhere(Guard):
    """Takes a loopback address for one that is far away, where TLS is a must."""

    def check(self, url: str, *, mail: bool = False) -> Any:
        """Return where a URL leads, as if that were on the internet."""
        place = super().check(url, mail=mail)
        return _Place(place.tls, place.host, place.port, place.addresses, place.path)


@dataclass(frozen=True)
class _Place:
    tls: bool
    host: str
    port: int
    addresses: Any
    path: str

    def __post_init__(self) -> None:
        """Make the addresses say that they are not loopback."""
        object.__setattr__(self, "addresses", tuple(_Far(str(address)) for address in self.addresses))


class _Far(str):
    """An address that says it is far away."""

    __slots__ = ()
    is_loopback = False


def test_without_tls_no_password_and_no_mail_leaves(server: Controller, mailbox: Mailbox) -> None:
    target = Target(url=f"smtp://me:s3cret@127.0.0.1:{server.port}", address="desk@example.test")
    channel = Smtp(_Elsewhere(allow_loopback=True), ssl.create_default_context())
    with pytest.raises(MailRefusedError):
        channel.send(an_event(), Access(target), replay=False)
    assert mailbox.logins == mailbox.mails == []


def test_a_rebinding_name_is_asked_once(server: Controller, mailbox: Mailbox) -> None:
    asked: list[str] = []

    def names(host: str, _port: int) -> list[Any]:
        asked.append(host)
        return [ip_address("127.0.0.1")]

    channel = Smtp(Guard(allow_loopback=True, resolver=names), ssl.create_default_context())
    target = Target(url=f"smtp://me:s3cret@mail.example.test:{server.port}", address="desk@example.test")
    assert channel.send(an_event(), Access(target), replay=False).success
    assert asked == ["mail.example.test"]
    assert len(mailbox.mails) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    with listening(Receiver(answer=hang)) as plain:
        target = Target(url=f"smtps://127.0.0.1:{plain.port}", address="desk@example.test")
        channel = Smtp(Guard(allow_loopback=True), ssl.create_default_context(), timeout=0.5)
        before = threading.active_count()
        with pytest.raises((TlsError, DeliveryError)):
            channel.send(an_event(), Access(target), replay=False)
        assert threading.active_count() <= before + 2
