"""Writes the API's description where the page takes its types from: `python -m tests.page.describe`.

Then `npm run gen:api` in `ui/` makes the types. A test fails while either is out of date.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import msgspec

from postroom.doors.web.app import create_app
from postroom.doors.web.document import described
from postroom.ground.config import Config
from postroom.journeys.tools import Tools

DESCRIPTION = Path(__file__).parents[2] / "ui" / "openapi.json"


def description() -> bytes:
    """The OpenAPI document as the page keeps it: keys in order, so that a change shows as one."""
    # Describing the routes touches neither database nor clock.
    tools = cast(Tools, SimpleNamespace(db=None, clock=None, config=Config(Path(), Path())))
    found = msgspec.json.encode(described(create_app(tools)), order="deterministic")
    return msgspec.json.format(found, indent=1) + b"\n"


if __name__ == "__main__":
    DESCRIPTION.write_bytes(description())
