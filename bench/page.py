"""The page in a browser, over an Inbox of 10,000 conversations: first rows, keys, scrolling, and what is loaded.

Chromium draws without a graphics card here, so frames are slower than on a desk; the targets are the same.
"""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from psycopg import sql

from bench.company import database_server
from bench.composing import openings
from bench.figures import Figure, Target
from bench.mailboxes import ROOT, WORK
from tests.servers.browser import CHROMIUM

CONVERSATIONS = 10_000
COLD_RUNS, KEYS, DONE = 5, 100, 30
SCROLL_FRAMES = 400
OPENED_PAGES, OPENED_AGAIN = 10, 4
SIGN_IN = {"email": "ann@acme.example", "password": "correct horse battery"}
STATIC = ROOT / "src" / "postroom" / "static"
ROWS_LOADED_SECONDS = 120


def page() -> Figure:
    """All of it, one browser after the other."""
    with database_server() as database, _installation(database.url) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        cold = [_cold(browser, address) for _ in range(COLD_RUNS)]
        found = _worked(browser, address)
        opened = openings(lambda: _signed_in(browser, address), address, OPENED_PAGES, OPENED_AGAIN)
        browser.close()
    targets = [
        _target("first rows, cold", statistics.median(one["rows"] for one in cold), 1500, "ms"),
        _target("j to paint, p95", _p95(found["keys"]), 100, "ms"),
        _target("scrolling 10,000 rows, a frame, p95", _p95(found["frames"]), 34, "ms"),
        _target("frames with a blank row", found["blank"], 0, "of " + str(len(found["frames"]))),
        _target("e to row gone, p95", _p95(found["done"]), 100, "ms"),
        *(
            _target(
                f"{key} to a window for writing that takes letters, {words}, p95", _p95(opened[key][which]), 150, "ms"
            )
            for key in "cr"
            for which, words in (("first", "first on a page"), ("again", "every time after"))
        ),
        _target("JavaScript of the Inbox, gzip", max(one["kilobytes"] for one in cold), 260, "KB"),
    ]
    return Figure("9-page", "The page, over an Inbox of 10,000 conversations", [], targets)


def _target(wanted: str, found: float, most: float, unit: str) -> Target:
    return Target(
        f"{wanted}: at most {most:g} {unit.split(maxsplit=1)[0] if most else ''}".strip(),
        f"{found:.0f} {unit}",
        found <= most,
    )


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _cold(browser: Browser, address: str) -> dict[str, float]:
    """A browser that has nothing yet: milliseconds until the first rows stand, and kilobytes of script by then."""
    context = _signed_in(browser, address)
    tab = context.new_page()
    tab.goto(f"{address}/mail/inbox", wait_until="commit")
    tab.wait_for_selector("[role=option]")
    rows = tab.evaluate("() => window.__rows")
    by_then: list[str] = tab.evaluate(_SCRIPTS)
    context.close()
    sizes = [(STATIC / url.removeprefix(f"{address}/")).with_name(f"{Path(url).name}.gz") for url in set(by_then)]
    kilobytes = sum(one.stat().st_size if one.exists() else 0 for one in sizes) / 1000
    return {"rows": float(rows), "kilobytes": kilobytes}


def _worked(browser: Browser, address: str) -> dict[str, Any]:
    """One browser through the list: keys, a long scroll, conversations done."""
    context = _signed_in(browser, address)
    tab = context.new_page()
    tab.goto(f"{address}/mail/inbox")
    tab.wait_for_selector("[role=option]")
    keys = _timed(tab, "j", KEYS, "window.__opened")
    _wait_for_rows(tab)
    frames = tab.evaluate(_SCROLL, SCROLL_FRAMES)
    tab.evaluate("() => { document.querySelector('[role=listbox]').scrollTop = 0 }")
    tab.keyboard.press("Home")
    tab.wait_for_timeout(500)
    done = _timed(tab, "e", DONE, "window.__gone")
    context.close()
    return {"keys": keys, "frames": frames["took"], "blank": frames["blank"], "done": done}


