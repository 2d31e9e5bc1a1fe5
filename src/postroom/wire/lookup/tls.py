"""TLS as a client of pages and servers that are looked up: certificates and names are checked, TLS 1.2 at least."""

import ssl
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=16)
def client_context(trusted_ca: Path | None) -> ssl.SSLContext:
    """Shared, as the system's list of authorities is large. `trusted_ca` is trusted besides it."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if trusted_ca is not None:
        context.load_verify_locations(cafile=str(trusted_ca))
    return context
