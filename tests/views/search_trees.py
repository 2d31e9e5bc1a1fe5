"""Random search trees: every field with conditions that its kind of value can answer, nested in every way."""

from datetime import UTC, date, datetime
from functools import lru_cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from postroom.rooms.smart_views import moments as m
from postroom.rooms.smart_views import tree as t
from tests.views.search_names import ALIASES

TEXTS = (
    "acme", "zoe", "BAD fit", "bad", "Ünï", "100%", "%", "_", "a_b", "O'Neil", "x", "[x]", "東京", "京", "\\", '"',
    "acm", "acme.test", "zoe0000@acme.test", "", "gmbh.", "(", "'; drop table leads; --", "$$", "\\d", "{a}", "%s",
    "%(p0)s", "berlin  acme",
)  # fmt: skip
PATTERNS = ("ac*", "*cme", "*ad*", "b*d", "a*t", "zo*@*", "*", "1*", "*%*", "x*", "*東*", "[*")
PLAIN_WORDS = ("acme", "offer", "bad", "fit", "zoe", "berlin", "zoe1@acme.test", "ber", "CEO", "bob")
DATES = (
    "2026-05-05", "2026-05-01", "2026-04", "2026", "2026-05-05 14:30", "2026-05-05T00:00:00Z", "today", "yesterday",
    "2026-04-20T05:00:00+02:00", "last week", "2026/05/01",
)  # fmt: skip

words = st.sampled_from(TEXTS).map(t.Word)
numbers = st.sampled_from(["0", "1", "2", "2.5", "3", "5", "-1", "1000000000"]).map(t.Word)
orders = st.sampled_from([*t.Order])
ages = st.builds(t.Ago, st.integers(0, 50), st.sampled_from(["min", "minute", "hour", "day", "week", "month", "year"]))
dates = st.sampled_from(DATES).map(t.Word)
which = st.sampled_from([*m.Which])
days = st.dates(date(2026, 3, 20), date(2026, 5, 20))
fixed = st.one_of(
    st.just(m.Now()),
    st.datetimes(datetime(2026, 3, 20), datetime(2026, 5, 20), timezones=st.just(UTC)).map(m.FixedUtc),
    st.builds(m.LocalDay, days, which),
    st.builds(m.Period, st.sampled_from(m.PERIODS), which),
)
shifts = st.builds(m.Shift, st.integers(0, 3), st.sampled_from([0, 3600, 86400, 86400 * 9]))
structured_moments = st.one_of(fixed, st.builds(m.Offset, st.sampled_from([-1, 1]), fixed, shifts, st.none() | which))

text_conditions = st.one_of(
    st.just(t.Exists()),
    st.builds(t.Matches, st.sampled_from([mode for mode in t.Mode if mode is not t.Mode.PATTERN]), words),
    st.builds(t.Matches, st.just(t.Mode.PATTERN), st.sampled_from(PATTERNS[:6] + PATTERNS[7:]).map(t.Word)),
    st.builds(t.Equals, words),
    st.builds(t.OneOf, st.lists(words, max_size=3).map(tuple)),
)
typed_numbers = st.sampled_from(["+49 30 1234567", "0049-30/12345", "(030) 123 4567", "301234567"]).map(t.Word)
phone_conditions = st.one_of(
    text_conditions,
    st.builds(t.Matches, st.sampled_from([mode for mode in t.Mode if mode is not t.Mode.PATTERN]), typed_numbers),
    st.builds(t.Equals, typed_numbers),
    st.builds(t.OneOf, st.lists(typed_numbers | words, max_size=3).map(tuple)),
)
number_conditions = st.one_of(
    st.just(t.Exists()),
    st.builds(t.Matches, st.just(t.Mode.PHRASE), numbers),
    st.builds(t.Equals, numbers),
    st.builds(t.OneOf, st.lists(numbers, max_size=3).map(tuple)),
    st.lists(st.builds(t.Bound, orders, numbers), min_size=1, max_size=2).map(lambda b: t.Within(tuple(b))),
    st.lists(st.builds(t.Bound, orders, st.integers(-1, 6).map(float)), max_size=2).map(lambda b: t.Within(tuple(b))),
)
moment_conditions = st.one_of(
    st.just(t.Exists()),
    st.builds(t.Matches, st.just(t.Mode.PHRASE), dates),
    st.builds(t.Equals, dates),
    st.builds(t.Bound, orders, ages | dates | structured_moments).map(lambda bound: t.Within((bound,))),
    st.lists(st.builds(t.Bound, orders, structured_moments), max_size=2).map(lambda b: t.Within(tuple(b))),
)


