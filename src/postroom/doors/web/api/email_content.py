"""What of an email is no JSON: its body as a document, its attachments, its remote images; and uploads for new ones."""

import asyncio
import secrets
from typing import Annotated
from urllib.parse import quote

import msgspec
from litestar import Response, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import UploadFile
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody, MultipartBody

from postroom.doors.web.api.privacy import note_reading
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.mail_document import POLICY, ImageSigner, document
from postroom.doors.web.query import asked
from postroom.doors.web.reach import asker_of, tools_of
from postroom.doors.web.remote_image import IMAGE_TYPES, fetch_image
from postroom.ground.errors import Forbidden, NotFound
from postroom.ground.passwords import secret_hash
from postroom.journeys.attach import read_attachment, readable_file, zip_attachments
from postroom.rooms import files
from postroom.rooms.emails.email import LARGEST_ATTACHMENTS
from postroom.rooms.files import AnnouncedFile, Bytes
from postroom.views.email_files import email_bodies

_WORTH_A_THREAD = 50_000  # characters of HTML that take about a millisecond to sanitise
IMAGES_AT_ONCE = 16


class UploadBody(msgspec.Struct):
    """A file that is going to be uploaded."""

    filename: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    content_type: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class UploadTarget(msgspec.Struct):
    """Where to post the bytes, as a form with these fields first and `file` last."""

    url: str
    fields: dict[str, str]


class DownloadLink(msgspec.Struct):
    """The address to name the file by in `attachments`."""

    url: str


class UploadCard(msgspec.Struct):
    """The two halves of an upload, as in Close."""

    upload: UploadTarget
    download: DownloadLink


class UploadForm(msgspec.Struct):
    """The second step: a form with the bytes. Other fields are there for stores that need them."""

    file: UploadFile


@get(
    "/activity/email/{email_id:str}/body",
    operation_id="get_email_body",
    operation_class=takes("images"),
    media_type="text/html",
)
async def get_body(request: ApiRequest, email_id: FromPath[str]) -> Response[str]:
    """The body as a document for a sandboxed frame. `images=true` shows remote images through our proxy."""
    tools, org = tools_of(request), request.user.organization_id
    async with tools.db.reading() as tx:
        bodies = await email_bodies(tx, org, email_id)
    await note_reading(request, [email_id])
    signer = ImageSigner(tools.vault, org) if asked(request).flag("images") else None
    base = f"/api/v1/activity/email/{email_id}/attachment/"
    if len(bodies.html) > _WORTH_A_THREAD:
        html = await asyncio.to_thread(document, bodies, base, signer)
    else:
        html = document(bodies, base, signer)
    return Response(html, media_type="text/html", headers={"Content-Security-Policy": POLICY})


@get(
    "/activity/email/{email_id:str}/attachment/{number:str}",
    operation_id="get_email_attachment",
    media_type="application/octet-stream",
)
async def get_attachment(request: ApiRequest, email_id: FromPath[str], number: FromPath[str]) -> Response[bytes]:
    """An attachment, byte for byte. Pictures keep their type, all else is plain bytes to a browser."""
    if not number.isascii() or not number.isdigit() or len(number) > 6:
        raise NotFound("There is no such attachment.")
    file, content = await read_attachment(tools_of(request), request.user.organization_id, email_id, int(number))
    await note_reading(request, [email_id])
    return download(file.filename, file.content_type, content)


@get(
    "/activity/email/{email_id:str}/attachment",
    operation_id="get_email_attachments",
    media_type="application/zip",
)
async def get_attachments(request: ApiRequest, email_id: FromPath[str]) -> Response[bytes]:
    """All files of an email in one archive, without the pictures inside its text. Not in Close."""
    content = await zip_attachments(tools_of(request), request.user.organization_id, email_id)
    await note_reading(request, [email_id])
    headers = {"Content-Disposition": 'attachment; filename="attachments.zip"'}
    return Response(content, media_type="application/zip", headers=headers)


