"""Email content to bytes that any server takes."""

from postroom.wire.mime.types import ComposedMessage, OutgoingContent


def compose(content: OutgoingContent) -> ComposedMessage:
    """Raises Invalid for values that cannot stand in a message."""
    raise NotImplementedError
