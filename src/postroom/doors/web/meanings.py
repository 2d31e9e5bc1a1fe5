"""What the parameters of addresses mean, in words, for the readers of the API's description."""


def meaning_of(name: str) -> str:
    """What this name asks for, wherever it stands; its suffix says how it is compared. "" where nobody has said it."""
    if name in _NAMES:
        return _NAMES[name]
    base, _, suffix = name.partition("__")
    if suffix in _SUFFIXES:
        return f"{_SUFFIXES[suffix]} {_NAMES.get(base, base.replace('_', ' ') + '.')}"
    if name.endswith("_id"):
        return f"The id of the {name.removesuffix('_id').replace('_', ' ')}."
    return ""


_SUFFIXES = {
    "in": "Any of several, with commas between:",
    "gt": "After, or more than:",
    "gte": "At or after, or at least:",
    "lt": "Before, or less than:",
    "lte": "At or before, or at most:",
}
_NAMES = {
    "_limit": "How many at most: 100 unless said otherwise; 200 at most, 1,000 of small things as tasks and users.",
    "_skip": "How many to pass over.",
    "_fields": "Only these fields, with commas between.",
    "_highlights": "`true`: beside the page, where the words of the query stand. Not in Close.",
    "_order_by": "The name of a field to sort by; `-` before it for the last first.",
    "_group_by": "`user_id`, or `date_won__week`, `__month`, `__quarter`, `__year`; `-` before it for the last first.",
    "_cursor": "Where the page before ended: its `cursor_next` or `cursor_previous`.",
    "_type": "Only things of this type, as `_type` names it in answers.",
    "query": "A search, as in `status:Potential last_email > 30 days ago`; words alone must all be found.",
    "lead_query": "Only those whose lead this query finds.",
    "q": "Words, an address or a Message-ID to look for.",
    "id": "the ids.",
    "lead_id": "Only of this lead.",
    "contact_id": "Only of this contact.",
    "user_id": "Only of this user; a group stands for its members.",
    "assigned_to": "Only those of this user; a group stands for its members.",
    "thread_id": "The id of the email thread.",
    "template_id": "The id of the email template.",
    "saved_search_id": "Only what this Smart View finds.",
    "lead_saved_search_id": "Only those whose lead this Smart View finds.",
    "smart_view_id": "Only of what this Smart View finds.",
    "view_id": "The id of the Smart View.",
    "object_id": "The id of what it is about.",
    "object_ids": "The ids of what they are about, with commas between.",
    "object_type": "What the events are about, as `lead` or `activity.email`.",
    "action": "What happened: `created`, `updated`, `deleted` and others.",
    "request_id": "Only what this one request did.",
    "date": "the day a task is due.",
    "due_date": "the day a task is due.",
    "date_created": "when it was made.",
    "date_updated": "when it was last changed.",
    "date_won": "the day an opportunity was won, or is expected to be.",
    "activity_at": "when it happened.",
    "date_start": "The first day that counts.",
    "date_end": "The last day that counts.",
    "start": "Where x begins.",
    "end": "Where x ends.",
    "x": "The date or number along the bottom, as `lead.date_created`.",
    "y": "The number that is shown, as `lead.count`.",
    "interval": "How x is cut into pieces, as `month`.",
    "transform_y": "How several numbers become one, as `sum`.",
    "group_by": "The field that makes one series of each of its values.",
    "is_complete": "`true` or `false`.",
    "is_archived": "`true` or `false`.",
    "is_shared": "`true` or `false`.",
    "status": "Only those with this status.",
    "status_label": "the status, by its label.",
    "status_type": "`active`, `won` or `lost`.",
    "value_period": "`one_time`, `monthly` or `annual`.",
    "view": "Which of them: `inbox` what is due, `future` what comes later, `archive` what is done.",
    "box": "Which emails, as `sent` or `scheduled`; a wrong one is told what there is.",
    "thread_emails": "Without it single emails, `true`: threads beside the rest, `only`: threads alone.",
    "email": "An email address.",
    "domain": "The domain, as `example.com`.",
    "own_domain": "The domain, as `example.com`.",
    "stands_on": "What the field stands on: `lead`, `contact`, `opportunity`, `activity` or `shared`.",
    "thing": "What the fields stand on: `lead`, `contact`, `opportunity`, or the id of a type of custom activities.",
    "place": "What the shared field is put on: `lead`, `contact`, `opportunity`, or an `actitype_…`.",
    "provider": "`google` or `microsoft`.",
    "number": "Which one, counted from the first.",
    "filename": "The name of the file.",
    "outcome": "Only rows that came out so, as `failed`.",
    "kind": "Why they get none, as `unsubscribed`; several with commas between.",
    "ids": "The ids, with commas between.",
    "after": "The number of the last change that is known already.",
    "images": "`true`: with the images from elsewhere, through this server.",
}  # fmt: skip
