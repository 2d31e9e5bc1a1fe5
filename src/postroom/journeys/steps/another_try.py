"""Whether work that failed is to be tried again later: a full disk, a database that is away.

What the same again would not change is final: a query that makes no sense, a search that takes too long.
"""

from datetime import timedelta

from postroom.ground.database import is_passing
from postroom.ground.errors import Temporary, TooLong

PATIENCE = timedelta(days=1)
"""For so long from its beginning on, work that waits for the disk or the database is not given up."""


def is_for_later(error: Exception) -> bool:
    """Whether waiting helps."""
    return is_passing(error) or (isinstance(error, Temporary) and not isinstance(error, TooLong))


def said_of(error: Exception) -> str:
    """What the row says meanwhile. A database's own text may quote a row."""
    return str(error) if isinstance(error, Temporary) else "The database is busy or away; it goes on by itself."
