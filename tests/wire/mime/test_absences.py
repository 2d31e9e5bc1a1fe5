"""The day on which somebody comes back, out of what people write into their reply programs."""

from datetime import date

import pytest

from postroom.wire.mime.absences import returns_on

SENT = date(2026, 11, 22)


@pytest.mark.parametrize(
    "text, day",
    [
        ("I am out of the office until December 4th.", date(2026, 12, 4)),
        ("I'm away from 20 November to 4 December 2026 with no access to email.", date(2026, 12, 4)),
        ("I will be back on Monday, 30 November.", date(2026, 11, 30)),
        ("I will be out of the office, returning Jan 4, 2027.", date(2027, 1, 4)),
        ("Away until 2026-12-01 inclusive.", date(2026, 12, 1)),
        ("I will return to the office on 11/30/2026.", date(2026, 11, 30)),
        ("I will return to the office on 30/11/2026.", date(2026, 11, 30)),
        ("I'll be back on Jan. 7th", date(2027, 1, 7)),
        ("ich bin bis einschließlich 4.12.2026 nicht im Haus.", date(2026, 12, 4)),
        ("Ich bin ab dem 05.01. wieder für Sie da.", date(2027, 1, 5)),
        ("Am 7. Dezember bin ich wieder erreichbar. Ab dem 7. Dezember lese ich Ihre Mail.", date(2026, 12, 7)),
        ("Sie erreichen mich am 30.11.26 wieder.", date(2026, 11, 30)),
        ("Je suis absent jusqu’au 2 janvier 2027 inclus.", date(2027, 1, 2)),
        ("De retour le 1er décembre.", date(2026, 12, 1)),
        ("Estaré fuera de la oficina hasta el 8 de diciembre de 2026.", date(2026, 12, 8)),
        ("Sono assente fino al 10 dicembre.", date(2026, 12, 10)),
        ("Ik ben afwezig tot en met 11 december.", date(2026, 12, 11)),
        ("I was here until November 20 and am away until November 27.", date(2026, 11, 27)),
    ],
)
def test_the_day_is_read_where_it_is_certain(text: str, day: date) -> None:
    assert returns_on("Automatic reply: Offer", text, SENT) == day


def test_a_subject_may_say_it() -> None:
    assert returns_on("Out of office until 3 December: Offer", "Thank you.", SENT) == date(2026, 12, 3)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your message. I will answer soon.",
        "I am back next week.",
        "I am away until 05/06/2027.",  # May or June
        "Our fair takes place on 4 December 2026.",
        "I will be back soon. Your ticket of 4 December 2026 is 12.12.2026.",
        "Until then call +49 421 12.12.44 or 0421-2026-12-01.",
        "Away until 31 February.",
        "Away until 4 December 2019.",
        "Away until 1 June 2036.",
        "until 99.99.9999",
        "I was away until 20 November 2026.",
    ],
)
def test_otherwise_nothing_is_said(text: str) -> None:
    assert returns_on("Automatic reply", text, SENT) is None


def test_odd_text_is_read_in_one_pass() -> None:
    assert returns_on("until " * 200, "until 1." * 500_000, SENT) is None
