"""A token endpoint's answers: tokens, refusals, silence. Each on a real connection."""

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator

import pytest

from postroom.ground.config import LOOPBACK_NETWORKS
from postroom.ground.errors import Invalid, NeedsUser, Permanent, PostroomError, Remedy, Temporary
from postroom.ground.net import AddressPolicy
from postroom.wire.oauth import tokens
from postroom.wire.oauth.errors import refusal
from postroom.wire.oauth.types import TokenEndpoint

HERE = AddressPolicy(LOOPBACK_NETWORKS).check


@contextlib.asynccontextmanager
async def answering(status: int, body: bytes, *headers: str) -> AsyncIterator[tuple[TokenEndpoint, list[bytes]]]:
    """An endpoint that always says this, and what it was asked."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            asked.append(await reader.readexactly(size))
            lines = "".join(f"{line}\r\n" for line in headers)
            writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode() + body)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield TokenEndpoint("House", f"http://127.0.0.1:{port}/token", "me", "secret", HERE), asked
    finally:
        server.close()


def said(**fields: object) -> bytes:
    return json.dumps(fields).encode()


def id_token(**claims: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{payload}.x"


async def test_tokens_are_read() -> None:
    body = said(
        access_token="a", refresh_token="r", expires_in="120", scope="x y",
        id_token=id_token(aud="me", email="ada@acme.test", iat=1),
    )  # fmt: skip
    async with answering(200, body) as (endpoint, asked):
        given = await tokens.refresh(endpoint, "old")
    assert given.access_token == "a"
    assert given.refresh_token == "r"
    assert given.lifetime_seconds == 120
    assert given.scopes == ("x", "y")
    assert given.claims == {"aud": "me", "email": "ada@acme.test"}
    assert asked == [b"grant_type=refresh_token&refresh_token=old&client_id=me&client_secret=secret"]


async def test_an_id_token_for_somebody_else_says_nothing() -> None:
    async with answering(200, said(access_token="a", id_token=id_token(aud="other", email="eve@x.test"))) as (there, _):
        assert (await tokens.refresh(there, "old")).claims == {}


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"access_token": 5}', b'{"access_token": ""}', b"\xff", b"x" * 300_000]
)
async def test_an_answer_without_a_token_is_not_one(body: bytes) -> None:
    async with answering(200, body) as (endpoint, _):
        with pytest.raises(Temporary):
            await tokens.refresh(endpoint, "old")


async def test_nobody_there_is_temporary() -> None:
    with pytest.raises(Temporary):
        await tokens.refresh(TokenEndpoint("House", "http://127.0.0.1:9/token", "me", "", HERE), "old")


async def test_a_name_that_is_not_found_is_temporary() -> None:
    with pytest.raises(Temporary):
        await tokens.refresh(TokenEndpoint("House", "https://nowhere.invalid/token", "me", "", HERE), "old")


async def test_an_endpoint_in_our_own_network_is_not_asked() -> None:
    async with answering(200, said(access_token="a")) as (endpoint, asked):
        closed = TokenEndpoint("House", endpoint.url, "me", "secret", AddressPolicy().check)
        with pytest.raises(Invalid):
            await tokens.refresh(closed, "old")
    assert asked == []


async def test_a_redirect_is_not_followed() -> None:
    async with (
        answering(200, said(access_token="stolen")) as (elsewhere, asked),
        answering(307, b"", f"Location: {elsewhere.url}") as (endpoint, _),
    ):
        with pytest.raises(Permanent):
            await tokens.refresh(endpoint, "old")
    assert asked == []


async def test_a_refusal_repeats_no_secret() -> None:
    body = said(error="invalid_grant", error_description="the token tok-123 has ended")
    async with answering(400, body) as (endpoint, _):
        with pytest.raises(NeedsUser) as caught:
            await tokens.refresh(endpoint, "tok-123")
    assert "tok-123" not in str(caught.value)
    assert "has ended" in str(caught.value)


async def test_a_token_is_taken_back() -> None:
    async with answering(200, b"") as (endpoint, asked):
        await tokens.revoke(endpoint, "r")
    assert asked == [b"token=r&client_id=me&client_secret=secret"]


@pytest.mark.parametrize(
    ("status", "error", "words", "kind"),
    [
        (400, "invalid_grant", "", NeedsUser),
        (400, "interaction_required", "AADSTS50076: second factor", NeedsUser),
        (401, "invalid_client", "AADSTS7000222: the secret has expired", Temporary),
        (400, "temporarily_unavailable", "", Temporary),
        (429, "", "", Temporary),
        (500, "invalid_grant", "", Temporary),
        (503, "", "", Temporary),
        (400, "invalid_scope", "", Permanent),
        (404, "", "", Permanent),
    ],
)
def test_what_a_refusal_means(status: int, error: str, words: str, kind: type[PostroomError]) -> None:
    found = refusal("House", status, {"error": error, "error_description": words})
    assert type(found) is kind
    assert "password" not in str(found).lower()
    if isinstance(found, NeedsUser):
        assert found.remedy is Remedy.CONSENT


def test_an_administrators_consent_is_named() -> None:
    found = refusal("Microsoft", 400, {"error": "invalid_grant", "error_description": "AADSTS65001: no consent"})
    assert "administrator" in str(found)


def test_the_providers_wish_to_wait_is_kept() -> None:
    found = refusal("House", 429, {}, "90")
    assert isinstance(found, Temporary)
    assert found.retry_after_seconds == 90
