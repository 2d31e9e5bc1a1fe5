"""One-time passwords, against the vectors of RFC 6238 appendix B and RFC 4226 appendix D."""

import hashlib
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from postroom.rooms.users.totp import (
    RECOVERY_CODES,
    code_at,
    enrolment_uri,
    new_recovery_codes,
    new_secret,
    recovery_code_hash,
    shown_secret,
    step_at,
    step_of,
)

RFC_SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037"),
     (20000000000, "353130")],
)  # fmt: skip
def test_codes_are_those_of_rfc_6238(second: int, code: str) -> None:
    assert code_at(RFC_SECRET, step_at(datetime.fromtimestamp(second, UTC))) == code


def test_codes_are_those_of_rfc_4226() -> None:
    assert [code_at(RFC_SECRET, counter) for counter in range(4)] == ["755224", "287082", "359152", "969429"]


@pytest.mark.parametrize(("seconds_off", "is_right"), [(0, True), (-30, True), (30, True), (-60, False), (60, False)])
def test_a_phone_may_go_wrong_by_one_step(seconds_off: int, is_right: bool) -> None:
    now = datetime(2026, 11, 22, 7, 0, 15, tzinfo=UTC)
    code = code_at(RFC_SECRET, step_at(now + timedelta(seconds=seconds_off)))
    assert (step_of(RFC_SECRET, f" {code[:3]} {code[3:]} ", now) is not None) is is_right


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "٠٠٠٠٠٠", "000000\x00", "-12345"])
def test_what_is_no_code_is_wrong_and_nothing_breaks(typed: str) -> None:
    assert step_of(RFC_SECRET, typed, datetime(2026, 11, 22, tzinfo=UTC)) is None


def test_the_address_for_the_app_says_all_it_needs() -> None:
    secret = new_secret()
    uri = urlsplit(enrolment_uri(secret, "ann@acme.test", "Acme: Sales & Co"))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert unquote(uri.path) == "/Acme  Sales & Co:ann@acme.test"
    asked = {name: values[0] for name, values in parse_qs(uri.query).items()}
    assert asked == {
        "secret": shown_secret(secret), "issuer": "Acme  Sales & Co", "algorithm": "SHA1", "digits": "6",
        "period": "30",
    }  # fmt: skip


def test_recovery_codes_differ_and_are_known_however_they_are_typed() -> None:
    codes = new_recovery_codes()
    assert len({recovery_code_hash(code) for code in codes}) == RECOVERY_CODES
    loud = codes[0].upper().replace("-", " ").replace("O", "0").replace("I", "1")
    assert recovery_code_hash(loud) == recovery_code_hash(codes[0])
    assert recovery_code_hash(codes[0]) != hashlib.sha256(codes[0].encode()).digest()
