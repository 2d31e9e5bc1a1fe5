"""Reports in words alone, as older and smaller systems write them. The failed address stands where each puts it."""

from collections.abc import Callable

from tests.wire.mime.formats.sample import OUR_HEADER, OUR_MAIL, Failure, message, multipart

TO = "To: anna@us.example"


def qmail(to: str, failure: Failure) -> bytes:
    words = failure.words.format(to=to)
    return message(
        f"Return-Path: <>\nFrom: MAILER-DAEMON@q.example\n{TO}\nSubject: failure notice",
        "Hi. This is the qmail-send program at q.example.\nI'm afraid I wasn't able to deliver your message to the following"
        " addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        f"<{to}>:\n192.0.2.9 does not like recipient.\nRemote host said: {failure.code} {failure.status} {words}\nGiving up on 192.0.2.9.\n\n"
        f"--- Below this line is a copy of the message.\n\nReturn-Path: <anna@us.example>\n{OUR_MAIL.format(to=to)}",
    )


def exim_old(to: str, failure: Failure) -> bytes:
    return message(
        f"From: Mail Delivery System <Mailer-Daemon@old.example>\n{TO}\nSubject: Mail delivery failed: returning message to sender\nX-Failed-Recipients: {to}",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be"
        f" delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  {to}\n"
        f"    SMTP error from remote mail server after RCPT TO:<{to}>:\n    {failure.said.format(to=to)}\n\n"
        f"------ This is a copy of the message, including all the headers. ------\n\n{OUR_MAIL.format(to=to)}",
    )


def gmx(to: str, failure: Failure) -> bytes:
    return message(
        f'From: "WEB.DE Mailer Daemon" <mailer-daemon@web.example>\n{TO}\nSubject: Mail delivery failed: returning message to sender',
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be"
        f" delivered to one or more of\nits recipients. The following addresses failed:\n\n    {to}:\n    SMTP error from remote server for RCPT TO"
        f" command, host: mx.there.example (192.0.2.9) reason: {failure.said.format(to=to)}\n\n--- The header of the original message is following. ---\n\n{OUR_HEADER.format(to=to)}",
    )


def yahoo(to: str, failure: Failure) -> bytes:
    return message(
        f"From: MAILER-DAEMON@yahoo.example\n{TO}\nSubject: Failure Notice",
        f"Sorry, we were unable to deliver your message to the following address.\n\n<{to}>:\n{failure.code}: {failure.words.format(to=to)}\n\n"
        f"--- Below this line is a copy of the message.\n\n{OUR_MAIL.format(to=to)}",
    )


def exchange_2003(to: str, failure: Failure) -> bytes:
    return multipart(
        f"From: System Administrator <postmaster@nt.example>\n{TO}\nSubject: Undeliverable: Our offer", "mixed",
        [
            ("text/plain", f"Your message\n\n  To:      Customer\n  Subject: Our offer\n  Sent:    Fri, 20 Nov 2026 09:00:00 +0000\n\ndid not reach the following recipient(s):\n\n{to} on Fri, 20 Nov 2026 09:00:02 +0000\n    {failure.words.format(to=to)}\n    <nt.example #{failure.status}>\n"),
            ("message/rfc822", OUR_MAIL.format(to=to)),
        ],
    )  # fmt: skip


def domino(to: str, failure: Failure) -> bytes:
    return multipart(
        f"From: Postmaster@domino.example\n{TO}\nSubject: DELIVERY FAILURE: {failure.words.format(to=to)[:60]}", "mixed",
        [
            ("text/plain", f"Your message\n\n  Subject: Our offer\n\nwas not delivered to:\n\n  {to}\n\nbecause:\n\n  {failure.words.format(to=to)}\n"),
            ("message/rfc822", OUR_MAIL.format(to=to)),
        ],
    )  # fmt: skip