def _signed_in(browser: Browser, address: str) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    answer = context.request.post(f"{address}/api/v1/auth/sign_in/", data=SIGN_IN, headers={"X-Postroom": "1"})
    assert answer.ok, answer.text()
    context.add_init_script(_WATCH)
    return context


def _timed(tab: Page, key: str, times: int, list_name: str) -> list[float]:
    """Milliseconds from each press to the frame that shows what it did."""
    for number in range(1, times + 1):
        tab.keyboard.press(key)
        tab.wait_for_function(f"() => {list_name}.length >= {number}", timeout=5000)
        tab.wait_for_timeout(50)
    found: list[float] = tab.evaluate(f"() => {list_name}")
    return found


def _wait_for_rows(tab: Page) -> None:
    """The list is filled in the background; scrolling is measured over all of it."""
    end = time.monotonic() + ROWS_LOADED_SECONDS
    count = "() => Number(document.querySelector('[role=option]')?.getAttribute('aria-setsize') ?? 0)"
    while (loaded := tab.evaluate(count)) < CONVERSATIONS and time.monotonic() < end:
        time.sleep(0.5)
    assert loaded == CONVERSATIONS, f"only {loaded} conversations were loaded"


# What arrives after the first rows was not needed for them.
_SCRIPTS = """
() => performance.getEntriesByType('resource')
  .filter((one) => one.name.endsWith('.js') && one.responseEnd <= window.__rows).map((one) => one.name)
"""
_WATCH = """
if (top === self) {
  window.__opened = []; window.__gone = [];
  let begun = 0, key = '', was = null, rowId = null;
  const look = () => {
    if (!window.__rows && document.querySelector('[role=option]')) {
      requestAnimationFrame(() => { window.__rows ??= performance.now(); });
    }
    if (!begun) return;
    const open = document.querySelector('[role=option][aria-selected=true]');
    const hit = key === 'j' ? open && open.id !== was : rowId && !document.getElementById(rowId);
    if (!hit) return;
    const from = begun; begun = 0;
    const list = key === 'j' ? window.__opened : window.__gone;
    requestAnimationFrame(() => setTimeout(() => list.push(performance.now() - from)));
  };
  const all = { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-selected'] };
  new MutationObserver(look).observe(document, all);
  addEventListener('keydown', (event) => {
    if (event.key !== 'j' && event.key !== 'e') return;
    const open = document.querySelector('[role=option][aria-selected=true]');
    begun = performance.now(); key = event.key; was = open?.id ?? null; rowId = open?.id ?? null;
  }, true);
}
"""
_SCROLL = """
async (frames) => {
  const list = document.querySelector('[role=listbox]');
  const took = []; let blank = 0; let last = performance.now();
  const box = list.getBoundingClientRect();
  for (let at = 0; at < frames; at += 1) {
    list.scrollTop = (at + 1) * 600;
    await new Promise(requestAnimationFrame);
    const now = performance.now(); took.push(now - last); last = now;
    for (const share of [0.1, 0.5, 0.9]) {
      const seen = document.elementFromPoint(box.x + 120, box.y + box.height * share);
      if (!seen?.closest('[role=option]')) { blank += 1; break; }
    }
  }
  return { took: took.slice(5), blank };
}
"""


