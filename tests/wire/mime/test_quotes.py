"""New words apart from quoted ones, previews, and text out of HTML."""

import pytest

from postroom.wire.mime.bodies import body_text, preview, preview_of
from postroom.wire.mime.html_text import text_from_html, text_with_links
from postroom.wire.mime.parse import parse
from postroom.wire.mime.quotes import new_words, split_html, split_text
from postroom.wire.mime.types import MessageHead, ParsedMessage
from tests.wire.mime.corpora import Tally, cases, content, words


def test_replies_in_twenty_languages_are_split() -> None:
    """Missed: a reply whose expected result keeps the Hungarian "… írta:" line, and one that wants the closing gone."""
    tally = Tally()
    for row in cases("reply-text"):
        accepted = {words(one) for one in (row["expected"]["reply"], *row["expected"]["reply_alternatives"])}
        tally.check("reply", words(new_words(content(row).decode())) in accepted, True, row["id"])
    tally.at_most(reply=2)


INTRODUCTIONS = [
    "On Mon, Jan 5, 2026 at 10:00 AM Ann Lee <ann@x.example> wrote:", "Am 05.01.2026 um 10:00 schrieb Ann Lee:", "Le 5 janv. 2026 à 10:00, Ann Lee <ann@x.example> a écrit :",
    "El lun, 5 ene 2026 a las 10:00, Ann Lee (<ann@x.example>) escribió:", "Il giorno lun 5 gen 2026 alle ore 10:00 Ann Lee <ann@x.example> ha scritto:",
    "Em seg., 5 de jan. de 2026 às 10:00, Ann Lee <ann@x.example> escreveu:", "Op ma 5 jan 2026 om 10:00 schreef Ann Lee <ann@x.example>:", "Den mån 5 jan. 2026 kl 10:00 skrev Ann Lee <ann@x.example>:",
    "5. jan. 2026 kl. 10.00 skrev Ann Lee <ann@x.example>:", "пн, 5 янв. 2026 г. в 10:00, Ann Lee <ann@x.example>:", "2026年1月5日(月) 10:00 Ann Lee <ann@x.example>:", "Ann Lee <ann@x.example> 于2026年1月5日周一 10:00写道：",
    "2026년 1월 5일 (월) 오전 10:00, Ann Lee <ann@x.example>님이 작성:", "W dniu 05.01.2026 o 10:00, Ann Lee pisze:", "Dne 5. 1. 2026 v 10:00 Ann Lee napsal(a):",
    "-----Original Message-----", "-------- Ursprüngliche Nachricht --------", "---- On Mon, 05 Jan 2026 10:00:00 +0100 ann@x.example wrote ----",
    "From: Ann Lee <ann@x.example>\nSent: Monday, January 5, 2026 10:00\nTo: Bo\nSubject: x", "Von: Ann Lee\nGesendet: Montag, 5. Januar 2026 10:00\nAn: Bo\nBetreff: x",
    "*From:* Ann Lee <ann@x.example>\n*Date:* Monday, 5 January 2026\n*To:* Bo\n*Subject:* x", "________________________________\nDe : Ann\nEnvoyé : lundi\nÀ : Bo\nObjet : x", "发件人: Ann <ann@x.example>\n发送时间: 2026年1月5日\n收件人: Bo\n主题: x",
]  # fmt: skip


@pytest.mark.parametrize("introduction", INTRODUCTIONS, ids=[one[:25] for one in INTRODUCTIONS])
@pytest.mark.parametrize("mark", ["", "> "], ids=["unmarked", "marked"])
def test_a_quote_is_known_by_its_introduction(introduction: str, mark: str) -> None:
    text = f"Thank you, that works.\n\n{introduction}\n\n{mark}Would Monday do?\n{mark}Ann"
    assert new_words(text) == "Thank you, that works."
    assert "Would Monday do?" in split_text(text).quoted


def test_answers_between_and_below_quoted_lines_are_new_words() -> None:
    text = "On 5 Jan 2026 at 10:00, Ann <ann@x.example> wrote:\n> Monday?\nNo.\n> Tuesday?\nYes.\n"
    assert new_words(text) == "No.\nYes."