def mdaemon(to: str, failure: Failure) -> bytes:
    return multipart(
        f'From: "MDaemon at m.example" <MDaemon@m.example>\n{TO}\nSubject: Permanent Delivery Failure\nX-MDaemon-Deliver-To: anna@us.example', "mixed",
        [
            ("text/plain", f"The attached message had PERMANENT fatal delivery errors.\n\nAfter one or more unsuccessful delivery attempts the attached message has\nbeen removed from the mail queue.\n\nFailed address: {to}\n\n--- Session Transcript ---\n RCPT TO:<{to}>\n {failure.said.format(to=to)}\n--- End Transcript ---\n"),
            ("message/rfc822", OUR_MAIL.format(to=to)),
        ],
    )  # fmt: skip


def hmailserver(to: str, failure: Failure) -> bytes:
    return message(
        f"From: mailer-daemon@h.example\n{TO}\nSubject: Message undeliverable: Our offer",
        f"Your message did not reach some or all of the intended recipients.\n\n   Sent: Fri, 20 Nov 2026 09:00:02\n   Subject: Our offer\n\nThe following recipient(s) could not be reached:\n\n{to}\n   Error Type: SMTP\n   Remote server (192.0.2.9) issued an error.\n   hMailServer sent: RCPT TO:<{to}>\n   Remote server replied: {failure.said.format(to=to)}\n\nhMailServer\n\n{OUR_HEADER.format(to=to)}",
    )


def smartermail(to: str, failure: Failure) -> bytes:
    return multipart(
        f'From: "System Administrator" <postmaster@s.example>\n{TO}\nSubject: Delivery Failure', "mixed",
        [
            ("text/plain", f"Could not deliver message to the following recipient(s):\n\nFailed Recipient: {to}\nReason: Remote host said: {failure.said.format(to=to)}\n\n   -- The header and top 20 lines of the message follows --\n"),
            ("message/rfc822", OUR_MAIL.format(to=to)),
        ],
    )  # fmt: skip


def groupwise(to: str, failure: Failure) -> bytes:
    return multipart(
        f"From: <Mailer-Daemon@gw.example>\n{TO}\nSubject: Message status - undeliverable", "mixed",
        [
            ("text/plain", f"The message that you sent was undeliverable to the following:\n\t{to} ({failure.words.format(to=to)})\n\nPossibly truncated original message follows:\n"),
            ("message/rfc822", OUR_MAIL.format(to=to)),
        ],
    )  # fmt: skip


def zimbra_french(to: str, failure: Failure) -> bytes:
    return multipart(
        f"From: Service de messagerie <postmaster@fr.example>\n{TO}\nSubject: =?utf-8?q?=C3=89chec_de_la_remise=3A_Our_offer?=", "mixed",
        [
            ("text/plain; charset=utf-8", f"La remise de votre message aux destinataires suivants a échoué :\n\n{to}\n{failure.said.format(to=to)}\n"),
            ("message/rfc822", OUR_MAIL.format(to=to)),
        ],
    )  # fmt: skip


def spanish(to: str, failure: Failure) -> bytes:
    return multipart(
        f"From: Mail Delivery System <mailer-daemon@es.example>\n{TO}\nSubject: Mensaje no entregado", "mixed",
        [
            ("text/plain; charset=utf-8", f"No se ha podido entregar su mensaje (delivery failed) a:\n\n<{to}>\n{failure.said.format(to=to)}\n"),
            ("message/rfc822", OUR_MAIL.format(to=to)),
        ],
    )  # fmt: skip


def barracuda(to: str, failure: Failure) -> bytes:
    return message(
        f"From: MAILER-DAEMON@barracuda.example\n{TO}\nSubject: **Message you sent blocked by our bulk email filter**"
        if failure.status.startswith("5.7.1") and not failure.is_hard
        else f"From: MAILER-DAEMON@barracuda.example\n{TO}\nSubject: Undeliverable mail",
        f"Your message to: {to}\nwas not delivered: {failure.said.format(to=to)}\n\n{OUR_HEADER.format(to=to)}",
    )


FORMATS: tuple[Callable[[str, Failure], bytes], ...] = (
    qmail, exim_old, gmx, yahoo, exchange_2003, domino, mdaemon, hmailserver, smartermail, groupwise, zimbra_french,
    spanish, barracuda,
)  # fmt: skip
