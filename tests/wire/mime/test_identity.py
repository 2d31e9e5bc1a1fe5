"""Which copies are one message, and which words are the same words."""

import quopri

from postroom.wire.mime.identity import body_fingerprint, identity_of
from postroom.wire.mime.parse import parse, parse_head

HEAD = b"Message-ID: <a@b>\r\nDate: Tue, 14 May 2024 10:13:05 +0200\r\nFrom: Ann <Ann@X.example>\r\nTo: bo@x.example\r\nSubject: Offer for\r\n Monday\r\n"


def same(one: bytes, other: bytes) -> bool:
    return identity_of(parse_head(one)) == identity_of(parse_head(other))


def test_what_carriers_change_leaves_the_identity_alone() -> None:
    assert same(HEAD, b"Received: from x\r\n" + HEAD + b"X-Spam: no\r\n")
    assert same(HEAD, HEAD.replace(b"for\r\n Monday", b"for Monday"))
    assert same(HEAD, HEAD.replace(b"10:13:05 +0200", b"08:13:05 +0000"))
    assert same(HEAD, HEAD.replace(b"Ann <Ann@X.example>", b'"Ann Lee" <ann@x.example>'))
    assert same(HEAD, HEAD.replace(b"To: bo@x.example", b"To: bo@x.example, jo@x.example"))
    assert same(HEAD, HEAD.replace(b"Offer for\r\n Monday", b"=?utf-8?q?Offer_for_Monday?="))


def test_two_messages_with_one_message_id_are_two() -> None:
    assert not same(HEAD, HEAD.replace(b"10:13", b"10:14"))
    assert not same(HEAD, HEAD.replace(b"Offer", b"Order"))
    assert not same(HEAD, HEAD.replace(b"Ann@X", b"Jo@X"))


def test_without_a_message_id_recipients_tell_messages_apart() -> None:
    bare = HEAD.replace(b"Message-ID: <a@b>\r\n", b"")
    assert not same(bare, HEAD)
    assert not same(bare, bare.replace(b"bo@x", b"jo@x"))
    assert same(bare, bare.replace(b"bo@x", b"BO@X"))


def test_a_value_cannot_stand_for_two() -> None:
    assert not same(b"Subject: x\r\nFrom: a@b.example\r\n", b"Subject: a@b.example\x1ex\r\n")
    assert not same(
        b"Subject: x\r\nTo: a@b.example, c@d.example\r\n", b"Subject: x\r\nTo: a@b.example\r\nCc: c@d.example\r\n"
    )


def fingerprint(head: str, body: bytes) -> bytes:
    return body_fingerprint(parse(head.encode() + b"\r\n\r\n" + body))


def test_transport_does_not_change_the_words() -> None:
    text = "Grüße aus Köln — schöne\u00a0Zeit\r\nund bis bald"
    plain = fingerprint("Content-Type: text/plain; charset=utf-8", text.encode())
    assert len(plain) == 16
    assert plain == fingerprint(
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
        quopri.encodestring(text.encode()),
    )
    assert plain == fingerprint("Content-Type: text/plain; charset=windows-1252", text.encode("cp1252"))
    assert plain == fingerprint(
        "Content-Type: text/plain; charset=utf-8", text.replace("\r\n", " \r\n\r\n  ").replace("\u00a0", " ").encode()
    )
    assert plain != fingerprint("Content-Type: text/plain; charset=utf-8", text.replace("bald", "dann").encode())


def test_html_counts_where_there_is_no_text_and_sizes_where_there_is_neither() -> None:
    html = fingerprint("Content-Type: text/html", b"<p>Hello <b>you</b></p>")
    assert html == fingerprint(
        "Content-Type: text/html", b"<html><head><meta charset=x></head><body>Hello you</body></html>"
    )
    assert fingerprint("Content-Type: application/pdf", b"1234") != fingerprint(
        "Content-Type: application/pdf", b"12345"
    )
