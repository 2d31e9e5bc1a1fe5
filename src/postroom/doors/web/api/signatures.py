"""/signature/: a user's signature, those of accounts that override it, and how one will look. Not in Close.

`html` comes and goes with its images as data, so that an editor can give back what it was given; on an email they
travel as inline attachments.
"""

from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.api.email_templates import MissingCard, missing_cards
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Deleted
from postroom.doors.web.reach import asker_of, close_date, tools_of
from postroom.journeys import sign
from postroom.rooms.templates.signature import LARGEST_IMAGES, LONGEST_SIGNATURE
from postroom.rooms.templates.signature_store import KeptSignature

_LONGEST = LONGEST_SIGNATURE + 2 * LARGEST_IMAGES
"""Characters: images as data take a third more than their bytes."""


class SignatureBody(msgspec.Struct):
    """A signature as written: HTML with variables; images as data, as uploads, or from the web. "" for none."""

    html: Annotated[str, msgspec.Meta(max_length=_LONGEST)]


class SignatureSketch(msgspec.Struct):
    """The same before it is saved; `email_account_id` is the account it is to stand under."""

    html: Annotated[str, msgspec.Meta(max_length=_LONGEST)]
    email_account_id: str | None = None


class SignatureCard(msgspec.Struct):
    """A signature. `is_own` is false where an account has none and that of its user holds."""

    html: str
    is_own: bool
    date_updated: str | None


class SignaturePreviewCard(msgspec.Struct):
    """A signature as it will stand under an email, in both forms, and which of its variables have no value."""

    html: str
    text: str
    missing: list[MissingCard]


@get("/signature", operation_id="get_signature")
async def get_signature(request: ApiRequest) -> SignatureCard:
    """The caller's signature."""
    return await _card(request, await sign.own(tools_of(request), asker_of(request)), request.user.id)


@put("/signature", operation_id="update_signature")
async def put_signature(request: ApiRequest, data: JSONBody[SignatureBody]) -> SignatureCard:
    """Replace the caller's signature."""
    await sign.save_own(tools_of(request), asker_of(request), data.html)
    return await _card(request, await sign.own(tools_of(request), asker_of(request)), request.user.id)


@post("/signature/preview", operation_id="preview_signature", status_code=200)
async def preview_signature(request: ApiRequest, data: JSONBody[SignatureSketch]) -> SignaturePreviewCard:
    """How a signature will look. Nothing is saved."""
    found = await sign.preview(tools_of(request), asker_of(request), data.html, data.email_account_id or None)
    return SignaturePreviewCard(found.ready.html, found.ready.text, missing_cards(found.missing))


@get("/connected_account/{account_id:str}/signature", operation_id="get_account_signature")
async def get_account_signature(request: ApiRequest, account_id: FromPath[str]) -> SignatureCard:
    """What stands under mail of an account: its own signature, else its user's."""
    return await _card(request, await sign.of_account(tools_of(request), asker_of(request), account_id), account_id)


@put("/connected_account/{account_id:str}/signature", operation_id="update_account_signature")
async def put_account_signature(
    request: ApiRequest, account_id: FromPath[str], data: JSONBody[SignatureBody]
) -> SignatureCard:
    """Give an account a signature of its own, or with "" none at all."""
    await sign.save_for_account(tools_of(request), asker_of(request), account_id, data.html)
    return await _card(request, await sign.of_account(tools_of(request), asker_of(request), account_id), account_id)


@delete("/connected_account/{account_id:str}/signature", operation_id="delete_account_signature", status_code=200)
async def delete_account_signature(request: ApiRequest, account_id: FromPath[str]) -> Deleted:
    """Let the user's signature hold for an account again."""
    await sign.delete_for_account(tools_of(request), asker_of(request), account_id)
    return Deleted()


async def _card(request: ApiRequest, kept: KeptSignature | None, owner_id: str) -> SignatureCard:
    if kept is None:
        return SignatureCard("", False, None)
    html = await sign.shown(tools_of(request), kept.signature)
    return SignatureCard(html, kept.owner_id == owner_id, close_date(kept.date_updated))


ROUTES = [
    get_signature, put_signature, preview_signature, get_account_signature, put_account_signature,
    delete_account_signature,
]  # fmt: skip
