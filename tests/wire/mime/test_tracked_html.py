"""Which links of an email's HTML are led by way of us, and where the pixel stands."""

import pytest

from postroom.wire.mime.tracked_html import with_links, with_pixel


def led(html: str) -> str:
    return with_links(html, lambda target: f"https://t.test/click/{len(target)}")


@pytest.mark.parametrize(
    "html, expected",
    [
        ('<a href="https://a.test/">Our list</a>', '<a href="https://t.test/click/15">Our list</a>'),
        ("<A HREF='https://a.test/'>Our list</A>", '<A HREF="https://t.test/click/15">Our list</A>'),
        ("<a href=https://a.test/x>Our list</a>", '<a href="https://t.test/click/16">Our list</a>'),
        (
            '<a class="x"\n href="https://a.test/?a=1&amp;b=2" target="_blank"><b>Go</b></a>',
            '<a class="x"\n href="https://t.test/click/23" target="_blank"><b>Go</b></a>',
        ),
        (
            '<a title="see href=https://evil.test/" href="https://a.test/">Go</a>',
            '<a title="see href=https://evil.test/" href="https://t.test/click/15">Go</a>',
        ),
        (
            "<blockquote>Well said</blockquote><a href='https://a.test/'>Go</a>",
            '<blockquote>Well said</blockquote><a href="https://t.test/click/15">Go</a>',
        ),
    ],
)
def test_a_link_of_ones_own_words_is_led(html: str, expected: str) -> None:
    assert led(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<p>No link</p>",
        '<a href="https://a.test/unsubscribe?u=1">No more of this</a>',
        '<a href="https://a.test/u/1">Unsubscribe</a>',
        '<a href="https://a.test/u/1">Newsletter <b>abmelden</b></a>',
        '<a href="https://a.test/">https://a.test/</a>',
        '<a href="https://a.test/"> www.a.test/offers </a>',
        '<a href="https://a.test/">a.test</a>',
        '<!--[if mso]><a href="https://a.test/">Go</a><![endif]-->',
        '<style>/* <a href="https://a.test/">x</a> */</style>',
        '<!-- never closed <a href="https://a.test/">Go</a>',
        '<a name="top">Top</a>',
        '<abbr href="https://a.test/">Go</abbr>',
        '<a data-href="https://a.test/">Go</a>',
        '<blockquote type="cite"><a href="https://a.test/">Go</a></blockquote>',
        '<blockquote><a href="https://a.test/">Go</a></blockquote>',
        '<div class="postroom_quote"><p>On Monday Bob wrote:</p><a href="https://a.test/">Go</a></div>',
        '<div class="gmail_quote"><a href="https://a.test/">Go</a></div><a href="https://a.test/">Go</a>',
        '<div id="appendonsend"></div><hr><a href="https://a.test/">Go</a>',
    ],
)
def test_any_other_is_left_as_it_is(html: str) -> None:
    assert led(html) == html


def test_what_the_caller_does_not_lead_stays() -> None:
    html = '<a href="mailto:ann@a.test">Write</a> <a href="#top">Up</a>'
    assert with_links(html, lambda _: None) == html


def test_an_address_cannot_leave_its_attribute() -> None:
    assert with_links('<a href="https://a.test/">Go</a>', lambda _: '"><script>') == (
        '<a href="&quot;&gt;&lt;script&gt;">Go</a>'
    )


def test_the_pixel_stands_at_the_end_of_the_document() -> None:
    pixel = '<img src="https://t.test/open/x" width="1" height="1" alt="" border="0">'
    assert with_pixel("<p>Hi</p>", "https://t.test/open/x") == f"<p>Hi</p>{pixel}"
    assert with_pixel("<body><p>Hi</p></BODY></html>", "https://t.test/open/x") == (
        f"<body><p>Hi</p>{pixel}</BODY></html>"
    )


@pytest.mark.parametrize(
    "piece", ["<a ", '<a "', "<!--", "<style>", "<a href=x>", "<blockquote>", '<a href="', "</body"]
)
def test_odd_html_of_a_million_characters_is_read_in_one_pass(piece: str) -> None:
    html = piece * (1_000_000 // len(piece))
    assert len(with_pixel(with_links(html, lambda _: None), "x")) > len(html)
