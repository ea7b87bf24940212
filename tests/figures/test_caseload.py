"""A caseload of sixty clients: every figure is what a script says that knows nothing of the project."""

import ast
import csv
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import astuple
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from handlers.cli import main
from handlers.dhis2.mapping import Dhis2Mapping, Element
from handlers.dhis2.payload import value_set
from handlers.sheets import Sheet, as_csv, as_xlsx
from service.reports.counting.cells import read_cell
from service.reports.figure_rows import COLUMNS, GROUPS, FigureRow, figure_rows, place_names
from service.reports.figures import Counting, Figure, Level, figures, read_period, shipped
from service.store import keys
from tests.figures.caseload import expected
from tests.figures.caseload.loading import Caseload
from tests.worker.village import MASERU

SCRIPT = Path(expected.__file__)
NEARLY = Decimal("0.0001")
PERIOD = "2026Q4"


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


def counted(loaded: Caseload, period: str) -> tuple[Figure, ...]:
    definitions = shipped()
    counting = Counting(definitions, MASERU)
    return loaded.village.store.read(
        lambda reading: figures(reading, counting, definitions.indicators, read_period(period))
    )


def disagreements(
    found: dict[expected.Key, Decimal], wanted: dict[expected.Key, Decimal]
) -> dict[expected.Key, tuple[Decimal | None, Decimal | None]]:
    near = {key for key in found.keys() & wanted if abs(found[key] - wanted[key]) <= NEARLY}
    return {key: (found.get(key), wanted.get(key)) for key in (found.keys() | wanted) - near}


def test_every_figure_is_what_the_script_says(loaded: Caseload) -> None:
    names = loaded.village.store.read(place_names)
    found = {
        (one.indicator, period, names[one.place], one.cell.code): one.value
        for period in expected.PERIODS
        for one in counted(loaded, period)
        if one.value is not None and (one.counted.cases or one.counted.of)
    }
    wanted = expected.expected()
    wrong = disagreements(found, wanted)
    assert not wrong, f"{len(wrong)} of {len(wanted)}: {sorted(wrong.items(), key=str)[:40]}"


def rows_of(loaded: Caseload) -> list[FigureRow]:
    names = loaded.village.store.read(place_names)
    return figure_rows(shipped(), names, counted(loaded, PERIOD))


def in_csv(rows: list[FigureRow]) -> Iterator[dict[str, str]]:
    sheet = Sheet("figures", COLUMNS, [astuple(row) for row in rows])
    return csv.DictReader(StringIO(as_csv(sheet).decode()))


def in_xlsx(rows: list[FigureRow]) -> Iterator[dict[str, str]]:
    sheet = Sheet("figures", COLUMNS, [astuple(row) for row in rows])
    page = load_workbook(BytesIO(as_xlsx(sheet))).active
    assert page
    header, *lines = page.iter_rows(values_only=True)
    for line in lines:
        yield {str(name): "" if cell is None else str(cell) for name, cell in zip(header, line, strict=True)}


@pytest.mark.parametrize("read_back", [in_csv, in_xlsx])
def test_every_figure_is_the_same_in_every_file(
    loaded: Caseload, read_back: Callable[[list[FigureRow]], Iterator[dict[str, str]]]
) -> None:
    found = {
        (row["indicator"], row["period"], row["place"], row["told_apart"]): Decimal(row["value"])
        for row in read_back(rows_of(loaded))
        if row["value"] != ""
    }
    wanted = {key: value for key, value in expected.expected().items() if key[1] == PERIOD}
    assert not disagreements(found, wanted)


def everything_mapped(loaded: Caseload, cells: set[tuple[str, str]]) -> Dhis2Mapping:
    """Each indicator and each way of telling it apart goes to an element of its own."""
    elements = [
        Element(
            one.id,
            "-".join((one.id, *by)),
            zero=False,
            by=by,
            combo="all",
            combos={
                cell: cell
                for indicator, cell in cells
                if indicator == one.id and by and read_cell(cell).dimensions == by
            },
        )
        for one in shipped().indicators.values()
        for by in ((), *one.by)
    ]
    sites = {name: f"SITE-{name}" for name in loaded.sites}
    return Dhis2Mapping("ES", "code", inside=True, org_units=sites, element=tuple(elements))


def test_every_figure_of_a_site_is_the_same_for_dhis2(loaded: Caseload) -> None:
    names = loaded.village.store.read(place_names)
    found = counted(loaded, PERIOD)
    cells = {(one.indicator, one.cell.code) for one in found}
    sent = value_set(everything_mapped(loaded, cells), shipped(), names, read_period(PERIOD), found)
    told = {
        (one.data_element.split("-")[0], PERIOD, one.org_unit.removeprefix("SITE-"), one.combo or ""): (
            Decimal(one.value)
        )
        for one in sent.values
    }
    wanted = {
        (indicator, period, place, cell or "all"): value
        for (indicator, period, place, cell), value in expected.expected().items()
        if period == PERIOD and place in loaded.sites and value
    }
    assert not disagreements(told, wanted)
    assert {one.period for one in sent.values} == {PERIOD}


def test_the_command_tells_the_same(
    loaded: Caseload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = loaded.village.store.vault.ring
    keys.create(tmp_path / "keys", ring)
    settings = {"DATABASE_URL": loaded.database_url, "KEY_FILE": str(tmp_path / "keys"), "DEMO": "1"}
    for name, value in (settings | {"CLOCK": "2026-12-01T06:00:00Z", "USSD_CODE": "*123#"}).items():
        monkeypatch.setenv(f"KHOPOTSO_{name}", value)
    found: dict[expected.Key, Decimal] = {}
    for name in GROUPS:
        days = ("--from", "2026-10-01", "--to", "2026-12-31")
        result = CliRunner().invoke(main, ["report", name, *days, "--json"])
        assert result.exit_code == 0, result.output
        for row in json.loads(result.output):
            if row["value"] is not None:
                key = (row["indicator"], row["period"], row["place"], row["told_apart"])
                found[key] = Decimal(str(row["value"]))
    wanted = {key: value for key, value in expected.expected().items() if key[1] == PERIOD}
    assert not disagreements(found, wanted)
    assert set(shipped().indicators) == {one for group in GROUPS.values() for one in group}
    assert Level.SITE in {row["level"] for row in json.loads(result.output)}
