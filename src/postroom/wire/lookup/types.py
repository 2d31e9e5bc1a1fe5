"""What looking up a mail domain needs and finds, as values. Nothing here acts."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SrvRecord:
    """A server that a domain names for a service (RFC 2782). `target` "" means: the service is not offered."""

    priority: int
    weight: int
    port: int
    target: str


@dataclass(frozen=True, slots=True)
class MailExchanger:
    """Where a domain's mail is delivered (RFC 5321 5.1); the lowest preference comes first."""

    preference: int
    host: str


@dataclass(frozen=True, slots=True)
class NameServer:
    """A DNS server to ask instead of the system's."""

    address: str
    port: int = 53


@dataclass(frozen=True, slots=True)
class Internet:
    """How the outside is reached.

    `check_address` raises Invalid for an address that must not be reached; the very address it let pass is connected
    to. `name_server` None: the system's. `trusted_ca` is a PEM file to trust besides the system's. The ports are those
    of RFC 9110 4.2.2 and RFC 8314 3.2 and 3.3.
    """

    check_address: Callable[[IPv4Address | IPv6Address], None]
    name_server: NameServer | None = None
    trusted_ca: Path | None = None
    https_port: int = 443
    imaps_port: int = 993
    submissions_port: int = 465
