"""Faults of the connection: it ends, falls silent, crawls, or is spoken into before TLS."""

from collections.abc import AsyncIterator, Callable

from tests.servers.scripted_imap.faults import Fault
from tests.servers.scripted_imap.lines import (
    FetchLine,
    Hangup,
    Hush,
    Line,
    Lines,
    Literal,
    Pause,
    StartTls,
    Tagged,
    untagged,
)
from tests.servers.scripted_imap.session import Scene

AUTOLOGOUT = "Autologout; idle for too long"


def bye(text: str = AUTOLOGOUT) -> Fault:
    """`* BYE` in place of the answer, then the end. On "CONNECT" it is the greeting."""
    return _replaced("bye", untagged(f"BYE {text}"), Hangup())


def hangup() -> Fault:
    """The connection ends without a word, the command undone."""
    return _replaced("hangup", Hangup())


def reset() -> Fault:
    """The connection is reset (RST), the command undone."""
    return _replaced("reset", Hangup(reset=True))


def silence() -> Fault:
    """No answer ever, and the command undone; the connection stays open. On "IDLE": not even the continuation."""
    return _replaced("silence", Hush())


def bye_after(lines: int, text: str = AUTOLOGOUT) -> Fault:
    """So many lines of the answer, then `* BYE` and the end. On "IDLE" with 1: after `+ idling`."""
    return _cut("bye after", lines, [untagged(f"BYE {text}"), Hangup()])


def hangup_after(lines: int) -> Fault:
    """So many lines of the answer, then the end without a word."""
    return _cut("hangup after", lines, [Hangup()])


def reset_after(lines: int) -> Fault:
    """So many lines of the answer, then a reset."""
    return _cut("reset after", lines, [Hangup(reset=True)])


def silence_after(lines: int) -> Fault:
    """So many lines of the answer, then nothing more. On "IDLE" with 1 this is an IDLE that died without FIN."""
    return _cut("silence after", lines, [Hush()])


def dead_idle() -> Fault:
    """IDLE is taken and then nothing is ever said, whatever arrives; DONE is not answered. No FIN."""
    return _cut("dead idle", 1, [Hush()])


def bye_inside_literal(text: str = AUTOLOGOUT) -> Fault:
    """Half of the first literal, then `* BYE` as if the literal were over, then the end."""
    return _half_literal("bye inside literal", [untagged(f"BYE {text}"), Hangup()])


def hangup_inside_literal() -> Fault:
    """Half of the first literal, then the end."""
    return _half_literal("hangup inside literal", [Hangup()])


def silence_inside_literal() -> Fault:
    """Half of the first literal, then nothing more."""
    return _half_literal("silence inside literal", [Hush()])


def drop_before_ok() -> Fault:
    """The command takes effect, and its untagged lines go out, but the connection ends before the tagged OK."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            if isinstance(line, Tagged):
                yield Hangup()
                return
            yield line

    return Fault("drop before OK", reshape)


def drop_before_any_answer() -> Fault:
    """The command takes effect and nothing at all is said of it: the connection ends."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            if isinstance(line, Tagged):
                break
        yield Hangup()

    return Fault("drop before any answer", reshape)


def silence_before_ok() -> Fault:
    """The command takes effect, and then nothing is said any more."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            if isinstance(line, Tagged):
                yield Hush()
                return
            yield line

    return Fault("silence before OK", reshape)


def late(seconds: float) -> Fault:
    """The whole answer comes this much later."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        yield Pause(seconds)
        async for line in lines:
            yield line

    return Fault("late", reshape)


def slow_drip(bytes_per_second: int) -> Fault:
    """From here on the connection gives so many bytes a second."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        scene.session.connection.bytes_per_second = bytes_per_second
        async for line in lines:
            yield line

    return Fault("slow drip", reshape)


def text_before_tls(text: bytes) -> Fault:
    """On "STARTTLS": `text` follows the OK in the clear, as a man in the middle would inject it (CVE-2021-38370)."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            if isinstance(line, StartTls):
                yield text
            yield line

    return Fault("text before TLS", reshape)


def preauth() -> Fault:
    """On "CONNECT": the greeting is PREAUTH, which makes STARTTLS impossible and must not be taken in the clear."""
    return _replaced("preauth", untagged("PREAUTH ready"))


def _replaced(name: str, *instead: Line) -> Fault:
    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        for line in instead:
            yield line

    return Fault(name, reshape)


def _cut(name: str, after: int, ending: list[Line]) -> Fault:
    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        said = 0
        if after > 0:
            async for line in lines:
                yield line
                said += not isinstance(line, Pause)
                if said == after:
                    break
        for line in ending:
            yield line

    return Fault(name, reshape)


def _half_literal(name: str, ending: list[Line]) -> Fault:
    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            if isinstance(line, FetchLine) and (half := _half_of(line)) is not None:
                yield half
                for last in ending:
                    yield last
                return
            yield line

    return Fault(name, reshape)


def _half_of(line: FetchLine) -> bytes | None:
    longest = max((value for _, value in line.items if isinstance(value, Literal)), key=_length, default=None)
    if longest is None or not longest.content:
        return None
    rendered = line.render()
    start = rendered.index(longest.render()) + len(longest.render()) - len(longest.content)
    return rendered[: start + len(longest.content) // 2]


_length: Callable[[Literal], int] = lambda literal: len(literal.content)  # noqa: E731
