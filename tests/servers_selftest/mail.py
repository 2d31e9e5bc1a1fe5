"""Messages for these tests."""


def letter(subject: str = "Hello", sender: str = "bob@example.com", message_id: str = "") -> bytes:
    """A short plain message with CRLF line ends."""
    identifier = message_id or f"<{subject.replace(' ', '.').lower()}@example.com>"
    return (
        f"Message-ID: {identifier}\r\nDate: Mon, 01 Jun 2026 10:00:00 +0200\r\nFrom: {sender}\r\n"
        f"To: anna@example.org\r\nSubject: {subject}\r\n\r\nText of {subject}.\r\n"
    ).encode()


MULTIPART = (
    b"Message-ID: <parts@example.com>\r\nFrom: bob@example.com\r\nTo: anna@example.org\r\nSubject: Parts\r\n"
    b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b1"\r\n\r\npreamble\r\n'
    b"--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe text.\r\n"
    b'--b1\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n'
    b'Content-Disposition: attachment; filename="a.pdf"\r\n\r\nJVBERi0=\r\n--b1--\r\n'
)
