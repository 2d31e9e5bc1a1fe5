"""The address of a page with an administrator's part of a trouble: signed, ending by itself, holding no secret.

Whoever has it sees one mailbox's address, what its server said and what to switch on, and nothing else; it needs no
account here, as those who run a company's mail seldom have one.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from postroom.ground.errors import NotFound
from postroom.rooms.accounts.account import Side

LASTS = timedelta(days=7)
KEY_PURPOSE = "admin_link"
LONGEST = 400


@dataclass(frozen=True, slots=True)
class AdminLink:
    """Which side of which account, and until when."""

    organization_id: str
    account_id: str
    side: Side
    expires: datetime


def written(link: AdminLink, key: bytes) -> str:
    """The link as the end of an address. `key` is the organization's own for this purpose."""
    text = f"{link.organization_id} {link.account_id} {link.side.value} {int(link.expires.timestamp())}"
    return _text(text.encode()) + "." + _text(_signature(text, key))


def read(token: str, key_of: Callable[[str], bytes], now: datetime) -> AdminLink:
    """Raises NotFound for what we did not sign, and for what has ended: a stranger learns no more than that."""
    try:
        content, signature = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split("."))
        text = content.decode("ascii")
        organization_id, account_id, side, expires = text.split(" ")
        link = AdminLink(organization_id, account_id, Side(side), datetime.fromtimestamp(int(expires), UTC))
    except (ValueError, binascii.Error, OverflowError, OSError) as error:
        raise NotFound(_GONE) from error
    if not hmac.compare_digest(signature, _signature(text, key_of(organization_id))) or link.expires < now:
        raise NotFound(_GONE)
    return link


_GONE = "This link has ended, or is not whole. Ask for a new one."


def _signature(text: str, key: bytes) -> bytes:
    return hashlib.blake2b(text.encode(), key=key, digest_size=24).digest()


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
