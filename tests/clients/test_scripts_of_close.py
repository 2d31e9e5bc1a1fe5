"""What the scripts that Close itself publishes ask of a server, each need of theirs as a test in our own words."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from closeio_api import API, APIError

from tests.clients.conftest import Close


async def test_a_row_with_empty_cells_becomes_a_lead(close: Close) -> None:
    """The importer of CSV files posts an entry for each column, also where the cell is empty."""

    def program(api: API) -> None:
        contact = {
            "name": "Ann",
            "title": "",
            "emails": [{"email": "", "type": "office"}, {"email": "ann@x.test", "type": "home"}],
            "phones": [{"phone": "", "type": "office"}, {"phone": " ", "type": "mobile"}],
            "urls": [{"url": "", "type": "url"}],
        }
        made = api.post("lead", {"name": "Row", "url": "", "contacts": [contact], "custom": {"Size": ""}})
        (ann,) = made["contacts"]
        assert [one["email"] for one in ann["emails"]] == ["ann@x.test"]
        assert (ann["phones"], ann["urls"], made["custom"]) == ([], [], {})
        emptied = api.put(f"contact/{ann['id']}", {"emails": [{"email": "", "type": "office"}]})
        assert emptied["emails"] == []
        with pytest.raises(APIError) as refused:
            api.put(f"contact/{ann['id']}", {"emails": [{"email": "not an address", "type": "office"}]})
        assert "emails" in refused.value.field_errors

    await close.run(program)


async def test_the_key_itself_tells_its_organization(close: Close) -> None:
    """The finder of duplicates asks for its own key by its text before all else."""

    def program(api: API, key: str) -> Any:
        found = api.get(f"api_key/{key}")
        assert found == api.get(f"api_key/{found['id']}") == api.get("api_key")["data"][0]
        assert key not in str(found)
        assert api.get(f"organization/{found['organization_id']}", params={"_fields": "name"}) == {"name": "Acme"}
        with pytest.raises(APIError) as refused:
            api.get("api_key/api_0none.secret")
        assert refused.value.response.status_code == 404

    await close.run(program, close.key)


async def test_thirty_requests_at_once_that_name_a_new_field_all_succeed(close: Close) -> None:
    """Importers post from a pool of threads or greenlets; the first row with a new column makes the field."""

    def program(api: API) -> None:
        def import_row(number: int) -> Any:
            return api.post("lead", {"name": f"Row {number}", "custom": {"Fresh": f"value {number}"}})

        with ThreadPoolExecutor(30) as pool:
            made = list(pool.map(import_row, range(30)))
        assert [one["custom"] for one in made] == [{"Fresh": f"value {number}"} for number in range(30)]
        assert [one["name"] for one in api.get("custom_field/lead")["data"]] == ["Fresh"]

    await close.run(program)


async def test_a_search_may_name_its_object_type_beside_the_query(close: Close) -> None:
    """As the lead router of one of Close's own people does."""

    def program(api: API) -> None:
        made = api.post("lead", {"name": "Routed"})
        body = {"object_type": "lead", "query": {"type": "and", "queries": []}, "_fields": {"lead": ["display_name"]}}
        found = api.post("data/search", {**body, "results_limit": 200, "cursor": None})["data"]
        assert [(one["id"], one["display_name"]) for one in found] == [(made["id"], "Routed")]
        for wrong in ({"query": body["query"]}, {**body, "object_type": "planet"}):
            with pytest.raises(APIError) as refused:
                api.post("data/search", wrong)
            assert "query" in refused.value.field_errors

    await close.run(program)


async def test_a_comparison_with_an_age_may_stand_in_quotes(close: Close) -> None:
    """A weekly report counts leads, opportunities and their values with an empty `_fields`."""

    def program(api: API) -> None:
        old = api.post("lead", {"name": "Old", "date_created": "2020-01-01T00:00:00Z"})["id"]
        new = api.post("lead", {"name": "New"})["id"]
        deal = {"value": 500, "value_period": "annual", "status": "Won", "date_won": "2026-03-04"}
        api.post("opportunity", {"lead_id": new, **deal})

        def counted(path: str, query: str) -> Any:
            return api.get(path, params={"_fields": "", "query": query})

        for query, found in (
            ('date_created < "1 week ago"', [new]),
            ("date_created < 1 week ago", [new]),
            ('date_created >= "1 week ago"', [old]),
            ('date_created < "100 years ago" and date_created >= "2 Weeks Ago"', [old]),
        ):
            assert counted("lead", query)["total_results"] == 1, query
            assert [one["id"] for one in api.get("lead", params={"query": query})["data"]] == found, query
        assert counted("opportunity", "status_type: active")["total_value_annualized"] == 0
        for day, number in (("2026-03-04", 1), ("2026-03-05", 0)):
            found = counted("opportunity", f"status_type: won and date >= {day}")
            assert (found["total_results"], found["total_value_annualized"]) == (number, 500 * number)

    await close.run(program)


