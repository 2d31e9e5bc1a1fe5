"""What the scripts that Close itself publishes ask of a server, each need of theirs as a test in our own words."""

from typing import Any

import pytest
from closeio_api import API, APIError

from tests.clients.conftest import Close


async def test_a_row_with_empty_cells_becomes_a_lead(close: Close) -> None:
    """The importer of CSV files posts an entry for each column, also where the cell is empty."""

    def program(api: API) -> None:
        contact = {
            "name": "Ann",
            "title": "",
            "emails": [{"email": "", "type": "office"}, {"email": "ann@x.test", "type": "home"}],
            "phones": [{"phone": "", "type": "office"}, {"phone": " ", "type": "mobile"}],
            "urls": [{"url": "", "type": "url"}],
        }
        made = api.post("lead", {"name": "Row", "url": "", "contacts": [contact], "custom": {"Size": ""}})
        (ann,) = made["contacts"]
        assert [one["email"] for one in ann["emails"]] == ["ann@x.test"]
        assert (ann["phones"], ann["urls"], made["custom"]) == ([], [], {})
        emptied = api.put(f"contact/{ann['id']}", {"emails": [{"email": "", "type": "office"}]})
        assert emptied["emails"] == []
        with pytest.raises(APIError) as refused:
            api.put(f"contact/{ann['id']}", {"emails": [{"email": "not an address", "type": "office"}]})
        assert "emails" in refused.value.field_errors

    await close.run(program)


async def test_the_key_itself_tells_its_organization(close: Close) -> None:
    """The finder of duplicates asks for its own key by its text before all else."""

    def program(api: API, key: str) -> Any:
        found = api.get(f"api_key/{key}")
        assert found == api.get(f"api_key/{found['id']}") == api.get("api_key")["data"][0]
        assert key not in str(found)
        assert api.get(f"organization/{found['organization_id']}", params={"_fields": "name"}) == {"name": "Acme"}
        with pytest.raises(APIError) as refused:
            api.get("api_key/api_0none.secret")
        assert refused.value.response.status_code == 404

    await close.run(program, close.key)
