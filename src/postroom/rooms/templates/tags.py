"""Which variables there are, as data: what each means, and an example for the list that an author chooses from.

A path is written with dots; `N` stands for a number counted from 0, `*` for the name or id of a custom field.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Segment = str | int
"""One word of a path, or a number in a list."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A variable. `example` is what it may be filled with."""

    path: str
    meaning: str
    example: str = ""


TAGS: tuple[Tag, ...] = (
    Tag("contact.first_name", "First name of the contact", "Zoe"),
    Tag("contact.last_name", "Last name of the contact", "Ahmadi"),
    Tag("contact.name", "Full name of the contact", "Zoe Ahmadi"),
    Tag("contact.title", "Job title of the contact", "Head of Purchasing"),
    Tag("contact.email", "First address of the contact", "zoe@acme.example"),
    Tag("contact.phone", "First telephone number of the contact", "+49 30 1234"),
    Tag("contact.url", "First link of the contact", "https://acme.example/zoe"),
    Tag("contact.emails.N.email", "One of the contact's addresses", "zoe@acme.example"),
    Tag("contact.emails.N.type", "What that address is called", "office"),
    Tag("contact.phones.N.phone", "One of the contact's telephone numbers", "+49 30 1234"),
    Tag("contact.phones.N.type", "What that number is called", "mobile"),
    Tag("contact.urls.N.url", "One of the contact's links", "https://acme.example/zoe"),
    Tag("contact.urls.N.type", "What that link is called", "url"),
    Tag("contact.custom.*", "A custom field of the contact, by name or id", ""),
    Tag("contact.id", "Id of the contact", "cont_…"),
    Tag("lead.display_name", "Name of the lead", "Acme"),
    Tag("lead.name", "Name of the lead", "Acme"),
    Tag("lead.description", "Description of the lead", "Makes anvils"),
    Tag("lead.url", "Website of the lead", "https://acme.example"),
    Tag("lead.html_url", "Where the lead stands in Postroom", "https://crm.example/lead/lead_…/"),
    Tag("lead.status_label", "Status of the lead", "Qualified"),
    Tag("lead.status_id", "Id of that status", "stat_…"),
    Tag("lead.id", "Id of the lead", "lead_…"),
    Tag("lead.custom.*", "A custom field of the lead, by name or id", ""),
    *(
        Tag(f"lead.{place}.{part}", f"{words} of {whose}", example)
        for place, whose in (("primary_address", "the lead's first address"), ("addresses.N", "one of its addresses"))
        for part, words, example in (
            ("address_1", "Street", "1 Main Street"),
            ("address_2", "Second line", "Floor 2"),
            ("city", "City", "Springfield"),
            ("state", "State", "OR"),
            ("zipcode", "Postal code", "97477"),
            ("country", "Country", "US"),
            ("label", "Label", "business"),
        )
    ),
    Tag("user.first_name", "Your first name", "Ann"),
    Tag("user.last_name", "Your last name", "Smith"),
    Tag("user.name", "Your name", "Ann Smith"),
    Tag("user.title", "Your title", "Sales Representative"),
    Tag("user.phone", "Your telephone number", "+1 555 0100"),
    Tag("user.email", "Your address", "ann@example.com"),
    Tag("user.id", "Your id", "user_…"),
    Tag("organization.name", "Your company's name", "Example Ltd"),
    Tag("company.name", "Your company's name", "Example Ltd"),
    Tag("account.email", "Address of the sending account", "ann@example.com"),
    Tag("account.name", "Display name of the sending account", "Ann Smith"),
    Tag("sender.email", "Address it is sent from", "sales@example.com"),
    Tag("sender.name", "Name it is sent under", "Ann Smith"),
    *(
        Tag(f"{root}.{part}", words)
        for root in ("opportunity", "deal")
        for part, words in (
            ("name", "Name of the opportunity"),
            ("value", "Value of the opportunity"),
            ("value_formatted", "The same with its currency"),
            ("status_label", "Status of the opportunity"),
            ("confidence", "Confidence in per cent"),
            ("note", "Note on the opportunity"),
            ("date_won", "Day on which it was won"),
            ("custom.*", "A custom field of the opportunity"),
        )
    ),
    Tag("signature", "Your signature"),
    Tag("user.signature", "Your signature"),
    Tag("unsubscribe.link", "A link by which the recipient unsubscribes"),
    Tag("unsubscribe.url", "Where that link leads, for words of your own", "https://crm.example/unsubscribe/…"),
)

ROOTS = frozenset(tag.path.partition(".")[0] for tag in TAGS)

MEANT_ROOTS = ROOTS | {"customer", "client", "person", "recipient", "prospect", "candidate", "owner", "me", "my", "org"}
"""Words that open a variable in this or in other mail programs. `{customer.name}` was meant as a variable, and must
not go out to a customer as it is; `{file.txt}` was not."""

CUSTOM_ROOTS = frozenset(tag.path.partition(".")[0] for tag in TAGS if tag.path.endswith(".custom.*"))

READY_PATHS = (("signature",), ("user", "signature"), ("unsubscribe", "link"))
"""What is written already, as HTML and as text: it has no place in a subject."""

_LEAVES = frozenset(tuple(tag.path.split(".")) for tag in TAGS)
_BRANCHES = frozenset(leaf[:length] for leaf in _LEAVES for length in range(1, len(leaf)))
_ENDS = {"first", "last"}


def is_tag(path: Sequence[Segment]) -> bool:
    """Whether this names something that can be written out."""
    return _shape(path) in _LEAVES


def is_branch(path: Sequence[Segment]) -> bool:
    """Whether this names something that holds such things: what a condition or a loop may also ask for."""
    shape = _shape(path)
    return shape in _BRANCHES or (shape[-1:] == ("size",) and (*shape[:-1], "N") in _BRANCHES)


def _shape(path: Sequence[Segment]) -> tuple[str, ...]:
    shape = tuple("N" if isinstance(one, int) or one in _ENDS else one for one in path)
    if len(shape) == 3 and shape[1] == "custom" and shape[0] in CUSTOM_ROOTS:
        return (*shape[:2], "*")
    return shape
