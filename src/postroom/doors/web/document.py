"""The API's own description, `/api/v1/openapi.json`: what Litestar finds in the routes, paths spelled as Close's."""

from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Litestar, Response, get
from litestar.openapi.spec import OpenAPIType, Operation, Parameter, Schema

from postroom.doors.web.errors import ApiRequest
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
    for methods in paths.values():
        for operation in methods.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"]["400"] = _FAILURE
                for parameter in operation.get("parameters", []):
                    parameter["description"] = parameter.get("description") or meaning_of(parameter["name"])
    components = {**found.get("components", {})}
    schemas = {**components.get("schemas", {}), "ErrorAnswer": _ERROR_ANSWER}
    schemas["ActivityPage"] = {**schemas["ActivityPage"], "properties": _ACTIVITY_PROPERTIES}
    components["schemas"] = schemas
    return {**found, "paths": paths, "components": components}


_FAILURE = {
    "description": "The request is wrong; nothing has changed.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}},
}
_ACTIVITIES = (
    "EmailCard", "EmailSummary", "ThreadCard", "NoteCard", "CallCard", "CreatedCard", "LeadStatusChangeCard",
    "OpportunityStatusChangeCard", "TaskCompletedCard", "CustomActivityCard", "LeadMergeCard",
)  # fmt: skip
_ACTIVITY_PROPERTIES = {  # of the shapes that `_type` and the mode tell apart; msgspec cannot describe such a list
    "data": {
        "type": "array",
        "items": {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in _ACTIVITIES]},
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
