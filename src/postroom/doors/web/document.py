"""The API's own description, `/api/v1/openapi.json`: what Litestar finds in the routes, paths spelled as Close's."""

from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Litestar, Response, get
from litestar.openapi.spec import OpenAPIType, Operation, Parameter, Schema

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.gate import OPEN_PATHS
from postroom.doors.web.meanings import meaning_of


def takes(*names: str) -> type[Operation]:
    """An operation whose query parameters are read by `query.py`, described for readers of the document."""
    described_parameters = [
        Parameter(name, param_in="query", schema=Schema(type=OpenAPIType.STRING), description=meaning_of(name))
        for name in names
    ]

    @dataclass
    class Taking(Operation):
        def __post_init__(self) -> None:
            self.parameters = [*(self.parameters or []), *described_parameters]

    return Taking


@get("/openapi.json", include_in_schema=False, sync_to_thread=False)
def openapi_document(request: ApiRequest) -> Response[bytes]:
    """The OpenAPI 3.1 document of this API."""
    state = request.app.state  # made once: anybody may ask, and making it takes a twentieth of a second
    if "openapi_document" not in state:
        state["openapi_document"] = msgspec.json.encode(described(request.app))
    return Response(state["openapi_document"], media_type="application/json", headers={"Cache-Control": "no-cache"})


def described(app: Litestar) -> dict[str, Any]:
    """The document as a mapping: paths end with a slash, and failures have the shape that they really have."""
    found = app.openapi_schema.to_schema()
    paths = {f"{path.rstrip('/')}/": methods for path, methods in found["paths"].items()}
    for path, methods in paths.items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"] |= _failures_of(method)
                operation["security"] = _OPEN if path.rstrip("/") in OPEN_PATHS else _CLOSED
                for parameter in operation.get("parameters", []):
                    parameter["description"] = parameter.get("description") or meaning_of(parameter["name"])
    components = {**found.get("components", {}), "responses": _FAILURES, "securitySchemes": _CREDENTIALS}
    schemas = {**components.get("schemas", {}), "ErrorAnswer": _ERROR_ANSWER}
    schemas["ActivityPage"] = {**schemas["ActivityPage"], "properties": _ACTIVITY_PROPERTIES}
    components["schemas"] = schemas
    return {**found, "paths": paths, "components": components}


def _failures_of(method: str) -> dict[str, Any]:
    """Every answer that is none, by its status: what is only read is neither in conflict nor too large."""
    statuses = [status for status in _FAILURES if method != "get" or status not in _OF_WRITING]
    return {status: {"$ref": f"#/components/responses/{status}"} for status in statuses}


_CREDENTIALS = {
    "api_key": {"type": "http", "scheme": "basic", "description": "An API key as the user name, no password."},
    "bearer": {"type": "http", "scheme": "bearer", "description": "The same key, for programs that know no other way."},
}
_CLOSED: list[dict[str, list[str]]] = [{name: []} for name in _CREDENTIALS]
_OPEN: list[dict[str, list[str]]] = [{}]
_FAILURES = {
    status: {
        "description": said,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}},
    }
    for status, said in {
        "400": "The request is wrong; nothing has changed.",
        "401": "There are no credentials, or they are not right.",
        "403": "The caller may not do this.",
        "404": "There is no such thing, or it is not there for the caller.",
        "408": "The body did not come in time.",
        "409": "It does not go with how things stand now; nothing has changed.",
        "413": "The body is too large.",
        "429": "Too many requests; `Retry-After` says when to go on.",
        "503": "The database or another server is busy or away; try again.",
    }.items()
}
_OF_WRITING = ("408", "409", "413")
_ACTIVITIES = (
    "EmailCard", "EmailSummary", "ThreadCard", "NoteCard", "CallCard", "CreatedCard", "LeadStatusChangeCard",
    "OpportunityStatusChangeCard", "TaskCompletedCard", "CustomActivityCard", "LeadMergeCard",
)  # fmt: skip
_ACTIVITY_PROPERTIES = {  # of the shapes that `_type` and the mode tell apart; msgspec cannot describe such a list
    "data": {
        "type": "array",
        "items": {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in _ACTIVITIES]},
    },
    "has_more": {"type": "boolean"},
}
_ERROR_ANSWER = {
    "type": "object",
    "title": "ErrorAnswer",
    "required": ["errors", "field-errors"],
    "properties": {
        "errors": {"type": "array", "items": {"type": "string"}},
        "field-errors": {"type": "object", "additionalProperties": {}},
        "error": {"type": "string"},
        "remedy": {"type": "string"},
    },
}
