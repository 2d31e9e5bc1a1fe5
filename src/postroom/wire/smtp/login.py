"""The login: which mechanism, and what a refusal of it means (RFC 4954)."""

from base64 import b64encode
from collections.abc import Awaitable, Callable

from postroom.ground.errors import NeedsUser, Remedy
from postroom.wire.smtp.errors import judge
from postroom.wire.smtp.types import BearerToken, Reply, SmtpSettings, Stage

Ask = Callable[[bytes], Awaitable[Reply]]
"""Sends one line, without its end, and gives the reply."""


async def log_in(ask: Ask, settings: SmtpSettings, mechanisms: frozenset[str]) -> None:
    """Log in by the best mechanism both sides have. Raises Temporary, Permanent, NeedsUser."""
    if not settings.user:
        return
    reply = await _ask_in(ask, settings, mechanisms)
    if reply.code != 235:
        raise judge(Stage.LOGIN, _without_secret(reply, settings), settings.host).as_error()


async def _ask_in(ask: Ask, settings: SmtpSettings, mechanisms: frozenset[str]) -> Reply:
    if isinstance(settings.secret, BearerToken):
        if "XOAUTH2" in mechanisms:
            header = f"user={settings.user}\x01"
            return await _bearer(ask, b"AUTH XOAUTH2 ", f"{header}auth=Bearer {_secret(settings)}\x01\x01")
        if "OAUTHBEARER" in mechanisms:
            header = f"n,a={_sasl_name(settings.user)},\x01host={settings.host}\x01port={settings.port}\x01"
            return await _bearer(ask, b"AUTH OAUTHBEARER ", f"{header}auth=Bearer {_secret(settings)}\x01\x01")
        raise _no_login(settings, mechanisms)
    if "PLAIN" in mechanisms:
        return await ask(b"AUTH PLAIN " + _coded(f"\0{settings.user}\0{_secret(settings)}"))
    if "LOGIN" in mechanisms:
        return await _login(ask, settings)
    raise _no_login(settings, mechanisms)


async def _login(ask: Ask, settings: SmtpSettings) -> Reply:
    """AUTH LOGIN: the server asks for the two apart; what it asks in is not standardised, the order is."""
    reply = await ask(b"AUTH LOGIN")
    for answer in (settings.user, _secret(settings)):
        if reply.code != 334:
            return reply
        reply = await ask(_coded(answer))
    return reply


async def _bearer(ask: Ask, command: bytes, response: str) -> Reply:
    reply = await ask(command + _coded(response))
    if reply.code == 334:
        # The refusal's details come as a challenge; only an answer to it (for OAUTHBEARER %x01, RFC 7628 3.2.3)
        # ends the exchange with the real reply.
        reply = await ask(b"AQ==" if b"OAUTHBEARER" in command else b"")
    return reply


def _no_login(settings: SmtpSettings, mechanisms: frozenset[str]) -> NeedsUser:
    if mechanisms:
        what = f"{settings.host} offers only {', '.join(sorted(mechanisms))} to log in, which cannot be used here."
    else:
        # Close's words for it (seed 002): Office 365 hides AUTH where the mailbox has it switched off.
        what = (
            f"SMTP AUTH extension not supported by {settings.host}: the server does not offer to log in."
            " Switch Authenticated SMTP on for this mailbox, and put our address on the allow list if there is one."
        )
    return NeedsUser(what, remedy=Remedy.SMTP_AUTH)


def _without_secret(reply: Reply, settings: SmtpSettings) -> Reply:
    """The reply, should a server repeat to us what we said to it."""
    secret = _secret(settings)
    said = [secret] if len(secret) > 3 else []
    said += [_coded(text).decode("ascii") for text in (secret, f"\0{settings.user}\0{secret}") if text]
    text = reply.text
    for each in said:
        text = text.replace(each, "…")
    return Reply(reply.code, reply.enhanced, (), text)


def _secret(settings: SmtpSettings) -> str:
    return settings.secret.text


def _coded(text: str) -> bytes:
    return b64encode(text.encode("utf-8"))


def _sasl_name(user: str) -> str:
    """RFC 5801 4: comma and equals sign stand escaped."""
    return user.replace("=", "=3D").replace(",", "=2C")
