"""What a server's own words give away: the trouble by name, as data, before the general advice of `remedies.py`.

Each row says by which words a trouble is known, at which providers, and for whom the next step is: the user, or an
administrator, who can be sent a page with just that part. The first row that fits is taken. The pages linked are the
providers' own; all were looked up in November 2026.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from postroom.ground.errors import NeedsUser, PostroomError, Remedy
from postroom.rooms.accounts.account import Side
from postroom.rooms.accounts.remedies import Advice, advice, advice_for

_MICROSOFT = frozenset({"microsoft", "outlook"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong at a login, as it stands on the account. `words` are the server's; `remedy` what we made of them.

    `remedy` None: nobody must act, it is tried again by itself.
    """

    provider: str
    side: Side
    words: str
    remedy: Remedy | None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A trouble by name. `admin_step` is what to ask an administrator for, "" where it is the user's own to mend.

    `wait_minutes`: how long a change at the provider takes to be in force.
    """

    key: str
    advice: Advice
    admin_step: str = ""
    wait_minutes: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    """When a diagnosis is the right one; what is empty does not matter. `words` is a regular expression."""

    diagnosis: Diagnosis
    words: str = ""
    at: Collection[str] = ()
    side: Side | None = None
    remedies: Collection[Remedy] = ()

    def fits(self, trouble: Trouble) -> bool:
        return (
            re.search(self.words, trouble.words, re.IGNORECASE) is not None
            and (not self.at or trouble.provider in self.at)
            and (self.side is None or trouble.side is self.side)
            and (not self.remedies or trouble.remedy in self.remedies)
        )


def diagnose(trouble: Trouble) -> Diagnosis:
    """The trouble by name; where no row knows it, the advice of its remedy."""
    found = next((row.diagnosis for row in _ROWS if row.fits(trouble)), None)
    if found is not None:
        return found
    if trouble.remedy is None:
        return _WAITS
    return Diagnosis(trouble.remedy.value, advice(trouble.provider, trouble.side, trouble.remedy))


def diagnose_error(provider: str, side: Side, error: PostroomError) -> Diagnosis:
    """The same for an error of a test, where also what passes by itself wants an explanation."""
    remedy = error.remedy if isinstance(error, NeedsUser) else None
    trouble = Trouble(provider, side, str(error), remedy)
    found = next((row.diagnosis for row in _ROWS if row.fits(trouble)), None)
    return found or Diagnosis(remedy.value if remedy else "unreachable", advice_for(provider, side, error))


_OFFICE_SMTP = (
    "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission"
)
_MANAGE_APPS = "Microsoft 365 admin center, Users, Active users, choose the user, Mail, Manage email apps"

_WAITS = Diagnosis(
    "waiting",
    Advice("The server could not be reached, or asked for patience.", "Nothing: it is tried again by itself."),
)
_GODADDY = Diagnosis(
    "godaddy_tenant",
    Advice(
        "The mailbox is Office 365 bought through GoDaddy, where only GoDaddy can change the switches.",
        "Call GoDaddy's support and ask them to switch on SMTP authentication for this mailbox and to switch off the"
        " security defaults of the tenant. Wait about 30 minutes, then reconnect.",
        "https://www.godaddy.com/help/enable-smtp-authentication-40981",
    ),
    "Ask GoDaddy's support to switch on SMTP authentication for this mailbox, and to switch off security defaults or"
    " to exclude this mailbox from them. Only they can: the tenant is managed by GoDaddy.",
    30,
)
_SECURITY_DEFAULTS = Diagnosis(
    "security_defaults",
    Advice(
        "Security defaults of the Microsoft directory block sign-ins by password.",
        "Best connect with Microsoft's own sign-in, which they allow. Otherwise an administrator switches them off.",
        "https://learn.microsoft.com/entra/fundamentals/security-defaults",
    ),
    "Entra admin center, Identity, Overview, Properties, Manage security defaults: switch them off and use conditional"
    " access policies instead, with an exception for this mailbox. Better still: leave them on and let the user connect"
    " with Microsoft's own sign-in.",
    30,
)
_OFFICE_SMTP_OFF = Diagnosis(
    "office_smtp_auth_off",
    Advice(
        "Authenticated SMTP is switched off for this mailbox in Office 365.",
        "Send your Office 365 administrator the link below. About 30 minutes after they have switched it on, reconnect:"
        " mail in the outbox goes out by itself.",
        _OFFICE_SMTP,
    ),
    f"{_MANAGE_APPS}. If Authenticated SMTP is not ticked, tick it and save. If it is, untick it, save, tick it again"
    " and save. If it stays off: in Exchange admin center, Settings, Mail flow, allow SMTP AUTH for the organization,"
    " and look whether security defaults block it.",
    30,
)
_OFFICE_IMAP_OFF = Diagnosis(
    "office_imap_off",
    Advice(
        "IMAP is switched off for this mailbox in Office 365.",
        "Send your Office 365 administrator the link below, and reconnect some minutes after they have switched it on.",
        "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/pop3-and-imap4/"
        "enable-or-disable-pop3-or-imap4-access",
    ),
    f"{_MANAGE_APPS}, tick IMAP, save.",
    15,
)
_OFFICE_OTHER_NAME = Diagnosis(
    "office_user_name",
    Advice(
        "The sign-in name in Office 365 is not this address: it is an alias, or the primary address is another.",
        "Type the real user name under Servers, or ask your administrator to make this address the primary one.",
        "https://learn.microsoft.com/microsoft-365/admin/add-users/change-a-user-name-and-email-address",
    ),
    "Microsoft 365 admin center, Users, Active users, choose the user, Account, Manage username and email: make this"
    " address the primary address and the user name.",
    30,
)
_PASSWORDS_ENDED = Diagnosis(
    "office_basic_auth_ended",
    Advice(
        "Microsoft takes no more passwords for sending: only its own sign-in.",
        "Choose Sign in again, or connect the account anew, with Microsoft's own sign-in. Mail in the outbox goes out"
        " by itself then.",
        "https://techcommunity.microsoft.com/blog/exchange/"
        "exchange-online-to-retire-basic-auth-for-client-submission-smtp-auth/4114750",
    ),
)
_NO_SMTP_AUTH = Diagnosis(
    "smtp_auth_not_offered",
    Advice(
        "The server offers no sign-in for sending on this port: SMTP AUTH is not supported there.",
        "Try port 587 with STARTTLS or 465 with TLS. If it stays so, your mail administrator has to switch it on or"
        " to put this installation's address on the allow list.",
    ),
    "Switch on authenticated submission (SMTP AUTH) on port 587 or 465 for this mailbox, or allow the IP address of"
    " the user's Postroom to relay.",
)
_LESS_SECURE = Diagnosis(
    "gmail_less_secure",
    Advice(
        "Google no longer lets programs in with the everyday password; the switch for less secure apps is gone.",
        "Choose Google's own sign-in, or make an app password: in your Google Account under Security, 2-Step"
        " Verification, App passwords.",
        "https://support.google.com/mail/answer/185833",
    ),
)
_GMAIL_IMAP_OFF = Diagnosis(
    "gmail_imap_off",
    Advice(
        "IMAP is switched off for this account at Google.",
        "In Google Workspace an administrator allows it; send them the link below. Then reconnect.",
        "https://support.google.com/a/answer/105694",
    ),
    "Admin console, Apps, Google Workspace, Gmail, End User Access, POP and IMAP access: allow IMAP for this user.",
    15,
)
_ICLOUD = Diagnosis(
    "icloud_app_password",
    Advice(
        "iCloud takes app-specific passwords only; the user name is the iCloud address or the part before its @.",
        "At account.apple.com, Sign-In and Security, App-Specific Passwords, make one and type it here.",
        "https://support.apple.com/102654",
    ),
)
_YAHOO = Diagnosis(
    "yahoo_app_password",
    Advice(
        "Yahoo takes app passwords only.",
        "In Yahoo's account security, External connections, choose Create app password, and type it here. Yahoo wants a"
        " browser that you have used for some days, not a private window.",
        "https://help.yahoo.com/kb/SLN15241.html",
    ),
)
_FASTMAIL = Diagnosis(
    "fastmail_app_password",
    Advice(
        "Fastmail takes app passwords only, made with access to IMAP and SMTP.",
        "In Fastmail: Settings, Privacy & Security, Connected apps & API tokens, New app password. Basic plans cannot.",
        "https://www.fastmail.help/hc/en-us/articles/360058752854",
    ),
)
_ZOHO = Diagnosis(
    "zoho_imap_off",
    Advice(
        "IMAP is switched off for this mailbox at Zoho, or the mailbox is in another of Zoho's regions.",
        "In Zoho Mail: Settings, Mail Accounts, choose the address, IMAP, tick IMAP Access. Accounts in Europe use"
        " imap.zoho.eu and smtp.zoho.eu.",
        "https://www.zoho.com/mail/help/imap-access.html",
    ),
)
_ALLOW_LIST = Diagnosis(
    "ip_allow_list",
    Advice(
        "The server accepts connections from known IP addresses only.",
        "Send your mail administrator the link below, and reconnect once they have added the address.",
    ),
    "Add the public IP address of the user's Postroom to the list of addresses that may use IMAP and authenticated"
    " SMTP (the firewall, the mail gateway, or conditional access).",
)
_CERTIFICATE = Diagnosis(
    "certificate",
    Advice(
        "The server's certificate does not belong to this host name, has run out, or is signed by nobody known.",
        "Use the host name that your provider lists (it stands in the certificate). Postroom never connects past a"
        " wrong certificate.",
    ),
    "Renew the certificate of the mail server with one for this very host name, signed by a public authority and sent"
    " with its whole chain.",
)
_GREYLISTING = Diagnosis(
    "greylisting",
    Advice(
        "The server puts unknown senders off at first (greylisting).",
        "Nothing: Postroom tries again by itself, and it passes within the hour.",
    ),
)
_TOO_MANY = Diagnosis(
    "too_many_connections",
    Advice(
        "Other programs hold all connections that the provider allows.",
        "Close mail programs that you do not need. Postroom uses at most two and tries again by itself.",
    ),
)

_ROWS = (
    # A reseller's tenant cannot be changed by its own administrators, so it goes before Office 365's own rows.
    _Row(_GODADDY, r"secureserver\.net|godaddy", remedies=(Remedy.SMTP_AUTH, Remedy.CONSENT, Remedy.PASSWORD)),
    _Row(_SECURITY_DEFAULTS, r"security defaults|5\.7\.139[^;]*(?:conditional access|basic auth)", at=_MICROSOFT),
    # 550 5.7.30 Basic authentication is not supported for Client Submission: since Microsoft retires passwords (2026).
    _Row(_PASSWORDS_ENDED, r"5\.7\.30\b|basic authentication is not supported"),
    # 535 5.7.139 SmtpClientAuthentication is disabled for the Tenant / Mailbox.
    _Row(_OFFICE_SMTP_OFF, r"SmtpClientAuthentication is disabled"),
    _Row(_OFFICE_SMTP_OFF, at=_MICROSOFT, side=Side.SEND, remedies=(Remedy.SMTP_AUTH,)),
    _Row(_OFFICE_IMAP_OFF, at=_MICROSOFT, remedies=(Remedy.IMAP_ACCESS,)),
    # Exchange lets in and then says so where the name is an alias: "User is authenticated but not connected".
    _Row(_OFFICE_OTHER_NAME, r"authenticated but not connected", at=_MICROSOFT),
    _Row(_OFFICE_OTHER_NAME, at=_MICROSOFT, remedies=(Remedy.USER_NAME,)),
    _Row(_NO_SMTP_AUTH, side=Side.SEND, remedies=(Remedy.SMTP_AUTH,)),
    _Row(_GMAIL_IMAP_OFF, at=("google",), remedies=(Remedy.IMAP_ACCESS,)),
    # 534 5.7.9 / [ALERT] Please log in via your web browser: what Google answers to an everyday password.
    _Row(_LESS_SECURE, r"log in (?:via|with) your web browser|less secure|5\.7\.(?:9|14)", at=("google",)),
    _Row(_ICLOUD, at=("icloud",), remedies=(Remedy.PASSWORD, Remedy.APP_PASSWORD)),
    _Row(_YAHOO, at=("yahoo",), remedies=(Remedy.PASSWORD, Remedy.APP_PASSWORD)),
    _Row(_FASTMAIL, at=("fastmail",), remedies=(Remedy.PASSWORD, Remedy.APP_PASSWORD)),
    _Row(_ZOHO, at=("zoho",), remedies=(Remedy.IMAP_ACCESS,)),
    _Row(_ALLOW_LIST, remedies=(Remedy.ALLOW_LIST,)),
    _Row(_CERTIFICATE, remedies=(Remedy.CERTIFICATE,)),
    _Row(
        _TOO_MANY,
        r"too many (?:simultaneous |open |concurrent )?(?:connections|logins|sessions)|maximum number of conn",
    ),
    _Row(_GREYLISTING, r"gr[ea]y-?list"),
)
