"""Hostile HTML shown in a real browser: no script runs, nothing remote is asked for, nothing leaves the frame."""

import base64
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Request, async_playwright

from postroom.ground.ids import new_id
from postroom.journeys.tools import Tools
from postroom.rooms.leads import store as lead_store
from postroom.rooms.leads.lead import LeadContent, NewLead, Stamp
from tests.doors.web.conftest import Door, key_of, make_admin
from tests.doors.web.serving import served
from tests.servers.browser import CHROMIUM

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpora" / "xss"
AT_ONCE = 25

OURS = [
    "<script>window.ran=1</script><img src=x onerror=window.ran=1>",
    "<svg onload=window.ran=1><a href='javascript:window.ran=1'>x</a></svg>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe><object data='http://evil.invalid/x'></object>",
    "<style>@import url(http://evil.invalid/a.css); body{background:url(http://evil.invalid/b.png)}</style>hi",
    "<div style=\"background-image:url('http://evil.invalid/c.png')\">x</div>",
    "<link rel=stylesheet href=http://evil.invalid/d.css><base href=http://evil.invalid/><img src=e.png>",
    "<form action=http://evil.invalid/f><input autofocus onfocus=window.ran=1><button formaction=javascript:1>",
    "<meta http-equiv=refresh content='0;url=http://evil.invalid/g'>",
    "<video poster=http://evil.invalid/h src=http://evil.invalid/i autoplay></video><audio src=//evil.invalid/j>",
    "<img srcset='http://evil.invalid/k 1x' src='http://evil.invalid/l'><picture><source srcset=//evil.invalid/m>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.ran=1></style></mglyph></table></mtext></math>",
    '<noscript><p title="</noscript><img src=x onerror=window.ran=1>"></noscript>',
    "<table background=http://evil.invalid/n><td style='list-style:url(//evil.invalid/o)'>x</td></table>",
    "<p style='position:fixed;top:0;left:0;width:100vw;height:100vh;z-index:9999'>cover</p>",
]


async def test_no_mail_runs_a_script_or_loads_anything(door: Door, tools: Tools) -> None:
    bodies = OURS + [file.read_text("utf-8", "replace") for file in sorted(CORPUS.glob("*.html"))]
    admin = await make_admin(tools, "Acme", "admin@acme.example")
    key = await key_of(tools, admin)
    ids = await _emails(tools, admin.organization_id, [body.replace("\0", "") for body in bodies])
    async with served(door.app) as base, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        found = {}
        for start in range(0, len(ids), AT_ONCE):
            found |= await _harm(browser, base, key, ids[start : start + AT_ONCE])
        await browser.close()
    assert {bodies[ids.index(email_id)]: harm for email_id, harm in found.items()} == {}


async def _harm(browser: Browser, base: str, key: str, ids: list[str]) -> dict[str, list[str]]:
    """What a browser did that it must not, by email."""
    found: dict[str, list[str]] = {}
    credentials = base64.b64encode(f"{key}:".encode()).decode()
    context = await browser.new_context(extra_http_headers={"Authorization": f"Basic {credentials}"})
    page = await context.new_page()
    harm: list[str] = []
    page.on("dialog", lambda dialog: harm.append(f"dialog {dialog.message}"))
    page.on("request", lambda request: _note(request, base, harm))
    for email_id in ids:
        answer = await page.goto(f"{base}/api/v1/activity/email/{email_id}/body/")
        assert answer is not None
        assert answer.status == 200, await answer.text()
        if await page.evaluate("() => window.ran === 1 || document.scripts.length > 0"):
            harm.append("a script stands or ran in the document")
        if await page.evaluate(
            "() => [...document.querySelectorAll('body *')].some(e => getComputedStyle(e).position === 'fixed')"
        ):
            harm.append("an element is fixed over the frame")
        if harm:
            found[email_id] = list(harm)
            harm.clear()
    await context.close()
    return found


def _note(request: Request, base: str, harm: list[str]) -> None:
    if not request.url.startswith((base, "data:")):
        harm.append(f"asked for {request.url}")


async def _emails(tools: Tools, organization_id: str, bodies: list[str]) -> list[str]:
    now = datetime.now(UTC)
    async with tools.db.transaction() as tx:
        lead, _ = await lead_store.insert_lead(tx, organization_id, NewLead(LeadContent(name="L")), Stamp(None, now))
        ids = [new_id("acti") for _ in bodies]
        for email_id, body in zip(ids, bodies, strict=True):
            await tx.execute(
                "insert into emails (organization_id, id, lead_id, status, direction, body_html, activity_at,"
                " date_created, date_updated) values (%s, %s, %s, 'inbox', 'incoming', %s, %s, %s, %s)",
                (organization_id, email_id, lead, body, now, now, now),
            )
    return ids
