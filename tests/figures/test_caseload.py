"""A caseload of sixty clients: every figure is what a script says that knows nothing of the project."""

import ast
import csv
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from handlers.app import create_app
from handlers.cli import main
from handlers.dhis2.mapping import Dhis2Mapping, Element
from handlers.dhis2.payload import value_set
from handlers.sheets import Sheet, as_csv, as_xlsx
from service.actions.staff import NewStaff, take_on
from service.domain.people import OPERATOR, Role
from service.domain.phone import Phone
from service.reports.counting.cells import read_cell
from service.reports.figure_rows import COLUMNS, GROUPS, FigureRow, figure_rows, place_names
from service.reports.figures import Counting, Figure, Level, Measure, Place, figures, read_period, shipped
from service.store import keys
from service.store.models.people import StaffRole
from tests.api.caller import calling
from tests.figures.caseload import expected
from tests.figures.caseload.loading import Caseload
from tests.staff.house import Browser, House
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


def is_fair(key: tuple[str, ...]) -> bool:
    """Fewer than thirty visits were not reminded of, so that nothing is said of how many of them came."""
    return key[0] not in ("ES_ATT7_NOT", "ES_ATT28_NOT")


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
    wanted = {key: value for key, value in expected.expected().items() if key[1] == PERIOD and is_fair(key)}
    assert not disagreements(found, wanted)
    assert set(shipped().indicators) == {one for group in GROUPS.values() for one in group}
    assert Level.SITE in {row["level"] for row in json.loads(result.output)}


@pytest.fixture(scope="module")
def house(loaded: Caseload) -> House:
    return House(loaded.village, create_app(loaded.village.parts))


@dataclass(frozen=True)
class Told:
    """A figure as the API tells it."""

    key: expected.Key
    value: Decimal | None
    few: bool


def over_the_api(loaded: Caseload, house: House, role: Role, site: UUID | None = None) -> list[Told]:
    """Every figure that a token of the role is told."""
    system, names = calling(house).system(role, site), loaded.village.store.read(place_names)

    def told(indicator: str, item: dict[str, Any]) -> Told:
        place = names[Place(Level(item["level"]), UUID(item["place"]) if item["place"] else None)]
        value = None if item["value"] is None else Decimal(item["value"])
        return Told((indicator, PERIOD, place, item["cell"]), value, item["few"])

    return [
        told(indicator, item)
        for indicator in shipped().indicators
        for item in system.get(f"/reports/{indicator}", period=PERIOD).get_json()["items"]
    ]


@pytest.mark.parametrize("place", [None, "Koro"])
def test_the_api_tells_the_same(loaded: Caseload, house: House, place: str | None) -> None:
    site = loaded.sites[place] if place else None
    found = {one.key: one.value for one in over_the_api(loaded, house, Role.COORDINATOR, site)}
    wanted = {
        key: value
        for key, value in expected.expected().items()
        if key[1] == PERIOD and is_fair(key) and place in (None, key[2])
    }
    assert not disagreements({key: value for key, value in found.items() if value is not None}, wanted)


@pytest.mark.parametrize("role", [Role.ME, Role.ADMIN])
def test_a_token_that_counts_is_told_no_small_figure(loaded: Caseload, house: House, role: Role) -> None:
    """Nor does one of a single site learn by itself what is hidden in the view of the whole."""
    people = (Measure.EVENTS, Measure.CLIENTS)
    whole = over_the_api(loaded, house, role)
    told = {one.value for one in whole if shipped().indicators[one.key[0]].measure in people}
    assert told.isdisjoint({1, 2, 3, 4})
    new = {one.key[2]: one.value for one in whole if one.key[0] == "ES_NEW" and not one.key[3]}
    assert new == {"network": 20, "Koro": 9} | dict.fromkeys(("Berea", "Maseru", "Ha Demo", "Matsieng"))
    assert {one.few for one in whole if one.key[0] == "ES_NEW" and one.value is None} == {True}
    site = over_the_api(loaded, house, role, loaded.sites["Ha Demo"])
    assert site == [one for one in whole if one.key[2] == "Ha Demo"]


def colleague(house: House, role: Role, *site_ids: UUID) -> Browser:
    number = next(NUMBERS)
    phone = Phone(f"+2665800{number:04}")
    new = NewStaff(f"Nteboheng {number}", phone, "en", frozenset({role}), site_ids)
    added = house.village.store.write(lambda tx: take_on(tx, new), OPERATOR)
    assert isinstance(added, UUID)
    return house.signed_in(added)


NUMBERS = count(100)
LINE = re.compile(r"<summary>([^<]+)</summary>.*?</th><td>([^<]*)<", re.DOTALL)