async def test_the_old_activity_report_tells_revenue_by_its_kind(close: Close) -> None:
    """A daily report by email adds up what was created and won, once, monthly and yearly."""

    def program(api: API) -> None:
        at = api.post("lead", {"name": "Deals"})["id"]
        for period, value, status in (("one_time", 100, "Won"), ("monthly", 20, "Active"), ("annual", 3, "Lost")):
            api.post("opportunity", {"lead_id": at, "value": value, "value_period": period, "status": status})
        me = api.get("me")
        report = api.get(f"report/activity/{me['organizations'][0]['id']}", params={"user_id": me["id"]})
        money = {name: number for name, number in report.items() if name.startswith("revenue") and number}
        assert money == {
            "revenue_created_one_time": 100,
            "revenue_created_monthly": 20,
            "revenue_created_annual": 3,
            "revenue_won_one_time": 100,
            "revenue_lost_annual": 3,
        }
        assert (report["opportunities_created"], report["opportunities_won"], report["opportunities_lost"]) == (3, 1, 1)

    await close.run(program)


async def test_an_event_of_a_lead_tells_of_the_lead_alone(close: Close) -> None:
    """As Close's do: contacts by their ids, custom values flat, nothing that has events of its own."""

    def program(api: API) -> None:
        field = api.post("custom_field/lead", {"name": "Source", "type": "text"})["id"]
        made = api.post("lead", {"name": "Wayne", "contacts": [{"name": "Bruce"}], f"custom.{field}": "Fair"})
        (event,) = api.get("event", params={"object_type": "lead", "action": "created"})["data"]
        assert set(event["data"]) == {
            *("addresses", "contact_ids", "created_by", "created_by_name", "date_created", "date_updated"),
            *("description", "display_name", "html_url", "id", "name", "organization_id", "status_id", "status_label"),
            *("updated_by", "updated_by_name", "url", f"custom.{field}"),
        }
        assert event["data"]["contact_ids"] == [made["contacts"][0]["id"]]
        assert event["data"][f"custom.{field}"] == "Fair"

    await close.run(program)


async def test_emails_are_told_from_those_of_sequences(close: Close) -> None:
    """A report of answered emails leaves out those that a sequence has sent, and names accounts and bulk emails."""

    def program(api: API) -> None:
        at = api.post("lead", {"name": "Wayne", "contacts": [{"emails": [{"email": "b@wayne.test"}]}]})["id"]
        email = {"lead_id": at, "status": "inbox", "sender": "b@wayne.test", "to": ["ann@acme.test"], "subject": "Yes"}
        made = api.post("activity/email", email)["id"]

        def found(name: str, *, negate: bool) -> list[str]:
            field = {"type": "regular_field", "object_type": "activity.email", "field_name": name}
            asked = {"type": "field_condition", "field": field, "condition": {"type": "exists"}, "negate": negate}
            kind = {"type": "object_type", "object_type": "activity.email"}
            answer = api.post("data/search", {"query": {"type": "and", "queries": [kind, asked]}})
            return [one["id"] for one in answer["data"]]

        for name in ("sequence_id", "sequence_name", "sequence_subscription_id", "bulk_email_action_id"):
            assert (found(name, negate=True), found(name, negate=False)) == ([made], [])
        assert found("has_reply", negate=False) == [made] == found("email_account_id", negate=True)

    await close.run(program)


