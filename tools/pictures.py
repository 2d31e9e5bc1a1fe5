"""Make the pictures of the README and the docs anew: starts the demo, walks through the page, takes screenshots.

.venv/bin/python tools/pictures.py
"""

import re
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
START_SECONDS = 90


def main() -> None:
    """Take all pictures."""
    PICTURES.mkdir(exist_ok=True)
    demo = subprocess.Popen(
        [sys.executable, "-u", "-m", "demo"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        address = _address(demo)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium-headless-shell", args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": 1440, "height": 900}, device_scale_factor=1)
            _walk(page, address)
            browser.close()
    finally:
        demo.terminate()
        demo.wait(60)


def _address(demo: "subprocess.Popen[str]") -> str:
    assert demo.stdout is not None
    end = time.monotonic() + START_SECONDS
    for line in demo.stdout:
        if found := re.search(r"Postroom is at\s+(http://\S+)", line):
            time.sleep(15)  # the sandbox mailbox is read meanwhile
            return found[1]
        if time.monotonic() > end:
            break
    raise SystemExit("the demo did not start")


def _walk(page: Page, address: str) -> None:
    page.goto(address)
    page.fill("input[type=email]", "anna@acme.example")
    page.fill("input[type=password]", "postroom-demo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/mail/inbox*")
    page.wait_for_timeout(2500)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_timeout(2500)
    page.screenshot(path=PICTURES / "inbox.png")
    page.keyboard.press("r")
    page.wait_for_timeout(1500)
    page.keyboard.type("Hello {")
    page.wait_for_timeout(1000)
    page.screenshot(path=PICTURES / "writing.png")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    _make_templates(page, address)
    page.goto(f"{address}/templates")
    page.wait_for_timeout(1500)
    page.locator("main li a").first.click()
    page.wait_for_timeout(2500)
    page.screenshot(path=PICTURES / "template.png")
    page.goto(f"{address}/mail/sent")
    page.wait_for_timeout(1500)
    page.keyboard.press("j")
    page.wait_for_timeout(1500)
    page.screenshot(path=PICTURES / "sent.png")
    page.goto(f"{address}/leads?q=last_email+%3C+60+days+ago+sort%3A-last_activity")
    page.wait_for_timeout(2500)
    page.screenshot(path=PICTURES / "leads.png")
    page.locator("a[href*='/leads/lead_']").first.click()
    page.wait_for_timeout(3000)
    page.screenshot(path=PICTURES / "lead.png")
    page.goto(f"{address}/settings/accounts")
    page.wait_for_timeout(1500)
    page.locator("a[href*='emailacct']").first.click()
    page.wait_for_timeout(2500)
    page.screenshot(path=PICTURES / "ledger.png")


def _make_templates(page: Page, address: str) -> None:
    body = (
        '<p>Hi {{ contact.first_name | default: "there" }},</p><p>I saw that {{ lead.display_name }} is planning a new'
        " line. May I send you two references from your region?</p><p>{{ user.first_name }}</p>"
    )
    content = {"name": "First touch", "subject": "A question about {{ lead.display_name }}", "body": body}
    answer = page.request.post(
        f"{address}/api/v1/email_template/", data={**content, "is_shared": True}, headers={"X-Postroom": "1"}
    )
    assert answer.ok, answer.text()


if __name__ == "__main__":
    main()
