"""Addresses: read out of header text, judged, and written back."""

from postroom.wire.mime.types import Address


def parse_addresses(text: str) -> tuple[Address, ...]:
    """Every address of a header value or of what a person typed into a To field."""
    raise NotImplementedError


def format_address(address: Address) -> str:
    """For a header: quoted (RFC 5322) or encoded (RFC 2047) as needed, never with a line break."""
    raise NotImplementedError


def display_address(address: Address) -> str:
    """For people: `Zoë Müller <zoe@example.com>`."""
    raise NotImplementedError


def domain_of(email: str) -> str:
    """The domain in comparison form, "" where there is none."""
    raise NotImplementedError


def is_valid(email: str) -> bool:
    """Could mail be sent there? Syntax and lengths only."""
    raise NotImplementedError
