"""HTML from strangers: nothing runs, nothing loads, and an ordinary email still looks like itself."""

import json
import re

import pytest

from postroom.wire.mime.sanitize import ImageLinks, safe_html
from postroom.wire.mime.styles import safe_style
from tests.servers.browser import CHROMIUM
from tests.wire.mime.corpora import cases, content

BLOCKED = ImageLinks()
FORBIDDEN = re.compile(
    r"<(?:script|svg|math|iframe|frame|form|input|button|meta|base|link|style|object|embed|video|audio|template)\b"
    r"|<[^>]*\s(?:on\w+|srcdoc|srcset|formaction|ping|id|class)\s*=|<[^>]*(?:javascript|vbscript|data:text)\s*:"
    r"|<[^>]*\s(?:src|background|poster)\s*=\s*[\"']?\s*(?:https?:|//)|<[^>]*(?:url\(|expression|@import|-moz-binding|behavior)",
    re.I,
)


def test_no_attack_of_the_corpus_leaves_a_trace() -> None:
    for row in cases("xss"):
        found = FORBIDDEN.search(_without_texts(safe_html(content(row).decode("utf-8", "replace"), BLOCKED).html))
        assert not found, (row["id"], found)


def _without_texts(html: str) -> str:
    """The tags alone: a text may name what it likes."""
    return " ".join(re.findall(r"<[a-z/][^<>]*>", html))


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<iframe srcdoc='<script>x</script>'>",
        "<a href='java\tscript:alert(1)'>x</a>", "<a href='&#1;javascript:alert(1)'>x</a>", "<a href=data:text/html,x>x</a>", "<a href='//evil.example'>x</a>", "<a href='#top'>x</a>", "<form action=x><input>",
        "<meta http-equiv=refresh content='0;url=http://evil.example'>", "<base href='http://evil.example/'>", "<link rel=stylesheet href='http://evil.example/x.css'>", "<style>@import 'http://evil.example/x.css';</style>x",
        "<style>p{background:url(http://evil.example/x)}</style><p>x", "<p style='background:url(http://evil.example/x)'>x", "<p style='width:expression(alert(1))'>x", "<p style='position:fixed;top:0'>x",
        "<p style='background:u\\72l(http://evil.example)'>x", "<p style='background:url/**/(http://evil.example)'>x", "<img srcset='http://evil.example/x 2x'>", "<table background='http://evil.example/x'><tr><td>x",
        "<video src=http://evil.example poster=http://evil.example>", "<img src='\u00a0http://evil.example/x'>", "<img src='HTTP://evil.example/x'>", "<img src=\"data:image/svg+xml,<svg onload=alert(1)>\">",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<!--><script>x</script>-->", "<![CDATA[<script>x</script>]]>", "<p style=\"font-family:'a\\'};x'\">x",
        "<xmp><img src=x onerror=alert(1)></xmp>", "<title><img src=x onerror=alert(1)></title>", "<template><script>x</script></template>", "<b id=x class=y>x", "<img src=http://evil.example/x#.png>",
        "<p style='background-image:image-set(\"http://evil.example/x\" 1x)'>x", "<p style='list-style:url(http://evil.example/x)'>x", "<p style='content:attr(x)'>x", "<p style='cursor:url(http://evil.example/x),auto'>x",
    ],
)  # fmt: skip
def test_nothing_runs_and_nothing_loads(html: str) -> None:
    assert not FORBIDDEN.search(_without_texts(safe_html(html, BLOCKED).html))


def test_images_come_only_from_where_the_caller_says() -> None:
    html = '<img src="https://x.example/a.png?b=1&amp;c"><img src="//y.example/b.gif"><img src="cid:a%40b"><img src="cid:none"><img src="data:image/png;base64,AAAA"><img src="rel.png">'
    links = ImageLinks(remote=lambda url: f"/proxy?{url[8:]}", inline={"a@b": "/file/1"}.get)
    shown = safe_html(html, links)
    assert re.findall(r'src="([^"]*)"', shown.html) == [
        "/proxy?x.example/a.png?b=1&amp;c",
        "/proxy?y.example/b.gif",
        "/file/1",
        "data:image/png;base64,AAAA",
    ]
    assert shown.blocked_images == 0
    assert safe_html(html, BLOCKED).blocked_images == 2


