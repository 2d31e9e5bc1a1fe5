"""Signatures are saved, shown and previewed. Their images come as data or as uploads, and are kept once as blobs.

save     made safe · T which uploads are the asker's · their bytes read, new ones written · T files, signature
shown    the HTML with its images as data, which any page can show and any editor can give back
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.journeys.steps.render_email import letterhead
from postroom.journeys.tools import Tools
from postroom.rooms import files
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.access import Asker, demand, may_change, may_read
from postroom.rooms.files import AnnouncedFile, Bytes, StoredFile
from postroom.rooms.templates import signature_store
from postroom.rooms.templates.filters import Ready
from postroom.rooms.templates.render import Missing
from postroom.rooms.templates.signature import (
    Picture,
    Signature,
    check_signature,
    checked_picture,
    cleaned,
    content_id_in,
    picture_of,
    signed,
    sources,
    with_sources,
)
from postroom.rooms.templates.signature_store import KeptSignature
from postroom.rooms.templates.template import TemplateFile
from postroom.rooms.templates.values import sender_values
from postroom.views.template_preview import Sending, sender_facts

_UPLOADS = "/api/v1/files/"


@dataclass(frozen=True, slots=True)
class SignaturePreview:
    """A signature filled in, and which of its variables are unknown or empty. Its images stand in it as data."""

    ready: Ready
    missing: tuple[Missing, ...]


async def save_own(tools: Tools, asker: Asker, html: str) -> None:
    """The asker's own signature; "" for none. Raises Invalid."""
    await _save(tools, asker, asker.user_id, html)


async def save_for_account(tools: Tools, asker: Asker, account_id: str, html: str) -> None:
    """The signature of an account, which overrides its user's, also with "". Raises Invalid, NotFound, Forbidden."""
    async with tools.db.transaction() as tx:
        await _may_change(tx, asker, account_id)
    await _save(tools, asker, account_id, html)


async def delete_for_account(tools: Tools, asker: Asker, account_id: str) -> None:
    """Its user's signature holds for the account again. Raises NotFound, Forbidden."""
    async with tools.db.transaction() as tx:
        await _may_change(tx, asker, account_id)
        await signature_store.delete_signature(tx, asker.organization_id, account_id, (asker.user_id, tools.clock()))


async def own(tools: Tools, asker: Asker) -> KeptSignature | None:
    """The asker's signature, if there is one."""
    async with tools.db.transaction() as tx:
        return await signature_store.signature_of(tx, asker.organization_id, asker.user_id)


async def of_account(tools: Tools, asker: Asker, account_id: str) -> KeptSignature | None:
    """What stands under mail of an account: its own signature, else that of its user. Raises NotFound, Forbidden."""
    async with tools.db.transaction() as tx:
        account = await account_store.get(tx, asker.organization_id, account_id)
        if account.is_deleted:
            raise NotFound("There is no such account.")
        demand(may_read(asker, account), "see this account")
        owner = account.user_id or asker.user_id
        return await signature_store.signature_of(tx, asker.organization_id, account_id, owner)


async def shown(tools: Tools, signature: Signature) -> str:
    """The signature with its images as data."""
    return await with_images_as_data(tools, signature.html, signature.images)


async def with_images_as_data(tools: Tools, html: str, images: tuple[TemplateFile, ...]) -> str:
    """HTML that names images of a signature, with these images as data instead."""
    held = {f"cid:{one.content_id}": await _as_data(tools, one) for one in images}
    return with_sources(html, lambda source: held.get(source, source)) if held else html


async def preview(tools: Tools, asker: Asker, html: str, account_id: str | None) -> SignaturePreview:
    """Words that are not saved as a signature yet, made safe and filled in for the asker. Raises Invalid."""
    safe = cleaned(html)
    async with tools.db.transaction() as tx:
        facts = await sender_facts(tx, asker.organization_id, Sending(asker.user_id, account_id))
        uploads = await _uploads(tools, tx, asker, sources(safe))
        kept = (await letterhead(tx, asker.organization_id, Sending(asker.user_id, account_id))).signature
    ready, missing = signed(Signature(safe), sender_values(facts))
    pictures = await _pictures(tools, uploads)
    held = {source: _data_of(picture) for source, picture in pictures.items()}
    html = with_sources(ready.html, lambda source: held.get(source, source))
    return SignaturePreview(Ready(await with_images_as_data(tools, html, kept.images), ready.text), missing)


