"""HTML safe to show."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageLinks:
    """Where images may come from. Each function gives the URL to put in place, or None to leave the image out.

    `remote` is asked with the http(s) URL (None: all remote images are blocked), `inline` with the Content-ID.
    """

    remote: Callable[[str], str | None] | None = None
    inline: Callable[[str], str | None] | None = None


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """HTML for a sandboxed frame, and how many remote images were left out of it."""

    html: str
    blocked_images: int


def safe_html(html: str, images: ImageLinks) -> SafeHtml:
    """No script, no form, no frame, nothing loaded that `images` does not name."""
    raise NotImplementedError
