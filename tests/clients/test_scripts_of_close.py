"""What the scripts that Close itself publishes ask of a server, each need of theirs as a test in our own words."""

from concurrent.futures import ThreadPoolExecutor
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


async def test_thirty_requests_at_once_that_name_a_new_field_all_succeed(close: Close) -> None:
    """Importers post from a pool of threads or greenlets; the first row with a new column makes the field."""

    def program(api: API) -> None:
        def import_row(number: int) -> Any:
            return api.post("lead", {"name": f"Row {number}", "custom": {"Fresh": f"value {number}"}})

        with ThreadPoolExecutor(30) as pool:
            made = list(pool.map(import_row, range(30)))
        assert [one["custom"] for one in made] == [{"Fresh": f"value {number}"} for number in range(30)]
        assert [one["name"] for one in api.get("custom_field/lead")["data"]] == ["Fresh"]

    await close.run(program)


async def test_a_search_may_name_its_object_type_beside_the_query(close: Close) -> None:
    """As the lead router of one of Close's own people does."""

    def program(api: API) -> None:
        made = api.post("lead", {"name": "Routed"})
        body = {"object_type": "lead", "query": {"type": "and", "queries": []}, "_fields": {"lead": ["display_name"]}}
        found = api.post("data/search", {**body, "results_limit": 200, "cursor": None})["data"]
        assert [(one["id"], one["display_name"]) for one in found] == [(made["id"], "Routed")]
        for wrong in ({"query": body["query"]}, {**body, "object_type": "planet"}):
            with pytest.raises(APIError) as refused:
                api.post("data/search", wrong)
            assert "query" in refused.value.field_errors

    await close.run(program)
