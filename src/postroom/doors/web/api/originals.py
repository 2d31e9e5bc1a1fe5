"""An email's original: its header and source to look at, and the same bytes as a file. Not in Close."""

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from postroom.doors.web.api.email_content import download
from postroom.doors.web.api.privacy import note_reading
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.reach import tools_of
from postroom.journeys.show_original import read_original

MOST_SHOWN = 262_144
"""Bytes of a message that a page shows; the file has all of them."""


class HeaderField(msgspec.Struct):
    """A field of the header, unfolded and decoded."""

    name: str
    value: str


class OriginalCard(msgspec.Struct):
    """The message as it is kept.

    `source`: mailbox (the bytes as the mailbox has them), sent (as they were handed to the server that sends), header
    (too large: its header alone was brought), rebuilt (no bytes are kept; written again from what the email shows).
    `lost_files`: attachments that are missing from a rebuilt one. `is_cut`: `text` is the beginning.
    """

    source: str
    size: int
    headers: list[HeaderField]
    text: str
    is_cut: bool
    lost_files: list[str]


@get("/activity/email/{email_id:str}/original", operation_id="get_email_original")
async def get_original(request: ApiRequest, email_id: FromPath[str]) -> OriginalCard:
    """Header and source, for who may read the email. A coworker's look is noted as any other reading."""
    original = await read_original(tools_of(request), request.user.organization_id, email_id)
    await note_reading(request, [email_id])
    return OriginalCard(
        original.source.value,
        len(original.raw),
        [HeaderField(name, value) for name, value in original.fields()],
        _readable(original.raw[:MOST_SHOWN]),
        len(original.raw) > MOST_SHOWN,
        list(original.lost_files),
    )


@get("/activity/email/{email_id:str}/eml", operation_id="download_email", media_type="application/octet-stream")
async def get_eml(request: ApiRequest, email_id: FromPath[str]) -> Response[bytes]:
    """The message as a file that mail programs open, byte for byte as it is kept."""
    original = await read_original(tools_of(request), request.user.organization_id, email_id)
    await note_reading(request, [email_id])
    return download(f"{_file_name(original.subject)}.eml", "message/rfc822", original.raw)


def _readable(raw: bytes) -> str:
    """UTF-8 where it is that, else one character for each byte: so nothing is hidden by a decoding."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        # A cut in the middle of a character is no reason to take the whole for something else.
        text = raw[: error.start].decode("utf-8") if error.start > len(raw) - 4 else raw.decode("latin-1")
    return text.replace("\r\n", "\n")


def _file_name(subject: str) -> str:
    words = "".join(letter if letter.isalnum() or letter in " -_.,()" else " " for letter in subject)
    return " ".join(words.split())[:80].strip(" .") or "email"


ROUTES = [get_original, get_eml]
