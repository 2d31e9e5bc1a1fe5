"""What a person is told when an account is refused: the plain cause, the next step, and the provider's own page.

The server's words stand beside it, unchanged; here is what they mean. Texts are data: first those of one provider,
then what holds everywhere.
"""

from dataclasses import dataclass

from postroom.ground.errors import Invalid, NeedsUser, Permanent, PostroomError, Remedy, Temporary
from postroom.rooms.accounts.account import Side
from postroom.rooms.accounts.provider import Provider
from postroom.rooms.accounts.providers import provider

_MICROSOFT = frozenset({"microsoft", "outlook"})


@dataclass(frozen=True, slots=True)
class Advice:
    """`cause` in one sentence; `next_step` what to do, in order; `help_url` the provider's page, "" without one."""

    cause: str
    next_step: str
    help_url: str = ""


def with_remedy(provider_key: str, error: PostroomError) -> PostroomError:
    """The same error with the remedy that this provider makes of it.

    A wrong password at a provider that wants app passwords is, nearly always, the everyday password (seed 000).
    """
    row = provider(provider_key)
    if not isinstance(error, NeedsUser) or error.remedy is not Remedy.PASSWORD:
        return error
    if not row.needs_app_password and not row.password_refused:
        return error
    better = NeedsUser(str(error), remedy=Remedy.APP_PASSWORD if row.needs_app_password else Remedy.CONSENT)
    better.__cause__ = error
    return better


def advice_for(provider_key: str, side: Side, error: PostroomError) -> Advice:
    """What to tell about an error of a login or a test."""
    match error:
        case NeedsUser():
            return advice(provider_key, side, error.remedy)
        case Invalid():
            return Advice("This server may not be reached from here.", _ADDRESS_STEP)
        case Temporary():
            return Advice("The server could not be reached, or is not ready.", _REACH_STEP)
        case Permanent():
            return Advice("The server answered, but not as a mail server does.", _SETTINGS_STEP)
        case _:
            return Advice("It did not work.", _SETTINGS_STEP)


def advice(provider_key: str, side: Side, remedy: Remedy) -> Advice:
    """What to tell about a remedy at a provider."""
    row = provider(provider_key)
    special = _SPECIAL.get((_family(row), side, remedy)) or _SPECIAL.get((_family(row), None, remedy))
    if special is not None:
        return special
    if remedy is Remedy.APP_PASSWORD:
        return _app_password(row)
    cause, step = _EVERYWHERE[remedy]
    return Advice(cause.format(name=row.name), step.format(name=row.name), row.help_url)


def _family(row: Provider) -> str:
    return "microsoft" if row.key in _MICROSOFT else row.key


def _app_password(row: Provider) -> Advice:
    cause = f"{row.name} does not take your everyday password from other programs."
    where = row.app_code_where or "in the security settings of your mail account"
    step = f"Make an app password {where}, type it here instead of your own, and save."
    return Advice(cause, step, row.app_code_url or row.help_url)


_SETTINGS_STEP = "Compare host, port and encryption with your provider's page for mail programs, then test again."
_REACH_STEP = (
    "Check the host's spelling and the port. If they are right, wait some minutes and test again; a firewall between"
    " this server and your provider can be the reason as well."
)
_ADDRESS_STEP = (
    "The name leads to an address inside the network of this installation. If that is your mail server, ask the"
    " operator to add its network to POSTROOM_ALLOW_NETWORKS."
)

_EVERYWHERE: dict[Remedy, tuple[str, str]] = {
    Remedy.PASSWORD: (
        "The user name or the password is wrong.",
        "Sign in on your provider's own page with the same password. If that works, make an app password where your"
        " provider offers them, type it here and save.",
    ),
    Remedy.APP_PASSWORD: ("An app password is needed.", "Make one at your provider, type it here and save."),
    Remedy.CONSENT: (
        "{name} wants you to sign in on its own page first.",
        "Sign in there in a browser, confirm that it was you, then connect the account again.",
    ),
    Remedy.SMTP_AUTH: (
        "The server does not let this account send with a password.",
        "Ask your mail administrator to switch on authenticated SMTP for this mailbox and to allow the address of this"
        " installation. Then reconnect: mail in the outbox goes out by itself.",
    ),
    Remedy.IMAP_ACCESS: (
        "IMAP is switched off for this mailbox.",
        "Switch on IMAP in the mail settings of your provider, then reconnect.",
    ),
    Remedy.USER_NAME: (
        "The server knows this login by another user name, or it has no mailbox.",
        "Use the user name that your provider lists for mail programs; it can differ from the address.",
    ),
    Remedy.ALLOW_LIST: (
        "The server accepts connections from known addresses only.",
        "Ask your mail administrator to put the IP address of this installation on the allow list, then reconnect.",
    ),
    Remedy.CERTIFICATE: (
        "The server's certificate does not belong to this host name, has run out, or is signed by nobody known.",
        "Use the host name that your provider lists (it stands in the certificate). Postroom never connects past a"
        " wrong certificate.",
    ),
    Remedy.SETTINGS: ("Host, port or encryption do not fit this server.", _SETTINGS_STEP),
    Remedy.PROVIDER_LIMIT: (
        "The provider has set a limit that this account has reached.",
        "Wait for a day or ask your provider for more, then reconnect.",
    ),
}

