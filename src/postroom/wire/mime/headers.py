"""A header block cut into its fields, and field values decoded."""


def header_values(header_block: bytes, name: str) -> tuple[str, ...]:
    """Every value of one field, unfolded and decoded, in order."""
    raise NotImplementedError
