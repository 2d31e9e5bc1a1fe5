"""Delivery reports as servers write them, for tests of what happens when one arrives."""

from textwrap import dedent


def delivery_report(
    recipient: str, original: str, *, action: str = "failed", status: str = "5.1.1", said: str = ""
) -> bytes:
    """A report after RFC 3464. `original`: the header of the email it is about, "" where the server gives none."""
    said = said or f"550 {status} <{recipient}>: Recipient address rejected: User unknown"
    copy = f"--b\nContent-Type: text/rfc822-headers\n\n{original}\n" if original else ""
    return _lines(
        f"""\
        From: Mail Delivery System <MAILER-DAEMON@mx.acme.example>
        To: anna@acme.example
        Subject: Undelivered Mail Returned to Sender
        Date: Fri, 20 Nov 2026 09:00:05 +0000
        Message-ID: <{abs(hash((recipient, original, action, status, said)))}@mx.acme.example>
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain

        This is the mail system at host mx.acme.example.

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.acme.example

        Final-Recipient: rfc822; {recipient}
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; {said}

        """
    ) + _lines(copy + "--b--\n")


def complaint(original: str, recipient: str = "") -> bytes:
    """A spam complaint after RFC 5965; most providers leave the recipient out."""
    named = f"Original-Rcpt-To: {recipient}\n" if recipient else ""
    return _lines(
        "From: feedbackloop@provider.example\nTo: anna@acme.example\nSubject: FW: Offer\n"
        f"Message-ID: <{abs(hash(('fbl', original, recipient)))}@provider.example>\n"
        "Date: Fri, 20 Nov 2026 09:00:05 +0000\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThis is an email abuse report.\n--b\n"
        "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: Loop/1.0\nVersion: 1\n"
        f"{named}\n--b\nContent-Type: message/rfc822\n\n{original}\nWords.\n--b--\n"
    )


def _lines(text: str) -> bytes:
    return dedent(text).replace("\n", "\r\n").encode()
