"""Names taken apart, and what a recipient's values look like."""

import pytest

from postroom.rooms.templates.render import TemplateText, compile_template
from postroom.rooms.templates.values import (
    ContactFacts,
    LeadFacts,
    SenderFacts,
    recipient_values,
    sender_values,
    split_name,
)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Zoe Ahmadi", ("Zoe", "Ahmadi")),
        ("Zoe", ("Zoe", "")),
        ("", ("", "")),
        ("Dr. Zoe van Dyk", ("Zoe", "van Dyk")),
        ("Prof. Dr. Zoe Dyk", ("Zoe", "Dyk")),
        ("Frau Zoe Dyk", ("Zoe", "Dyk")),
        ("Doe, John", ("John", "Doe")),
        ("Doe,", ("Doe,", "")),
        ("J. R. Smith", ("J.", "R. Smith")),
        ("zoe@acme.example", ("", "")),
        ("+49 30 1234", ("", "+49 30 1234")),
        ("王小明", ("王小明", "")),
    ],
)
def test_first_and_last_names_are_told_apart(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


def test_facts_become_values_and_the_empty_are_left_out() -> None:
    lead = LeadFacts(
        "lead_1", "Acme", html_url="https://crm/lead/lead_1/", status_label="Won",
        addresses=[{"city": "Springfield", "state": ""}], custom={"Source": "web"},
    )  # fmt: skip
    contact = ContactFacts("cont_1", "Zoe Ahmadi", emails=[{"email": "z@a.example", "type": "office"}])
    values = {
        **sender_values(SenderFacts("user_1", "Ann", "Smith", email="ann@us.example")),
        **recipient_values(lead, contact),
    }
    template = (
        "{contact.first_name}|{contact.email}|{contact.phone}|{lead.primary_address.city}|{lead.addresses.0.state}|"
        "{lead.custom.Source}|{lead.custom.None}|{user.name}|{account.name}|{sender.email}|{deal.name}|{lead.status_label}"
    )
    rendered = compile_template(TemplateText(template, "")).render(values)
    assert rendered.subject == "Zoe|z@a.example||Springfield||web||Ann Smith|Ann Smith|||Won"
    assert [one.variable for one in rendered.missing] == [
        "contact.phone", "lead.addresses.0.state", "lead.custom.None", "sender.email", "deal.name",
    ]  # fmt: skip


def test_without_lead_and_contact_their_variables_are_empty() -> None:
    rendered = compile_template(TemplateText("{contact.name}{lead.name}", "")).render(recipient_values(None, None))
    assert [one.variable for one in rendered.missing] == ["contact.name", "lead.name"]
