"""Figures into a DHIS2: a stand-in, and a client package of somebody else, say whether that is right."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from dhis2_client import DHIS2Client
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from handlers.cli import main
from handlers.dhis2.mapping import BadMapping, read_mapping
from handlers.dhis2.payload import ValueSet, period_code, value_set
from handlers.dhis2.posting import Imported, NotImported, Server, post
from service.actions.contacts import note_contact
from service.domain.care import ContactMode
from service.domain.ids import new_id
from service.domain.people import OPERATOR
from service.reports.counting.cells import read_cell
from service.reports.figure_rows import Names
from service.reports.figures import Counted, Figure, Level, Place, read_period, shipped
from service.store import keys
from service.store.models.people import Client, Person
from service.store.records import client
from tests.worker.village import MONDAY, Village, at, open_village

EXAMPLE = Path(__file__).parent.parent.parent / "config" / "dhis2.example.toml"
TOKEN = "d2pat_made_up"
HERE = Place(Level.SITE, UUID(int=1))
NAMES = Names({HERE: "Ha Demo"})
NOVEMBER = read_period("2026-11")


@dataclass
class StandIn:
    """Keeps values by what names them, as a DHIS2 does, and knows some codes."""

    kept: dict[tuple[str, ...], str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    org_units: frozenset[str] = frozenset({"SITE_001"})

    def answer(self, request: Request) -> Response:
        self.asked.append(dict(request.args))
        if request.headers.get("Authorization") not in (f"ApiToken {TOKEN}",):
            return Response("", 401)
        count, conflicts = dict.fromkeys(("imported", "updated", "ignored", "deleted"), 0), []
        for value in request.get_json()["dataValues"]:
            if value["orgUnit"] not in self.org_units:
                count["ignored"] += 1
                conflicts.append({"object": value["orgUnit"], "value": "Organisation unit not found"})
                continue
            names = ("dataElement", "period", "orgUnit", "categoryOptionCombo", "attributeOptionCombo")
            key = tuple(value.get(name, "") for name in names)
            count["updated" if key in self.kept else "imported"] += 1
            if request.args.get("dryRun") != "true":
                self.kept[key] = value["value"]
        word = "WARNING" if conflicts else "SUCCESS"
        summary = {"status": word, "importCount": count, "conflicts": conflicts}
        status = 409 if conflicts else 200
        wrapped = {"httpStatusCode": status, "response": summary}
        return Response(json.dumps(wrapped), status, content_type="application/json")


@pytest.fixture
def dhis2(httpserver: HTTPServer) -> StandIn:
    stand_in = StandIn()
    httpserver.expect_request("/api/dataValueSets", method="POST").respond_with_handler(stand_in.answer)
    return stand_in


@pytest.fixture
def server(httpserver: HTTPServer, dhis2: StandIn) -> Server:
    return Server(httpserver.url_for(""), TOKEN)


def figure(indicator: str, cell: str, cases: int, of: int | None = None) -> Figure:
    value = Decimal(cases) / of if of else Decimal(cases)
    return Figure(indicator, NOVEMBER, HERE, read_cell(cell), value, Counted(cases, of))


FOUND = (
    figure("ES_REACHED", "", 7),
    figure("ES_CONTACTS", "", 9),
    figure("ES_CONTACTS", "mode=sms", 2),
    figure("ES_CONTACTS", "mode=call", 7),
    figure("ES_REPLY48", "", 3, 4),
)


def values(*found: Figure, mapping: Path = EXAMPLE) -> ValueSet:
    return value_set(read_mapping(mapping, shipped()), shipped(), NAMES, NOVEMBER, found)


def test_the_example_makes_what_a_dhis2_reads() -> None:
    told = {
        (one["dataElement"], one.get("categoryOptionCombo", "")): one["value"]
        for one in values(*FOUND).as_json()["dataValues"]
    }
    assert told == {
        ("ES_REACHED", "default"): "7",
        ("ES_CONTACTS_BY_MODE", "SMS"): "2",
        ("ES_CONTACTS_BY_MODE", "USSD"): "0",
        ("ES_CONTACTS_BY_MODE", "CALL"): "7",
        ("ES_CONTACTS_BY_MODE", "WHATSAPP"): "0",
        ("ES_REPLY48_ANSWERED", ""): "3",
        ("ES_REPLY48_DELIVERED", ""): "4",
    }
    assert values(*FOUND).as_json()["dataSet"] == "ES_MONTHLY"


def test_sending_again_overwrites_and_a_rehearsal_keeps_nothing(server: Server, dhis2: StandIn) -> None:
    assert post(server, values(*FOUND), dry_run=True) == Imported("SUCCESS", 7, 0, 0, 0, ())
    assert not dhis2.kept
    assert post(server, values(*FOUND), dry_run=False) == Imported("SUCCESS", 7, 0, 0, 0, ())
    before = dict(dhis2.kept)
    assert post(server, values(*FOUND), dry_run=False) == Imported("SUCCESS", 0, 7, 0, 0, ())
    assert dhis2.kept == before
    corrected = (*FOUND[:3], *FOUND[4:])
    post(server, values(*corrected), dry_run=False)
    changed = {key: value for key, value in dhis2.kept.items() if before[key] != value}
    assert changed == {("ES_CONTACTS_BY_MODE", "202611", "SITE_001", "CALL", "default"): "0"}
    assert dhis2.asked[0]["dataElementIdScheme"] == "CODE"
    assert dhis2.asked[0]["importStrategy"] == "CREATE_AND_UPDATE"


def test_the_client_of_somebody_else_sends_the_same(
    server: Server, dhis2: StandIn, httpserver: HTTPServer
) -> None:
    post(server, values(*FOUND), dry_run=False)
    ours = dict(dhis2.kept)
    theirs = DHIS2Client(base_url=server.url, token=f"ApiToken {TOKEN}", retries=0)
    told: Any = theirs.post_data_value_set(values(*FOUND).as_json())
    assert told["response"]["importCount"]["updated"] == len(ours)
    assert dhis2.kept == ours
    (mine, other) = (request for request, _ in httpserver.log)
    assert mine.get_json() == other.get_json()


if sys.version_info >= (3, 13):  # dhis2w-client begins there

    @pytest.mark.parametrize("release", ["v41", "v42", "v43", "v44"])
    def test_the_models_of_somebody_else_know_every_field(release: str) -> None:
        """Others made them from the OpenAPI documents of four releases of DHIS2 itself."""
        models = import_module(f"dhis2w_client.generated.{release}.oas")
        sent = values(*FOUND).as_json()
        read = models.DataValueSet.model_validate(sent, strict=True)
        assert not read.model_extra
        assert all(not one.model_extra for one in read.dataValues)
        assert read.model_dump(exclude_none=True) == sent


def test_what_the_other_side_refuses_is_shown(server: Server, dhis2: StandIn) -> None:
    dhis2.org_units = frozenset()
    answer = post(server, values(*FOUND), dry_run=False)
    assert isinstance(answer, Imported)
    assert (answer.ignored, answer.is_whole) == (7, False)
    assert answer.conflicts[0] == "SITE_001: Organisation unit not found"
    refused = post(Server(server.url, "wrong"), values(*FOUND), dry_run=False)
    assert isinstance(refused, NotImported)
    assert "token" in refused.why
    nobody = post(Server("http://127.0.0.1:9", TOKEN), values(*FOUND), dry_run=False)
    assert isinstance(nobody, NotImported)


def test_what_has_no_code_of_theirs_is_a_clear_error() -> None:
    with pytest.raises(BadMapping) as bad:
        values(*FOUND, figure("ES_CONTACTS", "mode=home_visit", 1))
    assert bad.value.problems == ["element ES_CONTACTS: the cell 'mode=home_visit' has figures and no combo."]
    elsewhere = Names({HERE: "Koro"})
    with pytest.raises(BadMapping) as bad:
        value_set(read_mapping(EXAMPLE, shipped()), shipped(), elsewhere, NOVEMBER, FOUND)
    assert bad.value.problems == [
        "org_units: the site 'Koro' has figures and no code.",
        "org_units: there is no site 'Ha Demo'; see khopotso site list.",
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('indicator = "ES_REACHED"', 'indicator = "ES_REACH"'), "there is no such indicator"),
        (('by = ["mode"]', 'by = ["gateway"]'), "not by gateway"),
        (('"mode=sms" = "SMS"', '"mode-sms" = "SMS"'), "is no cell of it"),
        (("inside = true", "inside = 5"), "inside"),
        (("zero = true ", "zeros = true "), "zeros"),
        (("[org_units]", "[org_units"), "This is no TOML file"),
    ],
)
def test_a_bad_mapping_is_told_before_anything_is_sent(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    assert change[0] in EXAMPLE.read_text()
    (tmp_path / "bad.toml").write_text(EXAMPLE.read_text().replace(*change))
    with pytest.raises(BadMapping, match=says):
        values(*FOUND, mapping=tmp_path / "bad.toml")


def test_outside_the_programme_small_figures_are_kept_back(tmp_path: Path) -> None:
    (tmp_path / "out.toml").write_text(EXAMPLE.read_text().replace("inside = true", "inside = false"))
    sent = values(*FOUND, mapping=tmp_path / "out.toml")
    assert {one.value for one in sent.values} == {"7", "0"}
    assert sent.kept_back == 3


@pytest.mark.parametrize(
    ("period", "code"), [("2026-11", "202611"), ("2026Q4", "2026Q4"), ("FY2027", "2026Oct")]
)
def test_periods_are_named_as_theirs(period: str, code: str) -> None:
    assert period_code(read_period(period)) == code


@pytest.fixture
def typed(
    database_server: Any, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server
) -> Iterator[tuple[Village, Callable[..., Result]]]:
    with open_village(database_url) as village:
        keys.create(tmp_path / "keys", village.store.vault.ring)
        settings = {
            "DATABASE_URL": database_url,
            "KEY_FILE": str(tmp_path / "keys"),
            "DEMO": "1",
            "CLOCK": "2026-12-01T06:00:00Z",
            "USSD_CODE": "*123#",
            "DHIS2_URL": server.url,
            "DHIS2_TOKEN": TOKEN,
            "DHIS2_MAPPING": str(EXAMPLE),
        }
        for name, value in settings.items():
            monkeypatch.setenv(f"KHOPOTSO_{name}", value)
        yield village, lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
def test_the_command_sends_aggregates_and_nothing_about_anybody(
    typed: tuple[Village, Callable[..., Result]], dhis2: StandIn, tmp_path: Path, httpserver: HTTPServer
) -> None:
    village, khopotso = typed
    her = village.woman(enrolled_on=date(2026, 11, 2))
    village.clock.moment = at(MONDAY, "10:00")
    village.store.write(
        lambda tx: note_contact(tx, client(tx, her), ContactMode.CALL, "call", new_id()), OPERATOR
    )
    tried = khopotso("report", "send", "--period", "2026-11", "--dry-run")
    assert (tried.exit_code, dhis2.kept) == (0, {}), tried.output
    sent = khopotso("report", "send", "--period", "2026-11")
    assert sent.exit_code == 0, sent.output
    assert "DHIS2 says SUCCESS: 7 imported" in sent.output
    assert dhis2.kept["ES_REACHED", "202611", "SITE_001", "default", "default"] == "1"
    file = tmp_path / "upload.json"
    assert khopotso("report", "eservices", "--format", "dhis2", "--out", file).exit_code == 0
    (*_, last) = (request.get_data(as_text=True) for request, _ in httpserver.log)
    assert json.loads(file.read_text()) == json.loads(last)
    (row,) = village.rows(Client.code, Client.id)
    for personal in (row.code, str(row.id), "Thato", "58100001"):
        assert personal not in last
    assert village.rows(Person.id)
