"""An email that goes out with its links and its pixel as its sender chose, and the same without them for keeping.

Only what recipients get is tracked. What is kept here and filed in Sent by us has plain links: whoever looks at their
own sent mail would count as a reader. Where the provider files what it sends by itself, its copy is what was sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from postroom.ground.errors import Invalid
from postroom.journeys.tools import Tools
from postroom.rooms.emails.tracking import CLICK, OPEN, Marks, Reader, Tracking, marks_of
from postroom.wire.mime.html_text import text_with_links
from postroom.wire.mime.tracked_html import with_links, with_pixel
from postroom.wire.mime.types import OutgoingContent


@dataclass(frozen=True, slots=True)
class TrackingLinks:
    """Of one organization; hold it for a whole batch. Without https nothing is tracked: most such addresses are reached
    by nobody outside, and a link must not lead there."""

    marks: Marks
    organization_id: str
    base_url: str

    def tracked(self, content: OutgoingContent, tracking: Tracking, recipients: Sequence[str]) -> OutgoingContent:
        """What the recipients get; the same content where nothing of it is tracked. Its text stays as it is."""
        if content.html is None or tracking == Tracking() or not self.base_url.startswith("https://"):
            return content
        address = recipients[0] if len(recipients) == 1 else ""
        reader = Reader(self.organization_id, content.postroom_id or "", address)
        text = content.text if content.text is not None else text_with_links(content.html)
        html = content.html
        if tracking.clicks:
            html = with_links(html, lambda target: self._link(reader, target))
        if tracking.opens:
            html = with_pixel(html, f"{self.base_url}/open/{self.marks.pixel(reader)}")
        return replace(content, text=text, html=html)

    def _link(self, reader: Reader, target: str) -> str | None:
        if target.startswith(f"{self.base_url}/"):
            return None  # our own: to unsubscribe, or a tracked link already
        ticket = self.marks.link(reader, target)
        return f"{self.base_url}/click/{ticket}" if ticket else None


def tracking_links(tools: Tools, organization_id: str) -> TrackingLinks:
    """The links of an organization's email."""
    return TrackingLinks(tracking_marks(tools), organization_id, tools.config.base_url)


def tracking_marks(tools: Tools) -> Marks:
    """The tickets of this installation, each purpose with its key."""
    return marks_of(tools.vault.hash_key(CLICK, ""), tools.vault.hash_key(OPEN, ""))


class Trackable(Protocol):
    """Whatever says what is to be tracked: an email, a change of one, a bulk email, an account's settings."""

    @property
    def track_opens(self) -> bool | None:
        """Whether the pixel is wanted."""

    @property
    def track_clicks(self) -> bool | None:
        """Whether links are to be led by way of us."""


def check_can_track(tools: Tools, wish: Trackable) -> None:
    """Raises Invalid where links and pixels would lead nowhere."""
    if tools.config.base_url.startswith("https://"):
        return
    words = "Recipients do not reach this Postroom by https, so nothing can be tracked: set POSTROOM_BASE_URL."
    wanted = {"track_opens": wish.track_opens, "track_clicks": wish.track_clicks}
    if refused := {name: words for name, is_wanted in wanted.items() if is_wanted}:
        raise Invalid(field_errors=refused)