@contextmanager
def _installation(url_of: Any) -> Iterator[str]:
    """A web door over a fresh database with a full Inbox: its address."""
    name = f"bench_page_{os.getpid()}"
    folder = WORK / "companies" / name
    with psycopg.connect(url_of(), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        env = {
            **os.environ, "DATABASE_URL": url_of(name), "POSTROOM_DATA": str(folder),
            "POSTROOM_BIND": f"127.0.0.1:{port}", "POSTROOM_BASE_URL": address, "POSTROOM_LOG_LEVEL": "warning",
            "POSTROOM_ALLOW_NETWORKS": "127.0.0.0/8",
        }  # fmt: skip
        server = subprocess.Popen([sys.executable, "-m", "postroom.doors.main", "web"], env=env)
        try:
            _set_up(address)
            _fill(url_of(name))
            yield address
        finally:
            server.terminate()
            server.wait(30)
    finally:
        with psycopg.connect(url_of(), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        shutil.rmtree(folder, ignore_errors=True)


def _set_up(address: str) -> None:
    """The first user, and an account that is theirs; nothing is pulled, since only the web door runs."""
    for _ in range(300):
        with suppress(OSError):
            urllib.request.urlopen(f"{address}/api/v1/auth/state/", timeout=2).close()
            break
        time.sleep(0.2)
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    server = {"host": "127.0.0.1", "port": 9, "encryption": "none", "password": "x"}
    first = {"organization_name": "Acme", "first_name": "Ann", "last_name": "Admin", **SIGN_IN}
    account = {"email": SIGN_IN["email"], "imap": server, "smtp": server, "history_days": 30}
    for path, body in (("auth/setup", first), ("auth/sign_in", SIGN_IN), ("connected_account", account)):
        headers = {"Content-Type": "application/json", "X-Postroom": "1"}
        request = urllib.request.Request(f"{address}/api/v1/{path}/", json.dumps(body).encode(), headers)
        opener.open(request, timeout=30).close()


def _fill(url: str) -> None:
    """Conversations as a pull would have filed them, one a minute, each on one of 500 leads."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "select o.id, u.id, s.id, a.id from organizations o join users u on u.organization_id = o.id"
            " join lead_statuses s on s.organization_id = o.id"
            " join connected_accounts a on a.organization_id = o.id limit 1"
        ).fetchone()
        assert row is not None
        values = {"org": row[0], "user": row[1], "status": row[2], "account": row[3], "count": CONVERSATIONS}
        for statement in _FILLING:
            connection.execute(statement, values)
        connection.execute("vacuum analyze")


_FILLING = (
    "insert into leads (organization_id, id, name, status_id, date_created, date_updated)"
    " select %(org)s, 'lead_' || n, 'Company ' || n, %(status)s, now(), now() from generate_series(0, 499) n",
    "insert into contacts (organization_id, id, lead_id, name, position, date_created, date_updated)"
    " select %(org)s, 'cont_' || n, 'lead_' || n, 'Person ' || n, 0, now(), now() from generate_series(0, 499) n",
    "insert into email_threads (organization_id, id, lead_id, contact_id, normalized_subject, n_emails, latest_at,"
    " date_created, date_updated) select %(org)s, 'acti_t' || n, 'lead_' || n %% 500, 'cont_' || n %% 500,"
    " 'Question ' || n, 1, now() - n * interval '1 minute', now(), now() from generate_series(1, %(count)s) n",
    "insert into emails (organization_id, id, lead_id, contact_id, thread_id, user_id, users, status, direction,"
    " sender, to_list, subject, body_text, body_html, body_preview, date_sent, activity_at, date_created, date_updated)"
    " select %(org)s, 'acti_e' || n, 'lead_' || n %% 500, 'cont_' || n %% 500, 'acti_t' || n, %(user)s,"
    " array[%(user)s], 'inbox', 'incoming', '\"Person ' || n %% 500 || '\" <p' || n || '@x.example>',"
    " array['ann@acme.example'], 'Question ' || n, repeat('Some words of a letter. ', 20),"
    " '<p>' || repeat('Some words of a letter. ', 20) || '</p>', 'Some words of a letter.',"
    " now() - n * interval '1 minute', now() - n * interval '1 minute', now(), now()"
    " from generate_series(1, %(count)s) n",
    "insert into inbox_items (organization_id, id, account_id, user_id, lead_id, contact_id, thread_id, due_at,"
    " latest_at, date_created, date_updated) select %(org)s, 'noti_' || n, %(account)s, %(user)s,"
    " 'lead_' || n %% 500, 'cont_' || n %% 500, 'acti_t' || n, now() - n * interval '1 minute',"
    " now() - n * interval '1 minute', now(), now() from generate_series(1, %(count)s) n",
)