PLAIN = [
    "On the other hand, we wrote: nothing.",
    "Items:\n-- first\n-- second",
    "The price is 10:30 per unit:\n1) a",
    "From: here to there is far.",
    "We met at 10:00.\nThen left.",
]


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_sentences_are_not_quotes(text: str) -> None:
    assert new_words(text) == text


def test_what_is_forwarded_is_news() -> None:
    text = "See below.\n\n---------- Forwarded message ---------\nFrom: Ann <ann@x.example>\nDate: Mon, Jan 5, 2026\nSubject: x\nTo: Bo <bo@x.example>\n\nThe news."
    assert "The news." in new_words(text)


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "-- \nAnn Lee\nAcme",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Get Outlook for iOS<https://aka.ms/o>",
    ],
)
def test_signatures_and_apps_are_not_words(line: str) -> None:
    assert new_words(f"Fine.\n\n{line}") == "Fine."


@pytest.mark.parametrize(
    "quote",
    ['<div class="gmail_quote">On Monday Ann wrote:<blockquote>old</blockquote></div>', '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: Ann</div>old', "<blockquote type=cite>old</blockquote>",
     '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><b>From:</b> Ann</div>old', '<div class="moz-cite-prefix">On Monday</div><blockquote>old</blockquote>'],
)  # fmt: skip
def test_the_quote_in_html_is_found_by_the_marks_of_its_program(quote: str) -> None:
    split = split_html(f"<html><style>p{{}}</style><p>New words.</p>{quote}</html>")
    assert split.new.endswith("<p>New words.</p>")
    assert "old" in split.quoted


def test_html_with_words_below_the_quote_is_not_split() -> None:
    html = "<p>New</p><blockquote>old</blockquote><p>More new words</p>"
    assert split_html(html).new == html
    assert split_html("<blockquote>only a quote</blockquote>").quoted == ""


def test_text_from_html_is_what_a_reader_sees() -> None:
    html = (
        "<html><head><title>no</title><style>p{}</style></head><body><!-- no --><p>Hi &amp; <b>Jo</b>,<br>line two</p>"
        "<ul><li>a<li>b</ul><blockquote>quoted</blockquote><script>no()</script><table><tr><td>1</td><td>2</td></tr></table><pre>x\n y</pre>3 < 4</body>"
    )
    assert text_from_html(html) == "Hi & Jo,\nline two\n\n- a\n- b\n\n> quoted\n\n1 2\n\nx\ny\n\n3 < 4"


def test_links_are_kept_where_only_html_was_written() -> None:
    assert text_with_links('<a href="https://x.example/a">here</a>') == "here (https://x.example/a)"
    assert text_with_links('<a href="mailto:a@b.example">a@b.example</a>') == "a@b.example"


def message(text: str | None, html: str | None = None) -> ParsedMessage:
    return ParsedMessage(head=MessageHead(), text=text, html=html)


def test_the_text_comes_from_the_html_where_there_is_no_other() -> None:
    assert body_text(message(None, "<p>x</p>")) == "x"
    assert body_text(message(" \n", "<p>x</p>")) == "x"
    assert body_text(message("a", "<p>x</p>")) == "a"
    assert body_text(message(None)) == ""


def test_the_preview_is_the_first_new_words_on_one_line() -> None:
    assert (
        preview(message("Hello\n\nBo,  thanks!\n\nOn 5 Jan 2026 at 10:00, Ann <ann@x.example> wrote:\n> old"))
        == "Hello Bo, thanks!"
    )
    assert preview(message("> only quoted")) == "> only quoted"
    assert preview_of("\u200c\u200c[image: logo] x ------ y") == "x y"
    long = preview_of("word " * 100)
    assert len(long) <= 201
    assert long.endswith("word…")


def test_the_preview_of_the_corpus_is_one_short_line() -> None:
    for row in cases("parse", "parse-consensus", "bounce", "reply-text"):
        line = preview(parse(content(row)))
        assert len(line) <= 201
        assert "\n" not in line
