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

from postroom.ground.errors import Invalid

_METHODS = frozenset({"GET", "PUT", "DELETE"})


async def as_meant(scope: HTTPScope, receive: Receive, most_bytes: int) -> Receive:
    """Change method and query string to what is meant; the receive to go on with. Raises Invalid."""
    method = _method(scope)
    if scope["method"] not in ("POST", "PUT") or not _is_json(scope):
        scope["method"] = method  # type: ignore[typeddict-item]
        return receive
    body, is_whole = await _read(receive, most_bytes)
    if not is_whole:
        return _replayed(body, receive, is_whole=False)
    if b'"_params"' in body:
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


def _is_json(scope: HTTPScope) -> bool:
    """Uploads are left alone; a body without a type is taken as JSON, as everywhere here."""
    kind = _header(scope, b"content-type").lower()
    return not kind or "json" in kind


def _ask(scope: HTTPScope, parameters: Mapping[str, Any]) -> None:
    """Put the parameters behind those of the address."""
    words = [(name, _word(value)) for name, value in parameters.items() if value is not None]
    added = urlencode(words).encode()
    if "\0" in "".join(value for _, value in words):
        raise Invalid("A parameter contains a NUL character.")
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


def _say_length(scope: HTTPScope, length: int) -> None:
    others = [
        (name, value) for name, value in scope["headers"] if name not in (b"content-length", b"transfer-encoding")
    ]
    scope["headers"] = [*others, (b"content-length", str(length).encode())]


def _header(scope: HTTPScope, wanted: bytes) -> str:
    for name, value in scope["headers"]:
        if name == wanted:
            return value.decode("latin-1").strip()
    return ""
