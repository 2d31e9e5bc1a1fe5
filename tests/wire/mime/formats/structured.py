"""Reports with machine-readable fields (RFC 3464), as the large systems write them."""

from collections.abc import Callable

from tests.wire.mime.formats.sample import OUR_HEADER, OUR_MAIL, Failure, multipart

Parts = list[tuple[str, str]]
REPORT = "report; report-type=delivery-status"


def _status(to: str, failure: Failure, action: str, *more: str) -> str:
    said = failure.said.format(to=to)
    lines = [f"Final-Recipient: rfc822; {to}", f"Action: {action}", f"Status: {failure.status}", *more]
    return "\n".join([*lines, f"Diagnostic-Code: smtp; {said}"]) + "\n"


def postfix(to: str, failure: Failure, action: str) -> bytes:
    words = f"<{to}>: host mx.there.example[192.0.2.9] said: {failure.said.format(to=to)} (in reply to RCPT TO command)"
    subject = "Undelivered Mail Returned to Sender" if action == "failed" else "Delayed Mail (still being retried)"
    fields = f"Reporting-MTA: dns; relay.us.example\nX-Postfix-Queue-ID: 4D0F\nArrival-Date: Fri, 20 Nov 2026 09:00:02 +0000 (UTC)\n\nOriginal-Recipient: rfc822;{to}\n"
    return multipart(
        f"Return-Path: <>\nFrom: MAILER-DAEMON@relay.us.example (Mail Delivery System)\nSubject: {subject}\nTo: anna@us.example\nAuto-Submitted: auto-replied",
        REPORT,
        [
            ("text/plain; charset=us-ascii", f"This is the mail system at host relay.us.example.\n\n{words}\n"),
            ("message/delivery-status", fields + _status(to, failure, action, "Remote-MTA: dns; mx.there.example")),
            ("message/rfc822", OUR_MAIL.format(to=to)),
        ],
    )


def postfix_utf8(to: str, failure: Failure, action: str) -> bytes:
    """RFC 6533: global report types."""
    fields = f"Reporting-MTA: dns; relay.us.example\n\nFinal-Recipient: utf-8; {to}\nAction: {action}\nStatus: {failure.status}\nDiagnostic-Code: smtp; {failure.said.format(to=to)}\n"
    return multipart(
        "From: MAILER-DAEMON@relay.us.example (Mail Delivery System)\nSubject: Undelivered Mail Returned to Sender\nTo: anna@us.example",
        REPORT,
        [
            ("text/plain; charset=utf-8", "This is the mail system at host relay.us.example.\n"),
            ("message/global-delivery-status", fields),
            ("message/global-headers", OUR_HEADER.format(to=to)),
        ],
    )


def exim(to: str, failure: Failure, action: str) -> bytes:
    subject = (
        "Mail delivery failed: returning message to sender"
        if action == "failed"
        else "Warning: message 1tX-0003 delayed 24 hours"
    )
    return multipart(
        f"Return-path: <>\nX-Failed-Recipients: {to}\nAuto-Submitted: auto-replied\nFrom: Mail Delivery System <Mailer-Daemon@exim.example>\nTo: anna@us.example\nSubject: {subject}"
        if action == "failed"
        else f"Auto-Submitted: auto-replied\nFrom: Mail Delivery System <Mailer-Daemon@exim.example>\nTo: anna@us.example\nSubject: {subject}",
        REPORT,
        [
            (
                "text/plain; charset=us-ascii",
                f"This message was created automatically by mail delivery software.\n\n  {to}\n    host mx.there.example\n    {failure.said.format(to=to)}\n",
            ),
            (
                "message/delivery-status",
                f"Reporting-MTA: dns; exim.example\n\nAction: {action}\nFinal-Recipient: rfc822;{to}\nStatus: {failure.status}\nDiagnostic-Code: smtp; {failure.said.format(to=to)}\n",
            ),
            ("message/rfc822", OUR_MAIL.format(to=to)),
        ],
    )


def sendmail(to: str, failure: Failure, action: str) -> bytes:
    subject = (
        "Returned mail: see transcript for details"
        if action == "failed"
        else "Warning: could not send message for past 4 hours"
    )
    return multipart(
        f"From: Mail Delivery Subsystem <MAILER-DAEMON@sm.example>\nTo: <anna@us.example>\nSubject: {subject}\nAuto-Submitted: auto-generated (failure)",
        REPORT,
        [
            (
                "text/plain",
                f"   ----- The following addresses had permanent fatal errors -----\n<{to}>\n    (reason: {failure.said.format(to=to)})\n",
            ),
            (
                "message/delivery-status",
                f"Reporting-MTA: dns; sm.example\nReceived-From-MTA: DNS; us.example\n\n{_status(to, failure, action, 'Last-Attempt-Date: Fri, 20 Nov 2026 09:01:00 GMT').replace('smtp;', 'SMTP;')}",
            ),
            ("text/rfc822-headers", OUR_HEADER.format(to=to)),
        ],
    )


