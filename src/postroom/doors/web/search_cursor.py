"""The cursor of `/data/search/`: where a page ended, signed and good for half a minute, as Close's is."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from postroom.ground.errors import Permanent
from postroom.ground.vault import Vault

LIVES = timedelta(seconds=30)
_SIGNATURE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Bookmark:
    """The last row's sort values and id, and how many results came until there."""

    after: tuple[Any, ...]
    seen: int


class CursorSigner:
    """Writes and reads cursors of one organization and one search: the same body has to be sent again."""

    def __init__(self, vault: Vault, organization_id: str, body: bytes) -> None:
        self._key = vault.hash_key("search cursor", organization_id)
        self._body = hashlib.sha256(body).hexdigest()[:16]

    def write(self, bookmark: Bookmark, now: datetime) -> str:
        """The bookmark as text for a URL or body."""
        values = [_tagged(value) for value in bookmark.after]
        payload = msgspec.json.encode([now.timestamp(), self._body, bookmark.seen, values])
        return base64.urlsafe_b64encode(self._signature(payload) + payload).decode().rstrip("=")

    def read(self, text: str, now: datetime) -> Bookmark:
        """The bookmark again. Raises Permanent (400) for one that is old, not ours, or of another search."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise Permanent("Invalid cursor", field="cursor") from error
        signature, payload = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._signature(payload)):
            raise Permanent("Invalid cursor", field="cursor")
        written, body, seen, values = msgspec.json.decode(payload)
        if now.timestamp() - written > LIVES.total_seconds():
            raise Permanent("Expired cursor", field="cursor")
        if body != self._body:
            raise Permanent("Invalid cursor: it belongs to another search.", field="cursor")
        return Bookmark(tuple(_untagged(value) for value in values), seen)

    def _signature(self, payload: bytes) -> bytes:
        return hmac.new(self._key, payload, hashlib.sha256).digest()[:_SIGNATURE_BYTES]


def _tagged(value: Any) -> Any:
    """Dates and decimals with their type beside them; JSON has neither."""
    if isinstance(value, datetime):
        return {"date": value.astimezone(UTC).isoformat()}
    return {"number": str(value)} if isinstance(value, Decimal) else value


def _untagged(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return datetime.fromisoformat(value["date"]) if "date" in value else Decimal(value["number"])
