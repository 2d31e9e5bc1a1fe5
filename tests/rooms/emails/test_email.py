"""Statuses of an email, who may change it, and what can be sent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from postroom.ground.errors import Forbidden, Invalid
from postroom.rooms.emails.email import (
    AttachedFile,
    EmailChange,
    EmailContent,
    EmailStatus,
    Timing,
    check_content,
    check_sendable,
    check_timing,
    due_at,
    may_edit,
    next_status,
    recipients_of,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
READY = EmailContent(sender='"Anna" <anna@example.org>', to=("bob@example.com",), subject="Hello", body_text="Hi")
DRAFT, SCHEDULED, OUTBOX, SENT, INBOX, ERROR = (
    EmailStatus(word) for word in ("draft", "scheduled", "outbox", "sent", "inbox", "error")
)

ALLOWED = {
    (DRAFT, SCHEDULED), (DRAFT, OUTBOX), (SCHEDULED, DRAFT), (OUTBOX, DRAFT), (ERROR, DRAFT), (ERROR, OUTBOX),
}  # fmt: skip


@pytest.mark.parametrize("old", EmailStatus)
@pytest.mark.parametrize("new", EmailStatus)
def test_a_person_moves_an_email_only_along_these_ways(old: EmailStatus, new: EmailStatus) -> None:
    change = EmailChange(status=new)
    if old is new or (old, new) in ALLOWED:
        assert next_status(old, change, READY) is new
    else:
        with pytest.raises(Invalid) as caught:
            next_status(old, change, READY)
        assert "status" in caught.value.field_errors


@pytest.mark.parametrize("status", [status for status in EmailStatus if status is not DRAFT])
@pytest.mark.parametrize(
    "change",
    [
        EmailChange(subject="Other"),
        EmailChange(to=("carl@example.com",)),
        EmailChange(body_html="<p>"),
        EmailChange(date_scheduled=NOW),
        EmailChange(in_reply_to_id="acti_other"),
    ],
)
def test_only_drafts_can_be_modified(status: EmailStatus, change: EmailChange) -> None:
    with pytest.raises(Invalid, match="Only drafts"):
        next_status(status, change, READY)


def test_saying_again_what_stands_there_is_no_modification() -> None:
    assert next_status(SENT, EmailChange(subject=READY.subject, to=READY.to), READY) is SENT


def test_content_may_change_while_an_email_is_taken_back() -> None:
    assert next_status(OUTBOX, EmailChange(status=DRAFT, subject="Other"), READY) is DRAFT


def test_the_follow_up_date_of_a_sent_email_may_change() -> None:
    assert next_status(SENT, EmailChange(followup_date=NOW), READY) is SENT


def test_a_change_keeps_what_it_does_not_name_and_clears_ids_by_nothing() -> None:
    content = replace(READY, contact_id="cont_1", account_id="emailacct_1")
    changed = EmailChange(subject="", contact_id="").applied_to(content)
    assert changed == replace(content, subject="", contact_id=None)


def test_an_unsent_email_is_its_authors_and_the_admins() -> None:
    may_edit("user_1", "user", "user_1")
    may_edit("user_2", "admin", "user_1")
    may_edit("user_2", "user", None)
    with pytest.raises(Forbidden):
        may_edit("user_2", "user", "user_1")


def test_each_recipient_gets_it_once_however_often_named() -> None:
    content = EmailContent(
        to=("Bob <bob@example.com>", "BOB@example.com"),
        cc=("carl@example.com",),
        bcc=("bob@example.com", "Carl@EXAMPLE.com"),
    )
    assert recipients_of(content) == ("bob@example.com", "carl@example.com")


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"sender": ""}, {"sender"}),
        ({"sender": "anna"}, {"sender"}),
        ({"sender": "a@example.org, b@example.org"}, {"sender"}),
        ({"to": ()}, {"to"}),
        ({"to": ("nobody",)}, {"to"}),
        ({"bcc": ("bob@",)}, {"bcc"}),
    ],
)
def test_what_cannot_be_sent_names_the_field(change: dict[str, object], fields: set[str]) -> None:
    with pytest.raises(Invalid) as caught:
        check_sendable(replace(READY, **change))  # type: ignore[arg-type]
    assert set(caught.value.field_errors) == fields


def test_somebody_in_bcc_alone_is_enough() -> None:
    check_sendable(replace(READY, to=(), bcc=("bob@example.com",)))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": "x" * 1001}, "subject"),
        ({"to": ("a@b.example",) * 501}, "to"),
        ({"cc": ("a" * 1001,)}, "cc"),
        ({"body_html": "x" * 1_048_577}, "body_html"),
        ({"attachments": (AttachedFile("f", "f", "text/plain", 1, "b"),) * 1001}, "attachments"),
        ({"attachments": (AttachedFile("f", "f", "text/plain", 60_000_000, "b"),)}, "attachments"),
    ],
)
def test_what_is_too_long_names_the_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_content(replace(READY, **change))  # type: ignore[arg-type]
    assert set(caught.value.field_errors) == {field}


def test_undo_waits_less_than_a_minute() -> None:
    check_timing(OUTBOX, Timing(send_in_seconds=59.9))
    for seconds in (60, -1):
        with pytest.raises(Invalid) as caught:
            check_timing(OUTBOX, Timing(send_in_seconds=seconds))
        assert "send_in" in caught.value.field_errors
    assert due_at(OUTBOX, Timing(send_in_seconds=30), NOW) == NOW + timedelta(seconds=30)


def test_scheduled_needs_its_date_and_a_past_one_is_now() -> None:
    with pytest.raises(Invalid) as caught:
        check_timing(SCHEDULED, Timing())
    assert "date_scheduled" in caught.value.field_errors
    assert due_at(SCHEDULED, Timing(NOW + timedelta(days=2)), NOW) == NOW + timedelta(days=2)
    assert due_at(SCHEDULED, Timing(NOW - timedelta(days=2)), NOW) == NOW
