"""``khopotso preview``: what would come, told before it comes."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from config.clock import RealClock
from config.wiring import closed_days
from service.domain.people import OPERATOR, Wording
from service.store.models.columns import Row
from service.store.models.people import Client, PersonPhone
from service.store.transaction import Transaction
from tests.cli.conftest import SITE, Installation, Terminal
from tests.worker.village import MASERU

HER = ("--as", "pregnant", "--language", "en", "--visit", "anc=2027-01-12")
JANUARY = ("--from", "2027-01-04", "--days", "20")
on_sqlite = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


def last_open(day: date) -> date:
    while day.isoweekday() == 7 or day in closed_days("LS"):
        day -= timedelta(days=1)
    return day


def foretold(terminal: Terminal, *words: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(terminal.good("preview", *words, "--json"))
    return found


# --- somebody who does not exist --------------------------------------------------------------------------


def test_somebody_who_does_not_exist_needs_no_database_and_no_key(terminal: Terminal) -> None:
    texts = foretold(terminal, *JANUARY, *HER)["texts"]
    assert [(text["day"], text["at"], text["parts"]) for text in texts] == [
        ("2027-01-05", "10:00", 1),
        ("2027-01-11", "10:00", 1),
    ]
    assert texts[1]["text"] == (
        "Hello Thato, see you tomorrow, Tuesday 12 January. If you cannot come, reply 2. Lineo"
    )
    assert texts[1]["why"] == "the day before the visit (anc) on Tuesday 12 January 2027"


def test_the_words_are_those_that_she_chose(terminal: Terminal) -> None:
    (week, day) = foretold(terminal, *JANUARY, *HER, "--wording", "T1", "--nickname", "Neo")["texts"]
    assert "Hello Neo" in week["text"]
    assert "booklet" in day["text"]


def test_who_did_not_agree_to_texts_gets_none_and_the_reason_is_told(terminal: Terminal) -> None:
    found = foretold(terminal, *JANUARY, *HER, "--agrees", "call")
    assert found["texts"] == []
    assert {line["why"] for line in found["left_out"]} == {"no consent"}


@pytest.mark.parametrize(
    ("attends", "days"),
    [("always", ["05", "11"]), ("late", ["05", "11", "13", "19"]), ("never", ["05", "11", "13", "19"])],
)
def test_what_follows_a_visit_hangs_on_whether_she_comes(
    terminal: Terminal, attends: str, days: list[str]
) -> None:
    texts = foretold(terminal, *JANUARY, *HER, "--attends", attends)["texts"]
    assert [text["day"][-2:] for text in texts] == days


def test_when_nobody_records_whether_she_came_a_person_is_asked(terminal: Terminal) -> None:
    found = foretold(terminal, *JANUARY, *HER, "--attends", "unrecorded")
    assert len(found["texts"]) == 2
    assert [(task["day"], task["task"]) for task in found["tasks"]] == [("2027-01-13", "did she come")]


def test_a_price_is_that_of_each_part_and_without_one_nothing_is_said(terminal: Terminal) -> None:
    terminal.setting("GATEWAYS", "simulator")
    assert foretold(terminal, *JANUARY, *HER)["total"]["cost"] == "-"
    priced = foretold(terminal, *JANUARY, *HER, "--price", "0.35")
    assert [text["cost"] for text in priced["texts"]] == ["0.35 LSL", "0.35 LSL"]
    assert priced["total"]["cost"] == "0.70 LSL"


@pytest.mark.timeout(300)
def test_18_months_pass_in_seconds_and_reach_their_end(terminal: Terminal) -> None:
    found = foretold(terminal, "--from", "2027-01-04", "--days", "548", *HER, "--visit", "anc=2028-07-04")
    assert [text["day"] for text in found["texts"]][-2:] == ["2028-06-27", "2028-07-03"]


def test_the_page_needs_nothing_but_itself(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "sheet.html"
    assert str(file) in terminal.good("preview", *JANUARY, *HER, "--nickname", "<b>", "--html", file)
    page = file.read_text()
    assert "see you tomorrow, Tuesday 12 January" in page
    assert "Not approved" in page
    assert "&lt;b&gt;" in page
    assert not {"http:", "https:", "<script", "<link", "<b>"} & {word for word in page.split() if word}
    assert "<script" not in page
    assert "url(" not in page


# --- a client ---------------------------------------------------------------------------------------------


TODAY = RealClock().now().astimezone(MASERU).date()
EXPECTED = TODAY + timedelta(days=12)
SOON = ("--from", TODAY, "--days", "30")


@pytest.fixture
def women(installation: Installation, tmp_path: Path) -> list[str]:
    """Two women at an active site, each with a visit in twelve days; their codes."""
    installation.good("site", "activate", SITE)
    rows = [f"+2665810000{n},Name{n},en,{SITE},yes,{TODAY}" for n in range(2)]
    clients, visits = tmp_path / "clients.csv", tmp_path / "visits.csv"
    clients.write_text("\n".join(["phone,nickname,language,site,consent_sms,enrolled_on", *rows]))
    visits.write_text("\n".join(["client,kind,date", *(f"+2665810000{n},anc,{EXPECTED}" for n in range(2))]))
    installation.good("import", "clients", clients)
    installation.good("import", "visits", visits)
    with installation.store() as store:
        by_age = select(Client.code).order_by(Client.id)
        return list(store.read(lambda reading: reading.connection.scalars(by_age).all()))


def everything(installation: Installation) -> dict[str, int]:
    """How many rows there are of each kind."""
    tables = Row.metadata.sorted_tables
    with installation.store() as store:
        return store.read(
            lambda reading: {
                table.name: reading.connection.scalar(select(func.count()).select_from(table)) or 0
                for table in tables
            }
        )


def test_a_client_is_foretold_by_her_own_records_and_nothing_is_stored(
    installation: Installation, women: list[str]
) -> None:
    before = everything(installation)
    texts = foretold(installation, *SOON, "--client", women[1])["texts"]
    assert [date.fromisoformat(text["day"]) for text in texts] == [
        last_open(EXPECTED - timedelta(days=7)),
        last_open(EXPECTED - timedelta(days=1)),
    ]
    assert all("Hello Name1" in text["text"] for text in texts)
    assert everything(installation) == before


def test_the_whole_caseload_is_foretold_by_month_without_a_word_of_anybody(
    installation: Installation, women: list[str]
) -> None:
    before = everything(installation)
    found = foretold(installation, *SOON, "--all", "--price", "simulator=0.50")
    assert found["total"] == {"month": "in all", "gateway": "", "texts": 4, "parts": 4, "cost": "2.00 LSL"}
    assert sum(month["texts"] for month in found["months"]) == 4
    (site,) = found["sites"]
    assert (site["site"], site["months"], site["total"]) == (SITE, found["months"], found["total"])
    assert f"  {SITE}\n" in installation.good("preview", *SOON, "--all")
    assert "texts" not in found
    assert everything(installation) == before


@on_sqlite
def test_two_who_share_a_phone_are_foretold_in_neutral_words(
    installation: Installation, women: list[str]
) -> None:
    """What the other may read is part of what the one gets."""
    with installation.store() as store:
        store.write(share_a_phone, OPERATOR)
    texts = foretold(installation, *SOON, "--client", women[0])["texts"]
    assert texts
    assert not any("booklet" in text["text"] for text in texts)


def share_a_phone(tx: Transaction) -> None:
    tx.connection.execute(update(Client).values(wording=Wording.T1))
    first = tx.connection.scalar(select(PersonPhone.phone_id).order_by(PersonPhone.id).limit(1))
    tx.connection.execute(
        update(PersonPhone).where(PersonPhone.person_id.in_(select(Client.id))).values(phone_id=first)
    )


@on_sqlite
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--client", "999999"), "No client has the code 999999"),
        (("--from", "2020-01-01", "--client", "1"), "--from cannot be before"),
    ],
)
def test_what_cannot_be_foretold_is_said(
    installation: Installation, words: tuple[str, ...], told: str
) -> None:
    assert told in installation.not_so("preview", *SOON, *words)


def test_records_need_a_database(terminal: Terminal, tmp_path: Path) -> None:
    terminal.setting("DATA_DIR", str(tmp_path))
    assert "khopotso" in terminal.not_so("preview", *SOON, "--all")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Say for whom"),
        (("--as", "pregnant", "--all"), "Say for whom"),
        (("--all", "--nickname", "Neo"), "--as"),
        (("--as", "queen"), "'queen' is not understood; there are pregnant"),
        (("--as", "art", "--language", "xx"), "en, st"),
        (("--as", "art", "--switch", "visit_d7"), "No site can switch 'visit_d7'"),
        (("--as", "art", "--visit", "anc"), "is no day"),
        (("--as", "art", "--visit", "tea=2027-01-01"), "'tea' is not understood"),
        (("--as", "art", "--price", "cheap"), "is no price"),
        (("--as", "art", "--price", "-1"), "0 or more"),
        (("--as", "art", "--price", "nobody=1"), "not used here"),
    ],
)
def test_wrong_use_is_told_so(terminal: Terminal, words: tuple[str, ...], told: str) -> None:
    assert told in " ".join(terminal.misused("preview", *JANUARY, *words).split())
