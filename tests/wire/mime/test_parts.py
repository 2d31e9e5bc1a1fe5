"""Structure: what is body, what is attachment, and how attachments come out byte for byte."""

import base64

import pytest

from postroom.wire.mime.bodies import html_to_show
from postroom.wire.mime.parse import attachment_bytes, parse


def mail(content_type: str, body: bytes, *more: str) -> bytes:
    head = "\r\n".join([f"Content-Type: {content_type}", *more])
    return head.encode() + b"\r\n\r\n" + body


def part(content_type: str, body: bytes, *more: str) -> bytes:
    return b"--b\r\n" + mail(content_type, body, *more) + b"\r\n"


def mixed(*parts: bytes, subtype: str = "mixed") -> bytes:
    return mail(f"multipart/{subtype}; boundary=b", b"".join(parts) + b"--b--\r\n")


def test_the_example_of_the_jmap_rfc_comes_out_as_it_says() -> None:
    """RFC 8621 4.1.4, without the parts that this example only names."""
    inner = (
        b"--c\r\nContent-Type: multipart/alternative; boundary=d\r\n\r\n"
        b"--d\r\nContent-Type: multipart/mixed; boundary=e\r\n\r\n--e\r\nContent-Type: text/plain\r\n\r\nD\r\n--e--\r\n"
        b"--d\r\nContent-Type: multipart/related; boundary=f\r\n\r\n--f\r\nContent-Type: text/html\r\n\r\nE\r\n"
        b"--f\r\nContent-Type: image/jpeg\r\n\r\nF\r\n--f--\r\n--d--\r\n--c\r\nContent-Type: image/jpeg\r\n\r\nG\r\n--c--\r\n"
    )
    raw = mixed(
        part("text/plain", b"A", "Content-Disposition: inline"),
        part("multipart/mixed; boundary=c", inner),
        part("application/x-excel", b"H"),
        part("message/rfc822", b"Subject: J\r\n\r\nJ"),
        part("text/plain", b"K", "Content-Disposition: inline"),
    )
    parsed = parse(raw)
    assert (parsed.text, parsed.html) == ("A\nD\nK", "E")
    assert [one.part for one in parsed.attachments] == ["2.1.2.2", "2.2", "3", "4"]
    assert attachment_bytes(raw, "4") == b"Subject: J\r\n\r\nJ"


KEPT = [
    ("application/ms-tnef", "winmail.dat"), ("text/calendar; method=REQUEST", "invite.ics"), ("application/pkcs7-mime", "smime.p7m"),
    ("application/pgp-encrypted", "version.asc"), ("message/rfc822", "forwarded.eml"), ("image/png", "a.png"), ("text/html", "page.html"), ("text/plain", "note.txt"),
]  # fmt: skip


@pytest.mark.parametrize(("content_type", "name"), KEPT)
def test_what_is_not_the_body_is_kept_as_an_attachment_byte_for_byte(content_type: str, name: str) -> None:
    content = bytes(range(256)) * 5
    encoded = base64.encodebytes(content).replace(b"\n", b"\r\n")
    raw = mixed(
        part("text/plain", b"hello"),
        part(
            content_type,
            encoded,
            f'Content-Disposition: attachment; filename="{name}"',
            "Content-Transfer-Encoding: base64",
        ),
    )
    parsed = parse(raw)
    assert parsed.text == "hello"
    assert [(one.filename, one.content_type, one.size) for one in parsed.attachments] == [
        (name, content_type.partition(";")[0], len(content))
    ]
    assert attachment_bytes(raw, parsed.attachments[0].part) == content


def test_an_image_in_the_html_is_inline_and_named_by_its_id() -> None:
    raw = mixed(
        part("text/html", b'<img src="cid:a@b">'), part("image/png", b"x", "Content-ID: <a@b>"), subtype="related"
    )
    assert [(one.content_id, one.is_inline) for one in parse(raw).attachments] == [("a@b", True)]


def test_text_beside_html_is_shown_with_it() -> None:
    parsed = parse(mixed(part("text/plain", b"The <offer>."), part("text/html", b"<p>disclaimer</p>")))
    assert (parsed.text, parsed.html, parsed.text_beside_html) == ("The <offer>.", "<p>disclaimer</p>", "The <offer>.")
    assert html_to_show(parsed) == '<div style="white-space:pre-wrap">The &lt;offer&gt;.</div>\n<p>disclaimer</p>'
    alternative = parse(mixed(part("text/plain", b"a"), part("text/html", b"<p>a"), subtype="alternative"))
    assert (alternative.text_beside_html, html_to_show(alternative)) == (None, "<p>a")


