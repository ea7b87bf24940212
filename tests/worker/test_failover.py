"""Of two gateways the second stands in for the first, and only for what provably did not leave."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.actions.route import Line
from service.domain.message import Hurdle, MessageClass, TryLater, Unknown
from tests.worker.village import MONDAY, Answering, Village, at

AWAY = TryLater(Hurdle.NOT_CONNECTED)
BROKE = TryLater(Hurdle.NO_CREDIT)


@pytest.fixture
def second(village: Village) -> Answering:
    gateway = Answering(name="second")
    village.parts = replace(
        village.parts,
        gateways={**village.parts.gateways, gateway.name: gateway},
        lines=(*village.parts.lines, Line(gateway.name, 1000.0)),
    )
    village.clock.moment = at(MONDAY, "10:00")
    return gateway


def work(village: Village, minutes: int) -> None:
    for _ in range(minutes * 4):
        village.dispatch()
        village.clock.moment += timedelta(seconds=15)


@pytest.mark.parametrize("failure", [AWAY, BROKE], ids=["away", "without credit"])
def test_the_only_text_of_an_hour_goes_over_the_other_one_within_a_minute(
    village: Village, second: Answering, failure: TryLater
) -> None:
    village.gateway.answers = [failure] * 9
    message = village.put(person=village.woman())
    work(village, minutes=1)
    assert (len(village.gateway.sent), len(second.sent)) == (1, 1)
    assert village.state(message) == "accepted"


def test_what_fails_at_both_comes_back_to_the_first(village: Village, second: Answering) -> None:
    village.gateway.answers = [AWAY]
    second.answers = [AWAY]
    message = village.put(person=village.woman())
    work(village, minutes=5)
    assert (len(village.gateway.sent), len(second.sent)) == (2, 1)
    assert village.state(message) == "accepted"


def test_with_one_gateway_that_rests_the_other_takes_what_failed_there(
    village: Village, second: Answering
) -> None:
    """Nobody is left to spare it for."""
    second.answers = [AWAY]
    village.gateway.answers = [BROKE] * 99
    message = village.put(person=village.woman())
    work(village, minutes=5)
    assert village.state(message) == "accepted"
    assert len(second.sent) == 2


def test_an_ambiguous_attempt_is_never_repeated_at_the_other(village: Village, second: Answering) -> None:
    village.gateway.answers = [Unknown("no answer")] * 99
    message = village.put(MessageClass.R1, village.woman())
    work(village, minutes=30)
    assert (len(village.gateway.sent), second.sent) == (1, [])
    assert village.state(message) == "unknown"


def test_a_gateway_that_failed_is_left_alone_and_then_tried_with_one_text(
    village: Village, second: Answering
) -> None:
    village.gateway.answers = [AWAY] * 5
    for index in range(5):
        village.put(MessageClass.A, phone=f"+2665810010{index}")
    village.dispatch()
    for index in range(20):
        village.put(MessageClass.A, phone=f"+266581002{index:02d}")
    village.dispatch()
    assert (len(village.gateway.sent), len(second.sent)) == (5, 20)
    village.clock.moment += timedelta(seconds=31)
    village.gateway.answers = [AWAY]
    for index in range(20):
        village.put(MessageClass.A, phone=f"+266581003{index:02d}")
    village.dispatch()
    assert len(village.gateway.sent) == 6, "the one that tried whether it is well again"
    assert len(second.sent) >= 20 + 19
