"""Who gets in, who has to wait, and what a browser may do once somebody is in."""

from dataclasses import dataclass, replace
from functools import cached_property
from time import perf_counter
from uuid import UUID

import pyotp
import pytest
from sqlalchemy import select, update

from service.actions import sign_in, sign_in_device, sign_in_session, sign_in_totp, sign_in_tries
from service.actions import staff as people
from service.actions.sign_in import Applicant, Entered, TooSoon, Typed
from service.actions.sign_in_session import HalfWay, Locked, SignedIn, Standing
from service.domain.people import OPERATOR, Role
from service.domain.phone import Phone
from service.store.models.access import SignIn, Tries
from service.store.store import Store
from service.store.transaction import Transaction
from tests.worker.village import Village

on_sqlite = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
"""Where only hashes are compared, which take long on purpose."""

MENTOR, COORDINATOR, COUNTER = "+26658000001", "+26658000002", "+26658000003"


@dataclass
class Team:
    """A site with a coordinator, somebody who counts, and a Mentor Mother: what each types to come in.

    Each is taken on when she is first spoken of, because hashing her password takes long on purpose.
    """

    village: Village

    @cached_property
    def palesa(self) -> Typed:
        return self._take_on("Palesa", COORDINATOR, Role.COORDINATOR)

    @cached_property
    def thabo(self) -> Typed:
        return self._take_on("Thabo", COUNTER, Role.ME)

    @cached_property
    def lineo(self) -> Typed:
        return self._take_on("Lineo", MENTOR, Role.MENTOR)

    @property
    def store(self) -> Store:
        return self.village.store

    def _take_on(self, name: str, phone: str, role: Role) -> Typed:
        new = people.NewStaff(name, Phone(phone), "en", frozenset({role}), (self.village.site,))
        first = self.store.write(lambda tx: people.add_staff(tx, new), OPERATOR)
        assert isinstance(first, people.FirstSecrets)
        return Typed(name, first.password or first.pin or "", "", None, "192.0.2.1")


@pytest.fixture
def team(village: Village) -> Team:
    return Team(village)


def knocks(team: Team, typed: Typed) -> Applicant | TooSoon:
    return team.store.write(lambda tx: sign_in.knock(tx, team.village.parts.programme, typed), OPERATOR)


def enters(team: Team, typed: Typed) -> Entered | TooSoon | None:
    applicant = knocks(team, typed)
    if isinstance(applicant, TooSoon):
        return applicant
    if not sign_in.fits(team.store.vault, applicant, typed.secret):
        return None
    return team.store.write(lambda tx: sign_in.enter(tx, applicant, typed), OPERATOR)


def entered(team: Team, typed: Typed) -> Entered:
    came = enters(team, typed)
    assert isinstance(came, Entered)
    return came


def standing(team: Team, token: str) -> Standing:
    return team.store.read(lambda reading: sign_in_session.standing(reading, token))


def later(team: Team, seconds: float) -> None:
    """As if so much time had passed since everything that the database remembers."""

    def age(tx: Transaction) -> None:
        back = {"began_at": SignIn.began_at - seconds, "seen_at": SignIn.seen_at - seconds}
        tx.connection.execute(update(SignIn).values(**back, proved_at=SignIn.proved_at - seconds))
        tx.connection.execute(
            update(Tries).values(since=Tries.since - seconds, locked_until=Tries.locked_until - seconds)
        )

    team.store.write(age, OPERATOR)


def of(team: Team, typed: Typed) -> UUID:
    found = team.store.read(lambda reading: people.find_staff(reading, typed.who))
    assert found
    return found


def new_code(team: Team) -> str:
    whose = of(team, team.lineo)
    return team.store.write(lambda tx: sign_in_device.give_code(tx, whose), OPERATOR)


def enrolled(team: Team) -> str:
    device = entered(team, replace(team.lineo, code=new_code(team))).device
    assert device
    return device


# --- passwords ------------------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize("who", ["Thabo", " thabo ", COUNTER, "5800 0003"])
def test_a_name_or_a_number_and_the_password_let_her_in(team: Team, who: str) -> None:
    token = entered(team, replace(team.thabo, who=who)).session
    found = standing(team, token)
    assert isinstance(found, SignedIn)
    assert found.colleague.name == "Thabo"


