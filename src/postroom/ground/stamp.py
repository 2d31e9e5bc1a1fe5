"""Who makes a change, and when: what every store marks its rows and events with."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Stamp:
    """A user, now. No user: Postroom itself."""

    user_id: str | None
    now: datetime
