"""The whole API as its description has it, tried with odd requests that the description allows and forbids.

Here it is a few requests for each address and the roles that may most and least; ``make api`` tries hundreds
for each role.
"""

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance
from sqlalchemy import delete

from service.domain.people import SYSTEM, Role
from service.store.models.access import Tries
from tests.api.caller import Calling, System, calling, things_of
from tests.conftest import TEMPLATE
from tests.databases import SqliteFolder
from tests.staff.house import open_house

IN_FULL = "API_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("API_EXAMPLES", "2"))
TRIED = tuple(Role) if IN_FULL else (Role.ADMIN, Role.ME)
RULES_BEYOND_A_SCHEMA = (positive_data_acceptance,)
"""A number may have the right form and be in no network, a name may tell too much: that is refused too."""


@pytest.fixture(scope="module")
def api(sqlite_folder: SqliteFolder) -> Iterator[Calling]:
    sqlite_folder.clone(TEMPLATE, "schema")
    with open_house(sqlite_folder.url("schema")) as house:
        yield calling(house)
    sqlite_folder.drop("schema")


@pytest.mark.parametrize("role", TRIED)
def test_no_request_finds_a_hole(api: Calling, role: Role) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", api.house.app)
    # We bring the token. One that is drawn and left out again would make a good request of a bad one.
    schema.config.generation.update(with_security_parameters=False)
    system = api.system(role, api.house.here.id if role is Role.MENTOR else None)
    things = {name: str(value) for name, value in things_of(api, api.house.here).items()}
    answered: Counter[int] = Counter()
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        _try(result.ok(), system, things, answered)
    by_status = ", ".join(f"{many} with {status}" for status, many in sorted(answered.items()))
    print(f"{role}: {answered.total():,} requests were answered, {by_status}")  # noqa: T201 - the figures


def _try(operation: Any, system: System, things: dict[str, str], answered: Counter[int]) -> None:
    """Half of the requests name something that is there."""
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    cases = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, there=st.booleans())
    def tried(case: Any, there: bool) -> None:
        # No token and wrong ones are tried too, after twenty of which one would have to wait.
        system.house.village.store.write(lambda tx: tx.connection.execute(delete(Tries)), SYSTEM)
        if there and case.meta.generation.mode is GenerationMode.POSITIVE:
            case.path_parameters = {name: things[name] for name in case.path_parameters}
        answer = case.call_and_validate(headers=system.headers, excluded_checks=list(RULES_BEYOND_A_SCHEMA))
        answered[answer.status_code] += 1

    tried()