@on_sqlite
@pytest.mark.parametrize("wrong", [{"secret": "wrong"}, {"secret": ""}, {"who": "Nobody"}])
def test_nobody_else_gets_in(team: Team, wrong: dict[str, str]) -> None:
    assert enters(team, replace(team.palesa, **wrong)) is None


@on_sqlite
def test_a_token_that_nobody_has_stands_for_nobody(team: Team) -> None:
    assert standing(team, "made up") is None


@on_sqlite
def test_whoever_is_blocked_is_out_at_once(team: Team) -> None:
    token = entered(team, team.thabo).session
    team.store.write(lambda tx: people.block_staff(tx, of(team, team.thabo)), OPERATOR)
    assert standing(team, token) is None
    assert enters(team, team.thabo) is None


@on_sqlite
def test_a_reset_signs_her_out_everywhere(team: Team) -> None:
    token = entered(team, team.thabo).session
    first = team.store.write(lambda tx: people.reset_staff(tx, of(team, team.thabo)), OPERATOR)
    assert standing(team, token) is None
    assert first.password
    assert isinstance(enters(team, replace(team.thabo, secret=first.password)), Entered)


@on_sqlite
def test_a_password_that_was_changed_while_it_was_weighed_lets_nobody_in(team: Team) -> None:
    applicant = knocks(team, team.palesa)
    assert isinstance(applicant, Applicant)
    team.store.write(lambda tx: people.reset_staff(tx, of(team, team.palesa)), OPERATOR)
    assert team.store.write(lambda tx: sign_in.enter(tx, applicant, team.palesa), OPERATOR) is None


# --- waiting --------------------------------------------------------------------------------------------


@on_sqlite
def test_of_ten_thousand_guesses_at_most_ten_are_looked_at(team: Team) -> None:
    guesses = (replace(team.palesa, secret=str(number)) for number in range(10_000))
    looked_at = 0
    for guess in guesses:
        if looked_at and looked_at >= 10:
            break
        answer = knocks(team, guess)
        if isinstance(answer, TooSoon):
            later(team, answer.seconds)
        else:
            looked_at += 1
    assert isinstance(knocks(team, team.palesa), TooSoon)


def test_the_wait_grows(team: Team) -> None:
    waits = []
    for _ in range(9):
        answer = knocks(team, team.palesa)
        if isinstance(answer, TooSoon):
            waits.append(round(answer.seconds, -1))
            later(team, answer.seconds)
            knocks(team, team.palesa)
    assert waits == [30, 60, 120, 240]


@on_sqlite
@pytest.mark.parametrize("who", ["Palesa", "Nobody at all"])
def test_a_known_and_an_unknown_name_wait_alike(team: Team, who: str) -> None:
    for _ in range(5):
        assert isinstance(knocks(team, replace(team.palesa, who=who)), Applicant)
    assert isinstance(knocks(team, replace(team.palesa, who=who)), TooSoon)
    assert isinstance(knocks(team, team.thabo), Applicant)


def test_one_address_may_not_try_many_names(team: Team) -> None:
    for number in range(20):
        assert isinstance(knocks(team, replace(team.palesa, who=f"name {number}")), Applicant)
    assert isinstance(knocks(team, replace(team.palesa, who="another")), TooSoon)
    assert isinstance(knocks(team, replace(team.palesa, who="another", address="192.0.2.2")), Applicant)


@on_sqlite
def test_the_addresses_of_one_ipv6_network_count_as_one(team: Team) -> None:
    for number in range(20):
        knocks(team, replace(team.palesa, who=f"name {number}", address=f"2001:db8::{number:x}"))
    assert isinstance(knocks(team, replace(team.palesa, who="another", address="2001:db8::ffff")), TooSoon)
    assert isinstance(knocks(team, replace(team.palesa, who="another", address="2001:db8:1::1")), Applicant)


