"""What is sent to a token endpoint and what it gives, as values. Nothing here acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """Where tokens are given, and who we are there. `client_secret` "" is a public client.

    `check_address` raises Invalid for an address that must not be reached; the very address it let pass is connected
    to. `trusted_ca` is a PEM file to trust besides the system's. `provider` is its name for people.
    """

    provider: str
    url: str
    client_id: str
    client_secret: str = field(repr=False)
    check_address: Callable[[IPv4Address | IPv6Address], None]
    trusted_ca: Path | None = None


@dataclass(frozen=True, slots=True)
class CodeExchange:
    """What came back from the provider's page, with what was sent there (RFC 7636 4.5)."""

    code: str = field(repr=False)
    verifier: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What was given. `refresh_token` "" : keep the old one. `scopes` None: as asked (RFC 6749 5.1).

    `claims` are the texts of the ID token, which is empty where none came.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    lifetime_seconds: float
    scopes: tuple[str, ...] | None
    claims: Mapping[str, str]