async def _save(tools: Tools, asker: Asker, owner_id: str, html: str) -> None:
    org, safe = asker.organization_id, cleaned(html)
    async with tools.db.transaction() as tx:
        kept = await signature_store.signature_of(tx, org, owner_id)
        uploads = await _uploads(tools, tx, asker, sources(safe))
    images = {one.content_id: one for one in kept.signature.images} if kept else {}
    pictures = {**_data_pictures(safe), **await _pictures(tools, uploads)}
    unknown = {source: one for source, one in pictures.items() if one.content_id not in images}
    check_signature(_named(safe, pictures, {**images, **{one.content_id: _sketch(one) for one in unknown.values()}}))
    written = {one.content_id: await tools.blobs.write(one.content) for one in unknown.values()}
    async with tools.db.transaction() as tx:
        for picture in {one.content_id: one for one in unknown.values()}.values():
            stored = await files.insert_filled(
                tx, org, AnnouncedFile(asker.user_id, picture.filename, picture.content_type, b""),
                Bytes(written[picture.content_id], len(picture.content)), tools.clock(),
            )  # fmt: skip
            images[picture.content_id] = _kept(picture, stored)
        signature = _named(safe, pictures, images)
        await signature_store.save_signature(tx, org, owner_id, signature, (asker.user_id, tools.clock()))


def _named(html: str, pictures: Mapping[str, Picture], images: Mapping[str | None, TemplateFile]) -> Signature:
    """The signature with each picture named by its content id. A content id that nobody knows goes."""

    def place(source: str) -> str:
        if source in pictures:
            return f"cid:{pictures[source].content_id}"
        if source.startswith("cid:"):
            return source if content_id_in(source) in images else ""
        return source

    named = with_sources(html, place)
    used = [images[key] for source in sources(named) if (key := content_id_in(source)) in images]
    return Signature(named, tuple(used))


def _data_pictures(html: str) -> dict[str, Picture]:
    found = {source: picture_of(source) for source in sources(html)}
    return {source: picture for source, picture in found.items() if picture is not None}


async def _uploads(tools: Tools, tx: Transaction, asker: Asker, found: tuple[str, ...]) -> dict[str, StoredFile]:
    """Those sources that are uploads here. Raises Invalid for one that is not the asker's."""
    begin = f"{tools.config.base_url}{_UPLOADS}"
    uploads = {}
    for source in found:
        if source.startswith(begin) and (file_id := source.removeprefix(begin).partition("/")[0]):
            try:
                uploads[source] = await files.stored(tx, asker.organization_id, asker.user_id, file_id)
            except NotFound as error:
                raise Invalid(field_errors={"html": "One of its images is not there, or not yours."}) from error
    return uploads


async def _pictures(tools: Tools, uploads: Mapping[str, StoredFile]) -> dict[str, Picture]:
    return {
        source: checked_picture(Picture(file.content_type, await tools.blobs.read(file.blob_ref)))
        for source, file in uploads.items()
    }


def _kept(picture: Picture, stored: StoredFile) -> TemplateFile:
    return TemplateFile(
        stored.id, stored.filename, stored.content_type, stored.size, stored.blob_ref, picture.content_id, True
    )


def _sketch(picture: Picture) -> TemplateFile:
    """As it will be kept: for counting before anything is written."""
    return TemplateFile("", picture.filename, picture.content_type, len(picture.content), "", picture.content_id, True)


async def _as_data(tools: Tools, image: TemplateFile) -> str:
    return _data_of(Picture(image.content_type, await tools.blobs.read(image.blob_ref)))


def _data_of(picture: Picture) -> str:
    return f"data:{picture.content_type};base64,{base64.b64encode(picture.content).decode('ascii')}"


async def _may_change(tx: Transaction, asker: Asker, account_id: str) -> None:
    account = await account_store.get(tx, asker.organization_id, account_id)
    if account.is_deleted:
        raise NotFound("There is no such account.")
    demand(may_change(asker, account), "change the signature of this account")