async def test_a_pasted_id_finds_the_thing_itself(close: Close) -> None:
    """A program keeps the id of a lead and looks for it, or for its emails, as it looks for any words."""

    def program(api: API) -> None:
        ids = [api.post("lead", {"name": name})["id"] for name in ("Wayne", "Kent")]
        for at in ids:
            api.post("activity/email", {"lead_id": at, "status": "inbox", "sender": "b@wayne.test", "subject": at[-4:]})
        text = {"type": "text", "mode": "exact_value", "value": ids[0], "negate": False}
        of = {"type": "has_related", "this_object_type": "activity.email", "related_object_type": "lead"}
        kind = {"type": "object_type", "object_type": "activity.email"}
        asked = {"type": "and", "queries": [kind, {**of, "related_query": {"type": "and", "queries": [text]}}]}
        found = api.post("data/search", {"query": asked, "_fields": {"activity.email": ["lead_id"]}})["data"]
        assert [one["lead_id"] for one in found] == ids[:1]
        lead = {"type": "object_type", "object_type": "lead"}
        for mode in ("exact_value", "full_words", "phrase", "beginning_of_words"):
            found = api.post("data/search", {"query": {"type": "and", "queries": [lead, {**text, "mode": mode}]}})[
                "data"
            ]
            assert [one["id"] for one in found] == ids[:1]
        for words, expected in ((ids[0], ids[:1]), (f'"{ids[0]}" or {ids[1]}', ids), (f"not {ids[0]}", ids[1:])):
            assert {one["id"] for one in api.get("lead", params={"query": words})["data"]} == set(expected)
        exact = {"type": "text", "mode": "exact_value", "value": "Kent"}
        found = api.post("data/search", {"query": {"type": "and", "queries": [lead, exact]}})["data"]
        assert [one["id"] for one in found] == ids[1:]

    await close.run(program)


async def test_a_comparison_names_those_it_compares(close: Close) -> None:
    """A dashboard shows the three who sent most, by name, from the one answer."""

    def program(api: API) -> None:
        api.post("lead", {"name": "Wayne"})
        asked = {"type": "comparison", "relative_range": "today", "metrics": ["leads.created.all.count"]}
        report = api.post("report/activity", asked)
        (row,) = report["data"]
        me = api.get("me")
        assert row == {"user_id": me["id"], "leads.created.all.count": 1}
        assert report["lookup"] == {"user": {me["id"]: {"display": f"{me['first_name']} {me['last_name']}".strip()}}}
        assert api.post("report/activity", {**asked, "type": "overview"})["lookup"] == {"user": {}}

    await close.run(program)


async def test_the_fields_of_a_type_of_activities_are_put_in_order(close: Close) -> None:
    """A script sets up a protocol: it makes the fields that are missing, then orders them and reads the order back."""

    def program(api: API) -> None:
        kind = api.post("custom_activity", {"name": "Protocol", "fields": [{"name": "not made here"}]})["id"]
        field = {"custom_activity_type_id": kind, "type": "text"}
        ids = [api.post("custom_field/activity", {**field, "name": name})["id"] for name in ("A", "B", "C")]
        turned = api.put(f"custom_activity/{kind}", {"fields": [{"id": ids[2], "name": "C"}, {"id": ids[0]}]})
        assert [one["id"] for one in turned["fields"]] == [ids[2], ids[0], ids[1]]
        assert api.get(f"custom_activity/{kind}") == turned
        with pytest.raises(APIError) as refused:
            api.put(f"custom_activity/{kind}", {"fields": [{"id": "cf_of_another"}]})
        assert "fields" in refused.value.field_errors

    await close.run(program)


async def test_transcripts_of_calls_are_there_to_ask_for(close: Close) -> None:
    """An exporter of conversations reads each call once more for its transcripts."""

    def program(api: API) -> None:
        at = api.post("lead", {"name": "Wayne"})["id"]
        call = api.post("activity/call", {"lead_id": at, "note": "Spoke", "duration": 60})
        asked = {"_fields": "id,recording_transcript,voicemail_transcript"}
        expected = {"id": call["id"], "recording_transcript": None, "voicemail_transcript": None}
        assert api.get(f"activity/call/{call['id']}", params=asked) == expected
        assert api.get("activity/call", params=asked)["data"] == [expected]
        assert expected in api.get("activity", params={"lead_id": at, **asked})["data"]
        assert "recording_transcript" not in api.get(f"activity/call/{call['id']}")

    await close.run(program)


async def test_a_checkbox_of_a_form_becomes_a_text(close: Close) -> None:
    """A form posts what was ticked as true, into a field that nobody has made yet."""

    def program(api: API) -> None:
        made = api.post("lead", {"name": "Form", "custom": {"Concierge": True, "Newsletter": False, "Units": 12}})
        assert made["custom"] == {"Concierge": "true", "Newsletter": "false", "Units": "12"}

    await close.run(program)
