"""Text out of HTML, and the first words of a message."""

from postroom.wire.mime.types import ParsedMessage


def text_from_html(html: str) -> str:
    """What a reader would see, as plain text."""
    raise NotImplementedError


def body_text(parsed: ParsedMessage) -> str:
    """The text of the message, derived from the HTML where there is only HTML; "" where there is neither."""
    raise NotImplementedError


def preview(parsed: ParsedMessage) -> str:
    """The first 200 characters or so of the new words, on one line."""
    raise NotImplementedError