def exchange_online(to: str, failure: Failure, action: str) -> bytes:
    html = f"<html><body><p>Your message to {to} couldn't be delivered.</p><table><tr><td>us</td><td>Office 365</td></tr></table></body></html>"
    prefix = "Undeliverable" if action == "failed" else "Delivery delayed"
    copy = OUR_MAIL.format(to=to)
    return multipart(
        f"From: <postmaster@there.onmicrosoft.example>\nTo: anna@us.example\nSubject: {prefix}: Our offer\nX-MS-Exchange-Message-Is-Ndr:\nAuto-Submitted: auto-replied\nIn-Reply-To: <20261120.offer.77@us.example>",
        REPORT,
        [
            ("text/html; charset=utf-8", html),
            (
                "message/delivery-status",
                f"Reporting-MTA: dns;DB7PR01.eurprd01.prod.example\nReceived-From-MTA: dns;us.example\n\nFinal-Recipient: rfc822;{to}\nAction: {action}\nStatus: {failure.status}\nDiagnostic-Code: smtp;{failure.said.format(to=to)}\nX-Display-Name: Customer\n",
            ),
            ("message/rfc822", copy),
        ],
    )


def exchange_local(to: str, failure: Failure, action: str) -> bytes:
    """On the company's own server, in the words of its language."""
    return multipart(
        "From: Microsoft Outlook <MicrosoftExchange329e71ec@there.example>\nTo: Anna <anna@us.example>\nSubject: Unzustellbar: Our offer"
        if action == "failed"
        else "From: Microsoft Outlook <MicrosoftExchange329e71ec@there.example>\nTo: Anna <anna@us.example>\nSubject: Übermittlung verzögert: Our offer".encode().decode(),
        REPORT,
        [
            (
                "text/plain; charset=utf-8",
                f"Fehler bei der Nachrichtenzustellung an folgende Empfänger:\n\n{to}\n\nGenerierender Server: mail.there.example\n",
            ),
            (
                "message/delivery-status",
                f"Reporting-MTA: dns;mail.there.example\n\nFinal-recipient: RFC822;{to}\nAction: {action}\nStatus: {failure.status}\nDiagnostic-Code: smtp;{failure.said.format(to=to)}\nX-Display-Name: Kunde\n",
            ),
            ("message/rfc822", OUR_MAIL.format(to=to)),
        ],
    )


def gmail(to: str, failure: Failure, action: str) -> bytes:
    subject = "Delivery Status Notification (Failure)" if action == "failed" else "Delivery Status Notification (Delay)"
    failed = f"X-Failed-Recipients: {to}\n" if action == "failed" else ""
    return multipart(
        f"From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>\nTo: anna@us.example\nAuto-Submitted: auto-replied\nSubject: {subject}\n{failed}References: <20261120.offer.77@us.example>\nIn-Reply-To: <20261120.offer.77@us.example>",
        REPORT,
        [
            (
                'multipart/related; boundary="in"',
                f"--in\nContent-Type: text/html; charset=UTF-8\n\n<h2>Address not found</h2><p>Your message wasn't delivered to <b>{to}</b></p>\n--in--",
            ),
            (
                "message/delivery-status",
                f"Reporting-MTA: dns; googlemail.example\nArrival-Date: Fri, 20 Nov 2026 01:00:01 -0800 (PST)\nX-Original-Message-ID: <20261120.offer.77@us.example>\n\n{_status(to, failure, action)}Last-Attempt-Date: Fri, 20 Nov 2026 01:00:03 -0800 (PST)\n",
            ),
            ("message/rfc822", OUR_MAIL.format(to=to)),
        ],
    )


def amazon_ses(to: str, failure: Failure, action: str) -> bytes:
    return multipart(
        "From: MAILER-DAEMON@amazonses.example\nTo: anna@us.example\nSubject: Delivery Status Notification (Failure)",
        REPORT,
        [
            (
                "text/plain; charset=utf-8",
                f"An error occurred while trying to deliver the mail to the following recipients:\n{to}\n",
            ),
            (
                "message/delivery-status",
                f"Reporting-MTA: dns; a1.smtp-out.amazonses.example\n\nAction: {action}\nFinal-Recipient: rfc822; {to}\nDiagnostic-Code: smtp; {failure.said.format(to=to)}\nStatus: {failure.status}\n",
            ),
            ("message/rfc822", OUR_MAIL.format(to=to)),
        ],
    )


def power_mta(to: str, failure: Failure, action: str) -> bytes:
    return multipart(
        "From: postmaster@pmta.example\nTo: anna@us.example\nSubject: Delivery report",
        REPORT,
        [
            (
                "text/plain",
                f"Hello, this is the mail server on pmta.example.\n\nThe message to <{to}> could not be delivered: {failure.said.format(to=to)}\n",
            ),
            (
                "message/delivery-status",
                f"Reporting-MTA: dns;pmta.example\nArrival-Date: Fri, 20 Nov 2026 10:00:01 +0100\n\nOriginal-Recipient: rfc822;{to}\nFinal-Recipient: rfc822;{to}\nAction: {action}\nStatus: {failure.status} ({failure.words.format(to=to)[:30]})\nRemote-MTA: dns;mx.there.example (192.0.2.9)\nDiagnostic-Code: smtp;{failure.said.format(to=to)}\nX-PowerMTA-BounceCategory: other\n",
            ),
            ("text/rfc822-headers", OUR_HEADER.format(to=to)),
        ],
    )