def test_links_open_elsewhere_and_say_nothing_of_us() -> None:
    html = safe_html(
        '<a href="https://x.example/a?b&amp;c" target=_self rel=opener>x</a> <a href="mailto:a@b.example">y</a>',
        BLOCKED,
    ).html
    assert html.count('target="_blank" rel="noopener noreferrer"') == 2
    assert 'href="https://x.example/a?b&amp;c"' in html


def test_an_ordinary_email_keeps_its_looks() -> None:
    html = (
        '<html><head><style>.big{font-size:20px;color:#123}@media print{.big{color:red}}</style></head><body bgcolor="#000000" style="margin:0">'
        "<table width=600 cellpadding=0><tr><td class=big align=center style=\"font-family:'Segoe UI',Arial;padding:4px 8px\">Hi</td></tr></table><ul><li>a</li></ul><blockquote>q</blockquote></body></html>"
    )
    shown = safe_html(html, BLOCKED).html
    assert 'bgcolor="#000000"' in shown
    for kept in (
        "font-size:20px",
        "color:#123",
        "font-family:'Segoe UI',Arial",
        "padding:4px 8px",
        'width="600"',
        "<li>a</li>",
        "<blockquote>q</blockquote>",
    ):
        assert kept in shown.replace(": ", ":"), kept
    assert "red" not in shown


def test_only_looks_stay_in_a_style() -> None:
    assert (
        safe_style("color:red; position:fixed; margin: 0 auto !important; background:url(x); width:calc(100% - 2px);x")
        == "color:red;margin:0 auto !important;width:calc(100% - 2px)"
    )
    assert safe_style("color:red/*;*/;font:12px 'a b', serif") == "color:red;font:12px 'a b', serif"
    assert safe_style("color") == ""


def test_no_depth_or_size_stops_the_page() -> None:
    """css-inline's stack overflows at 10,000 levels, nh3's time grows with the square of the depth and of ampersands."""
    for html in (
        "<div>" * 200_000,
        "<style>a{b:c}</style>" + "<div>" * 5_500,
        "&" * 1_000_000,
        "<b><div>" * 50_000,
        "<table>" * 50_000,
        "<style>" + "a{b:c}" * 30_000 + "</style>" + "<p>x" * 5_000,
    ):
        assert safe_html(html, BLOCKED).html is not None


def test_what_is_too_much_is_shown_as_text() -> None:
    shown = safe_html("<div>" * 10_000 + "hello <b>&lt;script&gt;", BLOCKED).html
    assert shown == '<div style="white-space:pre-wrap">hello &lt;script&gt;</div>'


@pytest.mark.timeout(90)
def test_in_a_real_browser_no_attack_runs_or_loads() -> None:
    """All attacks in one page without a sandbox or policy, so that only our cleaning stands between."""
    playwright = pytest.importorskip("playwright.sync_api")
    bodies = [safe_html(content(row).decode("utf-8", "replace"), BLOCKED).html for row in cases("xss")]
    page_html = (
        "<!doctype html><meta charset=utf-8><script>window.ran=0;window.alert=window.confirm=window.prompt=()=>{window.ran++}</script>"
        + "".join(f"<section class=case>{body}</section>" for body in bodies)
    )
    asked: list[str] = []
    with playwright.sync_playwright() as machine:
        browser = machine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.route("**/*", lambda route: (asked.append(route.request.url), route.abort()))
        page.set_content(page_html, wait_until="load")
        page.wait_for_timeout(500)
        ran, sections = page.evaluate("[window.ran, document.querySelectorAll('section.case').length]")
        browser.close()
    assert (ran, sections, json.dumps(asked)) == (0, len(bodies), "[]")


def test_words_paragraphs_stand_close_as_outlook_shows_them() -> None:
    css = "@font-face {font-family:Calibri; panose-1:2 15 5 2;} p.MsoNormal, div.MsoNormal {margin:0cm} @import 'x';"
    html = f"<style><!-- {css} p.MsoListParagraph {{margin-left:36pt}} --></style><p class=MsoNormal>a</p>"
    assert safe_html(html, BLOCKED).html == '<p style="margin:0cm">a</p>'


def test_no_part_is_as_high_as_the_window_that_grows_with_it() -> None:
    assert safe_style("height:100vh;min-height:calc(100dvh - 2px);color:red;width:50vw") == "color:red;width:50vw"
