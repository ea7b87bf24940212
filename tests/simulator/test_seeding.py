"""The made-up people, whenever the demonstration begins."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import phonenumbers
import pytest
from sqlalchemy import func, select

from config import wiring
from config.settings import Settings
from handlers.gateways import simulator
from service.actions.numbers import find
from service.domain.care import VisitState
from service.domain.hours import is_open
from service.domain.ledger import LedgerState
from service.domain.people import Wording
from service.domain.phone import Phone
from service.domain.tasks import TaskKind
from service.parts import Parts
from service.phones import LESOTHO_MOBILES, read_phone
from service.seeding.cast import CLIENTS, CODE, FICTION, ON_CALL_ENDING, PLACES, TRANSPORT, phone
from service.seeding.seed import SEEDER, is_seeded, seed
from service.seeding.story import MORNING, first_morning
from service.store import database, keys
from service.store.models.care import Task, Visit
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import District
from service.store.records import clients_at
from service.store.transaction import Reading
from tests.worker.village import HandClock

ENDINGS = [ON_CALL_ENDING, *(place.ending for place in PLACES), *(made.ending for made in CLIENTS)]
AN_ORDINARY_DAY = datetime(2026, 11, 24, 6, tzinfo=UTC)


@contextmanager
def seeded(folder: Path, now: datetime) -> Iterator[Parts]:
    settings = Settings.model_construct(
        data_dir=folder,
        key_file=folder / "keys.json",
        allowed_destinations=(FICTION,),
        ussd_code=CODE,
        transport_number=TRANSPORT,
        demo=True,
    )
    keys.create(folder / "keys.json")
    database.upgrade(settings.database_address)
    clock = HandClock(now)
    configuration = wiring.Configuration(settings, {"simulator": simulator.Settings()})
    with wiring.open_parts(configuration, clock) as parts:
        clock.moment = first_morning(now, parts.programme)
        parts.store.write(lambda tx: seed(tx, parts.programme, "simulator"), SEEDER)
        yield parts


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    with seeded(tmp_path_factory.mktemp("seeded"), AN_ORDINARY_DAY) as opened:
        yield opened


@pytest.mark.parametrize("ending", sorted(set(ENDINGS)))
def test_every_number_is_well_formed_and_kept_free_for_fiction(ending: int) -> None:
    number = phone(ending)
    assert read_phone(number.e164, allowed=("+",)) == number
    parsed = phonenumbers.parse(number.e164)
    assert (parsed.country_code, str(parsed.national_number)[3:8]) == (1, "55501")


@pytest.mark.parametrize("ending", sorted(set(ENDINGS)))
def test_an_installation_with_the_usual_destinations_texts_none_of_them(ending: int) -> None:
    assert not isinstance(read_phone(phone(ending).e164, allowed=LESOTHO_MOBILES), Phone)


def test_only_the_two_who_share_a_phone_have_the_same_number() -> None:
    assert len(ENDINGS) - len(set(ENDINGS)) == 1


def test_all_five_districts_have_a_site_a_mentor_mother_and_clients(parts: Parts) -> None:
    names = parts.store.read(lambda reading: set(reading.connection.scalars(select(District.name))))
    assert names == {"Berea", "Leribe", "Mafeteng", "Maseru", "Mohale's Hoek"}
    assert {made.district for made in CLIENTS} == names


def test_the_database_bears_the_mark(parts: Parts) -> None:
    assert parts.store.read(is_seeded)


def test_the_demonstration_begins_on_a_morning_worth_seeing(parts: Parts) -> None:
    calendar = parts.programme.calendar
    for days in range(370):
        begins = first_morning(AN_ORDINARY_DAY + timedelta(days), parts.programme).astimezone(calendar.zone)
        assert begins.time() == MORNING
        assert all(is_open(begins.date() + timedelta(ahead), calendar) for ahead in (0, 1, 7))


@pytest.mark.parametrize(
    "day", [date(2026, 11, 21), date(2026, 12, 24), date(2027, 4, 1), date(2027, 7, 16), date(2028, 2, 29)]
)
def test_the_first_client_is_reminded_twenty_minutes_after_the_beginning(tmp_path: Path, day: date) -> None:
    with seeded(tmp_path, datetime(day.year, day.month, day.day, 5, tzinfo=UTC)) as parts:
        assert parts.store.read(_next_of_first) == ("visit_d7", parts.clock.now() + timedelta(minutes=20))


def _next_of_first(reading: Reading) -> tuple[str, datetime]:
    phone_id = find(reading, phone(CLIENTS[0].ending))
    assert phone_id
    (woman,) = clients_at(reading, phone_id)
    row = reading.connection.execute(
        select(LedgerEntry.step, LedgerEntry.due_at)
        .where(LedgerEntry.client_id == woman.id, LedgerEntry.state == LedgerState.PLANNED)
        .order_by(LedgerEntry.due_at)
        .limit(1)
    ).one()
    return row.step, row.due_at


def test_ledger_visits_and_tasks_are_full(parts: Parts) -> None:
    def states(reading: Reading) -> tuple[set[str], set[str], set[str]]:
        read = reading.connection.scalars
        return (
            set(read(select(LedgerEntry.state))),
            set(read(select(Visit.state))),
            set(read(select(Task.kind))),
        )

    ledger, visits, tasks = parts.store.read(states)
    assert ledger >= {LedgerState.PLANNED, LedgerState.DELIVERED, LedgerState.SUPPRESSED}
    assert visits >= {VisitState.PLANNED, VisitState.ATTENDED, VisitState.MISSED, VisitState.NOT_KNOWN}
    assert tasks >= {TaskKind.CALL_ME, TaskKind.NEW_DATE, TaskKind.READ_MESSAGE, TaskKind.DID_SHE_COME}


def test_no_text_of_the_past_is_left_waiting(parts: Parts) -> None:
    def waiting(reading: Reading) -> int:
        return reading.connection.execute(
            select(func.count()).select_from(Message).where(Message.final_at.is_(None))
        ).scalar_one()

    assert parts.store.read(waiting) == 0


def test_both_languages_and_every_wording_are_there() -> None:
    assert {made.language for made in CLIENTS} == {"en", "st"}
    assert {made.wording for made in CLIENTS} == set(Wording)
