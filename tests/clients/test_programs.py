"""Five programs as companies keep them running against Close for years, each with the library such a program uses.

A poller that hands new things on (as Zapier's and Make's triggers do), a contact sync in both directions, a follower of
the event log, a bulk exporter, and a consumer of webhooks that checks signatures.
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import requests
from closeio_api import API
from requests.auth import HTTPBasicAuth

from postroom.journeys.call_webhooks import call_webhook
from postroom.rooms.users.user import ActingUser
from tests.clients.conftest import Close
from tests.servers.receiver import receiver


class Poller:
    """Asks for what is new since the last look: newest first, page by page, until it meets what it has seen.

    It remembers ids for a while since clocks differ, and asks a little into the past for the same reason.
    """

    def __init__(self, url: str, key: str, path: str) -> None:
        self.session = requests.Session()
        self.session.auth = HTTPBasicAuth(key, "")
        self.session.headers["Accept"] = "application/json"
        self.url, self.seen = f"{url}/api/v1/{path}/", set[str]()

    def look(self, since: datetime, **filters: Any) -> list[dict[str, Any]]:
        """What has not been handed on yet, the oldest first."""
        found: list[dict[str, Any]] = []
        skip, has_more = 0, True
        asked = {"date_created__gte": (since - timedelta(minutes=5)).replace(tzinfo=None).isoformat(), **filters}
        while has_more:
            answer = self.session.get(self.url, params={**asked, "_limit": 2, "_skip": skip}, timeout=60)
            answer.raise_for_status()
            page = answer.json()
            found += [one for one in page["data"] if one["id"] not in self.seen]
            skip, has_more = skip + len(page["data"]), page["has_more"]
        self.seen |= {one["id"] for one in found}
        return found[::-1]


async def test_a_poller_hands_each_new_thing_on_once(close: Close) -> None:
    began = datetime.now(UTC)

    def program(api: API) -> None:
        leads, emails, deals = (
            Poller(close.url, close.key, path) for path in ("lead", "activity/email", "opportunity")
        )
        assert leads.look(began) == emails.look(began) == deals.look(began) == []
        made = [api.post("lead", {"name": f"Firm {number}"})["id"] for number in range(5)]
        assert sorted(one["id"] for one in leads.look(began)) == sorted(made)
        old = {"lead_id": made[0], "date_created": "2019-03-04T05:06:07", "activity_at": "2019-03-04T05:06:07"}
        past = {"status": "sent", "to": ["a@firm.test"], "subject": "Old", "body_text": "x"}
        api.post("activity/email", {**old, **past})
        new = [api.post("activity/email", {**past, "lead_id": one, "subject": "New"})["id"] for one in made[:3]]
        for email in (handed := emails.look(began)):
            assert email["envelope"]["from"] and email["sender"] and email["body_text"] == "x"
        assert sorted(one["id"] for one in handed) == sorted(new), "what was logged of the past is not new"
        deal = api.post("opportunity", {"lead_id": made[1], "value": 1000})["id"]
        assert [one["id"] for one in deals.look(began, status_type="active")] == [deal]
        assert leads.look(began) == emails.look(began) == deals.look(began) == []
        late = leads.session.get(leads.url, params={"_skip": 10**8}, timeout=60)
        assert late.status_code == 400 and "max_skip = " in late.json()["error"]

    await close.run(program)


class ContactSync:
    """Keeps the people of another program and contacts alike, by an id of that program in a custom field."""

    def __init__(self, api: API) -> None:
        self.api = api
        self.fields = {one["name"]: one["id"] for one in api.get("custom_field_schema/contact")["fields"]}
        for name, kind in (("External ID", "text"), ("Plan", "choices")):
            if name not in self.fields:
                more = {"choices": ["Free", "Paid"]} if kind == "choices" else {}
                made = api.post("custom_field/contact", {"name": name, "type": kind, **more})
                self.fields[name] = made["id"]

    def push(self, person: dict[str, str]) -> dict[str, Any]:
        """Write a person of ours: change the contact that has the id, else the one with the address, else make one."""
        key = f"custom.{self.fields['External ID']}"
        values = {key: person["id"], f"custom.{self.fields['Plan']}": person["plan"]}
        found = self.find(self.fields["External ID"], person["id"]) or self.find("email", person["email"])
        if found is None:
            emails = [{"email": person["email"], "type": "office"}]
            return self.api.post("contact", {"name": person["name"], "emails": emails, **values})
        contact = self.api.get(f"contact/{found}")
        if person["email"] not in [one["email"] for one in contact["emails"]]:
            contact["emails"].append({"email": person["email"], "type": "office"})
        return self.api.put(f"contact/{found}", {**contact, "name": person["name"], **values})

    def find(self, field: str, value: str) -> str | None:
        """The contact with this value, found by a structured search."""
        condition = {"type": "text", "mode": "exact_value", "value": value}
        if field == "email":
            named = {"type": "regular_field", "object_type": "contact_email", "field_name": "email"}
        else:
            named = {"type": "custom_field", "custom_field_id": field}
        asked: dict[str, Any] = {"type": "field_condition", "field": named, "condition": condition}
        if field == "email":
            asked = {
                "type": "has_related", "this_object_type": "contact", "related_object_type": "contact_email",
                "related_query": asked,
            }  # fmt: skip
        root = {"type": "object_type", "object_type": "contact"}
        body = {"query": {"type": "and", "queries": [root, asked]}, "_limit": 1}
        rows = self.api.post("data/search", body)["data"]
        return str(rows[0]["id"]) if rows else None

    def pull(self, since: str) -> list[dict[str, Any]]:
        """Contacts that have changed since, as people of ours."""
        rows: list[dict[str, Any]] = []
        more = True
        while more:
            page = self.api.get("contact", params={"date_updated__gt": since, "_skip": len(rows), "_limit": 2})
            rows, more = rows + page["data"], page["has_more"]
        key, plan = (f"custom.{self.fields[name]}" for name in ("External ID", "Plan"))
        return [{"id": one.get(key), "name": one["name"], "plan": one.get(plan)} for one in rows]


async def test_contacts_are_kept_alike_in_both_directions(close: Close) -> None:
    def program(api: API) -> None:
        api.post("lead", {"name": "Wayne", "contacts": [{"name": "B.", "emails": [{"email": "bruce@wayne.test"}]}]})
        sync = ContactSync(api)
        people = [
            {"id": "u1", "name": "Bruce", "email": "Bruce@Wayne.test", "plan": "Paid"},
            {"id": "u2", "name": "Selina", "email": "selina@kyle.test", "plan": "Free"},
        ]
        first = [sync.push(one) for one in people]
        assert [one["name"] for one in first] == ["Bruce", "Selina"]
        again = [sync.push({**one, "plan": "Paid"}) for one in people]
        assert [one["id"] for one in again] == [one["id"] for one in first], "nobody twice"
        assert {one["lead_id"] for one in again} == {one["lead_id"] for one in first}
        moved = sync.push({**people[1], "email": "selina@new.test"})
        assert [one["email"] for one in moved["emails"]] == ["selina@kyle.test", "selina@new.test"]
        mark = max(one["date_updated"] for one in (*again, moved))
        assert sync.pull(mark) == []
        api.put(f"contact/{first[0]['id']}", {f"custom.{sync.fields['Plan']}": "Free"})
        assert sync.pull(mark) == [{"id": "u1", "name": "Bruce", "plan": "Free"}]
        api.put(f"contact/{first[0]['id']}", {f"custom.{sync.fields['Plan']}": None})
        assert sync.pull(mark) == [{"id": "u1", "name": "Bruce", "plan": None}]
        assert ContactSync(api).fields == sync.fields, "the fields are made once"

    await close.run(program)


class Follower:
    """Reads the event log from the newest back to where it stopped, and applies what it finds in order of time."""

    def __init__(self, client: httpx2.Client) -> None:
        self.client, self.last, self.mirror = client, "", dict[str, dict[str, Any]]()

    def catch_up(self) -> int:
        """Apply what has happened since; how many events."""
        events, cursor = list[dict[str, Any]](), ""
        while cursor is not None:
            page = self.client.get("event/", params={"_limit": 3, "_cursor": cursor, "object_type": "lead"})
            page.raise_for_status()
            answer = page.json()
            assert "has_more" not in answer and len(answer["data"]) <= 3
            new = [one for one in answer["data"] if one["date_updated"] > self.last]
            events += new
            cursor = answer["cursor_next"] if len(new) == len(answer["data"]) else None
        for event in reversed(events):
            if event["action"] == "deleted":
                self.mirror.pop(event["object_id"], None)
            else:
                self.mirror[event["object_id"]] = event["data"]
        self.last = max([self.last, *(one["date_updated"] for one in events)])
        return len({one["id"] for one in events})


async def test_a_follower_of_the_event_log_sees_what_the_api_says(close: Close) -> None:
    def program(api: API) -> None:
        with httpx2.Client(base_url=f"{close.url}/api/v1/", auth=(close.key, ""), timeout=60) as client:
            follower = Follower(client)
            ids = [api.post("lead", {"name": f"Firm {number}"})["id"] for number in range(7)]
            assert follower.catch_up() == 7 and sorted(follower.mirror) == sorted(ids)
            assert follower.catch_up() == 0
            api.put(f"lead/{ids[0]}", {"name": "Renamed", "custom": {"Source": "Fair"}})
            api.delete(f"lead/{ids[1]}")
            assert follower.catch_up() == 2
            shown = {one["id"]: one for one in api.get("lead")["data"]}
            assert sorted(follower.mirror) == sorted(shown)
            values = {name: value for name, value in shown[ids[0]].items() if name.startswith("custom.")}
            assert list(values.values()) == ["Fair"] and values.items() <= follower.mirror[ids[0]].items()
            (gone,) = api.get("event", params={"object_id": ids[1], "action": "deleted"})["data"]
            assert gone["data"] == {} and gone["previous_data"]["name"] == "Firm 1"

    await close.run(program)


async def test_a_bulk_exporter_reads_everything_once_and_side_by_side(close: Close) -> None:
    """Slices of the lead list in parallel, and the same through the cursor of /data/search/."""

    def slice_of(number: int, of: int) -> Iterator[dict[str, Any]]:
        api, skip, more = API(f"{close.url}/api/v1/", close.key), 0, True
        query = f'(name:Firm and not name:"Firm 3") slice:{number}/{of}'
        while more:
            page = api.get("lead", params={"query": query, "_skip": skip, "_limit": 2, "_fields": "id,name,custom"})
            yield from page["data"]
            skip, more = skip + len(page["data"]), page["has_more"]

    def program(api: API) -> None:
        api.post("custom_field/lead", {"name": "Tier", "type": "text"})
        for number in range(9):
            api.post("lead", {"name": f"Firm {number}", "custom.Tier": "A" if number % 2 else "B"})
        with ThreadPoolExecutor(3) as pool:
            parts = list(pool.map(lambda number: list(slice_of(number, 3)), (1, 2, 3)))
        rows = [row for part in parts for row in part]
        assert len(rows) == len({row["id"] for row in rows}) == 8
        assert {row["custom"]["Tier"] for row in rows} == {"A", "B"}
        root = {"type": "object_type", "object_type": "lead"}
        body: dict[str, Any] = {
            "query": {"type": "and", "queries": [root]}, "_limit": 4, "_fields": {"lead": ["id", "name", "custom"]},
            "sort": [{"direction": "asc", "field": {
                "type": "regular_field", "object_type": "lead", "field_name": "date_created"}}],
            "include_counts": True,
        }  # fmt: skip
        found: list[dict[str, Any]] = []
        answer = api.post("data/search", body)
        assert answer["count"]["total"] == 9
        found += answer["data"]
        while answer["cursor"]:
            answer = api.post("data/search", {**body, "cursor": answer["cursor"]})
            found += answer["data"]
        assert [row["name"] for row in found] == [f"Firm {number}" for number in range(9)]
        assert {row["__object_type"] for row in found} == {"lead"}

    await close.run(program)


class Consumer:
    """Takes a webhook's call: refuses what is not signed or too old, and passes over what it has seen."""

    def __init__(self, key: str) -> None:
        self.key, self.seen = key, set[str]()

    def take(self, headers: dict[str, str], body: bytes) -> dict[str, Any] | None:
        """The event, None for one that was here before. Raises PermissionError."""
        stamp = headers["close-sig-timestamp"]
        made = hmac.new(bytes.fromhex(self.key), stamp.encode() + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(made, headers["close-sig-hash"]):
            raise PermissionError("not signed by us")
        if abs(time.time() - int(stamp)) > 3600:
            raise PermissionError("an old call, played again")
        event = json.loads(body)["event"]
        # Frameworks hand the parsed body on, and some consumers sign what they write of it again.
        assert json.dumps(json.loads(body)).encode() == body
        if event["id"] in self.seen:
            return None
        self.seen.add(event["id"])
        return dict(event)


async def test_a_consumer_of_webhooks_takes_what_is_signed_and_nothing_twice(close: Close, admin: ActingUser) -> None:
    async with receiver() as listener:
        wanted = [{"object_type": "lead", "action": "created"}, {"object_type": "opportunity", "action": "updated"}]

        def subscribe(api: API) -> dict[str, Any]:
            return dict(api.post("webhook", {"url": listener.url, "events": wanted, "verify_ssl": False}))

        def work(api: API) -> None:
            lead = api.post("lead", {"name": "Zoë & Söhne"})["id"]
            deal = api.post("opportunity", {"lead_id": lead, "value": 100})["id"]
            api.put(f"opportunity/{deal}", {"value": 200})

        hook = await close.run(subscribe)
        consumer = Consumer(hook["signature_key"])
        await close.run(work)
        for _ in range(400):  # a transaction of another test on the same server hides the events until it ends
            await call_webhook(close.tools, admin.organization_id, hook["id"])
            if len(listener.calls) == 2:
                break
            await asyncio.sleep(0.1)
        took = [event for headers, body in listener.calls if (event := consumer.take(headers, body))]
        assert [(one["object_type"], one["action"]) for one in took] == [
            ("lead", "created"),
            ("opportunity", "updated"),
        ]
        assert took[1]["changed_fields"] and took[1]["data"]["value"] == 200
        events = [consumer.take(headers, body) for headers, body in listener.calls]
        assert events == [None] * len(events), "each was here before"
        headers, body = listener.calls[0]
        try:
            consumer.take(headers, body.replace(b"Zo", b"Xo"))
        except PermissionError as error:
            assert "not signed" in str(error)
        else:
            raise AssertionError("a forged call was taken")
        assert hook["id"] == json.loads(body)["subscription_id"]
        assert json.loads(body)["event"]["data"]["name"] == "Zoë & Söhne"