def named(*names: str) -> SearchStrategy[t.Condition]:
    """Conditions on fields that hold one of few names."""
    one = st.sampled_from(names).map(t.Word)
    return st.one_of(
        st.just(t.Exists()),
        st.builds(t.Matches, st.just(t.Mode.PHRASE), one),
        st.builds(t.Equals, one),
        st.builds(t.OneOf, st.lists(one, max_size=3).map(tuple)),
    )


users = named("me", "user_2", "Ann Admin", "bob@acme.test", "nobody")
statuses = named("Potential", "bad_fit", "BAD FIT", "stat_3", "none", "won", "Active", "stag_2") | st.builds(
    t.Matches, st.just(t.Mode.PATTERN), st.sampled_from(["*fit", "cust*", "x*"]).map(t.Word)
)
templates = named("Hello", "bad_fit", "tmpl_1", "tmpl_3", "Secret", "none")
yes_or_no = st.sampled_from(["yes", "no", "true", "false"]).map(lambda word: t.Matches(t.Mode.PHRASE, t.Word(word)))
custom_conditions = st.one_of(
    text_conditions,
    st.builds(t.Equals, st.sampled_from(["web", "5", "5.0", "Bad Fit"]).map(t.Word)),
    st.builds(t.Bound, orders, st.sampled_from(["2", "5", "2.5"]).map(t.Word)).map(lambda b: t.Within((b,))),
    st.builds(t.Bound, orders, st.sampled_from(["2026-05-01", "2026-04-25"]).map(t.Word)).map(lambda b: t.Within((b,))),
)
clocks = st.sampled_from(["00:00", "06:30", "09:00", "12:00", "14:30", "21:00", "23:59"]).map(t.Word)
zones = st.sampled_from(
    ["Europe/Berlin", "new_york", "America/Los_Angeles", "Asia/Tokyo", "09:00-17:00", "21:00-06:00", "00:00-12:00"]
).map(t.Word)
zone_conditions = st.one_of(
    st.just(t.Exists()),
    st.builds(t.Matches, st.just(t.Mode.PHRASE), zones),
    st.builds(t.Equals, zones),
    st.builds(t.OneOf, st.lists(zones, max_size=3).map(tuple)),
    st.lists(st.builds(t.Bound, orders, clocks), min_size=1, max_size=2).map(lambda b: t.Within(tuple(b))),
)
FIELDS: dict[str, dict[str, SearchStrategy[t.Condition]]] = {
    "lead": {
        "timezone_id": zone_conditions,
        **dict.fromkeys(("name", "description", "url", "email_address", "contact_name"), text_conditions),
        **dict.fromkeys(("address", "city", "state", "zipcode", "country"), text_conditions),
        "phone_number": phone_conditions,
        **dict.fromkeys(("contact_title", "email_subject", "opportunity_note"), text_conditions),
        **dict.fromkeys(
            (
                "addresses",
                "calls",
                "tasks",
                "opportunities",
                "num_email_addresses",
                "num_phone_numbers",
                "num_incomplete_tasks",
                "num_completed_tasks",
                "times_communicated",
                "num_active_opportunities",
                "num_lost_opportunities",
            ),
            number_conditions,
        ),
        **dict.fromkeys(
            (
                "first_emailed",
                "first_incoming_email_date",
                "first_email_created",
                "first_call_date",
                "last_note_created",
            ),
            moment_conditions,
        ),
        "id": named("lead_03", "lead_11", "none"),
        "emailed_template": templates,
        "original_lead_status": statuses,
        "opportunity_user": users,
        "task_assigned_to": users,
        **dict.fromkeys(
            ("contacts", "emails", "num_sent_emails", "num_received_emails", "activities"), number_conditions
        ),
        **dict.fromkeys(
            (
                "created",
                "updated",
                "last_activity",
                "last_email",
                "last_emailed",
                "next_task_date",
                "last_communication",
                "first_communication_date",
                "last_incoming_email_date",
            ),
            moment_conditions,
        ),
        **dict.fromkeys(("notes", "num_won_opportunities", "notifications", "num_urls"), number_conditions),
        **dict.fromkeys(("num_email_attachments", "sms_messages", "meetings"), number_conditions),
        **dict.fromkeys(("last_call", "last_lead_status_change_date"), moment_conditions),
        "note": text_conditions,
        "opportunity": statuses,
        "status": statuses,
        "created_by": users,
        "user": users,
    },
    "contact": {
        **dict.fromkeys(("name", "title", "email_address"), text_conditions),
        "created": moment_conditions,
        "timezone_id": zone_conditions,
        "phone_number": phone_conditions,
        **dict.fromkeys(("last_email", "last_emailed"), moment_conditions),
        **dict.fromkeys(("emails", "num_email_addresses", "num_phone_numbers"), number_conditions),
    },
    "contact_email": {"email": text_conditions, "type": named("office", "HOME", "none")},
    "contact_phone": {
        "phone": phone_conditions,
        "type": named("office", "HOME", "none"),
        "timezone_id": zone_conditions,
    },
    "address": {
        **dict.fromkeys(("location", "address_1", "city", "state", "zipcode", "country"), text_conditions),
        "label": named("business", "HOME", "none"),
        "timezone_id": zone_conditions,
    },
    "email": {
        **dict.fromkeys(("subject", "body", "from", "to", "cc", "bcc", "filename"), text_conditions),
        "attachments": number_conditions,
        "has_attachments": yes_or_no,
        "date": moment_conditions,
        "template": templates,
        "status": named("sent", "INBOX", "draft", "none"),
        "direction": named("incoming", "outgoing"),
        "user": users,
        "has_reply": yes_or_no,
    },
    "opportunity": {
        "note": text_conditions,
        "value": number_conditions,
        "confidence": number_conditions,
        "created": moment_conditions,
        "date_won": moment_conditions,
        "status": statuses,
        "original_status": statuses,
        "user": users,
    },
    "note": {"text": text_conditions, "title": text_conditions, "date": moment_conditions, "user": users},
    "call": {
        "text": text_conditions,
        "date": moment_conditions,
        "user": users,
        "duration": number_conditions,
        "direction": named("inbound", "OUTBOUND"),
    },
    **{
        kind: {"old_status": statuses, "new_status": statuses, "date": moment_conditions, "user": users}
        for kind in ("lead_status_change", "status_change")
    },
    "lead_status": {"status": statuses, "on": moment_conditions},
    "status": {"status": statuses, "on": moment_conditions},
    "activity": {
        **dict.fromkeys(("subject", "body", "from", "to"), text_conditions),
        "type": named("email", "call", "NOTE", "meeting"),
        "direction": named("incoming", "OUTGOING"),
        "date": moment_conditions,
        "user": users,
    },
    "custom_activity": {"date": moment_conditions, "user": users, "status": named("published", "DRAFT")},
    "contact_url": {"url": text_conditions, "type": named("url", "HOME", "none")},
    "inbox_item": {"date": moment_conditions, "assigned_to": users, "is_complete": yes_or_no},
    "sms": {"text": text_conditions, "date": moment_conditions, "user": users, "status": named("sent")},
    "meeting": {"title": text_conditions, "starts_at": moment_conditions, "duration": number_conditions},
    "task": {"text": text_conditions, "date": moment_conditions, "assigned_to": users, "is_complete": yes_or_no},
}
NEAR = {
    "lead": (
        "contact",
        "contact_email",
        "contact_phone",
        "address",
        "email",
        "task",
        "opportunity",
        "note",
        "call",
        "lead_status_change",
        "lead_status",
        "status",
        "activity",
        "custom_activity",
        "contact_url",
        "inbox_item",
        "sms",
        "meeting",
    ),
    "custom_activity": ("lead", "contact"),
    "contact_url": ("contact", "lead"),
    "inbox_item": ("lead", "contact"),
    "sms": ("lead", "contact"),
    "meeting": ("lead",),
    "contact_phone": ("contact", "lead"),
    "address": ("lead",),
    "contact": ("lead", "contact_email", "contact_phone", "email", "opportunity", "note", "activity", "contact_url"),
    "opportunity": ("lead", "contact", "status_change", "note", "status"),
    "lead_status": ("lead",),
    "status": ("lead", "opportunity"),
    "activity": ("lead", "contact"),
    "note": ("lead", "contact", "opportunity"),
    "call": ("lead", "contact"),
    "lead_status_change": ("lead",),
    "status_change": ("lead", "opportunity"),
    "contact_email": ("contact", "lead"),
    "email": ("lead", "contact"),
    "task": ("lead",),
}
ORDERED = {
    "lead": (
        "name", "created", "last_email", "last_communication", "contacts", "activities", "email_address", "emails",
        "next_task_date", "num_sent_emails", "last_call", "first_communication_date", "opportunity_note", "status",
        "custom.How many",
    ),
    "contact": ("name", "created"), "email": ("date", "subject"), "task": ("date",),
    "opportunity": ("value", "created", "note", "confidence"), "note": ("date",), "call": ("duration",),
}  # fmt: skip


