"""Requests that are more than they look: `_params` in a JSON body, and a POST that says that it is another method.

Clients whose query is too long for an address send it as `POST` with `X-HTTP-Method-Override: GET` and the parameters
under `_params`; a bulk `PUT` names what it changes the same way. Here such a request becomes what it means, before
anything is routed.
"""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

import msgspec
from litestar.types import HTTPRequestEvent, HTTPScope, Receive

from postroom.doors.web.body_forms import is_text, kind_of, plain
from postroom.ground.errors import Invalid

_METHODS = frozenset({"GET", "PUT", "DELETE"})


async def as_meant(scope: HTTPScope, receive: Receive, most_bytes: int) -> Receive:
    """Change method and query string to what is meant; the receive to go on with. Raises Invalid."""
    method = _method(scope)
    content_type = _header(scope, b"content-type")
    if scope["method"] not in ("POST", "PUT") or not is_text(content_type):
        scope["method"] = method  # type: ignore[typeddict-item]
        return receive
    body, is_whole = await _read(receive, most_bytes)
    if not is_whole:
        return _replayed(body, receive, is_whole=False)
    body = plain(body, content_type, _header(scope, b"content-encoding"), most_bytes)
    if method == "GET" and kind_of(content_type).endswith("urlencoded") and not body.lstrip().startswith(b"{"):
        _add_query(scope, body.strip())
    elif b'"_params"' in body:
        given = _object(body)
        if isinstance(given.get("_params"), Mapping):
            body = msgspec.json.encode({name: value for name, value in given.items() if name != "_params"})
            _ask(scope, given["_params"])
    if scope["method"] == "POST" and method in ("GET", "DELETE"):
        body = b""
    scope["method"] = method  # type: ignore[typeddict-item]
    _say_length(scope, len(body))
    return _replayed(body, receive, is_whole=True)


def _method(scope: HTTPScope) -> str:
    """Only a POST may be another method: the checks of a changing request have been passed then."""
    named = _header(scope, b"x-http-method-override").upper()
    return named if scope["method"] == "POST" and named in _METHODS else scope["method"]


def _ask(scope: HTTPScope, parameters: Mapping[str, Any]) -> None:
    """Put the parameters behind those of the address."""
    words = [(name, _word(value)) for name, value in parameters.items() if value is not None]
    if "\0" in "".join(value for _, value in words):
        raise Invalid("A parameter contains a NUL character.")
    _add_query(scope, urlencode(words).encode())


def _add_query(scope: HTTPScope, added: bytes) -> None:
    if b"%00" in added or not added.isascii():
        raise Invalid("The parameters hold what no address can hold.")
    scope["query_string"] = b"&".join(part for part in (scope["query_string"], added) if part)


def _word(value: Any) -> str:
    """A list is what commas are in an address; anything else is written as JSON has it."""
    if isinstance(value, list):
        return ",".join(_word(one) for one in value)
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        given = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}  # the route says what is wrong with it
    return cast(Mapping[str, Any], given) if isinstance(given, dict) else {}


async def _read(receive: Receive, most_bytes: int) -> tuple[bytes, bool]:
    """The body, and whether that is all of it: one too large is left for the route to refuse."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts), True
        parts.append(message["body"])
        size += len(message["body"])
        if not message["more_body"] or size > most_bytes:
            return b"".join(parts), not message["more_body"]


def _replayed(body: bytes, receive: Receive, *, is_whole: bool) -> Receive:
    """The body that was read, then whatever comes."""
    waiting = [HTTPRequestEvent(type="http.request", body=body, more_body=not is_whole)]

    async def again() -> Any:
        return waiting.pop() if waiting else await receive()

    return again


_OF_THE_FORM = (b"content-length", b"transfer-encoding", b"content-encoding")
"""Headers that told of the body as it came."""


def _say_length(scope: HTTPScope, length: int) -> None:
    others = [(name, value) for name, value in scope["headers"] if name not in _OF_THE_FORM]
    scope["headers"] = [*others, (b"content-length", str(length).encode())]


def _header(scope: HTTPScope, wanted: bytes) -> str:
    for name, value in scope["headers"]:
        if name == wanted:
            return value.decode("latin-1").strip()
    return ""
