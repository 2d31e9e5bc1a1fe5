"""Message ids out of damaged headers."""


def message_ids(value: str) -> tuple[str, ...]:
    """Each id of a References, In-Reply-To or Message-ID value, `<left@right>`, in order, without repeats."""
    raise NotImplementedError
