"""The open unsubscribe page in words, by language, and put together as HTML. It has no script and loads nothing."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from html import escape

_STYLE = (
    ":root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:16px;"
    "box-sizing:border-box;font:16px/1.5 system-ui,sans-serif;background:#f6f7f9;color:#1c2330}"
    "main{max-width:420px;width:100%;box-sizing:border-box;background:#fff;border:1px solid #dfe3e8;border-radius:12px;"
    "padding:32px;overflow-wrap:anywhere}h1{font-size:20px;line-height:1.3;margin:0 0 12px}p{margin:0 0 20px}"
    "button{font:inherit;font-weight:600;padding:10px 18px;border-radius:8px;border:1px solid #1f5fd0;"
    "background:#1f5fd0;color:#fff;cursor:pointer}button.quiet{background:transparent;color:#1f5fd0}"
    "button:focus-visible{outline:3px solid #8ab4ff;outline-offset:2px}small{color:#596273}form{margin:0}"
    "@media(prefers-color-scheme:dark){body{background:#14171c;color:#e6e9ee}main{background:#1d2229;"
    "border-color:#323943}small{color:#a7b0be}button{background:#2f6fe0;border-color:#2f6fe0}"
    "button.quiet{color:#8ab4ff;border-color:#8ab4ff}}"
)
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Marks: {who} the organization, {address} whose mail it is."""

    ask_title: str
    ask: str
    ask_button: str
    done_title: str
    done: str
    undo: str
    undo_button: str
    back_title: str
    back: str
    others: str
    bad_title: str
    bad: str


_WORDS = {
    "en": Words(
        "Unsubscribe?",
        "{who} will send no more bulk email to {address}.",
        "Unsubscribe",
        "You are unsubscribed",
        "{who} will send no more bulk email to {address}. Personal replies may still reach you.",
        "Did you not mean to?",
        "Subscribe again",
        "You are subscribed again",
        "{who} may send bulk email to {address} again.",
        "To get mail again, ask {who} directly.",
        "This link does not work",
        "It may have been cut off on its way. Copy the whole link out of the email, or answer the email and ask for no "
        "more mail.",
    ),
    "de": Words(
        "Abmelden?",
        "{who} sendet dann keine Rundmails mehr an {address}.",
        "Abmelden",
        "Sie sind abgemeldet",
        "{who} sendet keine Rundmails mehr an {address}. Persönliche Antworten können Sie weiterhin erreichen.",
        "War das ein Versehen?",
        "Wieder anmelden",
        "Sie sind wieder angemeldet",
        "{who} darf wieder Rundmails an {address} senden.",
        "Um wieder Mails zu erhalten, wenden Sie sich bitte direkt an {who}.",
        "Dieser Link funktioniert nicht",
        "Vielleicht wurde er unterwegs abgeschnitten. Kopieren Sie den ganzen Link aus der E-Mail, oder antworten Sie "
        "auf die E-Mail und bitten Sie darum, keine weiteren zu erhalten.",
    ),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Whom a page is about: the organization, the address, and the path of the link."""

    who: str
    address: str
    path: str


def language_of(accept_language: str) -> str:
    """The first of our languages that the browser names (RFC 9110 12.5.4), English where it names none."""
    wanted: list[tuple[float, str]] = []
    for word in accept_language.split(",")[:20]:
        tag, _, weight = word.strip().partition(";q=")
        language = tag.strip().lower().partition("-")[0]
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            quality = 0.0
        if language in _WORDS and quality > 0:
            wanted.append((-quality, language))
    return min(wanted, key=lambda one: one[0])[1] if wanted else "en"


def ask_page(language: str, shown: Shown) -> str:
    """The question, with its button."""
    words = _WORDS[language]
    return _page(language, words.ask_title, _filled(words.ask, shown) + _form(shown.path, words.ask_button, ""))


def done_page(language: str, shown: Shown) -> str:
    """It is done; with the way back."""
    words = _WORDS[language]
    undo = f"<p><small>{escape(words.undo)}</small></p>{_form(shown.path + '/undo', words.undo_button, 'quiet')}"
    return _page(language, words.done_title, _filled(words.done, shown) + undo)


def stays_page(language: str, shown: Shown) -> str:
    """It is done, and not the recipient alone can take it back."""
    words = _WORDS[language]
    return _page(language, words.done_title, _filled(words.done, shown) + _filled(words.others, shown))


def back_page(language: str, shown: Shown) -> str:
    """It is taken back; with the way to unsubscribe again."""
    words = _WORDS[language]
    form = _form(shown.path, words.ask_button, "quiet")
    return _page(language, words.back_title, _filled(words.back, shown) + form)


def bad_page(language: str) -> str:
    """The link is none of ours."""
    words = _WORDS[language]
    return _page(language, words.bad_title, f"<p>{escape(words.bad)}</p>")


def masked(address: str) -> str:
    """Enough for its owner to know it; a forwarded email must not tell others the address."""
    local, at, domain = address.rpartition("@")
    return f"{local[:2]}…{at}{domain}" if len(local) > 3 else f"{local[:1]}…{at}{domain}"


def _filled(text: str, shown: Shown) -> str:
    parts = {"who": f"<b>{escape(shown.who)}</b>", "address": f"<b>{escape(shown.address)}</b>"}
    return f"<p>{text.format(**parts)}</p>"


def _form(path: str, button: str, style: str) -> str:
    return (
        f'<form method="post" action="{escape(path, quote=True)}"><input type="hidden" name="confirm" value="yes">'
        f'<button class="{style}">{escape(button)}</button></form>'
    )


def _page(language: str, title: str, inside: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>{inside}</main></body></html>"
    )
