"""The cutter of responses: however the bytes are cut into packets, whatever they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.wire.imap.responses import Limits, Response, ResponseCutter, Unspeakable, code_and_text


def cut(*packets: bytes, limits: Limits | None = None) -> list[Response]:
    found: list[Response] = []
    cutter = ResponseCutter(found.append)
    cutter.limits = limits or cutter.limits
    for packet in packets:
        cutter.feed(packet, memoryview(packet), len(packet))
    return [Response(one.text, tuple(one.literals)) for one in found]


def test_literals_are_taken_out_of_the_text() -> None:
    sent = b"* OK hello\r\n* 1 FETCH (UID 1 BODY[] {5}\r\na)\r\nb X {0}\r\n)\r\nP1 OK done\r\n"
    assert cut(sent) == [
        Response(b"* OK hello", ()),
        Response(b"* 1 FETCH (UID 1 BODY[] {5}\r\n X {0}\r\n)", (b"a)\r\nb", b"")),
        Response(b"P1 OK done", ()),
    ]


lines = st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"").replace(b"\r", b"").rstrip(b"}"))
literals = st.binary(max_size=50)
responses = st.lists(st.tuples(lines, st.lists(st.tuples(literals, lines), max_size=3)), max_size=6)


@given(responses, st.data())
def test_it_does_not_matter_where_packets_end(said: list, data: st.DataObject) -> None:
    sent = b""
    for first, more in said:
        sent += b"* X " + first
        for literal, line in more:
            sent += b" {%d}\r\n" % len(literal) + literal + line
        sent += b"\r\n"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=8)))
    packets = [sent[a:b] for a, b in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    assert cut(*packets) == cut(sent)
    assert len(cut(sent)) == len(said)
    assert [list(one.literals) for one in cut(sent)] == [[literal for literal, _ in more] for _, more in said]


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_no_bytes_do_more_than_be_refused(packets: list[bytes]) -> None:
    try:
        cut(*packets, limits=Limits(text=100, literal=50))
    except Unspeakable:
        pass


def test_a_line_without_end_is_refused_in_time() -> None:
    with pytest.raises(Unspeakable):
        cut(*[b"* " + b"x" * 1000] * 20, limits=Limits(text=10_000))


def test_a_literal_larger_than_wanted_is_dropped_and_the_rest_is_kept() -> None:
    sent = [b"* 1 FETCH (BODY[] {300}\r\n", b"x" * 200, b"x" * 100 + b" UID 7)\r\nP1 OK\r\n"]
    assert cut(*sent, limits=Limits(literal=100)) == [
        Response(b"* 1 FETCH (BODY[] {300}\r\n UID 7)", (None,)),
        Response(b"P1 OK", ()),
    ]


@pytest.mark.parametrize("size", [b"9999999999999", b"4294967296"])
def test_a_literal_without_end_is_refused(size: bytes) -> None:
    with pytest.raises(Unspeakable):
        cut(b"* 1 FETCH (BODY[] {%s}\r\nabc" % size)


def test_literals_without_number_are_refused() -> None:
    with pytest.raises(Unspeakable):
        cut(b"* 1 FETCH (" + b"{1}\r\nx" * 2000)


def test_text_for_people_may_end_in_braces() -> None:
    assert cut(b"* OK [ALERT] see {5}\r\nP1 NO oh {3}\r\n") == [
        Response(b"* OK [ALERT] see {5}", ()),
        Response(b"P1 NO oh {3}", ()),
    ]


def test_bare_line_feeds_and_empty_lines_are_forgiven() -> None:
    assert cut(b"* OK one\n\r\n\n* OK two\r\n") == [Response(b"* OK one", ()), Response(b"* OK two", ())]


def test_nothing_is_read_beyond_where_it_was_told_to_stop() -> None:
    cutter = ResponseCutter(lambda response: setattr(cutter, "finished", True))
    sent = b"P1 OK begin TLS\r\nP2 OK injected\r\n"
    assert cutter.feed(sent, memoryview(sent), len(sent)) == len(b"P1 OK begin TLS\r\n")


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (b"[READ-WRITE] Opened", b"READ-WRITE", "Opened"),
        (b"Opened [not a code]", b"", "Opened [not a code]"),
        (b"[BROKEN", b"", "[BROKEN"),
        (b"", b"", ""),
        (b"[ALERT]\xff", b"ALERT", "\ufffd"),
    ],
)
def test_the_code_of_a_reply(words: bytes, code: bytes, text: str) -> None:
    assert code_and_text(words) == (code, text)
