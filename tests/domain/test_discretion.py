"""Nothing that is known of a client makes a text tell more than she agreed to."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.discretion import Circumstances, full_years, wording_for
from service.domain.people import ClientKind, PhoneOwner, Wording

AGREED = Circumstances(
    chosen=Wording.T1,
    informed=True,
    owner=PhoneOwner.OWN,
    confirmed=True,
    others=0,
    kind=ClientKind.PREGNANT,
    age=30,
)
_OPENNESS = {Wording.NONE: 0, Wording.T0: 1, Wording.T1: 2}

ANY = st.builds(
    Circumstances,
    chosen=st.sampled_from(Wording),
    informed=st.booleans(),
    owner=st.sampled_from([*PhoneOwner, None]),
    confirmed=st.booleans(),
    others=st.integers(0, 2),
    kind=st.sampled_from(ClientKind),
    age=st.none() | st.integers(12, 40),
)


def test_a_woman_with_a_phone_of_her_own_gets_the_words_that_she_chose() -> None:
    assert wording_for(AGREED) is Wording.T1


@pytest.mark.parametrize(
    "doubt",
    [
        {"informed": False},
        {"owner": PhoneOwner.SHARED},
        {"owner": PhoneOwner.OTHER},
        {"owner": None},
        {"confirmed": False},
        {"others": 1},
        {"age": 15},
        {"age": 17},
        {"age": None, "kind": ClientKind.AGYW},
    ],
    ids=str,
)
def test_any_one_doubt_makes_it_neutral(doubt: dict[str, object]) -> None:
    assert wording_for(replace(AGREED, **doubt)) is Wording.T0  # type: ignore[arg-type]


@given(ANY)
def test_nothing_makes_a_text_tell_more_than_she_chose(known: Circumstances) -> None:
    assert _OPENNESS[wording_for(known)] <= _OPENNESS[known.chosen]


@given(ANY)
def test_whoever_chose_none_gets_none(known: Circumstances) -> None:
    assert wording_for(replace(known, chosen=Wording.NONE)) is Wording.NONE


@given(ANY)
def test_more_than_neutral_needs_everything_to_speak_for_it(known: Circumstances) -> None:
    if wording_for(known) is Wording.T1:
        assert replace(known, kind=AGREED.kind, age=AGREED.age) == AGREED
        assert known.age is None or known.age >= 18


@pytest.mark.parametrize(
    ("born_on", "years"),
    [(date(2008, 11, 23), 18), (date(2008, 11, 24), 17), (date(2008, 2, 29), 18)],
)
def test_years_are_full_on_the_birthday(born_on: date, years: int) -> None:
    assert full_years(born_on, date(2026, 11, 23)) == years


def test_before_a_person_has_told_her_something_no_text_speaks_of_a_baby() -> None:
    assert wording_for(replace(AGREED, a_person_first=True)) is Wording.T0
