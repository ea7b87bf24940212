"""A caseload of sixty clients: every figure is what a script says that knows nothing of the project."""

import ast
import sys
from decimal import Decimal
from pathlib import Path

from service.reports.figures import Counting, Level, Place, figures, read_period, shipped
from service.store.models.people import District
from tests.figures.caseload import expected
from tests.figures.caseload.loading import Caseload, load
from tests.worker.village import MASERU, open_village

SCRIPT = Path(expected.__file__)


def test_the_script_knows_nothing_of_the_project() -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(SCRIPT.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "."]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names


def test_the_script_agrees_with_what_was_worked_out_by_hand() -> None:
    found = expected.expected()
    assert {key: found.get(key) for key in expected.BY_HAND} == {
        key: Decimal(value) for key, (value, _) in expected.BY_HAND.items()
    }
    assert len(expected.BY_HAND) == 10


def counted(loaded: Caseload) -> dict[expected.Key, Decimal]:
    definitions = shipped()
    counting = Counting(definitions, MASERU)
    sites = {site_id: name for name, site_id in loaded.sites.items()}
    districts = {row.id: row.name for row in loaded.village.rows(District.id, District.name)}

    def name_of(place: Place) -> str:
        match place.level:
            case Level.NETWORK:
                return "network"
            case Level.DISTRICT:
                return str(districts[place.id])
            case Level.SITE:
                return sites[place.id] if place.id else ""

    return {
        (one.indicator, period, name_of(one.place), one.cell.code): one.value
        for period in expected.PERIODS
        for one in loaded.village.store.read(
            lambda reading, period=period: figures(  # type: ignore[misc]
                reading, counting, definitions.indicators, read_period(period)
            )
        )
        if one.value is not None and (one.counted.cases or one.counted.of)
    }


def test_every_figure_is_what_the_script_says(database_url: str) -> None:
    with open_village(database_url) as village:
        found = counted(load(village))
    wanted = expected.expected()
    near = {key for key in found.keys() & wanted if abs(found[key] - wanted[key]) < Decimal("0.0001")}
    wrong = {key: (found.get(key), wanted.get(key)) for key in (found.keys() | wanted) - near}
    assert not wrong, f"{len(wrong)} of {len(wanted)}: {sorted(wrong.items(), key=str)[:40]}"
