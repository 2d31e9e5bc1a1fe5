"""Which field was probably meant by a name that is none: one of this thing, of something that belongs to it, or one
that the organization has made itself. Pure.
"""

from postroom.rooms.smart_views.mistakes import misspelt, nearest
from postroom.rooms.smart_views.tree import Field
from postroom.views.search_meaning import Directory, NamedField
from postroom.views.search_places import Place
from postroom.views.search_things import THINGS
from postroom.views.search_words import folded

_WITHIN = {"lead": ("email", "contact", "opportunity", "task", "call", "note"), "opportunity": ("status_change",)}
"""What is looked through for a name, in this order."""


def meant_field(name: str, place: Place, directory: Directory) -> str:
    """What to type instead of the name, "" where nothing is near; with … where more than the name has to change."""
    own = nearest(name, place.thing.fields)
    if own:
        return own
    if custom := _custom_called(name, _custom_of(place, directory)):
        return custom
    within = next((kind for kind in _WITHIN.get(place.kind, ()) if name.lower() in THINGS[kind].fields), "")
    return f"{within}({name.lower()}:…)" if within else ""


def misspelt_custom(name: Field, place: Place, directory: Directory) -> str:
    """The field of the organization's own whose name was surely meant, "" where there is one of this very name."""
    fields = _custom_of(place, directory)
    if any(name.name == field.id or folded(name.name) == folded(field.name) for field in fields):
        return ""
    meant = misspelt(name.name, [field.name for field in fields])
    return _as_field(meant.strip('"')) if meant else ""


def _custom_called(word: str, fields: tuple[NamedField, ...]) -> str:
    """`crm` of `custom.Source CRM:fair`, where quotes are missing, or `tint` of custom.Tint."""
    wanted = folded(word).replace("_", " ")
    named = [
        field.name for field in fields if folded(field.name) == wanted or folded(field.name).endswith(f" {wanted}")
    ]
    if len(named) != 1:
        return ""
    return _as_field(named[0]) if folded(named[0]) == wanted else f"{_as_field(named[0])}:…"


def _custom_of(place: Place, directory: Directory) -> tuple[NamedField, ...]:
    stands_on = "activity" if place.kind == "custom_activity" else place.kind
    return tuple(field for field in directory.fields if field.kind in (stands_on, "shared"))


def _as_field(name: str) -> str:
    return f"custom.{name}" if name.replace("_", "").isalnum() else f'custom."{name}"'
