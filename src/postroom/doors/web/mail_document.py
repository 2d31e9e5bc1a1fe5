"""An email's body as a document of its own, for a sandboxed frame: sanitised, nothing remote unless asked for.

Remote images come through our signed proxy alone; the signature keeps it from being a proxy for anything else.
"""

import hashlib
import hmac
from functools import partial
from urllib.parse import quote

from postroom.ground.vault import Vault
from postroom.views.email_files import EmailBodies
from postroom.wire.mime.linked_text import linked_text
from postroom.wire.mime.quotes import split_html, split_text
from postroom.wire.mime.sanitize import ImageLinks, safe_html

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; script-src 'none'; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
_HEAD = (
    '<!doctype html><html data-blocked-images="{blocked}"><head><meta charset="utf-8">'
    '<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">'
    "<style>html{{color-scheme:light;background:#fff;color:#1a1a1a}}"
    "body{{margin:0;font:14px/1.5 -apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;"
    "overflow-wrap:anywhere}}"
    "img{{max-width:100%;height:auto}}pre,.text{{white-space:pre-wrap}}"
    # Each line of a text in its own direction: Arabic and Hebrew begin at the right.
    ".text{{unicode-bidi:plaintext}}"
    "blockquote{{margin:0 0 0 .5em;padding-left:.75em;border-left:2px solid #ccc}}</style></head><body>"
)
_LONGEST_SIGNED_URL = 4000
_LONGEST_SPLIT = 200_000
_QUOTE_BEGINS = '<span title="postroom-quote"></span>'


def document(bodies: EmailBodies, attachments_url: str, signer: "ImageSigner | None") -> str:
    """The whole document. With a signer, remote images are shown; `attachments_url` ends before the number."""
    if not bodies.html.strip():
        return f"{_HEAD.format(blocked=0)}{_text_with_quote(bodies.text)}</body></html>"
    inline = partial(_inline_image, bodies, attachments_url)
    images = ImageLinks(remote=signer.link if signer else None, inline=inline)
    safe = safe_html(_html_with_quote(bodies.html), images)
    return f"{_HEAD.format(blocked=safe.blocked_images)}{safe.html}</body></html>"


def _html_with_quote(html: str) -> str:
    """With a mark where the quoted emails begin: the page folds what stands behind it. Nothing is taken away."""
    if len(html) > _LONGEST_SPLIT:
        return html
    split = split_html(html)
    return f"{split.new}{_QUOTE_BEGINS}{split.quoted}" if split.quoted else html


def _text_with_quote(text: str) -> str:
    split = split_text(text) if len(text) <= _LONGEST_SPLIT else None
    # Whoever answers between the lines wants them read in their order.
    in_order = split is not None and "".join(text.split()) == "".join((split.new + split.quoted).split())
    if split is None or not split.quoted or not split.new or not in_order:
        return _text_block(text)
    return f"{_text_block(split.new)}{_QUOTE_BEGINS}{_text_block(split.quoted)}"


def _text_block(text: str) -> str:
    return f'<div class="text">{linked_text(text)}</div>'


class ImageSigner:
    """Signs and checks the addresses of remote images, for one organization."""

    def __init__(self, vault: Vault, organization_id: str) -> None:
        self._key = vault.hash_key("remote image", organization_id)

    def link(self, url: str) -> str | None:
        """Where the proxy gives this image; None for an address that is too long to be one."""
        if len(url) > _LONGEST_SIGNED_URL:
            return None
        return f"/api/v1/image/?url={quote(url, safe='')}&sig={self.signature(url)}"

    def signature(self, url: str) -> str:
        """HMAC-SHA256, its first 128 bits."""
        return hmac.new(self._key, url.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()[:32]

    def is_genuine(self, url: str, signature: str) -> bool:
        """Whether we made this link."""
        return hmac.compare_digest(self.signature(url).encode(), signature.encode())


def _inline_image(bodies: EmailBodies, attachments_url: str, content_id: str) -> str | None:
    number = bodies.images.get(content_id)
    return None if number is None else f"{attachments_url}{number}/"
