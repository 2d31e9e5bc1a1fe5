"""Messages made to break a reader, each from the contact Bob and each with a Message-ID that names it."""

from base64 import b64encode

HEAD = (
    b"From: Bob <bob@bolt.example>\r\nTo: anna@acme.example\r\nDate: Fri, 20 Nov 2026 10:00:00 +0100\r\n"
    b"Message-ID: <%s@bolt.example>\r\n"
)
LONGEST = 100_000


def message(name: str, rest: bytes, *, head: bytes = HEAD) -> bytes:
    """The usual head, then `rest`: more header lines, an empty line, the body."""
    return head % name.encode() + rest


def with_text(name: str, body: bytes, content_type: bytes = b"text/plain") -> bytes:
    """A body of this type."""
    return message(name, b"Subject: " + name.encode() + b"\r\nContent-Type: " + content_type + b"\r\n\r\n" + body)


def _nested(depth: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(depth)
    )
    return b"Subject: nested\r\nMIME-Version: 1.0\r\n" + opened + b"\r\nAt the bottom.\r\n"


def _many_parts(count: int) -> bytes:
    part = b"--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nhi\r\n"
    return b"Subject: parts\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + part * count + b"--x--\r\n"


def _forwarded(depth: int) -> bytes:
    return (
        b"Subject: forwards\r\n" + b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n" * depth + b"\r\nDeep.\r\n"
    )


