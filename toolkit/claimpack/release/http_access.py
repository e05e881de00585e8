"""Connections to public addresses alone, for requests that a redirect asks for.

The name is resolved once: the addresses that were checked are those connected to, so that a
name that resolves to another address a moment later changes nothing.
"""

from __future__ import annotations

import http.client
import socket
import urllib.request
from functools import partial
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

from claimpack.errors import UnreadableError

_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
"""IPv6 addresses that hold an IPv4 address in their last 32 bits."""
_LAST = 0xFFFFFFFF


def is_public(text: str) -> bool:
    """Whether an IP address is one of the public internet."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and (held := _held(address)):
        return all(is_public(str(item)) for item in held)
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _held(address: IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address leads to."""
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or address in _COMPATIBLE:
        found.append(IPv4Address(int(address) & _LAST))
    return [item for item in found if item is not None]


def handlers(allow_private: bool) -> list[urllib.request.BaseHandler]:
    """What opens http and https requests; all of them where private addresses are allowed."""
    return [] if allow_private else [_Http(), _Https()]


class _Http(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open the request; one that a redirect asks for at a public address alone."""
        if not _guarded(req):
            return super().http_open(req)
        return self.do_open(partial(_guard, http.client.HTTPConnection, req.full_url), req)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open the request; one that a redirect asks for at a public address alone."""
        if not _guarded(req):
            return super().https_open(req)
        return self.do_open(partial(_guard, http.client.HTTPSConnection, req.full_url), req)


def _guarded(request: urllib.request.Request) -> bool:
    """Whether the connection itself must be to a public address.

    A proxy is the user's own choice and may be private. It resolves the name, so that only
    what this computer resolves can be checked before.
    """
    if not request.unverifiable:  # so urllib marks what a redirect asks for
        return False
    if not (request.has_proxy() or getattr(request, "_tunnel_host", None)):
        return True
    try:
        found = socket.getaddrinfo(urlsplit(request.full_url).hostname, None)
    except OSError:
        return False
    _expect_public(request.full_url, found)
    return False


def _guard(
    kind: type[http.client.HTTPConnection], url: str, host: str, **options: Any
) -> http.client.HTTPConnection:
    """A connection that resolves its host once, and checks what it connects to."""
    connection = kind(host, **options)
    connection._create_connection = partial(_connect, url)  # type: ignore[attr-defined]
    return connection


def _connect(
    url: str, address: tuple[str, int], timeout: Any = None, source: Any = None
) -> socket.socket:
    found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)
    _expect_public(url, found)
    failed = OSError(f"no address of {address[0]}")
    for *_, place in found:
        try:
            return socket.create_connection((str(place[0]), address[1]), timeout, source)
        except OSError as error:
            failed = error
    raise failed


def _expect_public(url: str, found: list[Any]) -> None:
    for *_, place in found:
        if not is_public(str(place[0])):
            raise UnreadableError(
                f"{url}: the redirect leads to a private address ({place[0]}); "
                "use --allow-private to follow it"
            )


__all__ = ["handlers", "is_public"]