_OFFICE_SMTP_AUTH = Advice(
    "Authenticated SMTP is switched off for this mailbox in Office 365.",
    "As an Office 365 administrator: Microsoft 365 admin center, Users, Active users, choose the user, Mail, Manage"
    " email apps. If Authenticated SMTP is not ticked, tick it and save. If it is, untick it, save, tick it again and"
    " save. Security defaults of the organization may not block it. Wait about 30 minutes, then reconnect here: mail in"
    " the outbox goes out by itself. With a reseller such as GoDaddy, ask their support to switch on SMTP"
    " authentication.",
    "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission",
)
_OFFICE_IMAP = Advice(
    "IMAP is switched off for this mailbox in Office 365.",
    "As an Office 365 administrator: Microsoft 365 admin center, Users, Active users, choose the user, Mail, Manage"
    " email apps, tick IMAP, save, and reconnect here after some minutes.",
    "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/pop3-and-imap4/"
    "enable-or-disable-pop3-or-imap4-access",
)
_OFFICE_USER = Advice(
    "The sign-in name in Office 365 differs from this address.",
    "As an Office 365 administrator: Users, Active users, choose the user, Account, Manage username and email. Make"
    " this address the primary address and the user name, or type the real user name here. Then reconnect.",
    "https://learn.microsoft.com/microsoft-365/admin/add-users/change-a-user-name-and-email-address",
)
_OFFICE_CONSENT = Advice(
    "Microsoft wants you to sign in on its own page: access was taken back or has run out, or a password was tried,"
    " which it no longer takes from mail programs.",
    "Choose Sign in again and pick this very account at Microsoft. If Microsoft says that an administrator must agree"
    " first, send them the consent link that stands beside the button.",
    "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/"
    "deprecation-of-basic-authentication-exchange-online",
)
_GOOGLE_IMAP = Advice(
    "IMAP is switched off for this account at Google.",
    "In Google Workspace an administrator allows it: Admin console, Apps, Google Workspace, Gmail, End User Access, POP"
    " and IMAP access. Then reconnect.",
    "https://support.google.com/a/answer/105694",
)
_GOOGLE_CONSENT = Advice(
    "Google wants you to sign in again: access was taken back, has run out, or this sign-in looked new to it.",
    "Choose Sign in again, pick this very account at Google and leave every box ticked. Connected with a password"
    " instead: sign in to the account in a browser, confirm the security notice, and make an app password.",
    "https://support.google.com/accounts/answer/13533235",
)
_GOOGLE_LIMIT = Advice(
    "Google's limit for this account is reached.",
    "Google lifts it within 24 hours. Send fewer emails a day, or send in bulk through a service made for it.",
    "https://support.google.com/a/answer/166852",
)
_ZOHO_IMAP = Advice(
    "IMAP is switched off for this mailbox at Zoho.",
    "In Zoho Mail: Settings, Mail Accounts, choose the address, IMAP, tick IMAP Access. Then reconnect.",
    "https://www.zoho.com/mail/help/imap-access.html",
)
_GMX_IMAP = Advice(
    "Access by mail programs is switched off for this mailbox.",
    "In the web mail: E-Mail, Settings, POP3 & IMAP, allow access by POP3 and IMAP. Then reconnect.",
    "https://hilfe.gmx.net/pop-imap/einschalten.html",
)
_WEBDE_IMAP = Advice(_GMX_IMAP.cause, _GMX_IMAP.next_step, "https://hilfe.web.de/pop-imap/einschalten.html")
_AUTHORIZATION_CODE = Advice(
    "This provider gives mail programs an authorization code instead of your password, with IMAP/SMTP switched on.",
    "In the web mail's settings switch on IMAP/SMTP, copy the authorization code it shows and use it as password.",
    "https://help.mail.163.com/",
)

_SPECIAL: dict[tuple[str, Side | None, Remedy], Advice] = {
    ("microsoft", Side.SEND, Remedy.SMTP_AUTH): _OFFICE_SMTP_AUTH,
    ("microsoft", None, Remedy.IMAP_ACCESS): _OFFICE_IMAP,
    ("microsoft", None, Remedy.USER_NAME): _OFFICE_USER,
    ("microsoft", None, Remedy.CONSENT): _OFFICE_CONSENT,
    ("google", None, Remedy.IMAP_ACCESS): _GOOGLE_IMAP,
    ("google", None, Remedy.CONSENT): _GOOGLE_CONSENT,
    ("google", None, Remedy.PROVIDER_LIMIT): _GOOGLE_LIMIT,
    ("zoho", None, Remedy.IMAP_ACCESS): _ZOHO_IMAP,
    ("gmx", None, Remedy.IMAP_ACCESS): _GMX_IMAP,
    ("gmx", None, Remedy.PASSWORD): _GMX_IMAP,  # GMX refuses the login without saying that the switch is off
    ("webde", None, Remedy.IMAP_ACCESS): _WEBDE_IMAP,
    ("webde", None, Remedy.PASSWORD): _WEBDE_IMAP,
    ("netease", None, Remedy.APP_PASSWORD): _AUTHORIZATION_CODE,
    ("qq", None, Remedy.APP_PASSWORD): Advice(
        _AUTHORIZATION_CODE.cause, _AUTHORIZATION_CODE.next_step, "https://service.mail.qq.com/"
    ),
}
