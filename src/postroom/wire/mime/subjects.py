"""The subject without Re, Fwd, list tags and counters."""


def normalized_subject(subject: str) -> tuple[str, bool]:
    """(base, is_reply): the base as it stands, and whether a reply or forward prefix was taken off."""
    raise NotImplementedError
