"""Troubles by name: what servers really say, and whom it is for."""

import pytest

from postroom.ground.errors import NeedsUser, Remedy, Temporary
from postroom.rooms.accounts.account import Side
from postroom.rooms.accounts.diagnoses import Trouble, diagnose, diagnose_error

_OFF = (
    "smtp.office365.com refuses the login: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is"
    " disabled for the Mailbox."
)
_DEFAULTS = (
    "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact"
    " your administrator."
)
_ENDED = "550 5.7.30 Basic authentication is not supported for Client Submission."
_WEB = "imap.gmail.com refuses: [ALERT] Please log in via your web browser: https://support.google.com/mail/78754"


@pytest.mark.parametrize(
    ("trouble", "key", "for_admin"),
    [
        (Trouble("microsoft", Side.SEND, _OFF, Remedy.SMTP_AUTH), "office_smtp_auth_off", True),
        (Trouble("microsoft", Side.SEND, _DEFAULTS, Remedy.PASSWORD), "security_defaults", True),
        (Trouble("microsoft", Side.SEND, "x.secureserver.net: 535", Remedy.SMTP_AUTH), "godaddy_tenant", True),
        (Trouble("microsoft", Side.RECEIVE, "LOGIN failed", Remedy.IMAP_ACCESS), "office_imap_off", True),
        (
            Trouble("microsoft", Side.RECEIVE, "BAD User is authenticated but not connected.", Remedy.USER_NAME),
            "office_user_name",
            True,
        ),
        (Trouble("microsoft", Side.SEND, _ENDED, Remedy.CONSENT), "office_basic_auth_ended", False),
        (Trouble("custom", Side.SEND, "SMTP AUTH not supported", Remedy.SMTP_AUTH), "smtp_auth_not_offered", True),
        (Trouble("google", Side.RECEIVE, _WEB, Remedy.CONSENT), "gmail_less_secure", False),
        (Trouble("google", Side.RECEIVE, "not enabled for IMAP use", Remedy.IMAP_ACCESS), "gmail_imap_off", True),
        (Trouble("yahoo", Side.RECEIVE, "AUTHENTICATIONFAILED", Remedy.APP_PASSWORD), "yahoo_app_password", False),
        (Trouble("icloud", Side.RECEIVE, "AUTHENTICATIONFAILED", Remedy.APP_PASSWORD), "icloud_app_password", False),
        (Trouble("fastmail", Side.SEND, "535", Remedy.APP_PASSWORD), "fastmail_app_password", False),
        (Trouble("zoho", Side.RECEIVE, "enable IMAP access", Remedy.IMAP_ACCESS), "zoho_imap_off", False),
        (Trouble("custom", Side.SEND, "554 not on the list", Remedy.ALLOW_LIST), "ip_allow_list", True),
        (Trouble("custom", Side.SEND, "certificate has expired", Remedy.CERTIFICATE), "certificate", True),
        (Trouble("custom", Side.SEND, "451 4.7.1 Greylisted, try again later", None), "greylisting", False),
        (Trouble("custom", Side.RECEIVE, "Too many simultaneous connections", None), "too_many_connections", False),
        (Trouble("custom", Side.RECEIVE, "no answer", None), "waiting", False),
        (Trouble("custom", Side.RECEIVE, "wrong", Remedy.PASSWORD), "password", False),
    ],
)  # fmt: skip
def test_a_trouble_is_known_by_the_servers_words(trouble: Trouble, key: str, for_admin: bool) -> None:
    found = diagnose(trouble)
    assert found.key == key
    assert bool(found.admin_step) is for_admin
    assert found.advice.cause and found.advice.next_step


def test_office_365_names_the_half_hour_that_a_switch_takes() -> None:
    assert diagnose(Trouble("microsoft", Side.SEND, _OFF, Remedy.SMTP_AUTH)).wait_minutes == 30


def test_an_error_of_a_test_is_explained_also_where_waiting_would_mend_it() -> None:
    slow = diagnose_error("custom", Side.SEND, Temporary("mail.x.example, port 25, could not be reached: no answer"))
    assert slow.key == "unreachable" and "firewall" in slow.advice.next_step
    refused = diagnose_error("yahoo", Side.RECEIVE, NeedsUser("refused", remedy=Remedy.APP_PASSWORD))
    assert refused.key == "yahoo_app_password"


def test_no_advice_for_a_provider_with_its_own_sign_in_asks_for_a_password_alone() -> None:
    for provider in ("google", "microsoft"):
        found = diagnose(Trouble(provider, Side.RECEIVE, "ended our access (invalid_grant)", Remedy.CONSENT))
        assert "Sign in again" in found.advice.next_step, provider
