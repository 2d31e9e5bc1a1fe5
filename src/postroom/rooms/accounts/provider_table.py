"""The providers, as data: the world-wide ones here, the others in the three files beside.

Each row names the page it is taken from; each quirk says why it is there.

A server that is not here works as well: its host is typed. A row saves the typing and knows the traps.
`files_own_sent` is set only where a provider says that mail sent through its SMTP is kept in Sent; where a user can
switch that, a quirk says so, and Sent is looked at before a copy is filed.
"""

from postroom.rooms.accounts.access_providers import ACCESS_PROVIDERS
from postroom.rooms.accounts.hosting_providers import HOSTING_PROVIDERS
from postroom.rooms.accounts.provider import Provider, Quirk, SignIn, imaps, smtps, submission
from postroom.rooms.accounts.send_budget import SendLimits
from postroom.rooms.accounts.sending_services import SENDING_SERVICES

_ENDS_IN_YAHOO = (
    "com", "co.uk", "fr", "de", "it", "es", "ca", "com.br", "com.mx", "com.ar", "in", "co.in", "co.id", "com.au",
    "co.nz", "com.sg", "com.ph", "com.hk", "com.tw", "com.vn", "ie", "se", "no", "dk", "pl", "gr", "ro", "nl", "be",
    "at", "fi", "hu", "cz", "pt", "com.tr", "co.za", "com.co", "cl", "com.pe", "com.ve", "com.my", "co.th",
)  # fmt: skip
_ENDS_IN_MICROSOFT = (
    "com", "co.uk", "fr", "de", "it", "es", "nl", "be", "at", "dk", "se", "no", "fi", "ie", "pt", "gr", "cz", "hu",
    "sk", "com.br", "com.ar", "cl", "com.mx", "com.au", "co.nz", "in", "jp", "co.jp", "sg", "ph", "co.th", "com.tr",
    "co.il", "sa", "co.id", "com.vn", "com.tw", "com.hk", "co.kr", "kr", "my", "pl", "ro", "ca", "com.pe", "lv", "lt",
)  # fmt: skip
_MICROSOFT_NAMES = ("outlook", "hotmail", "live", "windowslive")

# Pages for app passwords and help were looked up on 2026-11-22 in stored copies: Apple's 102654, Yahoo's SLN15241,
# Fastmail's and GMX's own pages, Zoho's help portal, Microsoft's announcement as others quote it. For Google's and
# AOL's only third parties' words were found. The deep links into Zoho's and Fastmail's settings could not be confirmed:
# the way there stands in words beside them (`app_code_where`).

