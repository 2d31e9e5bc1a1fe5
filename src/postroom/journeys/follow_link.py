"""A reader follows a link of an email: where it leads. Nothing is written: no report counts who opens what yet."""

from postroom.ground.errors import NotFound
from postroom.journeys.steps.tracking_links import tracking_marks
from postroom.journeys.tools import Tools


def target_of(tools: Tools, ticket: str) -> str:
    """The address that the email's author wrote. Raises NotFound for a ticket that is none of ours."""
    target = tracking_marks(tools).target_of(ticket)
    if target is None:
        raise NotFound("This link does not work. It may have been cut off on its way: copy the whole link.")
    return target
