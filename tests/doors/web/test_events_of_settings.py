"""Events of what an organization is set up with: what they tell to programs that follow it."""

from typing import Any

import httpx2
import pytest

from postroom.rooms.users.user import ActingUser

API = "/api/v1"


async def events_of(api: httpx2.AsyncClient, object_id: str) -> list[dict[str, Any]]:
    """Those of a thing, the oldest first."""
    return (await api.get(f"{API}/event/", params={"object_id": object_id})).json()["data"][::-1]


@pytest.mark.parametrize(
    ("path", "object_type", "body", "change"),
    [
        ("status/lead", "status.lead", {"label": "Warm"}, {"label": "Hot"}),
        ("status/opportunity", "status.opportunity", {"label": "Warm", "type": "active"}, {"label": "Hot"}),
        ("pipeline", "pipeline", {"name": "Partners"}, {"name": "Resellers"}),
        ("custom_field/lead", "custom_fields.lead", {"name": "Size", "type": "number"}, {"name": "Length"}),
        ("custom_field/shared", "custom_fields.shared", {"name": "Size", "type": "text"}, {"name": "Length"}),
        ("custom_activity", "custom_activity_type", {"name": "Visit"}, {"name": "Tour"}),
        ("group", "group", {"name": "Closers"}, {"name": "Setters"}),
    ],
)
async def test_a_setting_that_is_made_changed_and_removed_tells_what_it_was_and_is(
    api: httpx2.AsyncClient, path: str, object_type: str, body: dict[str, str], change: dict[str, str]
) -> None:
    made = (await api.post(f"{API}/{path}/", json=body)).json()
    url, (name, after) = f"{API}/{path}/{made['id']}/", next(iter(change.items()))
    before = (await api.get(url)).json()
    (told,) = await events_of(api, made["id"])
    assert (told["object_type"], told["action"], told["previous_data"]) == (object_type, "created", {})
    assert told["data"] == before and before[name] == body[name]
    assert (await api.put(url, json=change)).status_code == 200
    _, told = await events_of(api, made["id"])
    assert told["action"] == "updated" and name in told["changed_fields"]
    assert (told["previous_data"][name], told["data"][name]) == (body[name], after)
    changed = (await api.get(url)).json()
    assert (await api.delete(url)).status_code in (200, 204)
    *_, told = await events_of(api, made["id"])
    assert (told["action"], told["data"], told["previous_data"]) == ("deleted", {}, changed)


async def test_who_comes_into_a_group_stands_in_the_event_of_the_group(
    api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    group = (await api.post(f"{API}/group/", json={"name": "Closers"})).json()
    assert (await api.post(f"{API}/group/{group['id']}/member/", json={"user_id": admin.id})).status_code == 201
    told = (await events_of(api, group["id"]))[-1]
    assert told["action"] == "updated" and "members" in told["changed_fields"]
    assert told["data"]["members"] == [{"user_id": admin.id}] and told["previous_data"]["members"] == []


async def test_a_member_who_may_no_longer_come_in_is_deactivated_and_activated_again(
    api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    body = {"email": "ben@acme.example", "first_name": "Ben", "last_name": "Ode", "role": "user"}
    made = (await api.post(f"{API}/membership/", json=body)).json()["membership"]
    for word in ("deactivate", "reactivate"):
        answer = await api.post(f"{API}/membership/{made['id']}/{word}/", json={})
        assert answer.status_code < 300, answer.text
    told = [one for one in await events_of(api, made["id"]) if one["action"].endswith("activated")]
    assert [one["action"] for one in told] == ["deactivated", "activated"]
    assert {(one["object_type"], one["user_id"]) for one in told} == {("membership", made["user_id"])}
    assert told[0]["data"]["user_email"] == "ben@acme.example"
