"""What the words of an imported row mean in this organization: its statuses, and its own fields of leads."""

from dataclasses import dataclass

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.ground.ids import new_id
from postroom.ground.stamp import Stamp
from postroom.rooms.custom_fields import store as field_store
from postroom.rooms.custom_fields.field import CustomField, FieldType, Kind, Target
from postroom.rooms.custom_fields.values import Given, settled
from postroom.rooms.imports.row_values import Drafted
from postroom.rooms.leads import status_store
from postroom.rooms.leads.lead import Contact, ContactContent, ContactEmail, LeadContent, Link, Phone, PostalAddress
from postroom.rooms.leads.phones import kept, region_of_zone
from postroom.rooms.users import member_store

_OF_OTHERS = (FieldType.USER, FieldType.CONTACT)
"""Fields that hold ids, which no file has."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Statuses by lower-case label, the one new leads begin with, and the fields."""

    statuses: dict[str, str]
    first_status: str
    fields: tuple[CustomField, ...]
    region: str = ""
    """The country of who brings the rows."""

    def content_of(self, row: Drafted) -> LeadContent:
        """The lead of a row. Raises Invalid for a status or value that does not fit."""
        status_id = self.statuses.get(row.status.casefold(), "") if row.status else self.first_status
        if not status_id:
            raise Invalid(f"There is no lead status {row.status!r}.")
        try:
            custom = settled(self.fields, {}, [Given(key, value) for key, value in row.custom.items()]).custom
        except Invalid as error:
            raise Invalid(self._said(error)) from error
        place = (PostalAddress(**row.place),) if row.place else ()
        return LeadContent(row.lead_name, row.description, row.url, status_id, place, custom)

    def _said(self, error: Invalid) -> str:
        """What is wrong with a value, with the field by its name."""
        names = {f"custom.{field.id}": field.content.name for field in self.fields}
        return " ".join(f"{names.get(key, key)}: {said}" for key, said in error.field_errors.items()) or str(error)


async def read_terms(tx: Transaction, organization_id: str, stamp: Stamp) -> Terms:
    """The terms now."""
    known = await status_store.statuses(tx, organization_id)
    if not known:
        known = await status_store.insert_statuses(tx, organization_id, status_store.FIRST_STATUSES, stamp)
    return Terms(
        {status.label.casefold(): status.id for status in known},
        known[0].id,
        await field_store.fields_on(tx, organization_id, Target(Kind.LEAD)),
        region_of_zone(await member_store.timezone(tx, organization_id, stamp.user_id)) if stamp.user_id else "",
    )


async def importable_fields(tx: Transaction, organization_id: str) -> tuple[tuple[str, str], ...]:
    """Fields of leads that a column may be: ids and names."""
    fields = await field_store.fields_on(tx, organization_id, Target(Kind.LEAD))
    return tuple((field.id, field.content.name) for field in fields if field.content.type not in _OF_OTHERS)


def contact_of(row: Drafted, lead_id: str) -> Contact | None:
    """The person of a row, None where it names none."""
    if not row.has_contact:
        return None
    content = ContactContent(
        row.contact_name,
        row.title,
        tuple(ContactEmail(email) for email in row.emails),
        kept((Phone(*phone) for phone in row.phones), (row.place.get("country", ""), row.region)),
        tuple(Link(url) for url in row.urls),
    )
    return Contact(new_id("cont"), lead_id, content)
