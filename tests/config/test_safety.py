"""What must not meet real people."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Literal
from uuid import UUID

import pytest

from config import safety, wiring
from config.settings import Settings, SettingsError
from handlers.gateways.africastalking import Settings as AfricasTalkingSettings
from handlers.gateways.definition import GatewaySettings
from handlers.gateways.simulator import Settings as SimulatorSettings
from handlers.gateways.twilio import Settings as TwilioSettings
from service.actions.approve import approve, version_of_plan
from service.actions.leave import record_leave
from service.actions.on_call import put_on_call
from service.actions.sites import add_site
from service.actions.staff import NewStaff, add_staff, block_staff, find_staff
from service.domain.duty import Duty
from service.domain.people import OPERATOR, Role
from service.domain.phone import Phone
from service.parts import Parts
from service.seeding.seed import SEEDER, seed
from service.store import keys
from service.store.keys import Key, KeyRing
from service.store.transaction import Transaction

pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)

SIMULATOR = SimulatorSettings()
REAL = AfricasTalkingSettings(username="programme", api_key="key")  # type: ignore[arg-type]
SIGNING = TwilioSettings.model_validate(
    {"account_sid": f"AC{'0' * 32}", "auth_token": "token", "from": "Khopotso"}
)
NAMES = {SimulatorSettings: "simulator", AfricasTalkingSettings: "africastalking", TwilioSettings: "twilio"}
SANDBOX = AfricasTalkingSettings(username="sandbox", api_key="key")  # type: ignore[arg-type]


@dataclass(frozen=True)
class House:
    """An installation whose settings a test may change."""

    database_url: str
    key_file: Path

    @contextmanager
    def opened(
        self,
        gateway: GatewaySettings = SIMULATOR,
        transport_number: str | None = "0000",
        demo: bool = False,
        public_url: str = "",
        unapproved_plans: Literal["refuse", "allow"] = "allow",
    ) -> Iterator[tuple[wiring.Configuration, Parts]]:
        name = NAMES[type(gateway)]
        settings = Settings(
            database_url=self.database_url,
            key_file=self.key_file,
            gateways=(name,),
            transport_number=transport_number,
            demo=demo,
            public_url=public_url,
            unapproved_plans=unapproved_plans,
        )
        configuration = wiring.Configuration(settings, {name: gateway})
        with wiring.open_parts(configuration) as parts:
            yield configuration, parts


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> House:
    """With somebody on call."""
    keys.create(tmp_path / "keys")
    made = House(database_url, tmp_path / "keys")
    with made.opened() as (_, parts):
        parts.store.write(_somebody_on_call, OPERATOR)
    return made


def _somebody_on_call(tx: Transaction) -> None:
    site_id = add_site(tx, "Ha Demo", "Berea")
    assert site_id
    phone, roles = Phone("+26658000902"), frozenset({Role.COORDINATOR})
    add_staff(tx, NewStaff("Mantoa", phone, "st", roles, (site_id,), on_call=True))


def test_settings_for_real_people_are_safe(house: House) -> None:
    for gateway in (SIMULATOR, REAL):
        with house.opened(gateway) as (configuration, parts):
            assert safety.unsafe(configuration, parts) == ()
            safety.insist(configuration, parts)


def test_plans_that_two_people_have_not_approved_keep_it_from_starting(house: House) -> None:
    with house.opened(unapproved_plans="refuse") as (configuration, parts):
        (problem,) = safety.unsafe(configuration, parts)
        assert "khopotso plans approve" in problem
        people = parts.store.write(_two_who_approve, OPERATOR)
        for plan in parts.programme.plans:
            assert plan.name in problem
            for staff_id in people:
                parts.store.write(
                    lambda tx, plan=plan, who=staff_id: approve(tx, version_of_plan(plan), who),  # type: ignore[misc]
                    OPERATOR,
                )
        assert safety.unsafe(configuration, parts) == ()


def _two_who_approve(tx: Transaction) -> tuple[UUID, ...]:
    for name, number in (("Palesa", "+26658000903"), ("Thabo", "+26658000904")):
        add_staff(tx, NewStaff(name, Phone(number), "st", frozenset({Role.ADMIN}), ()))
    found = (find_staff(tx, name) for name in ("Palesa", "Thabo"))
    return tuple(staff_id for staff_id in found if staff_id)


def test_without_transport_nobody_starts(house: House) -> None:
    with house.opened(transport_number=None) as (configuration, parts):
        (problem,) = safety.unsafe(configuration, parts)
        assert problem.startswith("KHOPOTSO_TRANSPORT_NUMBER: ")
        with pytest.raises(SettingsError):
            safety.insist(configuration, parts)


def test_without_anybody_on_call_nobody_starts(house: House) -> None:
    with house.opened() as (configuration, parts):
        mantoa = parts.store.read(lambda reading: find_staff(reading, "Mantoa"))
        assert mantoa
        parts.store.write(lambda tx: block_staff(tx, mantoa), OPERATOR)
        (problem,) = safety.unsafe(configuration, parts)
    assert "khopotso staff add" in problem


def test_an_hour_of_the_night_at_which_nobody_is_on_call_keeps_it_from_starting(house: House) -> None:
    with house.opened() as (configuration, parts):
        mantoa = parts.store.read(lambda reading: find_staff(reading, "Mantoa"))
        assert mantoa
        day = Duty(time(6), time(22), configuration.settings.timezone)
        parts.store.write(lambda tx: put_on_call(tx, mantoa, day), OPERATOR)
        (problem,) = safety.unsafe(configuration, parts)
        assert "khopotso staff on-call" in problem
        parts.store.write(lambda tx: put_on_call(tx, mantoa, None), OPERATOR)
        assert safety.unsafe(configuration, parts) == ()


def test_whoever_is_on_call_may_be_on_leave_when_it_starts_again(house: House) -> None:
    with house.opened() as (configuration, parts):
        mantoa = parts.store.read(lambda reading: find_staff(reading, "Mantoa"))
        assert mantoa
        zone, today = configuration.settings.timezone, parts.programme.today(parts.clock.now())
        parts.store.write(lambda tx: record_leave(tx, zone, mantoa, today, today), OPERATOR)
        assert safety.unsafe(configuration, parts) == ()


def test_a_sandbox_account_is_not_for_real_people(house: House) -> None:
    with house.opened(SANDBOX) as (configuration, parts):
        (problem,) = safety.unsafe(configuration, parts)
    assert problem.startswith("KHOPOTSO_AFRICASTALKING_USERNAME: ")


def test_a_provider_that_signs_addresses_needs_the_one_that_it_knows(house: House) -> None:
    with house.opened(SIGNING) as (configuration, parts):
        (problem,) = safety.unsafe(configuration, parts)
        assert problem.startswith("KHOPOTSO_PUBLIC_URL: twilio signs the address")
    with house.opened(SIGNING, public_url="https://sms.example.org") as (configuration, parts):
        assert safety.unsafe(configuration, parts) == ()


def test_made_up_people_never_meet_a_real_gateway(house: House) -> None:
    with house.opened() as (configuration, parts):
        parts.store.write(lambda tx: seed(tx, parts.programme, "simulator"), SEEDER)
        assert safety.unsafe(configuration, parts) == ()
    with house.opened(REAL) as (configuration, parts):
        (problem,) = safety.unsafe(configuration, parts)
    assert "demo filled this database" in problem


@pytest.mark.parametrize(
    "key",
    [
        Key("0", bytes(32), bytes(32)),
        Key("1", b"0123456789" * 3 + b"01", b"changeme" * 4),
        Key("2", bytes(range(32)), bytes(range(32))),
    ],
    ids=["zeros", "typed", "twice the same"],
)
def test_a_key_that_somebody_made_up_is_refused(house: House, tmp_path: Path, key: Key) -> None:
    drawn = keys.load(house.key_file)
    keys.create(tmp_path / "more", KeyRing((*drawn.keys, key)))
    with House(house.database_url, tmp_path / "more").opened() as (configuration, parts):
        (problem,) = safety.unsafe(configuration, parts)
    assert problem.startswith("KHOPOTSO_KEY_FILE: ")


def test_everything_is_told_at_once_and_a_demonstration_starts_all_the_same(house: House) -> None:
    with house.opened(SANDBOX, transport_number=None) as (configuration, parts):
        assert len(safety.unsafe(configuration, parts)) == 2
        with pytest.raises(SettingsError) as refused:
            safety.insist(configuration, parts)
        assert len(refused.value.problems) == 2
    with house.opened(SANDBOX, transport_number=None, demo=True) as (configuration, parts):
        safety.insist(configuration, parts)
