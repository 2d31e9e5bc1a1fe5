"""How often an API key may ask: so many requests of each kind in a window of seconds, as Close counts them.

Counted in memory, for each web process by itself: with several, each lets in its share (`share_of`), so that all
together never let in more than the limit, and no request waits for another process or the database. The price: where
requests are spread unevenly, a key is refused before the whole limit is used. Sessions of the page are not counted.
The headers say the same thing in every spelling that Close's clients look for; each client reads another one.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import msgspec

WINDOW_SECONDS = 10
ORGANIZATION_SHARE = 3
"""An organization's keys together may ask three times as often as one of them (Close, rate limits)."""
_ID = re.compile(r"^(?:[a-z]+_[0-9A-Za-z]{8,}|\d+|.*@.*)$")

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Asking:
    """One request of a key."""

    key_id: str
    organization_id: str
    method: str
    path: str

    @property
    def kind(self) -> str:
        """The method and the path, whatever the ids in it."""
        return f"{self.method} {'/'.join('*' if _ID.match(part) else part for part in self.path.split('/'))}"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a key stands after a request. `refused_by` names the limit that is used up, "" for a request let in."""

    limit: int
    remaining: int
    reset_seconds: float
    refused_by: str = ""

    @property
    def patience_seconds(self) -> int:
        """Whole seconds until it is worth asking again."""
        return max(1, -int(-self.reset_seconds // 1))

    def headers(self) -> Headers:
        """`RateLimit` for Close's own client, the X- forms for tap-closeio, the draft's three for others."""
        found = {
            b"ratelimit": f"limit={self.limit}, remaining={self.remaining}, reset={self.patience_seconds}",
            b"ratelimit-limit": str(self.limit),
            b"ratelimit-remaining": str(self.remaining),
            b"ratelimit-reset": str(self.patience_seconds),
            b"x-rate-limit-limit": str(self.limit),
            b"x-rate-limit-remaining": str(self.remaining),
            b"x-rate-limit-reset": str(self.patience_seconds),
        }
        if self.refused_by:
            found[b"retry-after"] = str(self.patience_seconds)
        return [(name, value.encode()) for name, value in found.items()]

    def refusal(self) -> bytes:
        """The body of the 429: Close's old form, with what other clients read beside it."""
        text = f"This key has asked too often; wait {self.patience_seconds} seconds."
        return msgspec.json.encode(
            {
                "error": {
                    "message": text,
                    "rate_reset": self.reset_seconds,
                    "rate_limit": self.limit,
                    "rate_window": WINDOW_SECONDS,
                    "rate_limit_type": self.refused_by,
                },
                "rate_reset": self.reset_seconds,
                "errors": [text],
                "field-errors": {},
            }
        )


def share_of(limit: int, web_processes: int) -> int:
    """What one of so many web processes lets in: never nothing, and no limit stays none."""
    return max(1, limit // web_processes) if limit else 0


class RateLimits:
    """Counts the requests of the window that runs now, and forgets them all at its end."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._window = 0
        self._asked: Counter[tuple[str, str]] = Counter()

    def spend(self, asking: Asking, now: datetime) -> Standing | None:
        """Count a request; None where there is no limit."""
        if not self._limit:
            return None
        window, passed = divmod(now.timestamp(), WINDOW_SECONDS)
        if window != self._window:
            self._window = int(window)
            self._asked.clear()
        reset = round(WINDOW_SECONDS - passed, 3)
        of_key, of_all = (asking.key_id, asking.kind), (asking.organization_id, asking.kind)
        left = self._limit - self._asked[of_key]
        left_together = self._limit * ORGANIZATION_SHARE - self._asked[of_all]
        if left < 1:
            return Standing(self._limit, 0, reset, "key")
        if left_together < 1:
            return Standing(self._limit * ORGANIZATION_SHARE, 0, reset, "organization")
        self._asked[of_key] += 1
        self._asked[of_all] += 1
        return Standing(self._limit, min(left, left_together) - 1, reset)
