"""What DNS says of a domain, and which record is to be added."""

import pytest

from postroom.rooms.sending_domains.findings import (
    DkimFacts,
    OwnKey,
    Relay,
    SpfFacts,
    State,
    dkim_findings,
    dmarc_findings,
    include_of,
    spf_findings,
)

GOOGLE = Relay("smtp.gmail.com", "_spf.google.com")
OWN = Relay("mail.us.example", "", is_named=True)


def spf(*texts: str, relays: tuple[Relay, ...] = (OWN,), **more: object) -> list[tuple[str, str]]:
    found = spf_findings("us.example", SpfFacts(texts, **more), relays)  # type: ignore[arg-type]
    return [(one.code, one.record[1]) for one in found]


@pytest.mark.parametrize(
    ("texts", "relays", "expected"),
    [
        ((), (OWN,), [("spf_missing", "v=spf1 a mx ~all")]),
        (("google-site-verification=x",), (GOOGLE,), [("spf_missing", "v=spf1 include:_spf.google.com ~all")]),
        (("v=spf1 mx ~all", "v=spf1 a -all"), (OWN,), [("spf_several", "v=spf1 mx a ~all")]),
        (("v=spf1 mx ~all",), (GOOGLE,), [("spf_relay_missing", "v=spf1 mx include:_spf.google.com ~all")]),
        (("v=spf1 mx",), (OWN,), [("spf_no_end", "v=spf1 mx ~all")]),
        (("v=spf1 mx +all",), (OWN,), [("spf_all", "v=spf1 mx ~all")]),
        (("v=spf1 redirect=_spf.x.example",), (OWN,), [("spf_good", "")]),
        (("v=spf1 mx ~all",), (Relay("smtp.host.example"),), [("spf_relay_unknown", "")]),
        (("v=spf1 mx ~all",), (OWN,), [("spf_good", "")]),
        (("V=SPF1 mx -ALL",), (), [("spf_good", "")]),
        (("v=spf10 mx",), (OWN,), [("spf_missing", "v=spf1 a mx ~all")]),
    ],
)
def test_an_spf_record_is_judged_by_what_it_lets_through(
    texts: tuple[str, ...], relays: tuple[Relay, ...], expected: list[tuple[str, str]]
) -> None:
    assert spf(*texts, relays=relays) == expected


def test_spf_counts_lookups_and_sees_nested_includes() -> None:
    assert spf("v=spf1 include:a ~all", lookups=11)[0][0] == "spf_lookups"
    assert spf("v=spf1 include:a ~all", relays=(GOOGLE,), includes=frozenset({"a", "_spf.google.com"})) == [
        ("spf_good", "")
    ]


@pytest.mark.parametrize(
    ("texts", "code", "state"),
    [
        ((), "dmarc_missing", State.PROBLEM),
        (("v=DMARC1; p=none",), "dmarc_none", State.GOOD),
        (("v=DMARC1;p=reject; rua=mailto:x@us.example",), "dmarc_strict", State.GOOD),
        (("v=DMARC1; p=maybe",), "dmarc_invalid", State.PROBLEM),
        (("v=DMARC1",), "dmarc_invalid", State.PROBLEM),
        (("v=DMARC1; p=none", "v=DMARC1; p=reject"), "dmarc_several", State.PROBLEM),
        (("something else",), "dmarc_missing", State.PROBLEM),
    ],
)
def test_a_dmarc_record_is_judged_by_its_policy(texts: tuple[str, ...], code: str, state: State) -> None:
    (found,) = dmarc_findings("us.example", "_dmarc.us.example", texts)
    assert (found.code, found.state) == (code, state)


def test_dmarc_of_a_domain_above_speaks_by_its_policy_for_subdomains() -> None:
    texts = ("v=DMARC1; p=reject; sp=none",)
    assert dmarc_findings("mail.us.example", "_dmarc.us.example", texts)[0].code == "dmarc_none"
    assert dmarc_findings("us.example", "_dmarc.us.example", texts)[0].code == "dmarc_strict"


@pytest.mark.parametrize(
    ("stands", "differs", "is_on", "code", "state"),
    [
        (False, False, False, "dkim_record_missing", State.WARNING),
        (False, False, True, "dkim_record_missing", State.PROBLEM),
        (False, True, True, "dkim_differs", State.PROBLEM),
        (True, False, False, "dkim_switched_off", State.WARNING),
        (True, False, True, "dkim_signed_here", State.GOOD),
    ],
)
def test_dkim_of_our_own(stands: bool, differs: bool, is_on: bool, code: str, state: State) -> None:
    key = OwnKey("s._domainkey.us.example", "v=DKIM1; k=rsa; p=AB", stands, differs, is_on)
    assert [(one.code, one.state) for one in dkim_findings("us.example", DkimFacts((key,)))] == [(code, state)]


def test_dkim_of_a_provider_or_of_nobody() -> None:
    (found,) = dkim_findings("us.example", DkimFacts(others=("google",)))
    assert (found.code, found.found) == ("dkim_of_provider", ("google._domainkey.us.example",))
    assert [one.code for one in dkim_findings("us.example", DkimFacts())] == ["dkim_not_found"]


def test_the_include_of_a_provider_is_known_by_its_server() -> None:
    assert include_of("smtp.gmail.com") == "_spf.google.com"
    assert include_of("email-smtp.eu-west-1.amazonaws.com.") == "amazonses.com"
    assert include_of("notgmail.com") == "" == include_of("mail.us.example")