# Line 25: structure without end.
STRUCTURE = {
    "deep": message("deep", _nested(1000)),
    "parts": message("parts", _many_parts(10_000)),
    "forwards": message("forwards", _forwarded(500)),
    "unclosed": message("unclosed", b"Content-Type: multipart/mixed; boundary=never\r\n\r\nNo such boundary here.\r\n"),
    "no-boundary": message("no-boundary", b"Content-Type: multipart/alternative\r\n\r\n--\r\n\r\nHello\r\n--\r\n"),
    "own-boundary": message(
        "own-boundary", b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n" * LONGEST + b"--a--\r\n"
    ),
    "encoding": message("encoding", b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n#86)C\r\nend\r\n"),
    "bad-base64": message("bad-base64", b"Content-Transfer-Encoding: base64\r\n\r\n=!$%&/()\xff=\r\nAAA"),
}

# Line 27: for those who read with regular expressions.
PATTERNS = {
    "blanks": message("blanks", b"Subject: " + b"Re: " * 20_000 + b"x\r\n\r\nHi\r\n"),
    "brackets": message("brackets", b"Subject: " + b"[" * 20_000 + b"\r\nCc: " + b"<" * 20_000 + b"\r\n\r\nHi\r\n"),
    "comments": message("comments", b"Cc: " + b"(" * 20_000 + b"a@b.example\r\n\r\nHi\r\n"),
    "quotes": message("quotes", b'Cc: "' + b'\\"' * 20_000 + b"@x.example\r\n\r\nHi\r\n"),
    "dots": message("dots", b"Cc: a" + b".a" * 30_000 + b"@" + b"x." * 30_000 + b"example\r\n\r\nHi\r\n"),
    "words": message("words", b"Subject: " + b"=?utf-8?q?a?= " * 10_000 + b"\r\n\r\nHi\r\n"),
    "half-words": message("half-words", b"Subject: " + b"=?utf-8?q?" * 10_000 + b"\r\n\r\nHi\r\n"),
    "references": message("references", b"References: " + b"<a@b.example> " * 10_000 + b"\r\n\r\nHi\r\n"),
    "open-ids": message("open-ids", b"References: " + b"<" * LONGEST + b"\r\n\r\nHi\r\n"),
    "quoting": with_text("quoting", b">" * LONGEST + b"\r\n" + b"> " * LONGEST + b"\r\n"),
    "wrote": with_text("wrote", b"On " * 30_000 + b"wrote:\r\n" + b"-" * LONGEST + b"\r\n"),
    "tags": with_text("tags", b"<" * LONGEST + b"a" + b"<div>" * 30_000, b"text/html"),
    "entities": with_text("entities", b"&" * LONGEST + b"&#99999999;" * 10_000, b"text/html"),
    "comments-html": with_text("comments-html", b"<!-" * LONGEST + b"<!--", b"text/html"),
    "parameters": message("parameters", b"Content-Type: text/plain" + b"; a*0*=x" * 10_000 + b"\r\n\r\nHi\r\n"),
}

# Lines 28, 29: bytes that are no text, or text under a false name.
BYTES = {
    "empty": message("empty", b"Subject: empty\r\n\r\n"),
    "head-only": message("head-only", b"Subject: head-only"),
    "nul": message("nul", b'Subject: nul\x00 here\r\nCc: "N\x00ul" <n\x00ul@x.example>\r\n\r\nbody\x00body\r\n'),
    "nul-words": message(
        "nul-words",
        b"Subject: =?utf-8?q?nul=00word?=\r\nCc: =?utf-8?b?" + b64encode(b"a\x00b") + b"?= <x@x.example>\r\n"
        b"In-Reply-To: <a\x00b@x.example>\r\nReferences: <c\x00d@x.example>\r\nContent-Type: multipart/mixed;"
        b" boundary=z\r\n\r\n--z\r\nContent-Type: text/html\r\n\r\n<p>nul\x00 &#0; html</p>\r\n--z\r\n"
        b"Content-Type: application/x-n\x00ul; name*=utf-8''nul%00name.txt\r\nContent-ID: <n\x00ul@x>\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''nul%00name.txt\r\n\r\nx\r\n--z--\r\n",
    ),
    "surrogates": message(
        "surrogates", b"Subject: =?utf-8?b?" + b64encode(b"\xed\xa0\x80") + b"?=\r\n\r\n\xed\xa0\x80\xed\xb0\x80\r\n"
    ),
    "utf-16": with_text("utf-16", b"\xff\xfeh\x00i\x00\x00\xd8", b"text/plain; charset=utf-16"),
    "raw-8bit": message(
        "raw-8bit", b"Subject: \xe4\xf6\xfc \xff\xfe\r\nCc: J\xf6rg <j\xf6rg@x.example>\r\n\r\n\xe4\r\n"
    ),
    "no-charset": with_text("no-charset", b"\x1b$B4A;z\x1b(B\r\n", b"text/plain"),
    "no-such-charset": with_text("no-such-charset", b"Hi \xe4\r\n", b"text/plain; charset=klingon"),
    "python-codec": with_text("python-codec", b"4869", b"text/plain; charset=hex"),
    "zip-codec": with_text("zip-codec", b"x\x9c\x03\x00\x00\x00\x00\x01", b"text/plain; charset=zlib_codec"),
    "undefined": with_text("undefined", b"Hi", b"text/plain; charset=undefined"),
    "idna": with_text("idna", b"xn--" + b"a" * 5000, b"text/plain; charset=idna"),
    "utf-7": with_text("utf-7", b"+AGg-i +ZeVnLIqe- +//8", b"text/plain; charset=utf-7"),
    "gb18030": with_text("gb18030", "汉字\U00020000".encode("gb18030"), b"text/plain; charset=gb2312"),
    "cut-word": message("cut-word", b"Subject: =?utf-8?q?=E6=BC?= =?utf-8?q?=A2?=\r\n\r\nHi\r\n"),
    "bare-cr": message("bare-cr", b"Subject: bare\rX: y\r\rbody\rbody\r"),
    "no-blank-line": message("no-blank-line", b"Subject: no blank line\r\nThis is no header at all\r\nnor this\r\n"),
}

# Lines 32, 35: odd headers.
HEADERS = {
    "proto": message("proto", b"__proto__: {}\r\nconstructor: x\r\ntoString: y\r\nSubject: proto\r\n\r\nHi\r\n"),
    "long-line": message("long-line", b"X-Long: " + b"a" * 1_000_000 + b"\r\nSubject: long-line\r\n\r\nHi\r\n"),
    "many-headers": message("many-headers", b"".join(b"X-%d: y\r\n" % n for n in range(20_000)) + b"\r\nHi\r\n"),
    "colons": message("colons", b":\r\n: :\r\n ::\r\nSubject: colons\r\n\r\nHi\r\n"),
    "injection": message("injection", b"Subject: =?utf-8?q?a=0D=0ABcc:_x@y.example?=\r\n\r\nHi\r\n"),
    "bidi": message("bidi", "Subject: \u202egpj.exe\r\n\r\nHi\r\n".encode()),
}

EVERYTHING = STRUCTURE | PATTERNS | BYTES | HEADERS