def in_words(indicator: str, value: Decimal | None) -> str:
    measure = shipped().indicators[indicator].measure
    if measure is Measure.SHARE:
        return "–" if value is None else f"{float(value):.0%}"
    if value is None:
        return "–" if measure in (Measure.MEDIAN, Measure.MONEY) else "0"
    return str(int(value)) if value == int(value) else f"{value:.2f}"


@pytest.mark.parametrize("place", ["network", "Berea", "Koro"])
def test_the_pages_tell_the_same(loaded: Caseload, house: House, place: str) -> None:
    names = loaded.village.store.read(place_names)
    ids = {name: one.id for one, name in names.of.items()}
    path = {"network": "/staff/figures?", "Berea": f"/staff/figures?district={ids.get(place)}&"}
    browser = colleague(house, Role.COORDINATOR)
    page = browser.open(f"{path.get(place, f'/staff/figures/site/{ids.get(place)}?')}period={PERIOD}")
    assert page.status == 200
    told = {unescape(title): value for title, value in LINE.findall(page.html)}
    wanted = expected.expected()
    titles = {one.title: name for name, one in shipped().indicators.items()}
    wholes = {title: wanted.get((name, PERIOD, place, "")) for title, name in titles.items()}
    assert told.pop(shipped().indicators["MSG_COST"].title) == ", ".join(
        f"{wanted['MSG_COST', PERIOD, place, f'currency={one}']:.2f} {one}"
        for one in ("USD", "LSL")
        if ("MSG_COST", PERIOD, place, f"currency={one}") in wanted
    )
    assert told == {
        title: in_words(titles[title], value if is_fair((titles[title],)) else None)
        for title, value in wholes.items()
        if titles[title] != "MSG_COST"
    }
    assert "style=" not in page.html
    assert page.html.count('role="img"') >= 2


def test_whoever_sees_only_figures_sees_no_small_one(loaded: Caseload, house: House) -> None:
    manager = colleague(house, Role.ME)
    answer = manager.open(f"/staff/figures/file/csv?period={PERIOD}").answer
    rows = list(csv.DictReader(StringIO(answer.get_data(as_text=True))))
    people = (Measure.EVENTS, Measure.CLIENTS)
    told = [row["value"] for row in rows if shipped().indicators[row["indicator"]].measure in people]
    assert "few" in told
    assert {int(value) for value in told if value not in ("few", "")}.isdisjoint({1, 2, 3, 4})
    new = {
        row["place"]: row["value"] for row in rows if (row["indicator"], row["told_apart"]) == ("ES_NEW", "")
    }
    assert new == {"network": "20", "Berea": "few", "Maseru": "few"} | {
        "Ha Demo": "few",
        "Koro": "9",
        "Matsieng": "few",
    }
    site = loaded.sites["Ha Demo"]
    assert manager.open(f"/staff/figures/site/{site}/cases/ES_NEW").status == 403
    assert "few" in manager.open(f"/staff/figures/of/ES_NEW?period={PERIOD}&site={site}").text


def test_a_coordinator_sees_her_site_and_who_is_behind_its_figures(loaded: Caseload, house: House) -> None:
    here, there = loaded.sites["Ha Demo"], loaded.sites["Koro"]
    hers = colleague(house, Role.COORDINATOR, here)
    assert hers.open("/staff/figures").to == f"/staff/figures/site/{here}"
    page = hers.open(f"/staff/figures/site/{here}/cases/ES_NEW?period={PERIOD}")
    wanted = expected.expected()["ES_NEW", PERIOD, "Ha Demo", ""]
    assert len(set(re.findall(r"/staff/clients/(\d{6})", page.html))) == wanted
    assert not [name for name in loaded.women if name in page.text]
    for path in (
        f"site/{there}",
        f"site/{there}/cases/ES_NEW",
        f"site/{there}/report.pdf",
        f"of/ES_NEW?site={there}",
        "of/ES_NEW",
        f"file/csv?site={there}",
        "file/xlsx",
        "of/NOTHING",
    ):
        assert hers.open(f"/staff/figures/{path}").status == 404, path
    paper = hers.open(f"/staff/figures/site/{here}/report.pdf?period={PERIOD}").answer.get_data()
    assert paper.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


def test_whoever_sees_all_figures_opens_only_her_own_site(loaded: Caseload, house: House) -> None:
    here, there = loaded.sites["Ha Demo"], loaded.sites["Koro"]
    both = colleague(house, Role.COORDINATOR, here)
    newest = max(row.staff_id for row in loaded.village.rows(StaffRole.staff_id))
    loaded.village.store.write(lambda tx: tx.add(StaffRole, staff_id=newest, role=Role.ME), OPERATOR)
    assert both.open("/staff/figures").status == 200
    assert both.open(f"/staff/figures/site/{there}").status == 200
    assert both.open(f"/staff/figures/site/{there}/cases/ES_NEW").status == 404
    assert both.open(f"/staff/figures/site/{here}/cases/ES_NEW").status == 200
