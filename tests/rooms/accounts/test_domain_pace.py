"""How fast one mailbox provider gets bulk email, and what makes that less."""

from datetime import UTC, datetime, timedelta

import pytest

from postroom.rooms.accounts.domain_pace import (
    HOSTS,
    USUAL_PER_MINUTE,
    SentToHost,
    budget_to,
    domains_of,
    host_of,
    per_minute_to,
    slowed,
    wants_less,
)
from postroom.rooms.accounts.send_budget import SlowPace

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("ann@gmail.com", "gmail.com"),
        ("ann@googlemail.com", "gmail.com"),
        ("ann@hotmail.fr", "outlook.com"),
        ("ann@aol.com", "yahoo.com"),
        ("ann@bolt.example", "bolt.example"),
        ("ann@mail.gmail.com", "mail.gmail.com"),
    ],
)
def test_domains_of_one_provider_share_its_pace(address: str, host: str) -> None:
    assert host_of(address) == host
    assert address.rpartition("@")[2] in domains_of(host)


def test_no_domain_belongs_to_two_providers() -> None:
    domains = [domain for host in HOSTS for domain in host.domains]
    assert len(domains) == len(set(domains))


def test_a_full_minute_opens_when_its_oldest_email_leaves_it() -> None:
    sent = {"bolt.example": SentToHost(USUAL_PER_MINUTE, NOW - timedelta(seconds=50))}
    full = budget_to("bolt.example", sent, None, NOW)
    assert (full.emails, full.next_at) == (0, NOW + timedelta(seconds=10))
    assert "bolt.example" in full.reason
    assert budget_to("gmail.com", sent, None, NOW).emails == 1_200


def test_who_asks_for_less_gets_half_and_slowly_more() -> None:
    first = slowed("bolt.example", None, 80, ("451 4.7.1 Too many messages", NOW))
    assert per_minute_to("bolt.example", first, NOW) == 40
    second = slowed("bolt.example", first, 40, ("451 4.7.1 Too many messages", NOW))
    assert per_minute_to("bolt.example", second, NOW) == 20
    later = [per_minute_to("bolt.example", second, NOW + timedelta(minutes=m)) for m in (0, 30, 60, 600)]
    assert later == [20, 40, 80, USUAL_PER_MINUTE]
    assert "Too many messages" in budget_to("bolt.example", {"bolt.example": SentToHost(20, NOW)}, second, NOW).reason


def test_the_pace_never_falls_to_nothing() -> None:
    pace: SlowPace | None = None
    for _ in range(20):
        pace = slowed("bolt.example", pace, 1, ("slow down", NOW))
    assert per_minute_to("bolt.example", pace, NOW) >= 5


@pytest.mark.parametrize(
    ("words", "is_wish"),
    [
        ("421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume", True),
        ("421 4.7.28 Gmail has detected an unusual rate of mail originating from your IP address", True),
        ("451 4.7.500 Server busy. Please slow down", True),
        ("452 4.3.1 Too many messages from this sender", True),
        ("421 RP-001 Unfortunately, some messages weren't sent", True),
        ("451 4.7.1 Greylisted, come back in 5 minutes", False),
        ("450 4.2.1 The user you are trying to contact is receiving mail at an excessive rate", False),
        ("452 4.2.2 Mailbox full, too many messages", False),
        ("451 4.3.0 Temporary lookup failure", False),
    ],
)
def test_only_a_wish_for_less_slows_a_provider_down(words: str, is_wish: bool) -> None:
    assert wants_less(words) is is_wish
