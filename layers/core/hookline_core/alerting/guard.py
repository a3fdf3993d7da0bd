"""Keeps webhooks away from places that only we can reach.

A name is resolved once, every address is checked, and the connection goes to a checked address. So a name that answers
differently the second time it is asked gains nothing.
"""

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from hookline_core.errors import HooklineError

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Sequence[Address]]


@dataclass(frozen=True, slots=True)
class _Protocol:
    """How a kind of request is written as a URL.

    Parameters
    ----------
    plain, tls
        The schemes without and with TLS from the first byte, and the ports that they mean.
    ports
        Where such requests may go.
    upgrades
        Whether the sender asks for TLS by itself where the scheme does not say so.
    """

    plain: tuple[str, int]
    tls: tuple[str, int]
    ports: frozenset[int]
    upgrades: bool


_WEB = _Protocol(("http", 80), ("https", 443), frozenset({443, 8443}), upgrades=False)
_MAIL = _Protocol(("smtp", 587), ("smtps", 465), frozenset({25, 465, 587, 2465, 2525, 2587}), upgrades=True)
_NAT64 = IPv6Network("64:ff9b::/96")
_SPECIAL = (IPv4Network("192.0.0.0/24"), IPv6Network("64:ff9b:1::/48"), IPv6Network("fec0::/10"))
"""Ranges that older releases of the standard library take for public."""

_LONGEST_URL = 2048
_OURSELVES = ("localhost", ".localhost", ".internal", ".local")
"""How names end that no public name server knows."""


class AddressRefusedError(HooklineError):
    """A webhook may not go there."""

    code = "address_refused"


class AddressUnknownError(HooklineError):
    """A name has no address."""

    code = "address_unknown"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes.

    Parameters
    ----------
    host
        The name, for the certificate and the ``Host`` header.
    addresses
        Checked addresses of the host.
    path
        Path and query.
    """

    tls: bool
    host: str
    port: int
    addresses: tuple[Address, ...]
    path: str


def spelled_out(host: str) -> Sequence[Address]:
    """Return the address that a host spells out, in any of the spellings that systems know; none, if it is a name.

    Example
    -------
    >>> spelled_out("0x7f.1")
    [IPv4Address('127.0.0.1')]
    """
    with suppress(ValueError):
        return [ip_address(host.partition("%")[0])]
    with suppress(OSError):
        return [IPv4Address(socket.inet_aton(host))]
    return []


def resolve(host: str, port: int) -> Sequence[Address]:
    """Return the addresses of a name.

    Raises
    ------
    AddressUnknownError
        If it has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressUnknownError("the name has no address") from error
    return [ip_address(address[0]) for *_, address in found]


class Guard:
    """Checks where webhooks go.

    Parameters
    ----------
    allow_loopback
        Whether this machine itself may be reached, without TLS and on any port. For tests and the local stack.
    """

    def __init__(self, *, allow_loopback: bool, resolver: Resolver = resolve) -> None:
        self._allow_loopback = allow_loopback
        self._resolver = resolver

    def inspect(self, url: str, *, mail: bool = False) -> None:
        """Make sure that a URL could be allowed, without asking for the address of its name.

        Parameters
        ----------
        mail
            Whether it is the URL of a mail server.

        Raises
        ------
        AddressRefusedError
            If webhooks may never go there.
        """
        protocol = _MAIL if mail else _WEB
        target = _parse(url, protocol)
        ours = target.host.rstrip(".").endswith(_OURSELVES)
        addresses = [ip_address("127.0.0.1")] if ours else spelled_out(target.host)
        self._allow(target, addresses, protocol)

    def check(self, url: str, *, mail: bool = False) -> Target:
        """Return where a URL leads.

        Parameters
        ----------
        mail
            Whether it is the URL of a mail server.

        Raises
        ------
        AddressRefusedError
            If webhooks may not go there.
        AddressUnknownError
            If its name has no address.
        """
        protocol = _MAIL if mail else _WEB
        target = _parse(url, protocol)
        addresses = tuple(self._resolver(target.host, target.port))
        if not addresses:
            raise AddressUnknownError("the name has no address")
        self._allow(target, addresses, protocol)
        return Target(target.tls, target.host, target.port, addresses, target.path)

    def _allow(self, target: Target, addresses: Sequence[Address], protocol: _Protocol) -> None:
        if self._allow_loopback and addresses and all(address.is_loopback for address in addresses):
            return
        if not (target.tls or protocol.upgrades):
            raise AddressRefusedError("only https is allowed")
        if target.port not in protocol.ports:
            raise AddressRefusedError(f"only the ports {', '.join(map(str, sorted(protocol.ports)))} are allowed")
        if not all(map(is_public, addresses)):
            raise AddressRefusedError("the address is not public")


def is_public(address: Address) -> bool:
    """Tell whether an address is on the public internet, the IPv4 address within an IPv6 one included."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address.sixtofour or address.teredo:
            return False
    if any(address in network for network in _SPECIAL):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _parse(url: str, protocol: _Protocol) -> Target:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefusedError("the address is not a URL") from error
    ports = dict((protocol.plain, protocol.tls))
    odd = len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url
    named = parts.username is not None and protocol is _WEB
    if odd or named or parts.scheme not in ports or not parts.hostname:
        raise AddressRefusedError(f"the address is not a plain {' or '.join(ports)} URL")
    tls = parts.scheme == protocol.tls[0]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(tls, parts.hostname, port if port is not None else ports[parts.scheme], (), path)
