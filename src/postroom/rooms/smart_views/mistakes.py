"""A mistake in a query, with its place and what may have been meant. Pure."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from postroom.ground.errors import Invalid


class QueryMistake(Invalid):
    """The query cannot be understood. `column` counts the characters of the text from 1; `meant` is what should stand
    there, as it is typed; `said` is the mistake without its place."""

    def __init__(self, said: str, at: int, meant: str = "") -> None:
        self.column = at + 1
        self.meant = meant
        shown = meant if '"' in meant else repr(meant)
        text = f"{said} Did you mean {shown}?" if meant else said
        self.said = text
        place = {"text": text, "column": self.column, **({"meant": meant} if meant else {})}
        super().__init__(f"Column {self.column}: {text}", field_errors={"query": place})


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, "" where none is near."""
    names, wanted = list(known), word.lower()
    if _OTHER_WORDS.get(wanted) in names:
        return _OTHER_WORDS[wanted]
    near = get_close_matches(wanted, names, n=1, cutoff=_NEAR)
    if near:
        return near[0]
    return next((name for name in names if len(word) > 2 and name.startswith(wanted)), "")


def misspelt(name: str, known: Iterable[str]) -> str:
    """The name that was surely meant, ready to be typed; "" where it may be another one that is not there."""
    by_small = {one.lower(): one for one in known}
    if name.lower() in by_small or len(name) < 4:
        return ""
    near = get_close_matches(name.lower(), by_small, n=1, cutoff=_SURE)
    return as_typed(by_small[near[0]]) if near else ""


def as_typed(name: str) -> str:
    """A name as a value of the text language."""
    if re.fullmatch(r"[\w@.+-]+", name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def date_hint(text: str) -> tuple[str, str]:
    """How to write a date, and which one was probably meant."""
    if (slashed := _SLASHED.fullmatch(text)) and max(int(slashed[1]), int(slashed[2])) > 12:
        day, month = sorted((int(slashed[1]), int(slashed[2])), reverse=True)
        return "The year stands first.", f"{slashed[3]}-{month:02}-{day:02}" if month <= 12 and day <= 31 else ""
    if slashed:
        return "Write the year first, as in 2024-12-31; days and months cannot be told apart here.", ""
    if span := _SPAN.match(text):
        return f"A stretch of time is two conditions: >= {span[1]} and another one with <=.", ""
    if _AGE.fullmatch(text):
        return "An age stands after < (newer) or > (older), as in < 30 days ago.", ""
    if text.lower() in ("this", "last", "next"):
        return "Write a period with a hyphen, as in last-month.", ""
    return "Write 2024-12-31, today, last-month, or 30 days ago after < or >.", _DAY_WORDS.get(text.lower(), "")


_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII)
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)\.\.", re.ASCII)
_AGE = re.compile(r"\d{1,4}\s*[a-z]*", re.ASCII | re.IGNORECASE)
_DAY_WORDS = {"heute": "today", "gestern": "yesterday", "morgen": "tomorrow", "now": "today"}


def plainer_number(text: str) -> str:
    """The number as it is written here: `1,5` is 1.5, `10k` 10000, `1.000,50` 1000.50."""
    if thousands := re.fullmatch(r"(\d{1,6})k", text, re.ASCII | re.IGNORECASE):
        return f"{thousands[1]}000"
    if re.fullmatch(r"\d{1,3}(\.\d{3})*,\d{1,2}", text, re.ASCII):
        return text.replace(".", "").replace(",", ".")
    return text.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text, re.ASCII) else ""


_NEAR, _SURE = 0.7, 0.8
_OTHER_WORDS = {
    # What other programs call it, and people who think in German.
    "owner": "user", "stage": "opportunity", "website": "url", "homepage": "url", "phone_no": "phone_number",
    "telephone": "phone_number", "telefon": "phone_number", "telefonnummer": "phone_number", "mobile": "phone_number",
    "mail": "email", "emails": "email", "e-mail": "email", "mailadresse": "email_address", "firma": "name",
    "unternehmen": "name", "beschreibung": "description", "ort": "city", "stadt": "city",
    "land": "country", "plz": "zipcode", "zip": "zipcode", "postcode": "zipcode", "adresse": "address",
    "erstellt": "created", "geändert": "updated", "modified": "updated", "changed": "updated",
    "last_contacted": "last_communication", "last_contact": "last_communication", "last_mail": "last_email",
    "last_modified": "updated", "kontakt": "contact", "kontakte": "contacts", "person": "contact", "notiz": "note",
    "notizen": "notes", "aufgabe": "task", "aufgaben": "tasks", "anruf": "call", "anrufe": "calls",
    "vorlage": "emailed_template", "benutzer": "user", "deal": "opportunity", "deals": "opportunities",
    "done": "is_complete", "completed": "is_complete", "due": "date", "betreff": "subject", "text": "body",
    "von": "from", "an": "to", "datum": "date", "anhang": "filename", "attachment": "filename",
}  # fmt: skip
