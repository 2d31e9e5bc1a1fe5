"""Our errors as HTTP statuses and Close-shaped JSON. The only file that knows both.

Every error answer is JSON with `errors` (texts) and `field-errors` (by field); all but failed validations carry the
text also as `error`, which Close's older clients read.
"""

import logging
import re
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, ValidationException

from postroom.doors.web.again import note_given_up
from postroom.ground.database import is_deadlock, is_passing
from postroom.ground.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NeedsUser,
    NotFound,
    Permanent,
    PostroomError,
    Temporary,
)
from postroom.rooms.users.user import ActingUser

_log = logging.getLogger(__name__)
_MISSING = re.compile("Object missing required field `([^`]+)`")
"""As msgspec says it of a body."""

OpenRequest = Request[Any, Any, State]
"""A request of whoever comes, signed in or not."""
ApiRequest = Request[ActingUser, Any, State]
"""A request whose `user` has been proven by `gate.py`."""


class ErrorAnswer(msgspec.Struct):
    """What went wrong."""

    errors: list[str]
    field_errors: dict[str, Any] = msgspec.field(name="field-errors")
    error: str | msgspec.UnsetType = msgspec.UNSET
    remedy: str | msgspec.UnsetType = msgspec.UNSET
    """What a person has to do first: a word of `ground/errors.py`, Remedy."""


class NotSignedIn(Exception):
    """There are no credentials, or they are not right."""


class PasswordNeeded(Forbidden):
    """The user may, but has to give the password once more first."""


class SecondFactorNeeded(Forbidden):
    """The organization asks for a second factor, which the user does not have yet."""


class TooOften(Exception):
    """The same was tried too often; `retry_after_seconds` says when it may be tried again."""

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class TooSlow(Exception):
    """The body of a request did not come in time."""


class TooLarge(Exception):
    """The body of a request is larger than any may be."""


class Unreadable(Exception):
    """The body of a request is in a form that is not understood."""


REFUSALS = (PostroomError, NotSignedIn, TooSlow, TooLarge, Unreadable)
"""What stands against a request before it is routed."""

_STATUS: dict[type[Exception], int] = {
    Invalid: 400,
    Permanent: 400,
    NeedsUser: 400,
    NotSignedIn: 401,
    Forbidden: 403,
    NotFound: 404,
    TooSlow: 408,
    Conflict: 409,
    TooLarge: 413,
    Unreadable: 415,
    TooOften: 429,
    Temporary: 503,
}


def answer_to(error: Exception) -> tuple[int, ErrorAnswer, dict[str, str]]:
    """Status, body and headers for any exception. Texts of unknown exceptions are never shown: they may hold mail."""
    if isinstance(error, ValidationException):
        return 400, _validation(error), {}
    if isinstance(error, HTTPException):
        return error.status_code, _plain(error.detail), dict(error.headers or {})
    if isinstance(error, RecursionError):  # only bodies are nested as deep as their sender likes
        return 400, _plain("The body is nested too deeply."), {}
    if isinstance(error, Invalid):
        return 400, ErrorAnswer(list(error.errors), dict(error.field_errors)), {}
    for kind, status in _STATUS.items():
        if isinstance(error, kind):
            answer = _plain(str(error))
            answer.remedy = _remedy(error)
            if isinstance(error, Permanent) and error.field:  # Close says it there, its older clients read `error`
                answer.field_errors = {error.field: str(error)}
            return status, answer, _patience(error)
    if is_passing(error):
        return 503, _plain("The database is busy or away. Nothing was changed; try again."), {"Retry-After": "1"}
    return 500, _plain("Something went wrong on the server; it has been noted."), {}


def on_error(request: ApiRequest, error: Exception) -> Response[ErrorAnswer]:
    """Litestar's way in: logs what is a bug, with the route but nothing a person wrote."""
    status, answer, headers = answer_to(error)
    template = request.scope.get("path_template", "")
    if is_deadlock(error):
        note_given_up(request.scope, error)
        _log.info("%s %s was given up for another request's sake", request.method, template)
    elif status >= 500 and not isinstance(error, Temporary):
        _log.error("%s %s failed: %s", request.method, template, type(error).__name__, exc_info=_without_values(error))
    return Response(answer, status_code=status, headers=headers, media_type="application/json")


def _remedy(error: Exception) -> str | msgspec.UnsetType:
    if isinstance(error, NeedsUser):
        return error.remedy.value
    if isinstance(error, PasswordNeeded):
        return "confirm_password"
    return "enrol_two_factor" if isinstance(error, SecondFactorNeeded) else msgspec.UNSET


def _plain(text: str) -> ErrorAnswer:
    return ErrorAnswer([text], {}, text)


def _validation(error: ValidationException) -> ErrorAnswer:
    """A body or parameter of the wrong form: which field, and what was expected."""
    fields: dict[str, Any] = {}
    texts: list[str] = []
    for fault in error.extra if isinstance(error.extra, list) else []:
        key, message = str(fault.get("key", "")), str(fault.get("message", ""))
        if missing := _MISSING.match(message):
            fields[missing[1] if key in ("", "data") else f"{key}.{missing[1]}"] = "This field is required."
        elif key in ("", "data"):
            texts.append("A JSON object is expected as the body." if key == "data" else message)
        else:
            fields[key] = message.replace("`", "")
    return ErrorAnswer(texts or ([] if fields else [error.detail]), fields)


def _patience(error: Exception) -> dict[str, str]:
    seconds = getattr(error, "retry_after_seconds", None)
    return {"Retry-After": str(max(1, round(seconds)))} if seconds else {}


def _without_values(error: Exception) -> BaseException:
    """The same failure with its place but without its text: a database error's text may quote a row."""
    stripped = RuntimeError(type(error).__name__)
    return stripped.with_traceback(error.__traceback__)
