"""No secret, no body and no address in a log line, whoever wrote it."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from postroom.ground.config import Config, LogFormat
from postroom.ground.log import LineFormatter, Redaction, set_up_logging

LETTER = "Dear Ann,\r\n\r\nhere is the offer we spoke of.\r\nYours, Bob"

Lines = Callable[[], str]


@pytest.fixture(params=["plain", "json"])
def lines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lines]:
    """What has been logged so far, in both formats."""
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    environ = {
        "POSTROOM_DATA": str(tmp_path),
        "POSTROOM_LOG_FORMAT": request.param,
        "DATABASE_URL": "postgresql://postroom:tr0ub4dor@db.example/postroom",
        "POSTROOM_KEY": "abcd:c2VjcmV0IGtleSBvZiAzMiBieXRlcyBpbiBhbGwhISE=",
    }
    set_up_logging(Config.from_environment(environ), stream)
    yield stream.getvalue
    root.handlers[:] = before
    root.setLevel(level)


log = logging.getLogger("postroom.test")


@pytest.mark.parametrize(
    "address",
    [
        "ann.smith@example.com",
        "Ann+tag@EXAMPLE.co.uk",
        '"ann smith"@example.com',
        "jörg@müller.example",
        "用户@例子.广告",
        "ann%40example.com",
        "ann@[192.168.1.1]",
        "ann@localhost",
        "o'hara@example.com",
    ],
)
@pytest.mark.parametrize(
    "form", ["mail of {} came", "<{}>", "RCPT TO:<{}> 550", "to={},", "https://x.example/?to={}&a=b"]
)
def test_no_address_is_logged(lines: Lines, address: str, form: str) -> None:
    log.info("seen " + form.format(address))
    log.info("seen %s", form.format(address), extra={"who": address})
    assert address not in lines()
    assert address.partition("@")[0].partition("%40")[0].strip('"') not in lines()
    assert lines().count("seen") == 2


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("postgresql://postroom:tr0ub4dor@db.example/postroom is unreachable", "tr0ub4dor"),
        ("keys c2VjcmV0IGtleSBvZiAzMiBieXRlcyBpbiBhbGwhISE= loaded", "c2VjcmV0"),
        ("connecting to imaps://ann:hunter22@mail.example", "hunter22"),
        ("password=hunter22 refused", "hunter22"),
        ("{'password': 'hunter22'}", "hunter22"),
        ('{"refresh_token": "1//0gabcdef"}', "0gabcdef"),
        ("Authorization: Bearer ya29.abcdefghijklmnop", "ya29"),
        ("Authorization: Basic YXBpX2tleTpzZWNyZXQ=", "YXBpX2"),
        ("C: a1 LOGIN ann hunter22", "hunter22"),
        ("C: a1 AUTHENTICATE PLAIN AGFubgBodW50ZXIy", "AGFubg"),
        ("AUTH XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXI=", "dXNlcj"),
        ("GET /oauth?code=4/0AbCdEf&state=1", "0AbCdEf"),
        ("key api_0123456789abcdefABCDEF.0123456789abcdefghijklmnopqrstuvwxyzABCDEFG given", "abcdefghij"),
        ("Cookie: session=abcdefabcdef", "abcdefabcdef"),
    ],
)
def test_no_secret_is_logged(lines: Lines, text: str, secret: str) -> None:
    log.warning(text)
    log.warning("said: %s", text)
    assert secret not in lines()


def test_a_field_whose_name_is_a_secrets_is_not_logged(lines: Lines) -> None:
    log.info("account added", extra={"password": "hunter22", "imap_secret": b"hunter22", "account": "emailacct_1"})
    assert "hunter22" not in lines()
    assert "emailacct_1" in lines()


def test_a_registered_secret_is_never_logged() -> None:
    redaction = Redaction()
    redaction.register("open sesame")
    redaction.register("open sesame street")
    redaction.register("a")
    assert redaction.clean("he said open sesame street, a lot") == "he said <secret>, a lot"


def test_no_message_gets_in_by_way_of_an_error(lines: Lines) -> None:
    try:
        try:
            raise ValueError(f"cannot parse {LETTER.encode()!r}")
        except ValueError as error:
            raise RuntimeError(f"lost: {LETTER}") from error
    except RuntimeError:
        log.exception("failed on %s", LETTER)
    log.error("long: '%s'", "here is the offer " * 9)
    log.error("longer: %s", "x" * 100_000)
    assert "the offer" not in lines()
    assert "Yours" not in lines()
    assert "RuntimeError" in lines()
    assert "ValueError" in lines()
    assert max(map(len, lines().splitlines())) < 3000


def test_one_record_is_one_line_that_cannot_be_forged(lines: Lines) -> None:
    log.info("name a\n2026-01-01 INFO forged", extra={"folder": "x\r\n2026 forged\x1b[2J"})
    assert lines().count("\n") == 1
    assert "forged" not in lines()
    assert "\x1b" not in lines()


def test_wrong_arguments_lose_no_line() -> None:
    record = logging.makeLogRecord({"msg": "two %s %s", "args": ("ann@example.com",)})
    line = LineFormatter(LogFormat.PLAIN, Redaction()).format(record)
    assert "two" in line
    assert "ann@" not in line


def test_fields_are_kept_apart_in_json(tmp_path: Path) -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        environ = {"POSTROOM_DATA": str(tmp_path), "POSTROOM_LOG_FORMAT": "json"}
        set_up_logging(Config.from_environment(environ), stream)
        log.info("pulled", extra={"account": "emailacct_1", "messages": 3, "took_seconds": 0.5})
        logging.getLogger("httpx").info("GET https://x.example/")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    (line,) = stream.getvalue().splitlines()
    fields = json.loads(line)
    assert fields["message"] == "pulled"
    assert (fields["account"], fields["messages"], fields["took_seconds"]) == ("emailacct_1", 3, 0.5)
    assert fields["time"].endswith("+00:00")