def courier(to: str, failure: Failure, action: str) -> bytes:
    return multipart(
        'From: "Courier mail server at c.example" <@>\nTo: anna@us.example\nSubject: NOTICE: mail delivery status.',
        REPORT,
        [
            (
                "text/plain; charset=us-ascii",
                f"This is a delivery status notification from c.example.\n\n{'UNDELIVERABLE MAIL' if action == 'failed' else 'DELAYED MAIL'}\n<{to}>:\n  {failure.said.format(to=to)}\n",
            ),
            ("message/delivery-status", f"Reporting-MTA: dns; c.example\n\n{_status(to, failure, action)}"),
            ("text/rfc822-headers", OUR_HEADER.format(to=to)),
        ],
    )


def opensmtpd(to: str, failure: Failure, action: str) -> bytes:
    return multipart(
        f"Subject: Delivery status notification: {'error' if action == 'failed' else 'delayed'}\nFrom: Mailer Daemon <MAILER-DAEMON@obsd.example>\nTo: anna@us.example\nAuto-Submitted: auto-replied",
        REPORT,
        [
            (
                "text/plain; charset=us-ascii",
                f"    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    {to}: {failure.said.format(to=to)}\n",
            ),
            (
                "message/delivery-status",
                f"Reporting-MTA: dns; obsd.example\n\nFinal-Recipient: rfc822; {to}\nAction: {action}\nStatus: {failure.status}\nDiagnostic-Code: smtp; {failure.said.format(to=to)}\n",
            ),
            ("text/rfc822-headers", OUR_HEADER.format(to=to)),
        ],
    )


def sun_messaging(to: str, failure: Failure, action: str) -> bytes:
    """As iCloud's servers; the recipient stands in the original form alone, and the code has words behind it."""
    return multipart(
        "From: Internet Mail Delivery <postmaster@icloud.example>\nTo: anna@us.example\nSubject: Delivery Notification: Delivery has failed"
        if action == "failed"
        else "From: Internet Mail Delivery <postmaster@icloud.example>\nTo: anna@us.example\nSubject: Delivery Notification: Delivery delayed",
        REPORT,
        [
            (
                "text/plain; charset=us-ascii",
                f"This report relates to a message you sent.\n\n  Recipient address: {to}\n  Reason: Remote SMTP server has rejected address\n  Diagnostic code: smtp;{failure.said.format(to=to)}\n",
            ),
            (
                "message/DELIVERY-STATUS",
                f"Reporting-MTA: dns;icloud.example (tcp-daemon)\n\nOriginal-recipient: rfc822;{to}\nFinal-recipient: rfc822;{to}\nAction: {action}\nStatus: {failure.status} (see below)\nRemote-MTA: dns;mx.there.example (TCP|17.0.0.1|25)\nDiagnostic-code: smtp;{failure.said.format(to=to)}\n",
            ),
            ("MESSAGE/RFC822", OUR_MAIL.format(to=to)),
        ],
    )


def ironport(to: str, failure: Failure, action: str) -> bytes:
    """The copy as an attachment of plain type; status only within the words of the diagnosis."""
    return multipart(
        "From: Mail Delivery System <MAILER-DAEMON@gate.example>\nTo: anna@us.example\nSubject: Delivery Status Notification (Failure)"
        if action == "failed"
        else "From: Mail Delivery System <MAILER-DAEMON@gate.example>\nTo: anna@us.example\nSubject: Delivery Status Notification (Delay)",
        REPORT,
        [
            (
                "text/plain",
                f"The following message to <{to}> was undeliverable.\nThe reason for the problem:\n5.1.0 - Unknown address error 550-'{failure.said.format(to=to)}'\n",
            ),
            (
                "message/delivery-status",
                f"Reporting-MTA: dns; gate.example\n\nFinal-Recipient: rfc822;{to}\nAction: {action}\nStatus: {failure.status[:1]}.0.0 (permanent failure)\nRemote-MTA: dns; [192.0.2.9]\nDiagnostic-Code: smtp; {failure.said.format(to=to)} (delivery attempts: 0)\n",
            ),
            ("message/rfc822", OUR_MAIL.format(to=to)),
        ],
    )


FORMATS: tuple[Callable[[str, Failure, str], bytes], ...] = (
    postfix, postfix_utf8, exim, sendmail, exchange_online, exchange_local, gmail, amazon_ses, power_mta, courier,
    opensmtpd, sun_messaging, ironport,
)  # fmt: skip
