"""Which CSS may stand in an email that is shown: how things look, never where they come from or where they float."""

import re
from functools import lru_cache

# Position, transforms, animations, z-index and content are left out: with them an email draws where it has no business.
_PROPERTIES = frozenset({
    "color", "background", "background-color", "font", "font-family", "font-size", "font-style", "font-variant",
    "font-weight", "font-stretch", "line-height", "letter-spacing", "word-spacing", "text-align",
    "text-decoration", "text-decoration-line", "text-decoration-color", "text-decoration-style",
    "text-transform", "text-indent", "text-overflow", "vertical-align", "white-space", "word-break",
    "word-wrap", "overflow-wrap", "hyphens", "direction", "unicode-bidi", "width", "height", "min-width",
    "min-height", "max-width", "max-height", "margin", "margin-top", "margin-right", "margin-bottom",
    "margin-left", "padding", "padding-top", "padding-right", "padding-bottom", "padding-left", "border",
    "border-top", "border-right", "border-bottom", "border-left", "border-color", "border-style",
    "border-width", "border-top-color", "border-top-style", "border-top-width", "border-right-color",
    "border-right-style", "border-right-width", "border-bottom-color", "border-bottom-style",
    "border-bottom-width", "border-left-color", "border-left-style", "border-left-width", "border-radius",
    "border-top-left-radius", "border-top-right-radius", "border-bottom-left-radius",
    "border-bottom-right-radius", "border-collapse", "border-spacing", "list-style", "list-style-type",
    "list-style-position", "display", "visibility", "float", "clear", "table-layout", "empty-cells",
    "caption-side", "opacity", "overflow", "box-sizing",
})  # fmt: skip
_DECLARATION = re.compile(r"""(?:[^;"']++|"[^"]*+"|'[^']*+')++""")
# Letters of any script for font names; no backslash, no angle bracket, no "@", no comment.
_VALUE = re.compile(r"""[\w\s#%.,()'"!/+*\u00a0-\U0010ffff-]{1,500}""")
_FUNCTION = re.compile(r"([\w-]*)\s*\(")
_FUNCTIONS = frozenset({"rgb", "rgba", "hsl", "hsla", "calc", "min", "max", "clamp"})
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_URL = re.compile(r"\burl\s*\(\s*[\"']?\s*(?:https?:)?//", re.I)
_WINDOW_HIGH = re.compile(r"\d(?:[sld]?v(?:h|b|min|max))\b", re.I)
_LONGEST = 20_000


@lru_cache(maxsize=4096)
def safe_style(style: str) -> str:
    """The declarations that may stay, "" when none may."""
    kept = []
    if "/*" in style:
        style = _COMMENT.sub(" ", style[:_LONGEST])
    for declaration in _DECLARATION.findall(style[:_LONGEST]):
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if colon and name in _PROPERTIES and _is_safe_value(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def _is_safe_value(value: str) -> bool:
    if not _VALUE.fullmatch(value) or "/*" in value:
        return False
    # The frame is as high as the email: a part as high as the frame makes both grow without end.
    if _WINDOW_HIGH.search(value):
        return False
    return "(" not in value or all(name.lower() in _FUNCTIONS for name in _FUNCTION.findall(value))


def loads_image(style: str) -> bool:
    """Does this style ask for something from elsewhere? (It is taken out; this is for counting.)"""
    return bool(_URL.search(style[:_LONGEST]))
