"""Portals and access providers of single countries: the address comes with the line or the portal."""

from postroom.rooms.accounts.account import Encryption
from postroom.rooms.accounts.provider import Provider, Quirk, Server, imaps, smtps, submission
from postroom.rooms.accounts.send_budget import SendLimits

_ISPDB = "autoconfig.thunderbird.net (ISPDB)"
_GMX_SWITCH = Quirk(
    "Mail programs are refused until POP3 & IMAP is switched on in the web mail; the refusal looks like a wrong"
    " password. Unused for long, it switches itself off.",
    "hilfe.gmx.net/pop-imap/einschalten.html",
)
_YANDEX = ("com", "ru", "by", "kz", "ua", "uz", "com.tr", "fr")
_CODE_WHERE = "in the web mail's settings, where IMAP/SMTP is switched on (authorization code)"
_NETEASE_ID = Quirk(
    "Refuses SELECT with 'Unsafe Login' to clients that do not name themselves by the ID command (RFC 2971).",
    "github.com/Foundry376/Mailspring issues on 163.com",
)

ACCESS_PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "gmx", "GMX", ("gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.eu", "gmx.org", "gmx.info"),
        imaps("imap.gmx.net"), smtps("mail.gmx.net"), source="hilfe.gmx.net/pop-imap/imap", mx_endings=("gmx.net",),
        hint="Switch on POP3 & IMAP in the web mail first.", quirks=(_GMX_SWITCH,),
        help_url="https://hilfe.gmx.net/pop-imap/einschalten.html",
        app_code_url="https://hilfe.gmx.net/sicherheit/2fa/anwendungsspezifisches-passwort.html",
        app_code_where="under My Account, Security, app-specific passwords (with two-factor sign-in)",
    ),
    Provider(
        "gmx_com", "GMX.com", ("gmx.com", "gmx.us", "gmx.co.uk", "gmx.fr", "gmx.es", "gmx.it"),
        imaps("imap.gmx.com"), smtps("mail.gmx.com"), source="support.gmx.com/pop-imap/imap", quirks=(_GMX_SWITCH,),
        hint="Switch on POP3 & IMAP in the web mail first.",
    ),
    Provider(
        "webde", "WEB.DE", ("web.de", "email.de"), imaps("imap.web.de"), smtps("smtp.web.de"),
        source="hilfe.web.de/pop-imap/imap", mx_endings=("web.de",), quirks=(_GMX_SWITCH,),
        hint="Switch on POP3 & IMAP in the web mail first.", help_url="https://hilfe.web.de/pop-imap/einschalten.html",
        app_code_where="under My Account, Security, app-specific passwords (with two-factor sign-in)",
    ),
    Provider(
        "mail_com", "mail.com",
        ("mail.com", "email.com", "usa.com", "post.com", "europe.com", "myself.com", "consultant.com", "dr.com"),
        imaps("imap.mail.com"), smtps("smtp.mail.com"), source="support.mail.com/premium/imap",
        quirks=(Quirk("IMAP and SMTP are part of the premium account only.", "support.mail.com"), _GMX_SWITCH),
    ),
    Provider(
        "t_online", "Telekom (T-Online)", ("t-online.de", "magenta.de"),
        imaps("secureimap.t-online.de"), smtps("securesmtp.t-online.de"), source="telekom.de/hilfe/apps-dienste/e-mail",
        needs_app_password=True, app_code_url="https://account.idm.telekom.com/account-manager/",
        app_code_where="in the Telekom login's account settings: the password for mail programs",
        quirks=(Quirk("Wants the mail program password, not that of the Telekom login.", "telekom.de/hilfe"),),
    ),
    Provider(
        "freenet", "freenet Mail", ("freenet.de",), imaps("mx.freenet.de"), smtps("mx.freenet.de"),
        source="email-faq.freenet.de", mx_endings=("freenet.de",),
        quirks=(Quirk("IMAP must be switched on in the web mail first.", "email-faq.freenet.de"),),
    ),
    Provider(
        "vodafone_de", "Vodafone Mail", ("vodafone.de", "vodafonemail.de", "arcor.de", "kabelmail.de", "unitybox.de"),
        imaps("imap.vodafonemail.de"), smtps("smtp.vodafonemail.de"), source="vodafone.de/hilfe/e-mail",
    ),
    Provider(
        "mail_de", "mail.de", ("mail.de",), imaps("imap.mail.de"), smtps("smtp.mail.de"), source="mail.de/hilfe",
        mx_endings=("mail.de",),
    ),
    Provider(
        "bluewin", "Bluewin", ("bluewin.ch",), imaps("imaps.bluewin.ch"), smtps("smtpauths.bluewin.ch"), source=_ISPDB,
    ),
    Provider(
        "a1", "A1", ("a1.net", "aon.at"), imaps("securemail.a1.net"), submission("securemail.a1.net"), source=_ISPDB,
    ),
    Provider(
        "orange", "Orange", ("orange.fr", "wanadoo.fr"), imaps("imap.orange.fr"), smtps("smtp.orange.fr"),
        source="assistance.orange.fr, Mail Orange", limits=SendLimits(recipients_per_email=100),
    ),
    Provider(
        "free", "Free", ("free.fr", "aliceadsl.fr", "libertysurf.fr"), imaps("imap.free.fr"), smtps("smtp.free.fr"),
        source="assistance.free.fr", user_hint="the name before the @ for addresses at free.fr",
        quirks=(Quirk("SMTP with a login must be switched on in the account's settings.", "assistance.free.fr"),),
    ),
    Provider(
        "sfr", "SFR", ("sfr.fr", "neuf.fr", "cegetel.net", "club-internet.fr", "9online.fr", "numericable.fr"),
        imaps("imap.sfr.fr"), smtps("smtp.sfr.fr"), source="assistance.sfr.fr, SFR Mail",
    ),
    Provider(
        "laposte", "La Poste", ("laposte.net",), imaps("imap.laposte.net"), smtps("smtp.laposte.net"),
        source="aide.laposte.net", mx_endings=("laposte.net",),
        quirks=(Quirk("Outside access must be switched on in the account's settings.", "aide.laposte.net"),),
    ),
    Provider(
        "libero", "Libero", ("libero.it", "inwind.it", "iol.it", "blu.it", "giallo.it"),
        imaps("imapmail.libero.it"), smtps("smtp.libero.it"), source="aiuto.libero.it", mx_endings=("libero.it",),
    ),
    Provider(
        "virgilio", "Virgilio", ("virgilio.it",), imaps("in.virgilio.it"), smtps("out.virgilio.it"),
        source="aiuto.virgilio.it",
    ),
    Provider(
        "aruba", "Aruba", ("aruba.it",), imaps("imaps.aruba.it"), smtps("smtps.aruba.it"),
        source="guide.pec.it and guide.hosting.aruba.it", mx_endings=("aruba.it",),
    ),
    Provider(
        "tiscali", "Tiscali", ("tiscali.it",), imaps("imap.tiscali.it"), smtps("smtp.tiscali.it"),
        source="assistenza.tiscali.it",
    ),
    Provider(
        "wp", "WP Poczta", ("wp.pl",), imaps("imap.wp.pl"), smtps("smtp.wp.pl"), source="pomoc.wp.pl",
        quirks=(Quirk("IMAP must be switched on in the web mail first.", "pomoc.wp.pl"),), mx_endings=("wp.pl",),
    ),
    Provider(
        "o2_pl", "o2 Poczta", ("o2.pl", "tlen.pl", "go2.pl"), imaps("poczta.o2.pl"), smtps("poczta.o2.pl"),
        source="pomoc.o2.pl",
    ),
    Provider(
        "onet", "Onet Poczta", ("onet.pl", "onet.eu", "op.pl", "vp.pl", "poczta.onet.pl"),
        imaps("imap.poczta.onet.pl"), smtps("smtp.poczta.onet.pl"), source="pomoc.poczta.onet.pl",
        app_code_where="in Onet Konto under Security, application passwords", mx_endings=("onet.pl",),
    ),
    Provider(
        "interia", "Interia", ("interia.pl", "interia.eu", "poczta.fm"),
        imaps("poczta.interia.pl"), smtps("poczta.interia.pl"), source="pomoc.interia.pl",
    ),
    Provider(
        "seznam", "Seznam", ("seznam.cz", "email.cz", "post.cz", "spoluzaci.cz"),
        imaps("imap.seznam.cz"), smtps("smtp.seznam.cz"), source="o-seznam.cz/napoveda/email",
        mx_endings=("seznam.cz",),
        app_code_where="in the Seznam account under Security, application passwords (with two-step sign-in)",
    ),
    Provider(
        "yandex", "Yandex", (*(f"yandex.{end}" for end in _YANDEX), "ya.ru", "narod.ru"),
        imaps("imap.yandex.com"), smtps("smtp.yandex.com"), source="yandex.com/support/mail/mail-clients",
        needs_app_password=True, app_code_url="https://id.yandex.com/security/app-passwords",
        app_code_where="at id.yandex.com under Security, App passwords", mx_endings=("yandex.net", "yandex.ru"),
        limits=SendLimits(per_day=500, recipients_per_email=35),
        hint="Allow IMAP in the web mail's settings under Email clients, with app passwords.",
        quirks=(Quirk("Keeps a Sent copy of SMTP mail when so set: Sent is looked at first.", "the page above"),),
    ),
    Provider(
        "mail_ru", "Mail.ru", ("mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru", "xmail.ru"),
        imaps("imap.mail.ru"), smtps("smtp.mail.ru"), source="help.mail.ru/mail/mailer", needs_app_password=True,
        app_code_url="https://account.mail.ru/user/2-step-auth/passwords",
        app_code_where="at account.mail.ru under Security, passwords for external applications",
        mx_endings=("mail.ru",),
        quirks=(Quirk("Keeps a Sent copy when so set: Sent is looked at first.", "help.mail.ru"),),
    ),
    Provider(
        "rambler", "Rambler", ("rambler.ru", "lenta.ru", "autorambler.ru", "myrambler.ru", "ro.ru"),
        imaps("imap.rambler.ru"), smtps("smtp.rambler.ru"), source="help.rambler.ru/mail",
        quirks=(Quirk("Mail programs must be allowed in the settings first.", "help.rambler.ru"),),
    ),
    Provider(
        "ukr_net", "ukr.net", ("ukr.net",), imaps("imap.ukr.net"), smtps("smtp.ukr.net"), needs_app_password=True,
        source="wiki.ukr.net/ManageIMAP", app_code_where="in the web mail under Settings, Security, IMAP access",
        app_code_url="https://mail.ukr.net/",
    ),
    Provider(
        "qq", "QQ Mail", ("qq.com", "vip.qq.com", "foxmail.com"), imaps("imap.qq.com"), smtps("smtp.qq.com"),
        source="service.mail.qq.com", needs_app_password=True, app_code_where=_CODE_WHERE,
        app_code_url="https://mail.qq.com/", mx_endings=("mx1.qq.com", "mx2.qq.com", "mx3.qq.com"),
        quirks=(Quirk("Keeps a Sent copy of SMTP mail when so set: Sent is looked at first.", "service.mail.qq.com"),),
    ),
    Provider(
        "netease", "NetEase 163", ("163.com",), imaps("imap.163.com"), smtps("smtp.163.com"),
        source="help.mail.163.com", needs_app_password=True, app_code_where=_CODE_WHERE,
        app_code_url="https://mail.163.com/", quirks=(_NETEASE_ID,), mx_endings=("netease.com",),
    ),
    Provider(
        "netease_126", "NetEase 126", ("126.com",), imaps("imap.126.com"), smtps("smtp.126.com"),
        source="help.mail.163.com", needs_app_password=True, app_code_where=_CODE_WHERE,
        app_code_url="https://mail.126.com/", quirks=(_NETEASE_ID,),
    ),
    Provider(
        "netease_yeah", "NetEase Yeah", ("yeah.net",), imaps("imap.yeah.net"), smtps("smtp.yeah.net"),
        source="help.mail.163.com", needs_app_password=True, app_code_where=_CODE_WHERE,
        app_code_url="https://mail.yeah.net/", quirks=(_NETEASE_ID,),
    ),
    Provider(
        "sina", "Sina", ("sina.com", "sina.cn"), imaps("imap.sina.com"), smtps("smtp.sina.com"),
        source="help.sina.com.cn", needs_app_password=True, app_code_where=_CODE_WHERE,
        app_code_url="https://mail.sina.com.cn/",
    ),
    Provider(
        "aliyun", "Aliyun Mail", ("aliyun.com",), imaps("imap.aliyun.com"), smtps("smtp.aliyun.com"),
        source="help.aliyun.com, personal mail",
    ),
    Provider(
        "naver", "Naver", ("naver.com",), imaps("imap.naver.com"), submission("smtp.naver.com"),
        source="help.naver.com, IMAP/SMTP", user_hint="the Naver ID, or the address",
        app_code_where="in Naver ID, Security settings, application passwords", mx_endings=("naver.com",),
        hint="Switch on IMAP/SMTP in the web mail first.",
        quirks=(Quirk("With two-step sign-in an application password is needed.", "help.naver.com"),),
    ),
    Provider(
        "daum", "Daum", ("daum.net", "hanmail.net"), imaps("imap.daum.net"), smtps("smtp.daum.net"), source=_ISPDB,
        needs_app_password=True, app_code_where="in the Kakao account under Security, app passwords",
        app_code_url="https://accounts.kakao.com/", mx_endings=("daum.net", "hanmail.net"),
    ),
    Provider(
        "comcast", "Xfinity (Comcast)", ("comcast.net",), imaps("imap.comcast.net"), submission("smtp.comcast.net"),
        source="xfinity.com/support/articles/email-client-programs-with-xfinity-email", limits=SendLimits(per_day=1000),
        quirks=(Quirk("Third-party access must be allowed in the web mail's security settings.", "xfinity.com"),),
    ),
    Provider(
        "att", "AT&T",
        ("att.net", "sbcglobal.net", "bellsouth.net", "ameritech.net", "pacbell.net", "swbell.net", "flash.net"),
        imaps("imap.mail.att.net"), smtps("smtp.mail.att.net"),
        source="att.com/support/article/email-support/KM1240308",
        needs_app_password=True, app_code_url="https://www.att.com/acctmgmt/profile",
        app_code_where="in your AT&T profile under Secure mail key", limits=SendLimits(per_day=500),
    ),
    Provider(
        "spectrum", "Spectrum", ("charter.net", "spectrum.net", "rr.com", "twc.com", "roadrunner.com"),
        imaps("mobile.charter.net"), submission("mobile.charter.net"), source="spectrum.net/support/internet/email",
    ),
    Provider(
        "bell", "Bell", ("bell.net", "sympatico.ca"), imaps("imap.bell.net"), submission("smtphm.sympatico.ca"),
        source=_ISPDB,
    ),
    Provider(
        "btinternet", "BT", ("btinternet.com", "btopenworld.com", "talk21.com"),
        imaps("mail.btinternet.com"), smtps("mail.btinternet.com"), source="bt.com/help/email",
    ),
    Provider(
        "virginmedia", "Virgin Media", ("virginmedia.com", "virgin.net", "ntlworld.com", "blueyonder.co.uk"),
        imaps("imap.virginmedia.com"), smtps("smtp.virginmedia.com"), source="virginmedia.com/help/email",
        needs_app_password=True, app_code_where="in My Virgin Media under account details, app password",
        app_code_url="https://www.virginmedia.com/my-virgin-media",
    ),
    Provider(
        "ziggo", "Ziggo", ("ziggo.nl", "home.nl", "casema.nl", "chello.nl", "upcmail.nl", "quicknet.nl"),
        imaps("imap.ziggo.nl"), submission("smtp.ziggo.nl"), source="ziggo.nl/klantenservice/internet/e-mail",
    ),
    Provider(
        "kpn", "KPN", ("kpnmail.nl", "planet.nl", "hetnet.nl", "kpnplanet.nl"),
        imaps("imap.kpnmail.nl"), submission("smtp.kpnmail.nl"), source="kpn.com/service/internet/e-mail",
    ),
    Provider(
        "telenet", "Telenet", ("telenet.be",), imaps("imap.telenet.be"), submission("smtp.telenet.be"),
        source="telenet.be/help/internet/mail",
    ),
    Provider(
        "bigpond", "Telstra (BigPond)", ("bigpond.com", "bigpond.net.au", "bigpond.com.au", "telstra.com"),
        imaps("imap.telstra.com"), smtps("smtp.telstra.com"), source="telstra.com.au/support/email",
    ),
    Provider(
        "uol", "UOL", ("uol.com.br",), imaps("imap.uol.com.br"), submission("smtps.uol.com.br"),
        source="sobreuol.noticias.uol.com.br, UOL Mail",
    ),
    Provider(
        "loopback", "This machine", (),
        Server("127.0.0.1", 143, Encryption.NONE), Server("127.0.0.1", 25, Encryption.NONE),
        source="RFC 5735: loopback never leaves the machine",
        hint="For a mail server on the same machine, such as the sandbox of the demo.",
    ),
)  # fmt: skip
