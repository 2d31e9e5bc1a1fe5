"""Text whose charset is named, named wrongly, or not named."""

import pytest

from postroom.wire.mime.charsets import codec_of, decode, decode_noting, storable


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        ("Grüße", "utf-8", "UTF-8"), ("Grüße", "latin-1", "iso-8859-1"), ("“so” – €", "cp1252", "iso-8859-1"), ("“so” €", "cp1252", "us-ascii"),
        ("Grüße", "utf-8", None), ("Grüße", "latin-1", None), ("Grüße", "utf-8", "us-ascii"), ("Grüße", "utf-8", "x-unknown"),
        ("Привет", "koi8-r", "koi8-r"), ("Привет", "cp1251", "windows-1251"), ("Привет", "cp1251", "win-1251"), ("Привет", "cp866", "cp-866"),
        ("こんにちは", "iso2022_jp", "iso-2022-jp"), ("こんにちは", "iso2022_jp", None), ("こんにちは", "iso2022_jp", "us-ascii"), ("髙﨑①", "cp932", "shift_jis"),
        ("こんにちは", "euc_jp", "EUC-JP"), ("镕", "gb18030", "gb2312"), ("你好", "gb18030", "gbk"), ("你好", "hz", "hz-gb-2312"), ("碁銹", "cp950", "big5"),
        ("똠방각하", "cp949", "ks_c_5601-1987"), ("안녕", "iso2022_kr", None), ("Ğış", "cp1254", "iso-8859-9"), ("ไทย", "cp874", "tis-620"),
        ("Grüße", "utf-16", "utf-16"), ("Grüße", "utf-7", "unicode-1-1-utf-7"), ("שלום", "iso8859-8", "iso-8859-8-i"), ("Grüße", "mac_roman", "macintosh"),
        ("Grüße", "utf-8", '"utf-8"'), ("Grüße", "utf-8", "utf8;"), ("Łódź", "iso8859-2", "ISO8859-2"), ("Łódź", "cp1250", "windows-1250"),
    ],
)  # fmt: skip
def test_text_is_read_under_the_label_that_senders_give(text: str, codec: str, label: str | None) -> None:
    assert decode(text.encode(codec), label) == text


def test_a_label_that_the_bytes_contradict_is_noted() -> None:
    assert decode_noting("Grüße".encode("latin-1"), "utf-8") == ("Grüße", False)
    assert decode_noting("Grüße".encode(), "utf-8") == ("Grüße", True)
    assert decode_noting(b"x", None) == ("x", True)


def test_one_damaged_byte_spoils_one_letter() -> None:
    damaged = ("Größe " * 20).encode()[:-3] + b"\xc3"
    assert decode(damaged, "utf-8").count("Größe") == 19
    assert decode(damaged, None).startswith("Größe")


@pytest.mark.parametrize(
    "label",
    ["zip", "rot13", "hex", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "base64", "mbcs"],
)
def test_codecs_that_are_no_charsets_are_not_charsets(label: str) -> None:
    assert codec_of(label) is None


@pytest.mark.parametrize(
    "label", ["utf-7", "gb18030", "utf-16", "utf-8", "cp1252", None, "iso-2022-jp", "big5", "utf-32"]
)
def test_no_bytes_give_what_a_database_refuses(label: str | None) -> None:
    for content in (
        b"+2AA-+3AA-",
        b"\xed\xa0\x80\0",
        b"\x83\x36\xc7\x38",
        b"\xd8\x00\xdc\x00\xd8\x00",
        b"\x1b$B\xff\x1b",
        bytes(range(256)) * 3,
    ):
        text = decode(content, label)
        text.encode("utf-8")
        assert "\0" not in text


def test_halves_of_a_character_are_joined_and_lone_ones_dropped() -> None:
    assert storable("a\ud83d\ude00b") == "a😀b"
    storable("a\ud83db").encode()
