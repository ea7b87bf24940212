"""What a caller may type where she is asked for a name."""

from service.menu.screen import Answer, NotUnderstood, say
from service.menu.typed import a_nickname
from tests.fakes import MOTHER


def test_a_name_that_would_disclose_something_is_asked_for_again() -> None:
    parse = a_nickname(MOTHER)
    assert parse("revealing") == NotUnderstood(say("ussd.name_other"))
    assert parse("x") == NotUnderstood(say("ussd.name_hint"))
    assert parse("thato") == Answer("Thato")
