"""Where one text goes in the place of another, it tells no more than the other would have."""

from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from service.actions.compose import UNKNOWN, fitting
from service.domain.care import VisitKind
from service.domain.people import Wording
from service.reminders.plan import Step, StepText, Whose, text_for
from service.texts.values import Tier
from tests.worker.village import shipped_programme

PROGRAMME = shipped_programme()
_TELLS = {Tier.T0: 0, Tier.OPT_IN: 0, Tier.T1: 1, Tier.ANY: 2, Tier.T2: 3}
_ALLOWS = {Wording.NONE: -1, Wording.T0: 0, Wording.T1: 1}
ALL = [text for language in PROGRAMME.texts.by_language.values() for text in language.texts.values()]


def test_what_goes_on_another_day_tells_no_more() -> None:
    for language in PROGRAMME.texts.by_language.values():
        for text in language.texts.values():
            other = language.texts.get(text.instead)
            assert other is None or _TELLS[other.tier] <= _TELLS[text.tier], text.key


def test_a_variant_for_what_is_lacking_here_tells_no_more() -> None:
    for number, code, two_way in product(("0000", None), ("*123#", ""), (True, False)):
        here = replace(PROGRAMME, transport_number=number, ussd_code=code, two_way=two_way)
        for text in ALL:
            chosen = here.texts.text(fitting(here, text.key), "en")
            assert _TELLS[chosen.tier] <= _TELLS[text.tier], (text.key, chosen.key)


def test_a_stranger_is_told_no_more_than_a_client() -> None:
    for language in PROGRAMME.texts.by_language.values():
        for key, text in language.texts.items():
            known = language.texts.get(key.removesuffix(UNKNOWN), text)
            assert _TELLS[text.tier] <= _TELLS[known.tier], key


STEPS = [step for plan in PROGRAMME.plans for step in plan.steps]
TEXTS = st.builds(
    StepText,
    key=st.sampled_from(["a", "b"]),
    tier=st.sampled_from([Wording.T0, Wording.T1]),
    whose=st.sampled_from(Whose),
    kinds=st.frozensets(st.sampled_from(VisitKind), max_size=2),
)


@given(
    st.sampled_from(STEPS),
    st.lists(TEXTS, max_size=6),
    st.sampled_from(Whose),
    st.sampled_from(Wording),
    st.sampled_from(VisitKind),
)
def test_of_the_texts_of_a_step_none_is_chosen_that_tells_more_than_she_agreed_to(
    step: Step, texts: list[StepText], whose: Whose, wording: Wording, kind: VisitKind
) -> None:
    chosen = text_for(replace(step, texts=tuple(texts)), whose, wording, kind)
    assert chosen is None or _ALLOWS[chosen.tier] <= _ALLOWS[wording]


def test_every_step_names_texts_of_the_tier_that_they_have() -> None:
    for step in STEPS:
        for text in step.texts:
            assert PROGRAMME.known[text.key].tier is text.tier or text.tier is Wording.T1
