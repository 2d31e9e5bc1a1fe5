"""/activity/, /activity/email/ and /activity/emailthread/ in Close's shapes."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from postroom.journeys.tools import Tools
from postroom.rooms.users.user import ActingUser

START = datetime(2026, 3, 1, 9, 30, 0, 123456, UTC)


async def lead_with_emails(tools: Tools, api: httpx2.AsyncClient, user: ActingUser, count: int = 3) -> str:
    """A lead with a thread of emails, one an hour, alternately coming in and going out."""
    lead_id = (await api.post("/api/v1/lead/", json={"name": "Acme"})).json()["id"]
    org = user.organization_id
    async with tools.db.transaction() as tx:
        await tx.execute(
            "insert into email_threads (organization_id, id, lead_id, normalized_subject, n_emails, participants,"
            " latest_at, date_created, date_updated) values (%s, %s, %s, 'Offer', %s,"
            """ '[{"email": "zoe@acme.example", "name": "Zoe"}]', %s, %s, %s)""",
            (org, f"acti_t{lead_id}", lead_id, count, START + timedelta(hours=count - 1), START, START),
        )
        for number in range(count):
            at = START + timedelta(hours=number)
            await tx.execute(
                "insert into emails (organization_id, id, lead_id, thread_id, user_id, users, status, direction,"
                " sender, to_list, subject, body_text, body_html, body_preview, attachments, envelope, message_ids,"
                " date_sent, activity_at, date_created, date_updated)"
                " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (
                    org, f"acti_{number}{lead_id}", lead_id, f"acti_t{lead_id}", user.id, [user.id],
                    "sent" if number % 2 else "inbox", "outgoing" if number % 2 else "incoming",
                    '"Zoe" <zoe@acme.example>', ["ann@acme.test"], "Re: Offer", "Yes", "<p>Yes</p>", "Yes",
                    '[{"part": "2", "filename": "a.pdf", "content_type": "application/pdf", "size": 7,'
                    ' "content_id": null, "is_inline": false}]' if number == 0 else "[]",
                    '{"from": [{"email": "zoe@acme.example", "name": "Zoe"}], "subject": "Re: Offer"}',
                    [f"<{number}@acme.example>"], at, at, at, at,
                ),
            )  # fmt: skip
    return lead_id


async def test_an_email_has_every_field_of_closes_shape(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    lead_id = await lead_with_emails(tools, api, admin, 1)
    email = (await api.get(f"/api/v1/activity/email/acti_0{lead_id}/")).json()
    assert email == {
        "_type": "Email", "id": f"acti_0{lead_id}", "organization_id": admin.organization_id, "lead_id": lead_id,
        "contact_id": None, "user_id": admin.id, "user_name": "Ann Admin", "users": [admin.id],
        "created_by": None, "created_by_name": None, "updated_by": None, "updated_by_name": None,
        "date_created": "2026-03-01T09:30:00.123456+00:00", "date_updated": "2026-03-01T09:30:00.123456+00:00",
        "activity_at": "2026-03-01T09:30:00.123456+00:00", "date_sent": "2026-03-01T09:30:00.123456+00:00",
        "date_scheduled": None, "followup_date": None, "status": "inbox", "direction": "incoming",
        "sender": '"Zoe" <zoe@acme.example>', "to": ["ann@acme.test"], "cc": [], "bcc": [], "subject": "Re: Offer",
        "body_text": "Yes", "body_html": "<p>Yes</p>", "body_preview": "Yes",
        "body_text_quoted": [{"text": "Yes", "expand": True}],
        "body_html_quoted": [{"html": "<p>Yes</p>", "expand": True}],
        "attachments": [{
            "url": f"http://crm.test/api/v1/activity/email/acti_0{lead_id}/attachment/0/", "filename": "a.pdf",
            "size": 7, "content_type": "application/pdf", "thumbnail_url": None, "content_id": None,
            "inline_only": False,
        }],
        "envelope": {
            "from": [{"email": "zoe@acme.example", "name": "Zoe"}], "subject": "Re: Offer", "is_autoreply": False,
        },
        "message_ids": ["<0@acme.example>"], "references": [], "thread_id": f"acti_t{lead_id}",
        "in_reply_to_id": None, "has_reply": False, "bounces": [], "opens": [], "opens_summary": None,
        "send_attempts": [],
        "need_smtp_credentials": False, "email_account_id": None, "send_as_id": None, "template_id": None,
        "template_name": None, "bulk_email_action_id": None, "sequence_id": None, "sequence_name": None,
        "sequence_subscription_id": None, "followup_sequence_id": None, "followup_sequence_delay": None,
        "followup_sequence_add_cc_bcc": None, "agent_action_reason": None, "agent_config_id": None,
            "returns_on": None, "track_opens": None, "track_clicks": None,  # not in Close
    }  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("", [2, 1, 0]),
        ("&_limit=2", [2, 1]),
        ("&_limit=2&_skip=2", [0]),
        ("&date_created__gt=2026-03-01T09:31", [2, 1]),
        ("&date_created__lte=2026-03-01T10:30:00.123456%2B00:00", [1, 0]),
        ("&date_created__lt=2026-03-01T10:30:00.123456+00:00", [0]),
        ("&date_created__gte=2026-03-02", []),
        ("&activity_at__gte=2026-03-01T11:30:00Z&status=inbox", [2]),
        ("&status__in=sent,draft", [1]),
        ("&user_id=user_nobody", []),
        ("&nonsense=1&_order=x", [2, 1, 0]),
    ],
)
async def test_emails_are_listed_newest_first_and_filtered(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser, filters: str, found: list[int]
) -> None:
    lead_id = await lead_with_emails(tools, api, admin)
    page = (await api.get(f"/api/v1/activity/email?lead_id={lead_id}{filters}")).json()
    assert [email["id"] for email in page["data"]] == [f"acti_{number}{lead_id}" for number in found]
    assert page["has_more"] is (filters == "&_limit=2")


async def test_a_thread_holds_its_emails_without_bodies(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    lead_id = await lead_with_emails(tools, api, admin)
    thread = (await api.get(f"/api/v1/activity/emailthread/acti_t{lead_id}/")).json()
    assert thread["_type"] == "EmailThread"
    assert thread["n_emails"] == 3
    assert thread["participants"] == [{"email": "zoe@acme.example", "name": "Zoe"}]
    assert [email["id"][5] for email in thread["emails"]] == ["2", "1", "0"]
    assert "body_text" not in thread["emails"][0] and thread["emails"][0]["body_preview"] == "Yes"


async def test_activities_come_in_the_mode_asked_for(tools: Tools, api: httpx2.AsyncClient, admin: ActingUser) -> None:
    lead_id = await lead_with_emails(tools, api, admin)
    for mode, kinds in [
        ("", ["Created", *["Email"] * 3]),
        ("&thread_emails=only", ["Created", "EmailThread"]),
        ("&thread_emails=True", ["Created", "EmailThread", "Email", "Email", "Email"]),
        ("&_type=EmailThread", ["EmailThread"]),
        ("&_type=Call", []),
    ]:
        page = (await api.get(f"/api/v1/activity/?lead_id={lead_id}{mode}")).json()
        assert sorted(row["_type"] for row in page["data"]) == sorted(kinds), mode
        assert page["has_more"] is False


async def test_fields_cut_every_row_and_unknown_ones_are_refused(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    lead_id = await lead_with_emails(tools, api, admin)
    page = (await api.get(f"/api/v1/activity/email/?lead_id={lead_id}&_fields=id,to,attachments")).json()
    assert page["data"][2].keys() == {"id", "to", "attachments"}
    assert page["data"][2]["attachments"][0]["filename"] == "a.pdf"
    refused = await api.get(f"/api/v1/activity/email/acti_0{lead_id}/?_fields=id,colour")
    assert refused.status_code == 400
    assert refused.json() == {"errors": [], "field-errors": {"_fields": "There is no field 'colour' here."}}


async def test_the_envelope_says_that_a_machine_answered(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    lead_id = await lead_with_emails(tools, api, admin, 3)
    async with tools.db.transaction() as tx:
        for number in range(3):
            await tx.execute(
                "update emails set kind = %s where organization_id = %s and id = %s",
                (number, admin.organization_id, f"acti_{number}{lead_id}"),
            )
    page = (await api.get(f"/api/v1/activity/email/?lead_id={lead_id}&_fields=id,envelope")).json()["data"]
    assert [(one["id"][5], one["envelope"]["is_autoreply"]) for one in page] == [
        ("2", False),
        ("1", True),
        ("0", False),
    ]
