"""The browser of tests, benchmarks and pictures: Chromium without a window, a third of the work of the one with."""

from pathlib import Path

_DEBIANS = Path("/usr/bin/chromium-headless-shell")
CHROMIUM = str(_DEBIANS) if _DEBIANS.exists() else None
"""None: Playwright's own, which `tools/setup test` fetches where the system's packages have none, as on Ubuntu."""
