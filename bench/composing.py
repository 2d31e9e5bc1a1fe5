"""The window for writing in a browser: from the key to a painted field that takes letters.

The first time in a browser that has nothing yet counts for itself: that is when the editor has to be there already.
"""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page

Opened = dict[str, list[float]]
LOOK_MS = 3000  # somebody reads the list before they write
WAIT_MS = 10_000
TYPED = "Hello"


def openings(browser_of: Callable[[], BrowserContext], address: str, runs: int, again: int) -> dict[str, Opened]:
    """Milliseconds for `c` and for `r`: the first time on a page, in a new browser each run, and every time after."""
    found: dict[str, Opened] = {key: {"first": [], "again": []} for key in "cr"}
    for key, times in found.items():
        for _ in range(runs):
            context = browser_of()
            context.add_init_script(_WATCH)
            tab = context.new_page()
            tab.goto(f"{address}/mail/inbox")
            tab.wait_for_selector("[role=option]")
            if key == "r":
                tab.keyboard.press("j")
                tab.wait_for_selector("main iframe")
            tab.wait_for_timeout(LOOK_MS)
            times["first"].append(_opened(tab, key))
            times["again"].extend(_opened(tab, key) for _ in range(again))
            context.close()
    return found


def _opened(tab: Page, key: str) -> float:
    """One opening, timed in the page; the letters typed after it have to stand in its field."""
    tab.evaluate("() => { window.__composed = null }")
    tab.keyboard.press(key)
    tab.wait_for_function("() => window.__composed !== null", timeout=WAIT_MS)
    tab.keyboard.type(TYPED)
    tab.wait_for_function(_STANDS, arg=TYPED, timeout=WAIT_MS)
    took: float = tab.evaluate("() => window.__composed")
    for _ in TYPED:
        tab.keyboard.press("Backspace")
    tab.keyboard.press("Escape")
    tab.wait_for_selector("[role=dialog]", state="detached", timeout=WAIT_MS)
    tab.wait_for_timeout(300)
    return took


_STANDS = """
(typed) => {
  const field = document.activeElement;
  return field?.closest('[role=dialog]') && (field.value ?? field.textContent).startsWith(typed);
}
"""
_WATCH = """
if (top === self) {
  window.__composed = null;
  let begun = 0;
  addEventListener('keydown', ({ key, timeStamp }) => { if (key === 'c' || key === 'r') begun = timeStamp; }, true);
  addEventListener('focusin', ({ target }) => {
    if (!begun || !target.closest('[role=dialog]') || !(target.isContentEditable || target.matches('input'))) return;
    const from = begun; begun = 0;
    requestAnimationFrame(() => setTimeout(() => { window.__composed = performance.now() - from; }));
  }, true);
}
"""
