"""One message over an open session, and exactly where it failed if it did.

Until the final dot is handed to the connection, the server cannot take the message, and everything that fails is safe
to try again (REFUSED). From that byte on, only a whole reply counts; without one the outcome is UNKNOWN, because the
server may have accepted and its answer been lost (RFC 1047).
"""

import re
from dataclasses import dataclass

import idna

from postroom.ground.database import no_transaction_open
from postroom.wire.smtp.dialogue import ConnectionLost
from postroom.wire.smtp.errors import judge, lost
from postroom.wire.smtp.session import Session
from postroom.wire.smtp.types import DeliveryReply, Outcome, Permanence, Refusal, Reply, Scope, Stage, Verdict

_CHUNK_BYTES = 256 * 1024
_NOT_IN_A_PATH = re.compile(r"[\x00-\x20\x7f<>]")
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What will be said: the MAIL command, each recipient with its RCPT command, and the body with its final dot."""

    mail: bytes
    recipients: tuple[tuple[str, bytes], ...]
    refused: tuple[Refusal, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Answers:
    """The server's replies to one MAIL, its RCPTs, and DATA (None where it was not said)."""

    mail: Reply
    recipients: tuple[tuple[str, Reply], ...]
    data: Reply | None


async def deliver(session: Session, envelope_from: str, recipients: tuple[str, ...], raw: bytes) -> DeliveryReply:
    """Give one message to the server for these recipients. Never raises for what the server does.

    `envelope_from` and `recipients` are bare addresses, `raw` is RFC 5322 with CRLF. What cannot be put into SMTP
    (a line break in an address, an international address for a server without SMTPUTF8, a message over the server's
    size limit) is refused here with the same kind of value as a refusal by the server.
    """
    assert no_transaction_open(), "a transaction is open while the network is used"
    plan = _plan(session, envelope_from, recipients, raw)
    if isinstance(plan, Verdict):
        return DeliveryReply(Outcome.REFUSED, (), (), plan.message, plan)
    if not plan.recipients:
        return DeliveryReply(Outcome.REFUSED, (), plan.refused, plan.refused[-1].words if plan.refused else "")
    try:
        answers = await _say_envelope(session, plan)
        return await _conclude(session, plan, answers)
    except ConnectionLost as error:
        session.dialogue.abort()
        verdict = lost(session.settings.host, error)
        return DeliveryReply(Outcome.REFUSED, (), plan.refused, str(error), verdict)
    except BaseException:
        # Cancelled in the middle of a dialogue: whatever was said next would be read as part of it.
        session.dialogue.abort()
        raise


async def _say_envelope(session: Session, plan: _Plan) -> _Answers:
    """MAIL, RCPT and DATA: in one write where the server can take it (RFC 2920), else one by one."""
    if session.offers.pipelining:
        commands = [plan.mail, *(command for _, command in plan.recipients), b"DATA\r\n"]
        session.dialogue.write(b"".join(commands))
        timeout_seconds = session.settings.reply_timeout_seconds
        replies = [await session.dialogue.reply(timeout_seconds) for _ in commands]
        pairs = zip((name for name, _ in plan.recipients), replies[1:-1], strict=True)
        return _Answers(replies[0], tuple(pairs), replies[-1])
    mail = await session.ask(plan.mail.removesuffix(b"\r\n"))
    if not mail.is_good:
        return _Answers(mail, (), None)
    answered = []
    for name, command in plan.recipients:
        reply = await session.ask(command.removesuffix(b"\r\n"))
        answered.append((name, reply))
        if reply.code == 421:
            break
    good = any(reply.is_good for _, reply in answered) and session.is_open
    return _Answers(mail, tuple(answered), await session.ask(b"DATA") if good else None)


async def _conclude(session: Session, plan: _Plan, answers: _Answers) -> DeliveryReply:
    """Send the body if at least one recipient stands; else leave the session as it was found."""
    host = session.settings.host
    accepted = tuple(name for name, reply in answers.recipients if reply.is_good)
    refused = plan.refused + tuple(
        Refusal(name, reply.code, reply.words, judge(Stage.RECIPIENT, reply, host))
        for name, reply in answers.recipients
        if not reply.is_good
    )
    if answers.mail.is_good and accepted and answers.data is not None and answers.data.code == 354:
        return await _send_body(session, plan, accepted, refused)
    if answers.data is not None and answers.data.code == 354:
        # RFC 2920 3.1: it waits for a message now. An empty one has no recipient, so it goes nowhere.
        await session.ask(b".")
    await _start_over(session)
    if not answers.mail.is_good:
        verdict = judge(Stage.SENDER, answers.mail, host)
        return DeliveryReply(Outcome.REFUSED, (), plan.refused, answers.mail.words, verdict)
    if not accepted:
        return DeliveryReply(Outcome.REFUSED, (), refused, refused[-1].words, _shared(refused))
    reply = answers.data or answers.mail
    return DeliveryReply(Outcome.REFUSED, (), refused, reply.words, judge(Stage.CONTENT, reply, host))


