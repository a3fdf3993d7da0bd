"""The webhook's HTTP against real sockets: receivers that fail, hang, reset, drip and flood."""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest
from alerts.sender import Answer, DeliveryError, DeliveryTimeoutError, HttpSender, TlsError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hookline_core.alerting.guard import Address, AddressRefusedError, Guard, resolve

from tests.component import receivers
from tests.component.receivers import Flood, Receiver, listening, status

HEADERS = {"Content-Type": "application/json", "webhook-id": "evt_1"}
BODY = b'{"type":"analysis.critical"}'


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a receiver that listens."""
    with listening(Receiver()) as found:
        yield found


def _sender(*, timeout: float = 5, trust: ssl.SSLContext | None = None) -> HttpSender:
    return HttpSender(Guard(allow_loopback=True), trust or ssl.create_default_context(), timeout=timeout)


def _post(receiver: Receiver, *, timeout: float = 5) -> Answer:
    return _sender(timeout=timeout).post(receiver.url, headers=HEADERS, body=BODY)


def test_a_request_arrives_as_it_was_given(receiver: Receiver) -> None:
    receiver.answer = status("200 OK", body=b"thanks")
    answer = _post(receiver)
    assert answer == Answer(200, None, b"thanks")
    assert answer.success
    ((line, headers, body),) = receiver.requests
    assert line == "POST /in?a=b HTTP/1.1"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    assert headers["webhook-id"] == "evt_1"
    assert body == BODY


@pytest.mark.parametrize(
    ("line", "success"),
    [
        ("200 OK", True),
        ("204 No Content", True),
        ("299 Whatever", True),
        ("300 Choices", False),
        ("400 Bad", False),
        ("410 Gone", False),
        ("500 Error", False),
        ("503 Busy", False),
        ("999 What", False),
    ],
)
def test_only_2xx_is_success(receiver: Receiver, line: str, success: bool) -> None:
    receiver.answer = status(line)
    assert _post(receiver).success is success


def test_retry_after_is_handed_on(receiver: Receiver) -> None:
    receiver.answer = status("429 Too Many", "Retry-After: 120")
    assert _post(receiver) == Answer(429, "120", b"")


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    with listening(Receiver()) as elsewhere:
        receiver.answer = status("301 Moved", f"Location: {elsewhere.url}")
        assert _post(receiver).status == 301
        assert elsewhere.requests == []
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("answer", [receivers.hang, receivers.drip_head])
def test_silence_and_dripping_end_with_the_time(receiver: Receiver, answer: receivers.Answer) -> None:
    receiver.answer = answer
    with pytest.raises(DeliveryTimeoutError):
        _post(receiver, timeout=0.5)
    assert len(receiver.requests) == 1


def test_a_dripping_body_does_not_undo_the_status(receiver: Receiver) -> None:
    receiver.answer = receivers.drip_body
    assert _post(receiver, timeout=0.5).success


@pytest.mark.parametrize("answer", [receivers.reset, receivers.close, receivers.garbage, receivers.endless_headers])
def test_broken_responses_are_errors(receiver: Receiver, answer: receivers.Answer) -> None:
    receiver.answer = answer
    with pytest.raises(DeliveryError) as raised:
        _post(receiver)
    assert raised.value.code == "no_response"
    assert len(receiver.requests) == 1


def test_a_hundred_megabytes_are_not_taken(receiver: Receiver) -> None:
    flood = Flood()
    receiver.answer = flood
    answer = _post(receiver)
    assert answer.success
    assert len(answer.excerpt) == 2048
    # What the sockets between us hold, and no more.
    assert flood.taken < 20_000_000


def test_a_closed_port_is_an_error(receiver: Receiver) -> None:
    with listening(Receiver()) as gone:
        pass
    with pytest.raises(DeliveryError):
        _post(gone)


def test_loopback_is_refused_unless_it_is_opened(receiver: Receiver) -> None:
    sender = HttpSender(Guard(allow_loopback=False), ssl.create_default_context())
    with pytest.raises(AddressRefusedError):
        sender.post(receiver.url, headers=HEADERS, body=BODY)
    assert receiver.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433:{port}/",
        "http://0x7f000001:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://127.1:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://0.0.0.0:{port}/",
        "https://localhost:{port}/",
    ],
)
def test_other_spellings_of_loopback_are_refused_too(receiver: Receiver, url: str) -> None:
    sender = HttpSender(Guard(allow_loopback=False), ssl.create_default_context())
    with pytest.raises(AddressRefusedError):
        sender.post(url.format(port=receiver.port), headers=HEADERS, body=BODY)
    assert receiver.requests == []


def test_a_rebinding_name_is_asked_once_and_the_connection_goes_to_the_checked_address(receiver: Receiver) -> None:
    with listening(Receiver()) as secret:
        answers: Iterator[list[Address]] = iter([[ip_address("127.0.0.1")], [ip_address("127.0.0.2")]])
        asked: list[str] = []

        def names(host: str, _port: int) -> list[Address]:
            asked.append(host)
            return next(answers)

        guard = Guard(allow_loopback=True, resolver=names)
        sender = HttpSender(guard, ssl.create_default_context())
        assert sender.post(f"http://rebinding.example.test:{receiver.port}/", headers=HEADERS, body=BODY).success
        assert asked == ["rebinding.example.test"]
        ((_, headers, _),) = receiver.requests
        assert headers["host"] == f"rebinding.example.test:{receiver.port}"
        assert secret.requests == []


def test_a_name_server_that_does_not_answer_ends_with_the_time_and_nothing_is_sent_later(receiver: Receiver) -> None:
    asked, answering, answered = threading.Event(), threading.Event(), threading.Event()

    def slow(host: str, port: int) -> Sequence[Address]:
        asked.set()
        answering.wait(30)
        answered.set()
        return resolve(host, port)

    sender = HttpSender(
        Guard(allow_loopback=True, resolver=slow),
        ssl.create_default_context(),
        timeout=0.3,
    )
    before = set(threading.enumerate())
    with pytest.raises(DeliveryTimeoutError):
        sender.post(receiver.url, headers=HEADERS, body=BODY)
    (thread,) = [found for found in threading.enumerate() if found not in before and found.name.endswith("(run)")]
    answering.set()
    assert answered.wait(10)
    thread.join(10)
    assert not thread.is_alive()
    assert receiver.requests == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for hooks.example.test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example.test")])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example.test")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + built.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls_receiver(certificate: Path) -> Iterator[Receiver]:
    """Return a receiver that speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def wrap(plain: socket.socket) -> socket.socket:
        return context.wrap_socket(plain, server_side=True)

    with listening(Receiver(wrap=wrap)) as found:
        yield found


