"""The numbers that a report may hold, by Close's keys (`/report/activity/metrics/`).

A report that was made for Close finds every one of them; what Postroom does not have (sequences, SMS, dialers) counts
nothing.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that is reported. `counted` is SQL over the rows of `source`, whose moment, user and lead have names.
    `%(zone)s` is the zone whose days count."""

    key: str
    name: str
    description: str
    source: str
    moment: str = "x.activity_at"
    user: str = "x.user_id"
    lead: str = "x.lead_id"
    counted: str = "count(*)"


_SENT = "x.direction = 'outgoing' and x.status = 'sent'"
_RECEIVED = "x.direction = 'incoming' and x.status = 'inbox'"
_NEVER = "seen_emails x where false"
_MADE = "x.date_created"
_TALKED = (
    "(select e.organization_id, e.lead_id, e.user_id, e.activity_at from seen_emails e where e.direction = 'outgoing'"
    " and e.status = 'sent' union all select a.organization_id, a.lead_id, a.user_id, a.activity_at from activities a"
    " where a.kind = 'call' and a.direction <> 'inbound') x where true"
)
_TIMES = "(case x.value_period when 'monthly' then 12 else 1 end)"


def _calls() -> list[Metric]:
    """Calls are logged, not made: to Close they are external ones."""
    which = (
        ("calls.all.all", "All Calls", ""),
        ("calls.inbound.all", "Inbound Calls", " and x.direction = 'inbound'"),
        ("calls.outbound.all", "Outbound Calls", " and x.direction <> 'inbound'"),
        ("calls.outbound.external", "Outbound Calls - External", " and x.direction <> 'inbound'"),
        ("calls.outbound.regular", "Outbound Calls - Regular", " and false"),
        ("calls.outbound.power_dialer", "Outbound Calls - Power Dialer", " and false"),
        ("calls.outbound.predictive_dialer", "Outbound Calls - Predictive Dialer", " and false"),
    )
    how = (
        ("count", "Number", "The number of such calls.", "count(*)"),
        ("sum_duration", "Total Duration", "How long such calls took in all, in seconds.", "sum(x.duration)"),
        ("avg_duration", "Average Duration", "How long such a call took, in seconds.", "round(avg(x.duration))"),
    )
    return [
        Metric(f"{key}.{end}", f"{name} - {word}", text, f"activities x where x.kind = 'call'{only}", counted=counted)
        for key, name, only in which
        for end, word, text, counted in how
    ]


def _emails() -> list[Metric]:
    answered = f"{_SENT} and x.has_reply"
    opened = (
        f"{_SENT} and exists (select 1 from email_opens o where o.organization_id = x.organization_id"
        " and o.email_id = x.id)"
    )
    kept = (
        ("emails.sent.all.count", "Sent Emails", "Emails that were sent.", _SENT),
        ("emails.received.all.count", "Received Emails", "Emails that came.", _RECEIVED),
        ("emails.sent.all_with_reply.count", "Sent Emails - Answered", "Sent emails that somebody answered.", answered),
        ("emails.opened.all.count", "Opened Emails", "Sent emails that were opened, as programs say.", opened),
    )
    absent = (
        ("emails.opened.sequences.count", "Opened Emails - Sequences"),
        ("emails.sent.sequences.count", "Sent Emails - Sequences"),
        ("emails.sent.sequences_with_reply.count", "Sent Emails - Sequences with Reply"),
        ("emails.sent.sequences_without_reply.count", "Sent Emails - Sequences without Reply"),
        ("sms.received.all.count", "Received SMS"),
        ("sms.sent.all.count", "Sent SMS"),
    )
    found = [Metric(key, name, text, f"seen_emails x where {only}") for key, name, text, only in kept]
    return found + [Metric(key, name, "Not kept in Postroom: always 0.", _NEVER) for key, name in absent]


def _opportunities() -> list[Metric]:
    found = [
        Metric(
            "opportunities.created.all.count", "Opportunities - Created", "Opportunities that a user has made.",
            "opportunities x where true", _MADE, "x.created_by",
        ),
        Metric(
            "opportunities.created_for.all.count", "Opportunities - Created For", "Opportunities made for a user.",
            "opportunities x where true", _MADE,
        ),
    ]  # fmt: skip
    for kind, moment in (("won", "(x.date_won::timestamp at time zone %(zone)s)"), ("lost", "x.date_lost")):
        stands = (
            "opportunities x where x.status_id in (select s.id from opportunity_statuses s"
            f" where s.organization_id = x.organization_id and s.type = '{kind}')"
        )
        word = f"Opportunities - {kind.capitalize()}"
        sums = (
            ("count", word, "count(*)"),
            ("sum_annualized_value", f"{word} - Annualized", f"sum(x.value * {_TIMES})"),
            ("sum_value", f"{word} - Value", "sum(x.value)"),
        )
        found += [
            Metric(
                f"opportunities.{kind}.all.{end}", name, f"{name}; values in cents.", stands, moment, counted=counted
            )
            for end, name, counted in sums
        ]
        for period in ("one_time", "monthly", "annual"):
            only, name = f"{stands} and x.value_period = '{period}'", f"{word} - {period.replace('_', ' ').title()}"
            found += [
                Metric(f"opportunities.value_{kind}.{period}.count", name, f"How many: {name}.", only, moment),
                Metric(
                    f"opportunities.value_{kind}.{period}.sum_value", f"{name} - Value", "In cents.", only, moment,
                    counted="sum(x.value)",
                ),
            ]  # fmt: skip
    return found


VALUES_CREATED = tuple(
    Metric(
        f"revenue_created_{period}", f"Value Created - {period}", "In cents; only the old form of the report has it.",
        f"opportunities x where x.value_period = '{period}'", _MADE, "x.created_by", counted="sum(x.value)",
    )
    for period in ("one_time", "monthly", "annual")
)  # fmt: skip

METRICS = (
    *_emails(),
    *_calls(),
    Metric("notes.all.all.count", "Notes", "Notes that were written.", "activities x where x.kind = 'note'"),
    Metric(
        "tasks.completed.all.count", "Tasks completed", "Tasks of leads that were done.",
        "activities x where x.kind = 'task_completed'",
    ),
    Metric(
        "leads.contacted.all.count", "Contacted Leads", "Leads that were called or written to.", _TALKED,
        counted="count(distinct x.lead_id)",
    ),
    Metric(
        "leads.created.all.count", "Created Leads", "Leads that were made.", "leads x where true", _MADE,
        "x.created_by", "x.id",
    ),
    Metric(
        "contacts.created.all.count", "Created Contacts", "Contacts that were made.", "contacts x where true", _MADE,
        "x.created_by",
    ),
    *_opportunities(),
)  # fmt: skip
BY_KEY = {metric.key: metric for metric in METRICS}