FIELDS = {
    kind: {**fields, **{other: fields[name] for other, name in ALIASES.get(kind, {}).items() if name in fields}}
    for kind, fields in FIELDS.items()
}


@lru_cache
def leaves(kind: str) -> SearchStrategy[t.Node]:
    """Nodes without parts."""
    fields = st.one_of([st.builds(t.Holds, st.just(t.Field(name)), how) for name, how in FIELDS[kind].items()])
    found = [fields, fields, st.just(t.Everything())]
    if kind == "lead":
        custom = st.sampled_from(["Source", "Ready since", "Count", "how many", "Nothing"]).map(
            lambda n: t.Field(n, True)
        )
        found += [st.builds(t.Holds, custom, custom_conditions), st.sampled_from(["First", "Some"]).map(t.InView)]
    if kind == "opportunity":
        tint = st.sampled_from(["Tint", "cf_tint", "tint"]).map(lambda n: t.Field(n, True))
        found.append(st.builds(t.Holds, tint, custom_conditions))
    if kind == "custom_activity":
        outcome = st.sampled_from(["Outcome", "cf_out", "outcome"]).map(lambda n: t.Field(n, True))
        found.append(st.builds(t.Holds, outcome, custom_conditions))
    if kind not in ("contact_email", "contact_phone"):
        plain = st.lists(st.sampled_from(PLAIN_WORDS), min_size=1, max_size=2).map(" ".join)
        modes = st.sampled_from([t.Mode.FULL_WORDS, t.Mode.PHRASE, t.Mode.BEGINNING_OF_WORDS])
        found.append(st.builds(t.Words, modes, plain))
        found.append(st.builds(t.Words, st.just(t.Mode.PATTERN), st.sampled_from(["ac*", "zo*", "*cme", "b*d"])))
    return st.one_of(found)