def _post_tls(receiver: Receiver, name: str, trust: ssl.SSLContext) -> Answer:
    guard = Guard(allow_loopback=True, resolver=lambda _host, _port: [ip_address("127.0.0.1")])
    return HttpSender(guard, trust).post(f"https://{name}:{receiver.port}/in", headers=HEADERS, body=BODY)


def test_the_certificate_must_be_for_the_name_not_the_address(tls_receiver: Receiver, certificate: Path) -> None:
    trust = ssl.create_default_context(cafile=str(certificate))
    assert _post_tls(tls_receiver, "hooks.example.test", trust).success
    ((_, headers, body),) = tls_receiver.requests
    assert headers["host"] == f"hooks.example.test:{tls_receiver.port}"
    assert body == BODY
    with pytest.raises(TlsError):
        _post_tls(tls_receiver, "other.example.test", trust)
    with pytest.raises(TlsError):
        _post_tls(tls_receiver, "hooks.example.test", ssl.create_default_context())
    assert len(tls_receiver.requests) == 1


@pytest.mark.parametrize("answer", [receivers.hang, receivers.drip_head])
def test_tls_is_cut_as_well(tls_receiver: Receiver, certificate: Path, answer: Callable[..., None]) -> None:
    tls_receiver.answer = answer
    guard = Guard(allow_loopback=True, resolver=lambda _host, _port: [ip_address("127.0.0.1")])
    sender = HttpSender(guard, ssl.create_default_context(cafile=str(certificate)), timeout=0.7)
    with pytest.raises(DeliveryTimeoutError):
        sender.post(f"https://hooks.example.test:{tls_receiver.port}/", headers=HEADERS, body=BODY)


def test_a_peer_that_never_shakes_hands_is_cut(receiver: Receiver) -> None:
    receiver.answer = receivers.hang
    with pytest.raises(DeliveryError):
        _sender(timeout=0.5).post(f"https://127.0.0.1:{receiver.port}/", headers=HEADERS, body=BODY)
