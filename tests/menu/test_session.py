"""The stored form of a session."""

import json

from hypothesis import given
from hypothesis import strategies as st

from service.menu.session import Session

SESSIONS = st.builds(
    Session,
    screen=st.text(max_size=10),
    language=st.sampled_from(["en", "st"]),
    answers=st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3),
    trail=st.lists(st.text(max_size=5), max_size=4).map(tuple),
    page=st.integers(0, 9),
    mistakes=st.integers(0, 2),
    shown=st.text(max_size=16),
    earlier=st.none() | st.builds(Session, screen=st.text(max_size=10), language=st.just("st")),
)


@given(SESSIONS)
def test_a_session_survives_being_stored(session: Session) -> None:
    assert Session.from_stored(session.to_stored()) == session


def test_a_session_of_an_older_release_lacks_what_is_new() -> None:
    assert Session.from_stored('{"screen": "home", "language": "st"}') == Session("home", "st")


def test_a_session_of_a_newer_release_holds_what_is_unknown() -> None:
    stored = json.dumps({"screen": "home", "language": "st", "mood": "good"})
    assert Session.from_stored(stored) == Session("home", "st")


def test_what_she_typed_is_not_in_a_traceback() -> None:
    assert "4711" not in repr(Session("pin", "en", answers={"pin": "4711"}))
