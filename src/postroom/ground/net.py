"""Which addresses Postroom may connect to on a user's word: mail servers and webhooks, after their name is resolved.

A user's form must not be a way into the operator's network: loopback, private and link-local addresses (the cloud's
metadata service is one) are refused unless the operator has allowed their network. Checked on the resolved address
that is then connected to, never on the name, which may resolve differently a moment later.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from postroom.ground.config import IpNetwork
from postroom.ground.errors import Invalid

IpAddress = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")  # RFC 8215
_CARRIER_NAT = IPv4Network("100.64.0.0/10")  # RFC 6598: Python counts it neither as private nor as global
_PROTOCOLS = IPv4Network("192.0.0.0/24")  # RFC 6890 2.2.2; Python before 3.13 counts most of it as global
_COMPATIBLE = IPv6Network("::/96")  # RFC 4291 2.5.5.1, deprecated, yet some systems route it to IPv4
_SITE_LOCAL = IPv6Network("fec0::/10")  # RFC 3879, deprecated


class AddressPolicy:
    """The installation's rule. Immutable; one per process."""

    def __init__(self, allow_networks: Sequence[IpNetwork] = ()) -> None:
        self._allow_networks = tuple(allow_networks)

    def check(self, address: IpAddress | str) -> None:
        """Raises Invalid for an address that must not be connected to, saying which setting would allow it."""
        try:
            seen = ip_address(address) if isinstance(address, str) else address
        except ValueError as error:
            raise Invalid(f"{address!r} is not an IP address.") from error
        for form in _forms(seen):
            if not self._is_allowed(form) and not _is_public(form):
                raise Invalid(
                    f"{seen} is not a public address. To allow servers in your own network, list the network in"
                    " POSTROOM_ALLOW_NETWORKS."
                )

    def _is_allowed(self, address: IpAddress) -> bool:
        return any(address in network for network in self._allow_networks if network.version == address.version)


def _forms(address: IpAddress) -> list[IpAddress]:
    """The addresses that a packet to `address` may reach: for IPv6 that wraps an IPv4 address, the wrapped one."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address.sixtofour is not None:
        return [address.sixtofour]
    if address.teredo is not None:
        return list(address.teredo)
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    return [address]


def _is_public(address: IpAddress) -> bool:
    """Whether any host of the open Internet may have this address."""
    if address.is_multicast or address.is_unspecified or address.is_reserved or not address.is_global:
        return False
    if isinstance(address, IPv4Address):
        return address not in _CARRIER_NAT and address not in _PROTOCOLS
    return address not in _NAT64_LOCAL and address not in _SITE_LOCAL
