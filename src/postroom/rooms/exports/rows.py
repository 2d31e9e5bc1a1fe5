"""How things become the rows of a file: which columns there are, and what stands in a cell."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from postroom.ground.sheet_cells import inert
from postroom.rooms.exports.export import Wanted

Thing = Mapping[str, Any]
Row = dict[str, Any]

LEAD_COLUMNS = (
    "id", "display_name", "description", "url", "status_label", "html_url", "date_created", "date_updated",
    "created_by_name", "updated_by_name",
)  # fmt: skip
SMART_COLUMNS = ("num_emails", "last_activity_date")
PRIMARY_CONTACT = (
    "primary_contact_name", "primary_contact_title", "primary_contact_primary_email",
    "primary_contact_primary_email_type", "primary_contact_primary_phone", "primary_contact_primary_phone_type",
    "primary_contact_primary_url", "primary_contact_other_emails", "primary_contact_other_phones",
)  # fmt: skip
ADDRESS = tuple(f"primary_address_{name}" for name in ("address_1", "address_2", "city", "state", "zipcode", "country"))
CONTACT_COLUMNS = (
    "id", "name", "title", "primary_email", "primary_email_type", "other_emails", "primary_phone",
    "primary_phone_type", "other_phones", "primary_url", "date_created", "date_updated",
)  # fmt: skip
OPPORTUNITY_COLUMNS = (
    "id", "lead_id", "lead_name", "contact_id", "contact_name", "user_id", "user_name", "status_id", "status_label",
    "status_type", "pipeline_id", "pipeline_name", "value", "value_formatted", "value_currency", "value_period",
    "expected_value", "confidence", "note", "date_won", "date_lost", "date_created", "date_updated",
)  # fmt: skip
_EXCEL = "%Y-%m-%d %H:%M:%S"


def columns(wanted: Wanted, custom: Sequence[str]) -> tuple[str, ...]:
    """The columns of a CSV file. `custom` are the names of the organization's fields of what is exported."""
    if wanted.fields:
        return wanted.fields
    named = tuple(f"custom.{name}" for name in custom)
    if wanted.type == "opportunity":
        return OPPORTUNITY_COLUMNS + named
    lead = LEAD_COLUMNS + (SMART_COLUMNS if wanted.include_smart_fields else ())
    if wanted.include_addresses:
        lead += ADDRESS
    if wanted.type == "leads":
        return lead + PRIMARY_CONTACT + named
    prefix, inner = ("contact_", CONTACT_COLUMNS) if wanted.type == "contacts" else ("opportunity_", _DEALS)
    return tuple(f"{prefix}{name}" for name in inner) + tuple(f"lead_{name}" for name in lead) + named


def rows_of(wanted: Wanted, thing: Thing) -> list[Row]:
    """The rows of one lead or opportunity: as many as it has contacts or deals where those are wanted."""
    if wanted.type == "opportunity":
        return [dict(thing)]
    lead = _lead_row(thing)
    if wanted.type == "leads":
        return [lead]
    outer = {f"lead_{name}": value for name, value in lead.items() if not name.startswith("custom.")}
    outer |= {name: value for name, value in lead.items() if name.startswith("custom.")}
    if wanted.type == "contacts":
        return [outer | _prefixed("contact_", _contact_row(one)) for one in thing["contacts"]]
    return [outer | _prefixed("opportunity_", dict(one)) for one in thing["opportunities"]]


def csv_text(names: Sequence[str], rows: Iterable[Row], date_format: str) -> str:
    """Lines of a CSV file (RFC 4180)."""
    written = io.StringIO()
    writer = csv.writer(written)
    for row in rows:
        writer.writerow([_cell(row.get(name), date_format) for name in names])
    return written.getvalue()


def head_text(names: Sequence[str]) -> str:
    """The first line."""
    return csv_text(names, [{name: name for name in names}], "original")


def as_dates(value: Any, date_format: str) -> Any:
    """A thing with its dates in another form, for JSON."""
    if date_format == "original":
        return value
    if isinstance(value, Mapping):
        return {name: _date(one, date_format) or as_dates(one, date_format) for name, one in value.items()}
    return [as_dates(one, date_format) for one in value] if isinstance(value, list) else value


def _lead_row(lead: Thing) -> Row:
    row = {name: value for name, value in lead.items() if not isinstance(value, list | dict)}
    row |= {f"custom.{name}": value for name, value in dict(lead.get("custom") or {}).items()}
    row |= {name: value for name, value in lead.items() if name.startswith("custom.")}
    if lead["contacts"]:
        row |= _prefixed("primary_contact_", _contact_row(lead["contacts"][0]))
    if lead["addresses"]:
        row |= _prefixed("primary_address_", dict(lead["addresses"][0]))
    return row


def _contact_row(contact: Thing) -> Row:
    row = {name: value for name, value in contact.items() if not isinstance(value, list | dict)}
    for plural, name in (("emails", "email"), ("phones", "phone"), ("urls", "url")):
        first, *others = contact[plural] or [{}]
        row[f"primary_{name}"] = first.get(name, "")
        row[f"primary_{name}_type"] = first.get("type", "")
        row[f"other_{plural}"] = ", ".join(one[name] for one in others)
    return row


def _prefixed(prefix: str, row: Row) -> Row:
    return {f"{prefix}{name}": value for name, value in row.items()}


def _cell(value: Any, date_format: str) -> str:
    """What stands in a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(_cell(one, date_format) for one in value)
    return inert(_date(value, date_format) or str(value))


def _date(value: Any, date_format: str) -> str:
    """A moment in the form that is wanted, "" for what is none."""
    if date_format == "original" or not isinstance(value, str) or len(value) < 19 or value[10:11] != "T":
        return ""
    try:
        moment = datetime.fromisoformat(value).astimezone(UTC)
    except ValueError:
        return ""
    return moment.strftime(_EXCEL) if date_format == "excel" else moment.isoformat(timespec="seconds")


_DEALS = tuple(name for name in OPPORTUNITY_COLUMNS if name not in ("lead_id", "lead_name"))
