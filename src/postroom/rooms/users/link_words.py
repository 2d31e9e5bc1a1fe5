"""What a mail with an invitation or a password link says, in the receiver's language. Pure."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from postroom.rooms.users.access_link import LinkToMail, Purpose

_WIDTH = 76  # RFC 5322 (2.1.1) wishes at most 78


@dataclass(frozen=True, slots=True)
class _Words:
    """Marks: {who} the organization, {inviter}, {email} whose password it is, {until}."""

    until: str
    invited: str
    invited_by: str
    invited_by_nobody: str
    invited_end: str
    password: str
    password_begin: str
    password_end: str


_WORDS: Mapping[str, _Words] = {
    "en": _Words(
        "%d %B %Y, %H:%M UTC",
        "You are invited to {who} on Postroom",
        "{inviter} invites you to work in {who} on Postroom. Open this address and choose a password:",
        "You are invited to work in {who} on Postroom. Open this address and choose a password:",
        "It works once, until {until}. If you did not expect it, ignore this mail.",
        "A new password for {who} on Postroom",
        "Somebody, probably you, asked for a new password for {email}. Choose it here:",
        "It works once, until {until}. If it was not you, ignore this mail: your password stays as it is.",
    ),
    "de": _Words(
        "%d.%m.%Y, %H:%M UTC",
        "Einladung zu {who} in Postroom",
        "{inviter} lädt Sie ein, bei {who} in Postroom mitzuarbeiten. Öffnen Sie diese Adresse und wählen Sie ein"
        " Passwort:",
        "Sie sind eingeladen, bei {who} in Postroom mitzuarbeiten. Öffnen Sie diese Adresse und wählen Sie ein"
        " Passwort:",
        "Sie gilt einmal, bis {until}. Wenn Sie das nicht erwartet haben, ist nichts zu tun.",
        "Ein neues Passwort für {who} in Postroom",
        "Jemand, wahrscheinlich Sie, hat ein neues Passwort für {email} angefordert. Wählen Sie es hier:",
        "Sie gilt einmal, bis {until}. Wenn Sie es nicht waren, ist nichts zu tun: Ihr Passwort bleibt, wie es ist.",
    ),
}


def subject_of(link: LinkToMail) -> str:
    """The subject of the mail."""
    words = _WORDS.get(link.language, _WORDS["en"])
    chosen = words.invited if link.purpose is Purpose.INVITATION else words.password
    return chosen.format(who=link.organization_name)


def text_of(link: LinkToMail, url: str) -> str:
    """The mail: why it comes, the address, and what it is good for."""
    words = _WORDS.get(link.language, _WORDS["en"])
    if link.purpose is Purpose.INVITATION:
        begin, end = words.invited_by if link.inviter else words.invited_by_nobody, words.invited_end
    else:
        begin, end = words.password_begin, words.password_end
    begin = begin.format(who=link.organization_name, inviter=link.inviter, email=link.email)
    end = end.format(until=link.date_expires.strftime(words.until))
    return f"{textwrap.fill(begin, _WIDTH)}\n\n{url}\n\n{textwrap.fill(end, _WIDTH)}\n"
