"""A signature: HTML with variables and images, made safe, and filled in for whoever signs. Pure.

It is kept with its images named by content id (`cid:`), which is also how they travel in an email. What a page is given
to show or edit has them as data instead, so that it can be shown anywhere.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from html import escape, unescape

from postroom.ground.errors import Invalid
from postroom.rooms.templates.filters import Ready
from postroom.rooms.templates.render import Missing, TemplateText, compile_template
from postroom.rooms.templates.template import TemplateFile
from postroom.wire.mime.sanitize import ImageLinks, safe_html

LONGEST_SIGNATURE = 100_000
"""Characters without its images; ten times the longest that designers make."""

MOST_IMAGES = 20
LARGEST_IMAGE = 1_000_000
LARGEST_IMAGES = 2_000_000
"""Bytes. They go out with every single email."""

IMAGE_ENDINGS: Mapping[str, str] = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/bmp": "bmp",
}

# HTML as nh3 writes it: attributes in double quotes, none inside of their values.
_IMAGE = re.compile(r'<img((?: [^\s"=<>]+="[^"]*")*+)>')
_SOURCE = re.compile(r' src="([^"]*)"')
_DATA = re.compile(r"data:(image/[a-z.+-]+);base64,([A-Za-z0-9+/=\s]+)")
_DATA_LIKE = re.compile(r"data:image/[^\"'\s<>]*+")
_CONTENT_ID = re.compile(r"cid:([0-9a-f]{20}@signature)")
_BLANKS = r"(?:\s|&nbsp;)*+"
_TAG = re.compile(
    rf"\{{\{{{_BLANKS}(?:user\.)?signature{_BLANKS}\}}\}}|\{{{_BLANKS}signature{_BLANKS}\}}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as kept. `html` is safe and names its images as `cid:`."""

    html: str = ""
    images: tuple[TemplateFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that came as data."""

    content_type: str
    content: bytes

    @property
    def content_id(self) -> str:
        """By its bytes: the same image is the same part, however often it is saved."""
        return f"{sha256(self.content).hexdigest()[:20]}@signature"

    @property
    def filename(self) -> str:
        """What it is called where a mail program shows it as a file."""
        return f"image.{IMAGE_ENDINGS[self.content_type]}"


def cleaned(html: str) -> str:
    """Without anything that runs, and with no image but those of the web, those held as data, and content ids.

    Raises Invalid for one that is too long.
    """
    if len(_DATA_LIKE.sub("", html)) > LONGEST_SIGNATURE:
        raise Invalid(field_errors={"html": f"At most {LONGEST_SIGNATURE} characters, images not counted."})
    keep = ImageLinks(remote=lambda url: url, inline=lambda content_id: f"cid:{content_id}")
    return safe_html(html, keep).html.strip()


def sources(html: str) -> tuple[str, ...]:
    """Where the images of a cleaned signature lie, each once."""
    found = (_SOURCE.search(image[1]) for image in _IMAGE.finditer(html))
    return tuple(dict.fromkeys(unescape(one[1]) for one in found if one))


def with_sources(html: str, source: Callable[[str], str]) -> str:
    """The HTML with other places of its images; an image whose place becomes "" is left out."""

    def replaced(image: re.Match[str]) -> str:
        found = _SOURCE.search(image[1])
        place = source(unescape(found[1])) if found else ""
        return _SOURCE.sub(lambda _: f' src="{escape(place)}"', image[0], count=1) if place else ""

    return _IMAGE.sub(replaced, html)


def picture_of(source: str) -> Picture | None:
    """The image that a `data:` address holds, None for other addresses. Raises Invalid for one that cannot be sent."""
    found = _DATA.fullmatch(source)
    if found is None:
        return None
    try:
        return checked_picture(Picture(found[1].replace("image/jpg", "image/jpeg"), base64.b64decode(found[2])))
    except binascii.Error as error:
        raise Invalid(field_errors={"html": "One of its images is damaged."}) from error


def checked_picture(picture: Picture) -> Picture:
    """The same. Raises Invalid for a type that mail programs do not show, or one that is too large."""
    if picture.content_type not in IMAGE_ENDINGS:
        raise Invalid(field_errors={"html": f"An image must be one of {', '.join(IMAGE_ENDINGS.values())}."})
    if len(picture.content) > LARGEST_IMAGE:
        raise Invalid(field_errors={"html": f"An image has at most {LARGEST_IMAGE // 1000} KB."})
    return picture


def check_signature(signature: Signature) -> None:
    """Raises Invalid for too many images, or a variable that nobody knows: it would stand under every email."""
    if len(signature.images) > MOST_IMAGES:
        raise Invalid(field_errors={"html": f"At most {MOST_IMAGES} images."})
    if sum(one.size for one in signature.images) > LARGEST_IMAGES:
        raise Invalid(field_errors={"html": f"Its images have at most {LARGEST_IMAGES // 1000} KB together."})
    unknown = compile_template(TemplateText("", signature.html)).unknown
    if unknown:
        raise Invalid(field_errors={"html": f"Not known: {', '.join(one.tag for one in unknown)}"})


def content_id_in(source: str) -> str | None:
    """The content id that an address of an image names, if it is one of ours."""
    found = _CONTENT_ID.fullmatch(source)
    return found[1] if found else None


def images_in(html: str, signature: Signature) -> tuple[TemplateFile, ...]:
    """Those images of the signature that stand in the HTML of an email."""
    named = set(_CONTENT_ID.findall(html)) if "@signature" in html else set()
    return tuple(one for one in signature.images if one.content_id in named)


def signed(signature: Signature, values: Mapping[str, object]) -> tuple[Ready, tuple[Missing, ...]]:
    """The signature filled in, and which of its variables had no value."""
    if not signature.html:
        return Ready("", ""), ()
    rendered = compile_template(TemplateText("", signature.html)).render(values)
    return Ready(rendered.body_html, rendered.body_text), rendered.missing


def has_tag(text: str) -> bool:
    """Whether a signature is asked for: `{{ signature }}` or `{signature}`."""
    return "ignature" in text.lower() and _TAG.search(text) is not None


def with_signature(text: str, signature: str) -> str:
    """The text with the signature in place of its tag; nothing else in it is touched."""
    return _TAG.sub(lambda _: signature, text)