_LARGE = (
    Provider(
        "google", "Google",
        ("gmail.com", "googlemail.com"),
        imaps("imap.gmail.com"), submission("smtp.gmail.com"),
        source="support.google.com/mail/answer/7126229; limits: support.google.com/a/answer/166852",
        needs_app_password=True,
        app_code_url="https://myaccount.google.com/apppasswords",
        app_code_where="in your Google Account under Security, 2-Step Verification, App passwords",
        files_own_sent=True,
        limits=SendLimits(per_day=2000, warn_per_day=500, recipients_per_email=100),
        mx_endings=("google.com", "googlemail.com"),
        hint="Use an app password; 2-Step Verification must be on for one.",
        help_url="https://support.google.com/mail/answer/185833",
        quirks=(
            Quirk("Free accounts are cut off at 500 emails in 24 hours: warned from there on.", "s1; answer/22839"),
            Quirk("At most 15 IMAP connections an account.", "support.google.com/mail/answer/7126229"),
            Quirk("2500 MB a day may be read by IMAP, 500 MB written.", "support.google.com/a/answer/1071518"),
            Quirk("An alias must be set up at Gmail too, in the same capitals, or From is rewritten.", "s0"),
            Quirk("Personal accounts have had IMAP always on since January 2025: only Workspace switches it off.",
                  "support.google.com/mail/answer/7126229"),
            Quirk("App passwords end when the account's password is changed.", "support.google.com/mail/answer/185833"),
        ),
    ),
    Provider(
        "microsoft", "Microsoft 365",
        (),
        imaps("outlook.office365.com"), submission("smtp.office365.com"),
        source="learn.microsoft.com/exchange/mail-flow-best-practices; limits: exchange-online-limits",
        sign_in=SignIn.OAUTH,
        password_refused=True,
        files_own_sent=True,
        limits=SendLimits(per_minute=30, per_day=10_000, recipients_per_email=500),
        mx_endings=("mail.protection.outlook.com", "mx.microsoft"),
        hint="Passwords are no longer accepted for IMAP; connect with Microsoft's sign-in.",
        help_url="https://support.microsoft.com/office/pop-imap-and-smtp-settings-8361e398-8af4-4e97-b147-6c6c4ac95353",
        quirks=(
            Quirk("SMTP AUTH is off in new tenants: sending disconnects while reading works.", "s2"),
            Quirk("Passwords for SMTP are off by default from the end of December 2026 (550 5.7.30), later for good.",
                  "techcommunity.microsoft.com/blog/exchange/4114750, as revised in January 2026"),
            Quirk("A login whose name is not the primary address syncs nothing.", "s2"),
            Quirk("3 connections may send at once; more get 432 4.3.2.", "smtp-submission-improvements"),
            Quirk("Whether Sent keeps a copy can be switched per mailbox (MessageCopyForSMTPClientSubmissionEnabled).",
                  "learn.microsoft.com/powershell/module/exchange/set-mailbox"),
        ),
    ),
    Provider(
        "outlook", "Outlook.com",
        (*(f"{name}.{end}" for name in _MICROSOFT_NAMES for end in _ENDS_IN_MICROSOFT), "msn.com", "passport.com"),
        imaps("outlook.office365.com"), submission("smtp-mail.outlook.com"),
        source="support.microsoft.com/office/d088b986-291d-42b8-9564-9c414e2aa040",
        sign_in=SignIn.OAUTH,
        password_refused=True,
        files_own_sent=True,
        limits=SendLimits(per_day=300, recipients_per_email=100),
        mx_endings=("olc.protection.outlook.com",),
        hint="Passwords are no longer accepted; connect with Microsoft's sign-in.",
        help_url="https://support.microsoft.com/office/d088b986-291d-42b8-9564-9c414e2aa040",
        quirks=(
            Quirk("IMAP must be switched on in the web mail first.", "support.microsoft.com, the page above"),
            Quirk("Passwords, app passwords too, ended on 16 September 2024.", "the same"),
        ),
    ),
    Provider(
        "yahoo", "Yahoo",
        (*(f"yahoo.{end}" for end in _ENDS_IN_YAHOO), "ymail.com", "rocketmail.com", "myyahoo.com"),
        imaps("imap.mail.yahoo.com"), smtps("smtp.mail.yahoo.com"),
        source="help.yahoo.com/kb/SLN4075.html; limits: SLN17518",
        needs_app_password=True,
        app_code_url="https://login.yahoo.com/account/security",
        app_code_where="in your Yahoo account under Security, External connections, Create app password",
        limits=SendLimits(per_day=500, recipients_per_email=100),
        mx_endings=("yahoodns.net",),
        hint="Use an app password, made in a browser that you have used for Yahoo for some days.",
        help_url="https://help.yahoo.com/kb/SLN15241.html",
        quirks=(
            Quirk("The user name is the whole address.", "SLN4075"),
            Quirk("Clients disagree on whether SMTP keeps a Sent copy: Sent is looked at first.", "mail clients"),
            Quirk("IMAP shows at most the newest 10,000 messages of a folder to some clients.", "SLN3535"),
        ),
    ),
    Provider(
        "aol", "AOL",
        ("aol.com", "aim.com", "aol.co.uk", "aol.de", "aol.fr", "love.com", "games.com", "wow.com", "verizon.net"),
        imaps("imap.aol.com"), smtps("smtp.aol.com"),
        source="help.aol.com/articles/how-do-i-use-other-email-applications-to-send-and-receive-my-aol-mail",
        needs_app_password=True,
        app_code_url="https://login.aol.com/account/security",
        app_code_where="in your AOL account under Security, Generate app password",
        limits=SendLimits(per_day=500, recipients_per_email=100),
        hint="Use an app password.",
        help_url="https://help.aol.com/articles/create-and-manage-app-password",
        quirks=(Quirk("Runs on Yahoo's servers and with its limits.", "help.aol.com"),),
    ),
    Provider(
        "icloud", "iCloud",
        ("icloud.com", "me.com", "mac.com"),
        imaps("imap.mail.me.com"), submission("smtp.mail.me.com"),
        source="support.apple.com/102525; limits: support.apple.com/102198",
        needs_app_password=True,
        app_code_url="https://account.apple.com/account/manage",
        app_code_where="in your Apple Account under Sign-In and Security, App-Specific Passwords",
        limits=SendLimits(per_day=1000, recipients_per_email=500),
        mx_endings=("mail.icloud.com",),
        hint="Use an app-specific password.",
        help_url="https://support.apple.com/102654",
        quirks=(
            Quirk("App-specific passwords end when the account's password is changed; at most 25 of them.",
                  "support.apple.com/102654"),
            Quirk("The IMAP user name is the part before the @ for some accounts; try it when the address is refused.",
                  "support.apple.com/102525"),
            Quirk("Clients report a Sent copy filed by the server and none at all: Sent is looked at first.",
                  "github.com/kellylford/QuickMail/issues/150, floatpane/matcha/pull/496"),
            Quirk("Own domains on iCloud+ use the icloud.com address as user name.", "support.apple.com/102540"),
        ),
    ),
)  # fmt: skip

PROVIDERS: tuple[Provider, ...] = (*_LARGE, *HOSTING_PROVIDERS, *ACCESS_PROVIDERS, *SENDING_SERVICES)
"""All providers, in the order in which they are offered. A mail exchanger is matched in this order too."""
