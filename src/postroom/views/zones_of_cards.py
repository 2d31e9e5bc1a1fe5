"""The time zones in which telephone numbers and addresses lie, as leads and contacts print them.

They are put in when PostgreSQL has answered: which zones a place lies in is a table of ours
(`rooms/leads/time_zones.py`).
A contact's own zone is that of the first of their numbers which lies in one zone alone.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

import msgspec

from postroom.rooms.leads.time_zones import zones_of_address, zones_of_number

S = TypeVar("S", bound=msgspec.Struct)
_Parts = dict[str, msgspec.Raw | str]


def zoned(cards: Iterable[tuple[str, S]]) -> dict[str, S]:
    """The cards by their ids (which `selection.cards_of` gives), each with its zones."""
    return {card_id: _zoned(card) for card_id, card in cards}


def _zoned(card: S) -> S:
    """A card with custom fields is a mapping by now, whatever type it is declared to have."""
    printed: object = card
    if isinstance(printed, dict):
        return cast(S, printed | _parts(printed))
    changed = _parts({name: getattr(card, name) for name in _PARTS if hasattr(card, name)})
    return msgspec.structs.replace(card, **changed) if changed else card


def _parts(card: Mapping[str, object]) -> _Parts:
    """What of a card says zones, anew."""
    changed: _Parts = {}
    for name, part in _PARTS.items():
        found = card.get(name)
        if isinstance(found, msgspec.Raw) and _KEY in bytes(found):
            changed |= part(found)
    return changed


def _contacts(given: msgspec.Raw) -> _Parts:
    contacts = _ROWS.decode(given)
    for contact in contacts:
        if _KEY in bytes(contact["phones"]):
            contact |= {name: _raw(value) for name, value in _phones(contact["phones"]).items()}
    return {"contacts": _raw(contacts)}


def _phones(given: msgspec.Raw) -> _Parts:
    phones = _OBJECTS.decode(given)
    for phone in phones:
        phone["tz_ids"] = zones_of_number(phone["phone"])
    changed: _Parts = {"phones": _raw(phones)}
    surely = next((phone["tz_ids"][0] for phone in phones if len(phone["tz_ids"]) == 1), None)
    return changed | {"timezone": surely, "timezone_source": "phone"} if surely else changed


def _primary_phone(given: msgspec.Raw) -> _Parts:
    phone = msgspec.json.decode(given, type=dict[str, Any])
    return {"primary_phone": _raw(phone | {"tz_ids": zones_of_number(phone["phone"])})}


def _addresses(given: msgspec.Raw) -> _Parts:
    addresses = _OBJECTS.decode(given)
    for one in addresses:
        one["tz_ids"] = zones_of_address(one.get("country") or "", one.get("state") or "")
    return {"addresses": _raw(addresses)}


def _raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))


_KEY = b'"tz_ids"'
_ROWS = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])
_OBJECTS = msgspec.json.Decoder(list[dict[str, Any]])
_PARTS: dict[str, Callable[[msgspec.Raw], _Parts]] = {
    "contacts": _contacts,
    "phones": _phones,
    "primary_phone": _primary_phone,
    "addresses": _addresses,
}
