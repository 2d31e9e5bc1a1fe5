"""Requests made up from our own OpenAPI document: whatever they hold, no answer is a fault of the server's, and each is
one that the document describes.

Bounded and always the same: a few examples for each operation, from a fixed seed. More of them, over and over:
`POSTROOM_EXAMPLES=200 pytest tests/clients/test_schemathesis.py`.
"""

import os
from collections import Counter
from typing import Any

import httpx2
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from postroom.rooms.users.user import ActingUser
from tests.clients.conftest import Close

DESCRIBED = [status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = int(os.environ.get("POSTROOM_EXAMPLES", "2"))
LEFT_OUT = {
    "live": "a stream that does not end",
    "auth_setup": "an argon2 hash of 0.1 s for each",
    "auth_sign_in": "the same, and refused after ten",
    "auth_sign_out": "needs a browser",
    "discover_servers": "asks the Internet",
}
"""Operations, and why they are not asked here."""
OF_THE_NETWORK = ("sign_in", "test_connected", "connect", "discover", "image", "password")
"""Parts of names of operations that would wait for other servers, or take back what the test signs in with."""


async def ids_there_are(client: httpx2.AsyncClient, admin: ActingUser) -> dict[str, str]:
    """An id for each name of a path parameter, so that more than "no such thing" is reached."""

    async def make(path: str, body: dict[str, Any]) -> str:
        answer = await client.post(f"{path}/", json=body)
        assert answer.status_code in (200, 201), (path, answer.text)
        return str(answer.json()["id"])

    lead = await make("lead", {"name": "Firm", "contacts": [{"name": "Bo", "emails": [{"email": "bo@firm.test"}]}]})
    email = await make("activity/email", {"lead_id": lead, "status": "draft", "subject": "S", "body_text": "x"})
    webhook = {"url": "https://93.184.216.34/", "events": [{"object_type": "lead", "action": "created"}]}
    return {
        "lead_id": lead,
        "contact_id": (await client.get(f"lead/{lead}/")).json()["contacts"][0]["id"],
        "email_id": email,
        "thread_id": (await client.get(f"activity/email/{email}/")).json()["thread_id"] or "acti_none",
        "task_id": await make("task", {"lead_id": lead, "text": "Call"}),
        "opportunity_id": await make("opportunity", {"lead_id": lead, "value": 100}),
        "template_id": await make("email_template", {"name": "T", "subject": "{{ lead.name }}"}),
        "view_id": (await client.get("saved_search/")).json()["data"][0]["id"],
        "event_id": (await client.get("event/")).json()["data"][0]["id"],
        "webhook_id": await make("webhook", webhook),
        "export_id": await make("export/lead", {}),
        "link_id": await make("integration_link", {"name": "L", "url": "https://l.test"}),
        "note_id": await make("activity/note", {"lead_id": lead, "note": "x"}),
        "call_id": await make("activity/call", {"lead_id": lead}),
        "type_id": (kind := await make("custom_activity", {"name": "Visit"})),
        "thing": kind,
        "activity_id": await make("activity/custom", {"lead_id": lead, "custom_activity_type_id": kind}),
        "field_id": await make("custom_field/shared", {"name": "F"}),
        "stands_on": "shared",
        "pipeline_id": await make("pipeline", {"name": "P"}),
        "organization_id": admin.organization_id,
        "user_id": admin.id,
        "number": "0",
    }


def problems_of(url: str, key: str, ids: dict[str, str]) -> tuple[list[str], Counter[int]]:
    """Every request that made the server fail or answer what is not described, and how often there was each status."""
    schema = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json")
    problems: list[str] = []
    statuses: Counter[int] = Counter()
    session = requests.Session()
    session.auth = (key, "")

    def ask(operation: Any) -> None:
        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def one(case: Any) -> None:
            for name in case.path_parameters:
                case.path_parameters[name] = ids.get(name, case.path_parameters[name])
            answer = case.call(base_url=url, session=session, timeout=60)
            statuses[answer.status_code] += 1
            if answer.status_code >= 500:
                problems.append(f"{case.method} {case.formatted_path} {case.query} {case.body!r}: {answer.status_code}")
            if "_fields" in (case.query or {}):  # what is left out then may be anything
                return
            try:
                case.validate_response(answer, checks=DESCRIBED)
            except FailureGroup as found:
                problems.append(f"{case.method} {case.formatted_path}: {[str(one) for one in found.exceptions]}")

        one()

    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in sorted(operations, key=lambda one: one.method.upper() == "DELETE"):  # last what takes away
        name = str(operation.definition.raw.get("operationId"))
        if name not in LEFT_OUT and not any(part in name for part in OF_THE_NETWORK):
            ask(operation)
    session.close()
    return problems, statuses


@pytest.mark.timeout(900)
async def test_every_answer_is_one_that_the_document_describes(close: Close, admin: ActingUser) -> None:
    async with httpx2.AsyncClient(base_url=f"{close.url}/api/v1/", auth=(close.key, "")) as client:
        ids = await ids_there_are(client, admin)
    problems, statuses = await close.run(lambda _: problems_of(close.url, close.key, ids))
    assert problems == [], "\n".join(problems[:20])
    assert statuses[200] > 60 and statuses[400] > 20, statuses
