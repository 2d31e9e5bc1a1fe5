"""The sandbox's mail, made anew at each start and always the same: threads with customers, and mail of no concern."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from demo.people import ANNA, BEN, CUSTOMERS, STRANGERS, Customer, Person

DAYS = 120

_OPENERS = (
    (
        "Question about {needs}",
        "We are looking for {needs}. What lead time do you have, and could you visit us on site?",
    ),
    (
        "Offer for {company}",
        "As discussed on the phone, here is a first sketch of the offer for {needs}. See page two above all.",
    ),
    (
        "Visit on site",
        "Thank you for showing us around. I have written down what we measured; tell me if anything is missing.",
    ),
    ("Contract draft", "Here is the draft. Legal has marked two clauses in yellow; the rest stands as we agreed."),
    ("Maintenance window in autumn", "We would like to plan the yearly service early this time. Which weeks suit you?"),
    ("Trial of the demo unit", "The demo unit has been running for a week now, and we have some numbers to share."),
)
_ANSWERS = (
    "Thanks, that helps. Two weeks is fine for us. Can you also quote the spare parts kit?",
    "I have forwarded this to our technicians; they will come back to you by Thursday.",
    "The price is a little above what we had planned. Is there room if we order two?",
    "That works. Please send the papers to me and put Finance in copy.",
    "Could we move the call to Tuesday, 10:00? Our line is down on Monday.",
    "Perfect. I have attached the floor plan with the new dimensions.",
    "Let me sleep on it. I will be in touch before the end of the month.",
    "We are happy with the numbers. What would be the next step on your side?",
)
_NOISE = (
    "Your weekly digest",
    "Invoice 2026-{n}",
    "Sunday lunch?",
    "New opening hours",
    "Your tickets",
    "Sale ends soon",
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message and the folder of Anna's mailbox that it lies in."""

    folder: str
    raw: bytes
    date: datetime
    is_seen: bool


def history(now: datetime) -> list[Letter]:
    """Everything in Anna's mailbox when she connects it, oldest first."""
    luck = random.Random(20261120)
    letters = [letter for customer in CUSTOMERS for letter in _threads(customer, now, luck)]
    letters += _noise(now, luck)
    return sorted(letters, key=lambda letter: letter.date)


def fresh(number: int, now: datetime) -> bytes:
    """The n-th message that comes while the demo runs."""
    customer = CUSTOMERS[number % len(CUSTOMERS)]
    sender = customer.people[0]
    subject, text = _OPENERS[(number * 5 + 1) % len(_OPENERS)]
    body = text.format(needs=customer.needs, company=customer.name)
    return write(sender, (ANNA,), subject.format(needs=customer.needs, company=customer.name), body, now)


def answer(question: EmailMessage, sender: Person, now: datetime) -> bytes:
    """What a customer of the sandbox says to an email of Anna's."""
    words = str(question["Subject"] or "")
    subject = words if words.lower().startswith("re:") else f"Re: {words}"
    chosen = random.Random(str(question["Message-ID"])).choice(_ANSWERS)
    ids = [*str(question["References"] or "").split(), str(question["Message-ID"])][-20:]
    return write(sender, (ANNA,), subject, chosen, now, references=ids)


def write(
    sender: Person,
    to: tuple[Person, ...],
    subject: str,
    text: str,
    date: datetime,
    *,
    references: list[str] | None = None,
    quoted: str = "",
    attachment: tuple[str, bytes] | None = None,
) -> bytes:
    """One message, text and HTML, with CRLF."""
    message = EmailMessage()
    message["From"], message["To"] = str(sender), ", ".join(map(str, to))
    message["Subject"], message["Date"] = subject, format_datetime(date)
    domain = sender.address.rpartition("@")[2]
    message["Message-ID"] = (
        f"<{date:%Y%m%d%H%M%S}.{random.Random(subject + text + str(date)).getrandbits(60):x}@{domain}>"
    )
    if references:
        message["In-Reply-To"], message["References"] = references[-1], " ".join(references)
    plain = f"Hello {to[0].first_name},\n\n{text}\n\nBest regards\n{sender.name}\n"
    html = (
        f"<p>Hello {to[0].first_name},</p><p>{text}</p><p>Best regards<br><b>{sender.name}</b><br>"
        f'<span style="color:#667085">{sender.title}</span></p>'
    )
    if quoted:
        head = f"On {date - timedelta(hours=5):%a, %d %b %Y at %H:%M}, {to[0].name} wrote:"
        plain += f"\n{head}\n" + "".join(f"> {line}\n" for line in quoted.splitlines())
        html += f"<div class=gmail_quote>{head}<blockquote>{quoted.replace(chr(10), '<br>')}</blockquote></div>"
    message.set_content(plain)
    message.add_alternative(f"<html><body>{html}</body></html>", subtype="html")
    if attachment:
        message.add_attachment(attachment[1], maintype="application", subtype="pdf", filename=attachment[0])
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _threads(customer: Customer, now: datetime, luck: random.Random) -> Iterator[Letter]:
    for subject, text in luck.sample(_OPENERS, luck.randint(3, 5)):
        contact = luck.choice(customer.people)
        date = now - timedelta(days=luck.uniform(1, DAYS), minutes=luck.randint(0, 600))
        title = subject.format(needs=customer.needs, company=customer.name)
        body = text.format(needs=customer.needs, company=customer.name)
        from_anna = luck.random() < 0.5
        references: list[str] = []
        quoted = ""
        for turn in range(luck.randint(2, 6)):
            sender, to = (ANNA, contact) if from_anna else (contact, ANNA)
            people = (to, BEN) if turn == 2 and luck.random() < 0.3 else (to,)
            attachment = ("offer.pdf", _PDF) if turn == 0 and "Offer" in title else None
            raw = write(
                sender,
                people,
                title if turn == 0 else f"Re: {title}",
                body,
                date,
                references=list(references),
                quoted=quoted,
                attachment=attachment,
            )
            references.append(_message_id(raw))
            recent = now - date < timedelta(days=6)
            folder = "Sent" if from_anna else "INBOX" if recent else luck.choice(("INBOX", "Archive", "Archive"))
            yield Letter(folder, raw, date, is_seen=from_anna or not recent)
            quoted, body, from_anna = body, luck.choice(_ANSWERS), not from_anna
            date += timedelta(hours=luck.uniform(1, 40))
            if date > now - timedelta(minutes=5):
                break


def _noise(now: datetime, luck: random.Random) -> Iterator[Letter]:
    for number in range(160):
        name, address = luck.choice(STRANGERS)
        date = now - timedelta(days=luck.uniform(0, DAYS))
        raw = write(
            Person(name, address), (ANNA,), luck.choice(_NOISE).format(n=number), "Nothing to do with work.", date
        )
        yield Letter("INBOX", raw, date, is_seen=luck.random() < 0.7)
    for number in range(25):
        date = now - timedelta(days=luck.uniform(0, DAYS))
        yield Letter("INBOX", write(BEN, (ANNA,), f"Standup {number}", "See you at ten.", date), date, is_seen=True)


def _message_id(raw: bytes) -> str:
    line = next(line for line in raw.split(b"\r\n") if line.lower().startswith(b"message-id:"))
    return line.split(b":", 1)[1].strip().decode()


_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 52>>stream\nBT /F 18 Tf 40 120 Td (A sample offer of the demo) Tj ET\nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
