"""What is wrong with an account over the API, and the page for an administrator, who has no account here."""

import httpx2

from postroom.ground.errors import Remedy
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store
from postroom.rooms.accounts.account import AccountChange, Side, Standing, Status
from postroom.rooms.users.user import ActingUser
from tests.doors.web.conftest import Door
from tests.doors.web.test_connected_accounts import NEW

OFF = "smtp.office365.com said 535 5.7.139 SmtpClientAuthentication is disabled for the <Mailbox>."


async def broken(tools: Tools, api: httpx2.AsyncClient, admin: ActingUser) -> str:
    """The address of an account that Office 365 lets send no more."""
    account_id = (await api.post("/api/v1/connected_account/", json=NEW)).json()["id"]
    change = AccountChange(Side.SEND, Standing(Status.ERROR, OFF, Remedy.SMTP_AUTH))
    async with tools.db.transaction() as tx:
        await store.save_standing(tx, admin.organization_id, account_id, change, tools.clock())
    return f"/api/v1/connected_account/{account_id}"


async def test_a_broken_side_is_explained_and_the_other_is_not_mentioned(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    url = await broken(tools, api, admin)
    answer = (await api.get(f"{url}/diagnosis/")).json()
    assert answer["receive"] is None and answer["waiting"] == 0
    assert answer["send"]["key"] == "office_smtp_auth_off"
    assert answer["send"]["wait_minutes"] == 30 and "Manage email apps" in answer["send"]["admin_step"]
    assert (await api.post(f"{url}/reconnect/", json={})).json() == {}
    assert (await api.get(f"{url}/diagnosis/")).json()["send"] is None


async def test_an_administrator_reads_a_page_without_scripts_and_without_secrets(
    tools: Tools, door: Door, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    url = await broken(tools, api, admin)
    link = (await api.post(f"{url}/admin_link/", json={"side": "send"})).json()
    assert link["url"].startswith("http://crm.test/connect/help/")
    async with door.client() as nobody:
        page = await nobody.get(link["url"])
        assert page.status_code == 200
        assert "script-src" not in page.headers["content-security-policy"]
        assert "unsafe" not in page.headers["content-security-policy"]
        assert "ann@acme.test" in page.text and "Manage email apps" in page.text
        assert "the &lt;Mailbox&gt;" in page.text and "opensesame" not in page.text
        assert "emailacct_" not in page.text
        assert (await nobody.get(link["url"] + "x")).status_code == 404
    assert (await api.post(f"{url}/admin_link/", json={"side": "receive"})).status_code == 409


async def test_stored_logins_are_tried_and_writings_listed(
    tools: Tools, api: httpx2.AsyncClient, admin: ActingUser
) -> None:
    url = await broken(tools, api, admin)
    report = (await api.post(f"{url}/test/", json={})).json()
    assert [step["ok"] for step in report["imap"]["steps"]] == [True, False]
    assert (await api.get(f"{url}/writings/")).json() == {"data": [], "total_by_status": {}}
    moved = await api.post(f"{url}/move_writings/", json={"to_account_id": "emailacct_none"})
    assert moved.json()["field-errors"] == {"to_account_id": "Choose another connected account."}
