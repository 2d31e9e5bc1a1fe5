"""Texts for the cells of CSV files, of which no spreadsheet makes a formula (OWASP, CSV Injection)."""

import re

# Where the list separator of the system is a semicolon (most of Europe), Excel ends a cell at one inside of a text too,
# quoted or not. Numbers and telephone numbers may begin with a sign; anything else that does is run as a formula.
_RUNS = re.compile(r"""(\A|;)(?="?(?:[=@]|[+-](?![\d\s().,/-]*(?:;|\Z)))|[\t\r])""")


def inert(text: str) -> str:
    """The text, with a mark before what would be run."""
    return _RUNS.sub(r"\1'", text)