@on_sqlite
def test_strangers_who_guess_cannot_keep_her_out_of_her_own_browser(team: Team) -> None:
    device = enrolled(team)
    for _ in range(30):
        knocks(team, team.lineo)
    assert isinstance(knocks(team, team.lineo), TooSoon)
    assert isinstance(enters(team, replace(team.lineo, device=device)), Entered)


@on_sqlite
def test_whoever_gets_in_has_no_failures_any_more(team: Team) -> None:
    for _ in range(4):
        knocks(team, team.thabo)
    entered(team, team.thabo)
    for _ in range(5):
        assert isinstance(knocks(team, team.thabo), Applicant)


@on_sqlite
def test_no_name_and_no_address_stands_in_the_table_of_tries(team: Team) -> None:
    knocks(team, replace(team.palesa, who="Somebody"))
    names = team.store.read(lambda reading: reading.connection.scalars(select(Tries.name)).all())
    assert len(names) == 2
    assert not [name for name in names if "omebody" in name or "192.0" in name]


@on_sqlite
def test_an_unknown_name_takes_as_long_as_a_known_one(team: Team) -> None:
    def seconds(typed: Typed) -> float:
        applicant = knocks(team, typed)
        assert isinstance(applicant, Applicant)
        began = perf_counter()
        sign_in.fits(team.store.vault, applicant, typed.secret)
        return perf_counter() - began

    wrong = replace(team.palesa, secret="wrong")
    seconds(wrong)
    known = min(seconds(replace(wrong, address=f"192.0.2.{one}")) for one in range(3))
    unknown = min(seconds(replace(wrong, who="Nobody", address=f"192.0.3.{one}")) for one in range(3))
    assert 0.5 < unknown / known < 2  # one hash each; the rest is this machine's other work


# --- sessions -------------------------------------------------------------------------------------------


def test_after_a_quarter_of_an_hour_it_is_locked_and_her_password_opens_it(team: Team) -> None:
    token = entered(team, team.thabo).session
    later(team, 14 * 60)
    assert isinstance(standing(team, token), SignedIn)
    later(team, 2 * 60)
    locked = standing(team, token)
    assert isinstance(locked, Locked)
    typed = team.thabo
    again = team.store.write(lambda tx: sign_in.knock_again(tx, locked, typed), OPERATOR)
    assert isinstance(again, Applicant)
    assert sign_in.fits(team.store.vault, again, typed.secret)
    opened = team.store.write(lambda tx: sign_in.reopen(tx, again, locked, typed), OPERATOR)
    assert opened
    assert isinstance(standing(team, opened.session), SignedIn)
    assert standing(team, token) is None


@on_sqlite
def test_whoever_is_there_is_not_locked_out(team: Team) -> None:
    token = entered(team, team.thabo).session
    here = standing(team, token)
    assert isinstance(here, SignedIn)
    for _ in range(4):
        later(team, 10 * 60)
        assert team.store.read(lambda reading: sign_in_session.is_stale(reading, here.session_id))
        team.store.write(lambda tx: sign_in_session.note_seen(tx, here.session_id), OPERATOR)
    assert isinstance(standing(team, token), SignedIn)


@on_sqlite
def test_after_half_a_day_it_is_over(team: Team) -> None:
    token = entered(team, team.thabo).session
    later(team, 12 * 3600 + 1)
    assert standing(team, token) is None
    assert team.store.write(sign_in_session.forget_old, OPERATOR) == 1


@on_sqlite
def test_the_lock_holds_although_she_was_seen_just_now(team: Team) -> None:
    token = entered(team, team.thabo).session
    here = standing(team, token)
    assert isinstance(here, SignedIn)
    team.store.write(lambda tx: sign_in_session.lock(tx, here.session_id), OPERATOR)
    team.store.write(lambda tx: sign_in_session.note_seen(tx, here.session_id), OPERATOR)
    assert isinstance(standing(team, token), Locked)


def test_signing_out_everywhere_ends_every_session(team: Team) -> None:
    tokens = [entered(team, team.thabo).session for _ in range(2)]
    assert team.store.write(lambda tx: sign_in_session.end_all(tx, of(team, team.thabo)), OPERATOR) == 2
    assert [standing(team, token) for token in tokens] == [None, None]


