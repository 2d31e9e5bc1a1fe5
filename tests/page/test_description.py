"""The page's types come from the API's own description; a change of the API must reach them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.page.describe import DESCRIPTION, description

PAGE = DESCRIPTION.parent


def test_the_page_knows_the_api_as_it_is() -> None:
    assert DESCRIPTION.read_bytes() == description(), "run `python -m tests.page.describe` and `npm run gen:api`"


@pytest.mark.skipif(
    shutil.which("node") is None or not (PAGE / "node_modules").is_dir(), reason="the page's tools are not installed"
)
def test_the_types_of_the_page_are_made_from_that_description(tmp_path: Path) -> None:
    made = tmp_path / "schema.d.ts"
    command = ["node", "node_modules/openapi-typescript/bin/cli.js", DESCRIPTION.name, "-o", str(made)]
    subprocess.run(command, cwd=PAGE, check=True, timeout=240, capture_output=True)
    assert made.read_text() == (PAGE / "src/shared/api/schema.d.ts").read_text(), "run `npm run gen:api`"


def test_the_locked_packages_name_no_registry() -> None:
    assert '"resolved"' not in (PAGE / "package-lock.json").read_text()