@get(
    "/image",
    operation_id="get_remote_image",
    operation_class=takes("url", "sig"),
    media_type="application/octet-stream",
)
async def get_image(request: ApiRequest) -> Response[bytes]:
    """A remote image of an email, fetched by the server. Only addresses that a body document of ours named."""
    tools, query = tools_of(request), asked(request)
    url, signature = query.values.get("url", ""), query.text("sig")
    if not ImageSigner(tools.vault, request.user.organization_id).is_genuine(url, signature):
        raise Forbidden("This link was not made here.")
    async with request.app.state["image_turns"]:
        image = await fetch_image(url, tools.addresses)
    headers = {"Cache-Control": "private, max-age=86400", "Content-Disposition": "attachment"}
    return Response(image.content, media_type=image.content_type, headers=headers)


@post("/files/upload", operation_id="upload_file", status_code=200)
async def begin_upload(request: ApiRequest, data: JSONBody[UploadBody]) -> UploadCard:
    """Announce a file. Its bytes are then posted to `upload.url`, and `download.url` names it as an attachment."""
    tools, secret = tools_of(request), secrets.token_urlsafe(32)
    filename = _tidy_name(data.filename)
    announced = AnnouncedFile(request.user.id, filename, _tidy_type(data.content_type), secret_hash(secret))
    async with tools.db.transaction() as tx:
        file_id = await files.announce(tx, request.user.organization_id, announced, tools.clock())
    base = tools.config.base_url
    fields = {"key": file_id, "success_action_status": "201", "Content-Type": announced.content_type}
    return UploadCard(
        UploadTarget(f"{base}/upload/{file_id}/{secret}/", fields),
        DownloadLink(f"{base}/api/v1/files/{file_id}/{quote(filename)}/"),
    )


async def know_upload(connection: ASGIConnection, _: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """Refuse an unknown upload before its bytes are read."""
    tools = connection.app.state["tools"]
    secret = secret_hash(connection.path_params["secret"])
    async with tools.db.transaction() as tx:
        connection.state["organization_id"] = await files.awaited(
            tx, connection.path_params["file_id"], secret, tools.clock()
        )


@post(
    "/upload/{file_id:str}/{secret:str}",
    guards=[know_upload],
    request_max_body_size=LARGEST_ATTACHMENTS + 1_000_000,
    include_in_schema=False,
    status_code=201,
)
async def finish_upload(
    request: ApiRequest,
    file_id: FromPath[str],
    secret: FromPath[str],
    data: MultipartBody[UploadForm],
) -> Response[None]:
    """The bytes of an announced file, in the form field `file`. Needs no sign-in: the address is the secret."""
    content = await data.file.read()
    tools, organization_id = tools_of(request), request.state["organization_id"]
    stored = Bytes(await tools.blobs.write(content), len(content))
    async with tools.db.transaction() as tx:
        await files.fill(tx, organization_id, file_id, stored)
    return Response(None, status_code=201)


@get(
    "/files/{file_id:str}/{filename:str}",
    operation_id="download_file",
    media_type="application/octet-stream",
)
async def download_file(request: ApiRequest, file_id: FromPath[str], filename: FromPath[str]) -> Response[bytes]:
    """A file that the caller uploaded, or of a template. On an email it is that email's attachment."""
    tools = tools_of(request)
    file = await readable_file(tools, asker_of(request), file_id)
    return download(file.filename, file.content_type, await tools.blobs.read(file.blob_ref))


def download(filename: str, content_type: str, content: bytes) -> Response[bytes]:
    """Always an attachment and never sniffed; only pictures that cannot hold scripts keep their type."""
    plain = "".join(letter if 32 <= ord(letter) < 127 and letter not in '"\\%' else "_" for letter in filename)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"  # RFC 6266 5
    shown_type = content_type.lower() if content_type.lower() in IMAGE_TYPES else "application/octet-stream"
    headers = {"Content-Disposition": disposition, "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(content, media_type=shown_type, headers=headers)


def _tidy_name(filename: str) -> str:
    """Without folders and control characters."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in name if letter.isprintable()).strip(" .") or "file"


def _tidy_type(content_type: str) -> str:
    kind = content_type.strip().lower()
    is_plain = kind.isascii() and kind.isprintable() and kind.count("/") == 1 and " " not in kind
    return kind if is_plain else "application/octet-stream"


ROUTES = [get_body, get_attachment, get_attachments, get_image, begin_upload, download_file]
OPEN_ROUTES = [finish_upload]
