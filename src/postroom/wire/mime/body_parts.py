"""Which parts are the body and which are attachments: RFC 8621 (JMAP) 4.1.4, whose rules most mail programs share."""

from dataclasses import dataclass, field

from postroom.wire.mime.parts import Part

_MEDIA = ("image/", "audio/", "video/")


@dataclass(slots=True)
class BodyParts:
    """The parts of the plain text body, those of the HTML body, and all others, each in the order of the message.

    `text` and `html` may share parts: text beside HTML belongs to both, and so do images between texts.
    """

    text: list[Part] = field(default_factory=list)
    html: list[Part] = field(default_factory=list)
    attachments: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class _Place:
    """Where the rules are applied: which bodies may still grow here, and in what kind of multipart."""

    subtype: str
    in_alternative: bool
    text: list[Part] | None
    html: list[Part] | None


def choose(root: Part) -> BodyParts:
    """Sort the leaves. The depth of the tree is bounded by `parts.DEEPEST`, and so is the recursion."""
    body = BodyParts()
    _choose(body, [root], _Place("mixed", False, body.text, body.html))
    return body


def _choose(body: BodyParts, parts: list[Part], place: _Place) -> None:
    text_before = len(place.text) if place.text is not None else -1
    html_before = len(place.html) if place.html is not None else -1
    for index, part in enumerate(parts):
        if part.children:
            subtype = part.content_type.partition("/")[2]
            within = _Place(subtype, place.in_alternative or subtype == "alternative", place.text, place.html)
            _choose(body, part.children, within)
        elif not _is_body(part, index, place.subtype):
            body.attachments.append(part)
        elif place.subtype == "alternative":
            _take_alternative(body, part, place)
        else:
            _take_in_order(body, part, place)
    if place.subtype == "alternative" and place.text is not None and place.html is not None:
        if len(place.text) == text_before and len(place.html) != html_before:
            place.text.extend(place.html[html_before:])
        elif len(place.html) == html_before and len(place.text) != text_before:
            place.html.extend(place.text[text_before:])


def _is_body(part: Part, index: int, subtype: str) -> bool:
    is_media = part.content_type.startswith(_MEDIA)
    if part.disposition == "attachment" or not (is_media or part.content_type in ("text/plain", "text/html")):
        # A multipart that turned out to have no parts is shown as the text it is.
        return part.content_type.startswith("multipart/") and part.disposition != "attachment"
    return index == 0 or (subtype != "related" and (is_media or not part.file_name))


def _take_alternative(body: BodyParts, part: Part, place: _Place) -> None:
    if part.content_type == "text/html" and place.html is not None:
        place.html.append(part)
    elif part.content_type == "text/plain" and place.text is not None:
        place.text.append(part)
    else:
        body.attachments.append(part)


def _take_in_order(body: BodyParts, part: Part, place: _Place) -> None:
    if place.in_alternative:
        # One branch of an alternative: from here on it is the plain or the rich one.
        if part.content_type == "text/plain":
            place.html = None
        elif part.content_type == "text/html":
            place.text = None
    is_media = part.content_type.startswith(_MEDIA)
    if place.text is not None and not is_media:
        place.text.append(part)
    if place.html is not None and not is_media:
        place.html.append(part)
    if is_media or (place.text is None and place.html is None):
        body.attachments.append(part)
