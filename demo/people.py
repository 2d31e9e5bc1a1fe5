"""Who lives in the sandbox: the sales team, the companies they sell to, and what they write to each other about."""

import unicodedata
from dataclasses import dataclass

COMPANY = "Acme Robotics"
DOMAIN = "acme.example"
PASSWORD = "postroom-demo"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an address."""

    name: str
    address: str
    title: str = ""

    @property
    def first_name(self) -> str:
        """What letters open with."""
        return self.name.split()[0]

    def __str__(self) -> str:
        return f'"{self.name}" <{self.address}>'


ANNA = Person("Anna Keller", f"anna@{DOMAIN}", "Account Executive")
BEN = Person("Ben Okafor", f"ben@{DOMAIN}", "Sales Engineer")
TEAM = (ANNA, BEN)


@dataclass(frozen=True, slots=True)
class Customer:
    """A lead of the demo."""

    name: str
    url: str
    description: str
    people: tuple[Person, ...]
    needs: str


def _customer(name: str, domain: str, about: str, needs: str, *people: tuple[str, str]) -> Customer:
    contacts = tuple(
        Person(person, f"{_plain(person.split()[0])}.{_plain(person.split()[-1])}@{domain}", title)
        for person, title in people
    )
    return Customer(name, f"https://{domain}", about, contacts, needs)


def _plain(name: str) -> str:
    """Lower case without accents: other addresses need servers that speak SMTPUTF8 (RFC 6531)."""
    return unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()


CUSTOMERS = (
    _customer(
        "Northwind Bakery",
        "northwind.example",
        "Forty bakeries in the north, one central kitchen.",
        "a pair of arms for the tray line",
        ("Maren Holm", "Head of Production"),
        ("Tobias Lund", "Buyer"),
    ),
    _customer(
        "Helio Solar",
        "helio.example",
        "Mounts panels on warehouse roofs.",
        "a lifting unit that works on sloped roofs",
        ("Inés Marín", "COO"),
        ("Paul Ferrer", "Site Lead"),
    ),
    _customer(
        "Bolt & Sons",
        "boltandsons.example",
        "Fasteners since 1911; third generation.",
        "visual inspection for M6 bolts",
        ("Robert Bolt", "Owner"),
    ),
    _customer(
        "Kiyomizu Ceramics",
        "kiyomizu.example",
        "Glazes by hand, packs by machine.",
        "a gripper that does not chip rims",
        ("Aiko Tanaka", "Plant Manager"),
        ("Ren Mori", "Engineer"),
    ),
    _customer(
        "Fjord Logistics",
        "fjordlog.example",
        "Cold chain from Bergen to Basel.",
        "a palletiser rated for minus 25 degrees",
        ("Sigrid Vik", "Operations Director"),
        ("Jonas Berg", "Maintenance"),
    ),
    _customer(
        "Lumen Pharma",
        "lumen.example",
        "Fills and seals sterile vials.",
        "a clean-room arm with validation papers",
        ("Claire Dubois", "Head of Quality"),
        ("Nadia Rahman", "Procurement"),
    ),
    _customer(
        "Green Mile Farms",
        "greenmile.example",
        "Lettuce under glass, all year.",
        "harvesters for three more greenhouses",
        ("Owen Hughes", "Founder"),
    ),
    _customer(
        "Atlas Furniture",
        "atlasfurniture.example",
        "Flat-packed oak.",
        "a sanding cell with dust extraction",
        ("Marta Kowalska", "Head of Plant"),
        ("Piotr Zielinski", "Safety Officer"),
    ),
    _customer(
        "Cobalt Games",
        "cobaltgames.example",
        "Board games, small runs.",
        "a sorting table for dice and meeples",
        ("Lena Fischer", "Producer"),
    ),
    _customer(
        "Harbor & Pine",
        "harborpine.example",
        "Craft brewery with its own cooperage.",
        "a keg washer that talks to the ERP",
        ("Grace Mbeki", "Brewmaster"),
        ("Tom Alvarez", "Finance"),
    ),
)

STRANGERS = (
    ("Weekly Robotics Digest", "digest@newsletters.example"),
    ("CloudHost Billing", "billing@cloudhost.example"),
    ("Mum", "ingrid.keller@family.example"),
    ("Gym Ostend", "hello@gym-ostend.example"),
    ("Ticket Office", "noreply@tickets.example"),
)

TASKS = (
    ("Atlas Furniture", "Send Marta the dust figures of the second cell", -1),
    ("Lumen Pharma", "Call Claire about the validation papers", 0),
    ("Cobalt Games", "Ask Lena how the trial of the demo unit goes", 3),
)
"""What Anna still has to do: for which lead, and in how many days."""

STATUSES = {
    "Northwind Bakery": "Interested", "Fjord Logistics": "Interested", "Bolt & Sons": "Qualified",
    "Green Mile Farms": "Qualified", "Atlas Furniture": "Customer", "Harbor & Pine": "Customer",
}  # fmt: skip
"""How far the leads have come; the others are where leads begin."""


@dataclass(frozen=True, slots=True)
class Deal:
    """An opportunity of the demo: `value` in cents, `status` a label of the first pipeline."""

    customer: str
    value: int
    note: str
    confidence: int = 50
    status: str = "Active"
    period: str = "one_time"


DEALS = (
    Deal("Northwind Bakery", 4_800_000, "Two arms for the tray line", 60),
    Deal("Fjord Logistics", 12_000_000, "Palletiser for the cold store in Bergen", 40),
    Deal("Bolt & Sons", 1_850_000, "Visual inspection, first line", 75),
    Deal("Green Mile Farms", 90_000, "Harvesters on lease", 50, period="monthly"),
    Deal("Atlas Furniture", 3_500_000, "Sanding cell", 100, "Won"),
    Deal("Harbor & Pine", 6_400_000, "Keg washer with ERP link", 100, "Won"),
)