def test_two_attachments_of_one_name_are_two() -> None:
    same = part("application/pdf", b"1", 'Content-Disposition: attachment; filename="a.pdf"')
    raw = mixed(same, same.replace(b"\r\n1", b"\r\n2"))
    assert [attachment_bytes(raw, one.part) for one in parse(raw).attachments] == [b"1", b"2"]


def test_one_part_alone_is_part_one() -> None:
    raw = mail("application/pdf", b"JVBERi0=", "Content-Transfer-Encoding: base64")
    assert [one.part for one in parse(raw).attachments] == ["1"]
    assert attachment_bytes(raw, "1") == b"%PDF-"
    assert attachment_bytes(raw, "2") is None


def test_html_only_and_text_only() -> None:
    assert (parse(mail("text/html", b"<p>x")).text, parse(mail("text/html", b"<p>x")).html) == (None, "<p>x")
    assert (parse(b"\r\nx").text, parse(b"\r\nx").html) == ("x", None)


BROKEN = [
    ("no closing delimiter", mail("multipart/mixed; boundary=b", b"--b\r\n\r\nhello\r\n")),
    ("no boundary parameter", mail("multipart/mixed", b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--")),
    ("a boundary that never comes", mail("multipart/mixed; boundary=zzz", b"hello")),
    ("a type without a slash", mail("text", b"hello")),
    ("no type at all", mail('; charset="utf-8"', b"hello")),
    ("a space for the semicolon", mail("multipart/mixed boundary=b", b"--b\r\n\r\nhello\r\n--b--")),
    ("white space after the delimiter", mail("multipart/mixed; boundary=b", b"--b  \r\n\r\nhello\r\n--b-- \r\n")),
    ("bare line feeds", b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b--\n"),
    ("bare carriage returns", b"Content-Type: multipart/mixed; boundary=b\r\r--b\r\rhello\r--b--\r"),
    ("a boundary that begins another", mail("multipart/mixed; boundary=b", b"--bb\r\n\r\nno\r\n--b\r\n\r\nhello\r\n--b--")),
    ("an unknown transfer encoding", mail("text/plain", b"hello", "Content-Transfer-Encoding: x-none")),
    ("base64 that is none", mail("text/plain", b"hello", "Content-Transfer-Encoding: base64")[:-5] + b"hello"),
]  # fmt: skip


@pytest.mark.parametrize("raw", [raw for _, raw in BROKEN[:-1]], ids=[name for name, _ in BROKEN[:-1]])
def test_the_text_of_a_broken_message_is_still_read(raw: bytes) -> None:
    assert (parse(raw).text or "").strip() == "hello"


def test_an_outer_delimiter_ends_what_was_not_closed_inside() -> None:
    raw = mixed(
        part("multipart/alternative; boundary=c", b"--c\r\nContent-Type: text/plain\r\n\r\nhello\r\n"),
        part("application/pdf", b"x", "Content-Disposition: attachment"),
    )
    assert parse(raw).text == "hello\n"
    assert len(parse(raw).attachments) == 1


ENCODED = [
    (b"aGVsbG8=", "base64", b"hello"), (b"aGVsbG8", "BASE64 ", b"hello"), (b"aGVs\r\nbG8=\r\n", "base64;", b"hello"), (b"aGVsbG8=\r\naGVsbG8=", "base64", b"hellohello"),
    (b"aGVsbG8=\r\n____\r\na list's footer", "base64", b"hello"), (b"hello you, who are not encoded", "base64", b"hello you, who are not encoded"),
    (b"a=3D=C3=A9=\r\nb= \r\nc=ZZ=", "quoted-printable", b"a=\xc3\xa9bc=ZZ"), (b"a=3d", "Quoted_Printable", b"a="), (b"a=3D", "7bit", b"a=3D"),
    (b"begin 644 x\r\n%:&5L;&\\ \r\nend\r\n", "x-uuencode", b"hello"), (b"", "base64", b""),
]  # fmt: skip


@pytest.mark.parametrize(("body", "encoding", "content"), ENCODED)
def test_transfer_encodings_are_undone_damaged_or_not(body: bytes, encoding: str, content: bytes) -> None:
    raw = mail("application/octet-stream", body, f"Content-Transfer-Encoding: {encoding}")
    assert attachment_bytes(raw, "1") == content
    assert parse(raw).attachments[0].size == len(content)


def test_a_page_may_name_its_own_charset() -> None:
    raw = mail("text/html", '<meta charset="koi8-r"><p>Привет'.encode("koi8-r"))
    assert (parse(raw).html or "").endswith("Привет")


def test_what_had_to_be_guessed_is_said() -> None:
    assert parse(mail("text/plain; charset=no-such-thing", b"\xe9")).problems != ()
    assert parse(mail("multipart/mixed; boundary=b", b"hello")).problems != ()
    assert parse(mail("text/plain; charset=utf-8", "é".encode())).problems == ()
