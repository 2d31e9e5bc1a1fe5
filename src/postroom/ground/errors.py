"""The error tree: what went wrong, in the words a person will read.

    PostroomError
    ├── Temporary    trying again later may work            (wire)
    │   └── TooLong  it would take too long; asking for less may work  (views)
    ├── Permanent    trying again will not work             (wire, journeys)
    ├── NeedsUser    a person must do something first       (wire)
    ├── Invalid      the request is wrong; nothing changed  (rooms, journeys)
    ├── NotFound     no such thing here
    ├── Forbidden    you may not
    └── Conflict     it has changed meanwhile

The message of each is a sentence for the person concerned: what happened, to which thing, what to do next.
Library errors are translated into these once, where the library is used, with the cause chained.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum


class PostroomError(Exception):
    """The root of all errors that Postroom raises on purpose."""


class Temporary(PostroomError):
    """It failed now and may work later: a time-out, a full disk, a server that asks for patience.

    `retry_after_seconds` is the server's own word on when to come back, where it gave one.
    """

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class TooLong(Temporary):
    """A search was stopped since it took longer than it may. The same again will take as long."""


class Permanent(PostroomError):
    """It failed and will fail again the same way: a refused recipient, a message no server takes.

    `field` names the part of a request that stands in the way, where it is one.
    """

    def __init__(self, message: str = "", *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Remedy(StrEnum):
    """What a person has to do before an account works again. The page and the docs explain each."""

    PASSWORD = "password"  # noqa: S105  the name of a remedy, not a secret
    APP_PASSWORD = "app_password"  # noqa: S105
    CONSENT = "consent"
    SMTP_AUTH = "smtp_auth"
    IMAP_ACCESS = "imap_access"
    USER_NAME = "user_name"
    ALLOW_LIST = "allow_list"
    CERTIFICATE = "certificate"
    SETTINGS = "settings"
    PROVIDER_LIMIT = "provider_limit"


class NeedsUser(PostroomError):
    """The account is refused until a person changes something; `remedy` names it."""

    def __init__(self, message: str, *, remedy: Remedy) -> None:
        super().__init__(message)
        self.remedy = remedy


class Invalid(PostroomError):
    """The request breaks a rule. `field_errors` names the field and the rule, in Close's shape."""

    def __init__(self, *errors: str, field_errors: Mapping[str, object] | None = None) -> None:
        self.errors: Sequence[str] = errors
        self.field_errors: Mapping[str, object] = field_errors or {}
        super().__init__("; ".join([*errors, *(f"{name}: {text}" for name, text in self.field_errors.items())]))


class NotFound(PostroomError):
    """There is no such thing in this organization."""


class Forbidden(PostroomError):
    """The acting user may not do this."""


class Conflict(PostroomError):
    """The thing has changed since it was read, or is in a state that does not allow this."""
