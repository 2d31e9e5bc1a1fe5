"""What is asked for at a provider's page, and what the answer allows."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from postroom.rooms.accounts.oauth import (
    GOOGLE,
    ClientSettings,
    Feature,
    Question,
    challenge,
    denial,
    microsoft,
    missing_features,
    oauth_provider,
    page_address,
    refresh_moment,
)

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def question(*features: Feature) -> Question:
    return Question("id", "https://crm.test/connect/callback", frozenset(features), "ada@acme.test", "s", "v", "n")


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_challenge_is_that_of_the_rfc() -> None:
    """RFC 7636, appendix B."""
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_each_feature_asks_for_its_own_scope_at_microsoft() -> None:
    send = asked(page_address(microsoft(""), question(Feature.SEND)))["scope"].split()
    assert "https://outlook.office.com/SMTP.Send" in send
    assert "https://outlook.office.com/IMAP.AccessAsUser.All" not in send
    assert "offline_access" in send


def test_google_is_asked_once_for_its_only_mail_scope_and_for_a_refresh_token() -> None:
    fields = asked(page_address(GOOGLE, question(Feature.SYNC, Feature.SEND)))
    assert fields["scope"].split().count("https://mail.google.com/") == 1
    assert fields["access_type"] == "offline"
    assert fields["code_challenge_method"] == "S256"
    assert fields["state"] == "s"


def test_a_tenant_stands_in_microsofts_address() -> None:
    known = oauth_provider("microsoft", ClientSettings(tenant="acme.test"))
    assert known.token_url == "https://login.microsoftonline.com/acme.test/oauth2/v2.0/token"
    assert "/common/" in oauth_provider("microsoft", ClientSettings()).authorize_url


def test_google_cannot_be_given_other_endpoints() -> None:
    assert oauth_provider("google", ClientSettings(token_url="https://evil.test/")) is GOOGLE


@pytest.mark.parametrize(
    ("granted", "missing"),
    [
        (None, ()),
        (["openid", "https://outlook.office.com/IMAP.AccessAsUser.All"], (Feature.SEND,)),
        (["https://outlook.office.com/smtp.send", "https://outlook.office.com/imap.accessasuser.all"], ()),
        ([], (Feature.SYNC, Feature.SEND)),
    ],
)
def test_a_box_that_was_unticked_is_noticed(granted: list[str] | None, missing: tuple[Feature, ...]) -> None:
    assert missing_features(microsoft(""), (Feature.SYNC, Feature.SEND), granted) == missing


@pytest.mark.parametrize(
    ("error", "words", "part"),
    [
        ("access_denied", "", "did not allow"),
        ("access_denied", "AADSTS65001: needs an admin", "administrator"),
        ("admin_policy_enforced", "", "administrator"),
        ("server_error", "", "did not finish"),
    ],
)
def test_a_denial_says_who_has_to_act(error: str, words: str, part: str) -> None:
    assert part in str(denial("Microsoft", error, words))


@pytest.mark.parametrize(("lifetime", "after"), [(3600, 3300), (100, 80), (0, 0)])
def test_a_token_is_renewed_some_time_before_its_end(lifetime: float, after: float) -> None:
    assert refresh_moment(NOW, lifetime) == NOW + timedelta(seconds=after)