@st.composite
def nodes(draw: st.DrawFn, kind: str, depth: int = 3) -> t.Node:
    """A node of any form about this kind of thing."""
    form = draw(st.sampled_from(["leaf", "leaf", "and", "or", "not", "related"])) if depth else "leaf"
    if form == "leaf":
        return draw(leaves(kind))
    if form == "not":
        return t.Not(draw(nodes(kind, depth - 1)))
    if form == "related":
        other = draw(st.sampled_from(NEAR[kind]))
        return t.Related(other, draw(nodes(other, depth - 1)))
    parts = tuple(draw(nodes(kind, depth - 1)) for _ in range(draw(st.integers(2, 3))))
    return t.joined(t.And if form == "and" else t.Or, parts)


def _sorted_by(name: str) -> t.Field:
    return t.Field(name.removeprefix("custom."), name.startswith("custom."))


@st.composite
def queries(draw: st.DrawFn) -> t.Query:
    """A whole query."""
    kind = draw(st.sampled_from(["lead", "lead", "lead", "contact", "email", "task", "opportunity", "note", "call"]))
    keys = st.builds(t.SortKey, st.sampled_from(ORDERED[kind]).map(_sorted_by), st.booleans())
    part = draw(st.sampled_from([None, None, t.Slice(1, 1), t.Slice(1, 2), t.Slice(2, 2), t.Slice(2, 3)]))
    sort = tuple(draw(st.lists(keys, max_size=2)))
    return t.Query(draw(nodes(kind)), kind, sort, draw(st.none() | st.integers(1, 12)), part)


@st.composite
def leads_by_one_thing(draw: st.DrawFn) -> t.Query:
    """Leads of which one email (task, call, note, opportunity, contact) fulfils several conditions at once."""
    kind = draw(
        st.sampled_from(["email", "task", "call", "note", "opportunity", "contact", "activity", "status_change"])
    )
    one = st.sampled_from(sorted(FIELDS[kind])).flatmap(
        lambda name: st.builds(t.Holds, st.just(t.Field(name)), FIELDS[kind][name])
    )
    parts = draw(st.lists(one | one.map(t.Not), min_size=2, max_size=3))
    about: t.Node = t.Related(kind, t.joined(t.And if draw(st.booleans()) else t.Or, tuple(parts)))
    if draw(st.booleans()):
        about = t.joined(t.And, (about, t.Related(kind, draw(one))))
    return t.Query(t.Not(about) if draw(st.booleans()) else about)


@st.composite
def zoned(draw: st.DrawFn) -> t.Query:
    """Leads and contacts by the time where they are."""
    kind = draw(st.sampled_from(["lead", "contact"]))
    asked: t.Node = t.Holds(t.Field(draw(st.sampled_from(["timezone_id", "local_time"]))), draw(zone_conditions))
    place = draw(st.sampled_from(["", "contact_phone", "address"] if kind == "lead" else ["", "contact_phone"]))
    asked = t.Related(place, asked) if place else asked
    return t.Query(t.Not(asked) if draw(st.booleans()) else asked, kind)
