"""Where a webhook may lead: to the internet over TLS, not to what only AIMA's own network can reach.

An administrator of an organisation names the address. Without this they could have AIMA call databases, clouds' own
services and neighbours that trust its network. Names are resolved here, and the very address that was looked at is
connected to: a name cannot lead elsewhere a moment later.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

from connectors.channels.contract import Unreachable
from connectors.channels.credentials import Network, networks_in
from connectors.channels.http import trusted

__all__ = ["GuardedTransport", "outside"]

Address = IPv4Address | IPv6Address
NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits


def outside(address: Address, networks: list[Network]) -> bool:
    """Whether an address may be called: one of the internet, or of one of `networks`."""
    if any(address in network for network in networks if network.version == address.version):
        return True
    return all(one.is_global and not one.is_multicast and not one.is_reserved for one in _all_of(address))


def _all_of(address: Address) -> Iterator[Address]:
    """An address as IPv4 where it is one written as IPv6; besides, the ones that a tunnel's address stands for."""
    if isinstance(address, IPv6Address):
        if address in NAT64:
            address = IPv4Address(int(address) & 0xFFFFFFFF)
        elif address.ipv4_mapped:
            address = address.ipv4_mapped
        elif address.sixtofour:
            yield address.sixtofour
        elif address.teredo:
            yield address.teredo[1]
    yield address


class GuardedTransport(httpx.HTTPTransport):
    """Connects to addresses that may be called; Unreachable for all others. TLS is held to the name that was given."""

    def __init__(self, networks: str) -> None:
        super().__init__(verify=trusted())
        self._networks = networks_in(networks)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The request, to the address that its host has now."""
        host = request.url.host
        address = self._resolved(host, request.url.port or (443 if request.url.scheme == "https" else 80))
        return super().handle_request(
            httpx.Request(
                request.method,
                request.url.copy_with(host=str(address)),
                headers=request.headers,  # Host stays the name
                stream=request.stream,
                extensions=request.extensions | ({} if host == str(address) else {"sni_hostname": host}),
            )
        )

    def _resolved(self, host: str, port: int) -> Address:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise httpx.ConnectError("the name is not known") from None
        addresses = [ip_address(str(place[4][0]).partition("%")[0]) for place in found]
        if not addresses or not all(outside(one, self._networks) for one in addresses):
            raise Unreachable(
                "The webhook's address leads into a network that is not the internet: whoever runs AIMA can allow that "
                "network by AIMA_WEBHOOK_NETWORKS."
            )
        return addresses[0]
