"""Where a webhook may go, and where never."""

from collections.abc import Sequence
from ipaddress import ip_address

import pytest
from hookline_core.alerting.guard import Address, AddressRefusedError, AddressUnknownError, Guard, is_public

PUBLIC = ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8", "64:ff9b::808:808"]
REFUSED = [
    "0.0.0.0",  # noqa: S104  # nothing binds to it
    "10.0.0.1",
    "100.64.0.1",  # carrier-grade NAT
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",  # instance metadata
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",  # documentation
    "192.168.1.1",
    "198.18.0.1",  # benchmarks
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",  # NAT64 of the metadata address
    "64:ff9b:1::1",
    "2001:db8::1",
    "2002:7f00:1::",  # 6to4 of 127.0.0.1
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",  # Teredo
    "fc00::1",
    "fd00:ec2::254",  # instance metadata
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]
LOOPBACK = ["127.0.0.1", "::1"]


class Names:
    """A name server that counts how often it is asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.asked = 0
        self._answers = answers

    def __call__(self, host: str, port: int) -> Sequence[Address]:
        """Return the addresses of any name."""
        assert host
        assert port
        answer = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        return [ip_address(address) for address in answer]


def _check(url: str, *addresses: str, allow_loopback: bool = False) -> tuple[str, int, str]:
    target = Guard(allow_loopback=allow_loopback, resolver=Names(addresses)).check(url)
    assert list(target.addresses) == [ip_address(address) for address in addresses]
    return target.host, target.port, target.path


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address))
    assert _check("https://hooks.example.test/in?a=b", address) == ("hooks.example.test", 443, "/in?a=b")


@pytest.mark.parametrize("address", REFUSED)
def test_all_others_are_refused_alone_and_among_good_ones(address: str) -> None:
    assert not is_public(ip_address(address))
    for addresses in ([address], ["8.8.8.8", address], [address, "8.8.8.8"]):
        with pytest.raises(AddressRefusedError):
            _check("https://hooks.example.test/", *addresses)


@pytest.mark.parametrize("address", [address for address in REFUSED if not ip_address(address).is_loopback])
def test_opening_loopback_opens_nothing_else(address: str) -> None:
    with pytest.raises(AddressRefusedError):
        _check("https://hooks.example.test/", address, allow_loopback=True)


@pytest.mark.parametrize("address", LOOPBACK)
def test_loopback_can_be_opened_without_tls_and_on_any_port(address: str) -> None:
    assert _check("http://localhost:4567/in", address, allow_loopback=True) == ("localhost", 4567, "/in")
    with pytest.raises(AddressRefusedError):
        _check("http://localhost:4567/in", address, "8.8.8.8", allow_loopback=True)
    with pytest.raises(AddressRefusedError):
        _check("https://localhost/in", address)


def test_public_addresses_need_tls_also_when_loopback_is_open() -> None:
    with pytest.raises(AddressRefusedError, match="https"):
        _check("http://hooks.example.test/", "8.8.8.8", allow_loopback=True)


@pytest.mark.parametrize("port", [22, 25, 80, 6379, 8080])
def test_other_ports_are_refused(port: int) -> None:
    with pytest.raises(AddressRefusedError, match="ports"):
        _check(f"https://hooks.example.test:{port}/", "8.8.8.8")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.test",
        "//hooks.example.test/",
        "ftp://hooks.example.test/",
        "file:///etc/passwd",
        "gopher://hooks.example.test/",
        "https://",
        "https:///path",
        "https://user@hooks.example.test/",
        "https://user:pass@hooks.example.test/",
        "https://hooks.example.test:99999/",
        "https://hooks.example.test:port/",
        "https://hooks.example.test/a b",
        "https://hooks.example.test/\r\nX-Injected: 1",
        "https://hooks.example.test/\x00",
        "https://bücher.example.test/",
        "https://[::1",
        "https://hooks.example.test/" + "a" * 3000,
    ],
)
def test_what_is_no_plain_url_is_refused_before_any_name_is_asked(url: str) -> None:
    names = Names(["8.8.8.8"])
    with pytest.raises(AddressRefusedError):
        Guard(allow_loopback=False, resolver=names).check(url)
    assert names.asked == 0


def test_a_name_without_addresses() -> None:
    with pytest.raises(AddressUnknownError):
        _check("https://hooks.example.test/")


def test_a_name_is_asked_once_so_a_second_answer_gains_nothing() -> None:
    names = Names(["8.8.8.8"], ["169.254.169.254"])
    target = Guard(allow_loopback=False, resolver=names).check("https://rebinding.example.test/")
    assert names.asked == 1
    assert [str(address) for address in target.addresses] == ["8.8.8.8"]
