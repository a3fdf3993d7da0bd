"""Keeps webhooks away from places that only we can reach.

A name is resolved once, every address is checked, and the connection goes to a checked address. So a name that answers
differently the second time it is asked gains nothing.
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from hookline_core.errors import HooklineError

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Sequence[Address]]

_PORTS = frozenset({443, 8443})
_NAT64 = IPv6Network("64:ff9b::/96")
_SPECIAL = (IPv4Network("192.0.0.0/24"), IPv6Network("64:ff9b:1::/48"), IPv6Network("fec0::/10"))
"""Ranges that older releases of the standard library take for public."""

_LONGEST_URL = 2048


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

    def check(self, url: str) -> Target:
        """Return where a URL leads.

        Raises
        ------
        AddressRefusedError
            If webhooks may not go there.
        AddressUnknownError
            If its name has no address.
        """
        target = _parse(url)
        addresses = tuple(self._resolver(target.host, target.port))
        if not addresses:
            raise AddressUnknownError("the name has no address")
        if not (self._allow_loopback and all(address.is_loopback for address in addresses)):
            if not target.tls:
                raise AddressRefusedError("only https is allowed")
            if target.port not in _PORTS:
                raise AddressRefusedError("only the ports 443 and 8443 are allowed")
            if not all(map(is_public, addresses)):
                raise AddressRefusedError("the address is not public")
        return Target(target.tls, target.host, target.port, addresses, target.path)


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


def _parse(url: str) -> Target:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefusedError("the address is not a URL") from error
    odd = len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url
    if odd or parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise AddressRefusedError("the address is not a plain http or https URL")
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(tls, parts.hostname, port if port is not None else (443 if tls else 80), (), path)