async def _send_body(
    session: Session, plan: _Plan, accepted: tuple[str, ...], refused: tuple[Refusal, ...]
) -> DeliveryReply:
    host = session.settings.host
    early = await _send_all_but_the_end(session, plan.body)
    if early is not None:
        return DeliveryReply(Outcome.REFUSED, (), refused, early.words, judge(Stage.CONTENT, early, host))
    final = plan.body[_end_of_chunks(plan.body) :]
    session.dialogue.write(final)  # raises where the connection is known to be gone: nothing was handed over
    try:
        reply = await session.dialogue.reply(session.settings.final_reply_timeout_seconds)
    except ConnectionLost as error:
        return DeliveryReply(Outcome.UNKNOWN, accepted, refused, f"{error}, after the whole message had been sent")
    if reply.is_good:
        return DeliveryReply(Outcome.ACCEPTED, accepted, refused, reply.words)
    if reply.code < 400:
        session.dialogue.abort()
        return DeliveryReply(Outcome.UNKNOWN, accepted, refused, f"an answer that makes no sense: {reply.words}")
    await _start_over(session)
    return DeliveryReply(Outcome.REFUSED, (), refused, reply.words, judge(Stage.CONTENT, reply, host))


async def _send_all_but_the_end(session: Session, body: bytes) -> Reply | None:
    """Send the body up to its last chunk. A reply that comes before the dot is a refusal, and ends the session."""
    timeout_seconds = session.settings.reply_timeout_seconds
    try:
        for start in range(0, _end_of_chunks(body), _CHUNK_BYTES):
            session.dialogue.write(body[start : start + _CHUNK_BYTES])
            await session.dialogue.drained(timeout_seconds)
            if session.dialogue.has_unread:
                break
        else:
            return None
    except ConnectionLost:
        if not session.dialogue.has_unread:
            raise
    reply = await session.dialogue.reply(timeout_seconds)
    session.dialogue.abort()
    return reply


def _end_of_chunks(body: bytes) -> int:
    """Where the last chunk begins. It holds the final dot, and may be the whole body."""
    return (len(body) - 1) // _CHUNK_BYTES * _CHUNK_BYTES


async def _start_over(session: Session) -> None:
    """Forget the transaction, so that the next message starts clean. A server that cannot is left."""
    if not session.is_open:
        return
    try:
        reply = await session.ask(b"RSET")
    except ConnectionLost:
        return
    if not reply.is_good:
        session.dialogue.abort()


def _shared(refused: tuple[Refusal, ...]) -> Verdict | None:
    """What concerns more than the recipient it was said of: then it holds for the message, and those after it."""
    for refusal in refused:
        if refusal.verdict.scope is not Scope.RECIPIENT:
            return refusal.verdict
    return None


def _plan(session: Session, envelope_from: str, recipients: tuple[str, ...], raw: bytes) -> _Plan | Verdict:
    offers, host = session.offers, session.settings.host
    body = _dot_stuffed(raw)
    header, _, content = raw.partition(b"\r\n\r\n")
    international = not header.isascii()
    sender = _path(envelope_from, international=offers.smtputf8) if envelope_from else b"<>"
    if sender is None or (international and not offers.smtputf8):
        return Verdict(Scope.CONTENT, Permanence.PERMANENT, f"{host} does not take international addresses (SMTPUTF8).")
    if not content.isascii() and not offers.eight_bit:
        return Verdict(Scope.CONTENT, Permanence.PERMANENT, f"{host} takes 7-bit messages only (no 8BITMIME).")
    if offers.size_limit is not None and len(body) > offers.size_limit:
        return Verdict(
            Scope.CONTENT,
            Permanence.PERMANENT,
            f"The message is too large: {_megabytes(len(body))}, and {host} takes {_megabytes(offers.size_limit)}."
            " Send fewer or smaller attachments, or a link.",
        )
    paths = [(name, _path(name, international=offers.smtputf8)) for name in recipients]
    said = [sender, *(path for _, path in paths if path is not None)]
    international = international or not b"".join(said).isascii()
    options = b" BODY=8BITMIME" if not content.isascii() or (international and offers.eight_bit) else b""
    options += b" SIZE=%d" % len(body) if offers.names_size else b""
    options += b" SMTPUTF8" if international else b""
    return _Plan(
        b"MAIL FROM:" + sender + options + b"\r\n",
        tuple((name, b"RCPT TO:" + path + b"\r\n") for name, path in paths if path is not None),
        tuple(_unspeakable(name, host) for name, path in paths if path is None),
        body,
    )


def _path(address: str, *, international: bool) -> bytes | None:
    """`<local@domain>` as SMTP wants it; None where it cannot be said to this server. The local part keeps its case."""
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or _NOT_IN_A_PATH.search(address) or len(address) > 320:
        return None
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    if not local.isascii() and not international:
        return None
    try:
        return f"<{local}@{domain}>".encode()
    except UnicodeEncodeError:  # a lone surrogate
        return None


def _unspeakable(recipient: str, host: str) -> Refusal:
    international = not recipient.isascii()
    why = (
        f"{host} does not take international addresses such as {recipient} (SMTPUTF8)."
        if international
        else f"{recipient!r} is not an address that mail can be sent to."
    )
    return Refusal(recipient, 0, why, Verdict(Scope.RECIPIENT, Permanence.PERMANENT, why))


def _dot_stuffed(raw: bytes) -> bytes:
    """The body as DATA wants it: every line ends in CRLF, a leading dot is doubled, a dot alone ends it.

    A bare CR or LF never goes out: servers differ on whether one ends a line, and a second message could be hidden
    behind it (RFC 5321 2.3.8).
    """
    if raw.count(b"\n") != raw.count(b"\r\n") or raw.count(b"\r") != raw.count(b"\r\n"):
        raw = _LINE_END.sub(b"\r\n", raw)
    if not raw.endswith(b"\r\n"):
        raw += b"\r\n"
    stuffed = raw.replace(b"\r\n.", b"\r\n..")
    return (b"." if stuffed.startswith(b".") else b"") + stuffed + b".\r\n"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
