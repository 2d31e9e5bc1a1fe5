"""What the door writes into the log: the fault and its place, nothing that a person wrote."""

import logging

import httpx2
import pytest

from postroom.journeys.tools import Tools
from tests.doors.web.conftest import PASSWORD, Door


async def test_a_bug_is_logged_with_its_place_and_without_words_of_the_mail(
    api: httpx2.AsyncClient, tools: Tools, caplog: pytest.LogCaptureFixture
) -> None:
    lead = (await api.post("/api/v1/lead/", json={"name": "Acme"})).json()
    async with tools.db.transaction() as tx:
        await tx.execute("alter table emails add constraint no_such_mail check (subject <> 'Confidential merger')")
    draft = {"lead_id": lead["id"], "status": "draft", "subject": "Confidential merger", "to": ["vip@secret.example"]}
    with caplog.at_level(logging.DEBUG, logger="postroom"):
        answer = await api.post("/api/v1/activity/email/", json=draft)
    assert answer.status_code == 500
    assert "merger" not in answer.text and "check" not in answer.text
    assert "POST /api/v1/activity/email failed: CheckViolation" in caplog.text
    assert "outgoing_store.py" in caplog.text
    for word in ("merger", "vip@secret.example"):
        assert word not in caplog.text


async def test_no_password_key_or_address_is_logged_at_sign_in(
    door: Door, admin: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="postroom"):
        async with door.client() as browser:
            for password in ("wrong password", PASSWORD):
                await browser.post("/api/v1/auth/sign_in/", json={"email": "ann@acme.test", "password": password})
            token = browser.cookies["postroom_session"]
            key = (await browser.post("/api/v1/api_key/", json={}, headers={"X-Postroom": "1"})).json()["key"]
    for secret in ("wrong password", PASSWORD, token, key, "ann@acme.test"):
        assert secret not in caplog.text
