"""Providers that host mail for people and companies, with domains of their own or the customer's."""

from postroom.rooms.accounts.account import Encryption
from postroom.rooms.accounts.provider import Provider, Quirk, Server, imaps, smtps, submission
from postroom.rooms.accounts.send_budget import SendLimits

_ZOHO_SENT = Quirk(
    "Keeps a Sent copy of mail sent by SMTP unless switched off in Settings, Mail Accounts: Sent is looked at first.",
    "zoho.com/mail/help/smtp-access.html; github.com/nylas/sync-engine/issues/365",
)
_ZOHO_WHERE = "in your Zoho Account under Security, Application-Specific Passwords"

HOSTING_PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "fastmail", "Fastmail", ("fastmail.com", "fastmail.fm", "fastmail.net", "fastmail.org", "sent.com"),
        imaps("imap.fastmail.com"), smtps("smtp.fastmail.com"),
        source="fastmail.help/hc/en-us/articles/1500000278342",
        needs_app_password=True, app_code_url="https://app.fastmail.com/settings/security/apps",
        app_code_where="in Fastmail under Settings, Privacy & Security, Connected apps & API tokens, New app password",
        mx_endings=("messagingengine.com",),
        help_url="https://www.fastmail.help/hc/en-us/articles/360058752854",
        quirks=(Quirk("Basic plans have no IMAP and no app passwords.", "fastmail.com/help/clients/apppassword.html"),
                Quirk("A password with two-step verification or not: only app passwords open IMAP.", "the same page"),),
    ),
    Provider(
        "zoho", "Zoho Mail", ("zohomail.com", "zoho.com"), imaps("imap.zoho.com"), smtps("smtp.zoho.com"),
        source="zoho.com/mail/help/imap-access.html",
        app_code_url="https://accounts.zoho.com/home#security/app_password", app_code_where=_ZOHO_WHERE,
        mx_endings=("zoho.com",), help_url="https://www.zoho.com/mail/help/imap-access.html",
        hint="Switch on IMAP Access in Zoho Mail first.",
        quirks=(
            _ZOHO_SENT,
            Quirk("Own domains use imappro.zoho.com and smtppro.zoho.com.", "the same page"),
            Quirk("With two-factor sign-in an app password is needed.", "the same page"),
        ),
    ),
    Provider(
        "zoho_eu", "Zoho Mail (EU)", ("zohomail.eu", "zoho.eu"), imaps("imap.zoho.eu"), smtps("smtp.zoho.eu"),
        source="zoho.com/mail/help/imap-access.html", app_code_url="https://accounts.zoho.eu/home",
        app_code_where=_ZOHO_WHERE, mx_endings=("zoho.eu",), quirks=(_ZOHO_SENT,),
        help_url="https://www.zoho.com/mail/help/imap-access.html",
    ),
    Provider(
        "zoho_in", "Zoho Mail (India)", ("zohomail.in", "zoho.in"), imaps("imap.zoho.in"), smtps("smtp.zoho.in"),
        source="zoho.com/mail/help/imap-access.html", app_code_url="https://accounts.zoho.in/home",
        app_code_where=_ZOHO_WHERE, mx_endings=("zoho.in",), quirks=(_ZOHO_SENT,),
        help_url="https://www.zoho.com/mail/help/imap-access.html",
    ),
    Provider(
        "proton", "Proton Mail", ("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
        Server("127.0.0.1", 1143, Encryption.STARTTLS), Server("127.0.0.1", 1025, Encryption.STARTTLS),
        source="proton.me/support/imap-smtp-and-pop3-setup",
        needs_app_password=True, app_code_url="https://proton.me/mail/bridge",
        app_code_where="in Proton Mail Bridge, which must run on this machine",
        mx_endings=("protonmail.ch",), files_own_sent=True,
        hint="Needs Proton Mail Bridge running on the same machine as Postroom; its password, not your own.",
        quirks=(
            Quirk("Mail is encrypted at Proton; only Bridge speaks IMAP, on loopback, with a certificate of its own."),
            Quirk("Bridge files the Sent copy itself.", "proton.me/support/bridge"),
        ),
    ),
    Provider(
        "mailbox_org", "mailbox.org", ("mailbox.org",), imaps("imap.mailbox.org"), smtps("smtp.mailbox.org"),
        source="kb.mailbox.org/en/private/e-mail", mx_endings=("mailbox.org",),
        app_code_url="https://login.mailbox.org/", app_code_where="under Settings, Security, App passwords",
    ),
    Provider(
        "posteo", "Posteo", ("posteo.de", "posteo.net", "posteo.eu", "posteo.at", "posteo.ch", "posteo.org"),
        imaps("posteo.de"), smtps("posteo.de"), source="posteo.de/en/help/how-do-i-set-up-posteo-in-an-email-client",
        quirks=(Quirk("Two-factor sign-in does not concern IMAP: the account's own password is right.", "posteo.de"),),
    ),
    Provider(
        "runbox", "Runbox", ("runbox.com",), imaps("mail.runbox.com"), smtps("mail.runbox.com"),
        source="help.runbox.com/imap-settings", mx_endings=("runbox.com",),
    ),
    Provider(
        "mailfence", "Mailfence", ("mailfence.com",), imaps("imap.mailfence.com"), smtps("smtp.mailfence.com"),
        source="kb.mailfence.com/kb/imap-smtp-settings", mx_endings=("mailfence.com",),
        quirks=(Quirk("Two-factor sign-in wants a service password.", "kb.mailfence.com"),),
    ),
    Provider(
        "disroot", "Disroot", ("disroot.org",), imaps("disroot.org"), smtps("disroot.org"),
        source="howto.disroot.org/en/tutorials/email", user_hint="the name before the @",
    ),
    Provider(
        "migadu", "Migadu", (), imaps("imap.migadu.com"), smtps("smtp.migadu.com"),
        source="migadu.com/guides/imap", mx_endings=("migadu.com",),
        quirks=(Quirk("Daily limits are by plan and for the whole organization, in and out.", "migadu.com/pricing"),),
    ),
    Provider(
        "purelymail", "Purelymail", ("purelymail.com",), imaps("imap.purelymail.com"), smtps("smtp.purelymail.com"),
        source="purelymail.com/docs", mx_endings=("purelymail.com",),
    ),
    Provider(
        "soverin", "Soverin", ("soverin.net",), imaps("imap.soverin.net"), smtps("smtp.soverin.net"),
        source="soverin.com/help", mx_endings=("soverin.net",),
    ),
    Provider(
        "startmail", "StartMail", ("startmail.com",), imaps("imap.startmail.com"), smtps("smtp.startmail.com"),
        source="support.startmail.com, IMAP settings", needs_app_password=True,
        app_code_where="in StartMail under Settings, IMAP/SMTP", mx_endings=("startmail.com",),
        app_code_url="https://mail.startmail.com/settings/imap",
    ),
    Provider(
        "kolabnow", "Kolab Now", ("kolabnow.com",), imaps("imap.kolabnow.com"), submission("smtp.kolabnow.com"),
        source="kolabnow.com/support/client-configuration", mx_endings=("kolabnow.com",),
    ),
    Provider(
        "gandi", "Gandi", (), imaps("mail.gandi.net"), smtps("mail.gandi.net"),
        source="docs.gandi.net/en/gandimail/standard_email_settings", mx_endings=("mail.gandi.net",),
    ),
    Provider(
        "ovh", "OVHcloud", (), imaps("ssl0.ovh.net"), smtps("ssl0.ovh.net"),
        source="help.ovhcloud.com, MX Plan configuration", mx_endings=("mail.ovh.net",),
        limits=SendLimits(per_hour=200, recipients_per_email=100),
        quirks=(Quirk("200 emails an hour per account, 300 an hour per address of origin.", "help.ovhcloud.com"),),
    ),
    Provider(
        "infomaniak", "Infomaniak", ("ik.me", "ikmail.com", "etik.com"),
        imaps("mail.infomaniak.com"), smtps("mail.infomaniak.com"),
        source="infomaniak.com/en/support/faq/2427", mx_endings=("infomaniak.ch", "infomaniak.com"),
        limits=SendLimits(per_day=1440, recipients_per_email=100),
        quirks=(Quirk("Accounts with two-step sign-in want a device password.", "infomaniak.com/en/support/faq/2440"),),
    ),
    Provider(
        "ionos", "IONOS", (), imaps("imap.ionos.com"), smtps("smtp.ionos.com"),
        source="ionos.com/help/email/general-topics/settings-for-your-email-programs-imap-pop3",
        mx_endings=("ionos.com", "1and1.com", "perfora.net"),
    ),
    Provider(
        "ionos_de", "IONOS (Deutschland)", ("online.de", "onlinehome.de"),
        imaps("imap.ionos.de"), smtps("smtp.ionos.de"),
        source="ionos.de/hilfe/e-mail", mx_endings=("ionos.de", "kundenserver.de", "1und1.de"),
    ),
    Provider(
        "strato", "STRATO", (), imaps("imap.strato.de"), smtps("smtp.strato.de"),
        source="strato.de/faq/mail", mx_endings=("rzone.de",),
    ),
    Provider(
        "hetzner", "Hetzner", (), imaps("mail.your-server.de"), smtps("mail.your-server.de"),
        source="docs.hetzner.com/konsoleh/account-management/email", mx_endings=("your-server.de",),
        limits=SendLimits(per_hour=500),
    ),
    Provider(
        "domainfactory", "DomainFactory", (), imaps("sslin.df.eu"), smtps("sslout.df.eu"),
        source="df.eu/de/support", mx_endings=("ispgateway.de",),
    ),
    Provider(
        "hostinger", "Hostinger", (), imaps("imap.hostinger.com"), smtps("smtp.hostinger.com"),
        source="hostinger.com/support/1575756", mx_endings=("hostinger.com",),
        quirks=(Quirk("Folders lie under INBOX: INBOX.Sent.", "github.com/codefuturist/email-mcp/issues/20"),),
    ),
    Provider(
        "namecheap", "Namecheap Private Email", (), imaps("mail.privateemail.com"), smtps("mail.privateemail.com"),
        source="namecheap.com/support/knowledgebase/article.aspx/1179", mx_endings=("privateemail.com",),
    ),
    Provider(
        "godaddy", "GoDaddy Workspace", (), imaps("imap.secureserver.net"), smtps("smtpout.secureserver.net"),
        source="godaddy.com/help/server-and-port-settings-for-workspace-email-6949", mx_endings=("secureserver.net",),
        limits=SendLimits(per_day=500, recipients_per_email=100),
        quirks=(Quirk("Microsoft 365 bought at GoDaddy is Microsoft's; only their support can switch SMTP on.", "s2"),),
    ),
    Provider(
        "rackspace", "Rackspace Email", (), imaps("secure.emailsrvr.com"), smtps("secure.emailsrvr.com"),
        source="docs.rackspace.com, Cloud Office email settings", mx_endings=("emailsrvr.com",),
        limits=SendLimits(per_day=10_000),
    ),
    Provider(
        "dreamhost", "DreamHost", (), imaps("imap.dreamhost.com"), smtps("smtp.dreamhost.com"),
        source="help.dreamhost.com/hc/en-us/articles/214918038", mx_endings=("dreamhost.com",),
        limits=SendLimits(per_hour=100),
    ),
    Provider(
        "workmail", "Amazon WorkMail", (),
        imaps("imap.mail.us-east-1.awsapps.com"), smtps("smtp.mail.us-east-1.awsapps.com"),
        source="docs.aws.amazon.com/workmail/latest/userguide/using_IMAP.html", mx_endings=("awsapps.com",),
        hint="The region stands in the host name: put in your own, such as eu-west-1.",
        limits=SendLimits(per_day=10_000, recipients_per_email=500),
    ),
    Provider(
        "exmail", "Tencent Exmail", (), imaps("imap.exmail.qq.com"), smtps("smtp.exmail.qq.com"),
        source="open.work.weixin.qq.com, Exmail clients",
        mx_endings=("mxbiz1.qq.com", "mxbiz2.qq.com", "exmail.qq.com"),
    ),
    Provider(
        "aliyun_business", "Alibaba Mail", (), imaps("imap.qiye.aliyun.com"), smtps("smtp.qiye.aliyun.com"),
        source="help.aliyun.com/document_detail/36576.html", mx_endings=("mxhichina.com", "qiye.aliyun.com"),
    ),
)  # fmt: skip
