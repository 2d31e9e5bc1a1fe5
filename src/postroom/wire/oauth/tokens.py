"""Access tokens: for a code, for a refresh token; and taking them back.

Every call is one POST to the provider's own endpoint, by https (plain http on this machine alone, for tests), to the
very address that was judged. No redirect is followed: a secret goes where it is meant for or nowhere.
"""

import asyncio
import base64
import binascii
import json
import socket
import ssl
from collections.abc import Mapping
from functools import lru_cache, reduce
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx2

from postroom.ground.errors import Invalid, Permanent, PostroomError, Temporary
from postroom.wire.oauth.errors import refusal
from postroom.wire.oauth.types import CodeExchange, TokenEndpoint, Tokens

REQUEST_SECONDS = 20.0
_LARGEST_ANSWER = 256 * 1024
_USUAL_LIFETIME = 3600.0
"""Where an endpoint does not say (RFC 6749 5.1 only recommends it)."""


async def exchange_code(endpoint: TokenEndpoint, exchange: CodeExchange) -> Tokens:
    """Tokens for the code that the provider's page gave. Raises Temporary, Permanent, NeedsUser, Invalid."""
    return await _tokens(
        endpoint,
        {
            "grant_type": "authorization_code",
            "code": exchange.code,
            "code_verifier": exchange.verifier,
            "redirect_uri": exchange.redirect_uri,
        },
    )


async def refresh(endpoint: TokenEndpoint, refresh_token: str) -> Tokens:
    """A new access token; perhaps a new refresh token, which then replaces the old. Raises as `exchange_code`."""
    return await _tokens(endpoint, {"grant_type": "refresh_token", "refresh_token": refresh_token})


async def revoke(endpoint: TokenEndpoint, token: str) -> None:
    """Have a token end now (RFC 7009); `endpoint.url` is the revocation endpoint. Raises as `exchange_code`."""
    status, _, headers = await _post(endpoint, {"token": token})
    if status >= 300:
        raise refusal(endpoint.provider, status, {}, headers.get("retry-after", ""))


async def _tokens(endpoint: TokenEndpoint, form: Mapping[str, str]) -> Tokens:
    status, body, headers = await _post(endpoint, form)
    answer = _object(body)
    if status != 200:
        texts = {name: value for name, value in answer.items() if isinstance(value, str)}
        raise refusal(endpoint.provider, status, _without(form, texts), headers.get("retry-after", ""))
    access = answer.get("access_token")
    if not isinstance(access, str) or not access or not access.isascii():
        raise Temporary(f"{endpoint.provider} answered without giving access.")
    refresh_token, scope = answer.get("refresh_token"), answer.get("scope")
    return Tokens(
        access,
        refresh_token if isinstance(refresh_token, str) else "",
        _lifetime(answer.get("expires_in")),
        tuple(scope.split()) if isinstance(scope, str) else None,
        _claims(answer.get("id_token"), endpoint.client_id),
    )


def _lifetime(said: object) -> float:
    """Seconds; some endpoints write the number as a text."""
    try:
        return max(float(str(said)), 0.0) if said is not None else _USUAL_LIFETIME
    except ValueError:
        return _USUAL_LIFETIME


def _without(form: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    """The words of a refusal, should they repeat a secret of ours."""
    secrets = [form[name] for name in ("refresh_token", "code", "code_verifier") if form.get(name)]
    cleaned = {}
    for name, text in texts.items():
        cleaned[name] = reduce(lambda so_far, secret: so_far.replace(secret, "…"), secrets, text)
    return cleaned


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _claims(id_token: object, client_id: str) -> dict[str, str]:
    """The texts of an ID token. Its signature need not be checked: it comes from the endpoint itself by TLS (OpenID
    Connect Core 3.1.3.7, 6); that it is meant for us is.
    """
    if not isinstance(id_token, str) or id_token.count(".") != 2:
        return {}
    payload = id_token.split(".")[1]
    try:
        claims = _object(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, ValueError):
        return {}
    audience = claims.get("aud")
    if client_id not in (audience if isinstance(audience, list) else [audience]):
        return {}
    return {name: value for name, value in claims.items() if isinstance(value, str)}


async def _post(endpoint: TokenEndpoint, form: Mapping[str, str]) -> tuple[int, bytes, Mapping[str, str]]:
    """Status, body and headers."""
    fields = {**form, "client_id": endpoint.client_id}
    if endpoint.client_secret:
        fields["client_secret"] = endpoint.client_secret
    try:
        async with asyncio.timeout(REQUEST_SECONDS):
            return await _send(endpoint, fields)
    except PostroomError:
        raise
    except (httpx2.HTTPError, OSError) as error:  # TimeoutError is an OSError
        raise Temporary(f"{endpoint.provider} does not answer: {error or type(error).__name__}.") from error
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise Permanent(f"{endpoint.url!r} is not the address of a token endpoint.") from error


async def _send(endpoint: TokenEndpoint, fields: Mapping[str, str]) -> tuple[int, bytes, Mapping[str, str]]:
    parts = urlsplit(endpoint.url)
    host, ip, port = await _judged(endpoint, parts)
    target = parts._replace(netloc=f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}", fragment="").geturl()
    async with httpx2.AsyncClient(
        timeout=REQUEST_SECONDS, trust_env=False, follow_redirects=False, verify=_context(endpoint.trusted_ca)
    ) as client:
        request = client.build_request(
            "POST", target, data=dict(fields),
            headers={"Host": parts.netloc, "Accept": "application/json", "Accept-Encoding": "identity"},
            extensions={"sni_hostname": host},
        )  # fmt: skip
        answer = await client.send(request, stream=True)
        try:
            body = bytearray()
            async for chunk in answer.aiter_raw():  # as it comes: a few packed bytes may swell to gigabytes
                body += chunk
                if len(body) > _LARGEST_ANSWER:
                    raise Temporary(f"{endpoint.provider} answered more than tokens are.")
            return answer.status_code, bytes(body), answer.headers
        finally:
            await answer.aclose()


async def _judged(endpoint: TokenEndpoint, parts: SplitResult) -> tuple[str, str, int]:
    """Host, one allowed address of it, port. Invalid where any address may not be reached: all or nothing."""
    host = parts.hostname
    if parts.scheme not in ("https", "http") or not host or parts.username:
        raise Permanent(f"{endpoint.url!r} is not the address of a token endpoint.")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in addresses:
        endpoint.check_address(address)
        if parts.scheme == "http" and not address.is_loopback:
            raise Invalid(f"{host} is another machine: tokens are fetched by https only.")
    return host, str(addresses[0]), port


@lru_cache(maxsize=16)
def _context(trusted_ca: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if trusted_ca is not None:
        context.load_verify_locations(cafile=str(trusted_ca))
    return context