# --- the second step ------------------------------------------------------------------------------------


def half_way(team: Team) -> HalfWay:
    found = standing(team, entered(team, team.palesa).session)
    assert isinstance(found, HalfWay)
    return found


@on_sqlite
def test_a_coordinator_sets_up_a_second_step_before_she_sees_anything(team: Team) -> None:
    here = half_way(team)
    assert not here.has_totp
    secret = team.store.read(lambda reading: sign_in_totp.offered(reading, here.colleague.id))
    assert secret
    assert not team.store.write(lambda tx: sign_in_totp.take_up(tx, here.colleague.id, "000000x"), OPERATOR)
    code = pyotp.TOTP(secret).now()
    assert team.store.write(lambda tx: sign_in_totp.take_up(tx, here.colleague.id, code), OPERATOR)
    assert half_way(team).has_totp


def test_a_code_is_good_once_and_guesses_have_to_wait(team: Team) -> None:
    whose, secret = of(team, team.palesa), pyotp.random_base32()
    team.store.write(lambda tx: sign_in_totp.give(tx, whose, secret), OPERATOR)
    code = pyotp.TOTP(secret).now()
    spoken = f"{code[:3]} {code[3:]}"

    def check(typed: str) -> bool | float:
        return team.store.write(lambda tx: sign_in_totp.check(tx, whose, typed), OPERATOR)

    assert check(spoken) is True
    assert check(code) is False
    for _ in range(4):
        assert check("abcdef") is False
    assert check("abcdef") > 20


@on_sqlite
def test_ten_minutes_are_enough_for_the_second_step(team: Team) -> None:
    token = entered(team, team.palesa).session
    later(team, 601)
    assert standing(team, token) is None


@on_sqlite
def test_whoever_proved_herself_has_a_new_token(team: Team) -> None:
    token = entered(team, team.palesa).session
    here = standing(team, token)
    assert isinstance(here, HalfWay)
    renewed = team.store.write(lambda tx: sign_in_session.renew(tx, here.session_id), OPERATOR)
    assert standing(team, token) is None
    assert isinstance(standing(team, renewed), SignedIn)


# --- phones ---------------------------------------------------------------------------------------------


@on_sqlite
def test_a_pin_alone_opens_nothing(team: Team) -> None:
    assert enters(team, team.lineo) is None
    assert enters(team, replace(team.lineo, device="somebody's")) is None
    assert enters(team, replace(team.lineo, secret=team.palesa.secret)) is None


def test_a_coordinators_code_makes_a_phone_hers_once(team: Team) -> None:
    code = new_code(team)
    first = entered(team, replace(team.lineo, code=f"{code[:4]} {code[4:]}"))
    assert isinstance(standing(team, first.session), SignedIn)
    assert enters(team, replace(team.lineo, code=code)) is None
    assert isinstance(enters(team, replace(team.lineo, device=first.device)), Entered)


@on_sqlite
def test_a_wrong_pin_does_not_spend_the_code(team: Team) -> None:
    code = new_code(team)
    assert enters(team, replace(team.lineo, code=code, secret="111222")) is None
    assert isinstance(enters(team, replace(team.lineo, code=code)), Entered)


@on_sqlite
def test_a_phone_of_hers_opens_nothing_for_a_colleague(team: Team) -> None:
    device = enrolled(team)
    team.village.staff("Limpho", "+26658000009", Role.MENTOR)
    assert enters(team, replace(team.lineo, who="Limpho", device=device)) is None


def test_a_lost_phone_opens_nothing_any_more(team: Team) -> None:
    device = enrolled(team)
    token = entered(team, replace(team.lineo, device=device)).session
    team.store.write(lambda tx: sign_in_device.forget_devices(tx, of(team, team.lineo)), OPERATOR)
    assert standing(team, token) is None
    assert enters(team, replace(team.lineo, device=device)) is None


@on_sqlite
def test_what_is_too_old_to_matter_is_forgotten(team: Team) -> None:
    knocks(team, team.palesa)
    later(team, 3 * 3600)
    assert team.store.write(sign_in_tries.forget_old, OPERATOR) == 2
