"""What people write of notes, calls and comments: as text, and as HTML wrapped in a body as Close has it. Pure."""

import html
import re

from postroom.wire.mime.html_text import text_from_html
from postroom.wire.mime.sanitize import ImageLinks, safe_html

_OUTER_BODY = re.compile(r"\A\s*<body[^>]*>(.*)</body>\s*\Z", re.IGNORECASE | re.DOTALL)


def from_html(given: str) -> tuple[str, str]:
    """Text and safe HTML of what was given as HTML."""
    inner = _OUTER_BODY.sub(r"\1", given)
    safe = safe_html(inner, ImageLinks()).html
    return text_from_html(safe).strip(), f"<body>{safe}</body>" if safe.strip() else ""


def from_text(given: str) -> tuple[str, str]:
    """Text and HTML of what was given as text: a paragraph for each block of lines."""
    text = given.strip()
    blocks = [html.escape(block, quote=False).replace("\n", "<br>") for block in re.split(r"\n\s*\n", text) if block]
    return text, f"<body>{''.join(f'<p>{block}</p>' for block in blocks)}</body>" if blocks else ""
