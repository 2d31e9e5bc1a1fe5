"""What a column of an imported file may be, and what its head says that it is. Pure."""

import re
from collections.abc import Sequence

from postroom.ground.errors import Invalid

LEAD_NAME, CONTACT_NAME, EMAIL = "lead.name", "contact.name", "contact.email"
FIRST_NAME, LAST_NAME = "contact.first_name", "contact.last_name"
CUSTOM = "custom."
"""Before the id of a custom field of leads."""

# What each target is called in the heads of other programs' files, in English and German, without blanks and marks.
_CALLED: dict[str, str] = {
    LEAD_NAME: "lead leadname company companyname organization organisation account accountname business firma"
    " firmenname unternehmen organisationsname displayname",
    "lead.url": "url website web site webseite homepage leadurl companyurl domain internet",
    "lead.description": "description notes note about beschreibung notiz notizen bemerkung leaddescription",
    "lead.status": "status leadstatus statuslabel stage leadstatuslabel phase",
    "lead.address_1": "address address1 street strasse straße anschrift streetaddress adresse primaryaddressaddress1",
    "lead.address_2": "address2 adresszusatz primaryaddressaddress2",
    "lead.city": "city town ort stadt primaryaddresscity",
    "lead.state": "state region province bundesland primaryaddressstate",
    "lead.zipcode": "zip zipcode postcode postalcode plz postleitzahl primaryaddresszipcode",
    "lead.country": "country land staat primaryaddresscountry",
    CONTACT_NAME: "name contact contactname fullname person ansprechpartner kontakt primarycontactname",
    FIRST_NAME: "firstname first givenname vorname",
    LAST_NAME: "lastname last surname familyname nachname",
    "contact.title": "title jobtitle position role contacttitle titel funktion primarycontacttitle",
    EMAIL: "email emailaddress mail emails contactemail email1 email2 primaryemail workemail emailadresse otheremails"
    " contactprimaryemail primarycontactprimaryemail contactotheremails primarycontactotheremails",
    "contact.phone": "phone phonenumber telephone tel phones contactphone workphone telefon telefonnummer primaryphone"
    " contactprimaryphone primarycontactprimaryphone otherphones contactotherphones",
    "contact.mobile": "mobile mobilephone cell cellphone handy mobil",
    "contact.url": "contacturl linkedin profile linkedinurl contactprimaryurl primarycontactprimaryurl",
}  # fmt: skip
TARGETS = tuple(_CALLED)
_SEVERAL = (EMAIL, "contact.phone", "contact.mobile", "contact.url", "lead.description")
"""What more than one column may be."""


def guessed(heads: Sequence[str], custom: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """What each column most likely is, "" where nothing says so. `custom` are ids and names of fields of leads."""
    known = {name: target for target, names in _CALLED.items() for name in names.split()}
    known |= {_bare(name): CUSTOM + field_id for field_id, name in custom}
    found: list[str] = []
    for head in heads:
        target = known.get(_bare(head)) or known.get(_bare(head.removeprefix("custom."))) or ""
        found.append("" if target in found and target not in _SEVERAL else target)
    if LEAD_NAME not in found and CONTACT_NAME in found and FIRST_NAME in found:
        found[found.index(CONTACT_NAME)] = LEAD_NAME  # beside a first name, "name" is that of the company
    return tuple(found)


def checked_mapping(mapping: Sequence[str], heads: Sequence[str], custom: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The mapping. Raises Invalid for one that names what is not there, or nothing that makes a lead."""
    known = {*TARGETS, *(CUSTOM + field_id for field_id, _ in custom), ""}
    if len(mapping) != len(heads):
        raise Invalid(field_errors={"mapping": f"This must name all {len(heads)} columns, with '' for those left out."})
    for at, target in enumerate(mapping):
        if target not in known:
            raise Invalid(field_errors={"mapping": f"Column {at + 1} cannot be {target!r}."})
        if target and target not in _SEVERAL and target in mapping[:at]:
            raise Invalid(field_errors={"mapping": f"Two columns are {target}: {heads[at]!r} and another one."})
    if not {LEAD_NAME, CONTACT_NAME, FIRST_NAME, LAST_NAME, EMAIL} & set(mapping):
        raise Invalid(field_errors={"mapping": "One column must be a name or an email address."})
    return tuple(mapping)


def _bare(head: str) -> str:
    return re.sub(r"[\W_]+", "", head.lower())
