"""Whatever is pressed, repeated, dropped or lost: no error, nothing too long, a way on."""

from hypothesis import given
from hypothesis import strategies as st

from service.menu.machine import ScreenSet, Turn, begin, redial, replay, step
from service.menu.paging import LONGEST_SCREEN, septets
from service.menu.render import render
from service.menu.screen import End
from service.menu.session import Session
from tests.fakes import CALLERS
from tests.menu.player import Line
from tests.menu.toys import TOYS

KEYS = st.sampled_from("0123456") | st.text(max_size=12) | st.text(alphabet="012*# ", max_size=4)
CALLER = st.sampled_from(sorted(CALLERS))


def stored(turn: Turn) -> Session:
    return Session.from_stored(turn.session.to_stored())


def is_sound(screens: ScreenSet, turn: Turn) -> bool:
    """It fits, and unless the session is over, ``0`` leads home from here."""
    fits = septets(render(screens, turn)) <= LONGEST_SCREEN
    return fits and (isinstance(turn.screen, End) or _gets_home(screens, turn))


def _gets_home(screens: ScreenSet, turn: Turn) -> bool:
    for _ in range(40):
        if turn.session.screen == screens.home:
            return True
        turn = step(screens, stored(turn), "0", CALLERS["a number that nobody knows"])
    return False


@given(st.lists(KEYS, max_size=25), CALLER)
def test_any_keys_lead_somewhere_sound(screens: ScreenSet, keys: list[str], caller: str) -> None:
    facts = CALLERS[caller]
    for menu in (screens, TOYS):
        turn = begin(menu, facts)
        for key in keys:
            turn = step(menu, stored(turn), key, facts)
            assert is_sound(menu, turn)


@given(st.lists(KEYS, max_size=40), CALLER)
def test_any_dial_string_leads_somewhere_sound(screens: ScreenSet, tokens: list[str], caller: str) -> None:
    facts = CALLERS[caller]
    turn = replay(screens, begin(screens, facts).session, tokens, facts)
    assert is_sound(screens, turn)
    assert turn.hint is None


@given(st.lists(KEYS, max_size=15), st.lists(KEYS, max_size=5), CALLER)
def test_any_dropped_session_can_be_dialled_again(
    screens: ScreenSet, before: list[str], after: list[str], caller: str
) -> None:
    facts = CALLERS[caller]
    turn = begin(screens, facts)
    for key in before:
        turn = step(screens, stored(turn), key, facts)
    turn = redial(screens, stored(turn), facts)
    assert turn.effects == ()
    for key in after:
        turn = step(screens, stored(turn), key, facts)
        assert is_sound(screens, turn)


@given(
    st.lists(st.tuples(st.sampled_from(["1", "2", "3", "0", "1*1"]), st.integers(1, 3)), max_size=12), CALLER
)
def test_a_network_that_repeats_itself_changes_nothing(
    screens: ScreenSet, presses: list[tuple[str, int]], caller: str
) -> None:
    calm, nervous = Line(screens, CALLERS[caller]), Line(screens, CALLERS[caller])
    calm.dial()
    nervous.dial()
    for key, times in presses:
        heard = calm.type(key)
        assert nervous.type(key) == heard
        for _ in range(times):
            assert nervous.repeat() == [line for line in heard if not line.startswith("!")]
