"""A logged-in SMTP session of an account, and how that login went written down."""

from postroom.ground.errors import PostroomError
from postroom.journeys.steps.credentials import OpenLogin, note_failure, note_success
from postroom.journeys.tools import Tools
from postroom.wire.smtp.session import Session, open_session
from postroom.wire.smtp.types import SmtpSettings


async def logged_in(tools: Tools, used: OpenLogin, settings: SmtpSettings) -> Session:
    """Raises what kept the account from logging in."""
    try:
        session = await open_session(settings)
    except PostroomError as error:
        await note_failure(tools, used, error)
        raise
    await note_success(tools, used)
    return session
