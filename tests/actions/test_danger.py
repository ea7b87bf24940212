"""Danger is answered at once, whatever was stopped before, and a person hears of it."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from service.domain.people import OPERATOR, Wording
from service.domain.phone import Phone
from service.store.models.care import Task
from service.store.models.people import Client
from tests.actions.talk import HERS, MENTORS, STRANGERS, later, notes, say
from tests.worker.village import MONDAY, Village, at

TRANSPORT = "0000"
DANGER = "I am bleeding"


def test_danger_opens_the_most_urgent_task_alerts_its_owner_and_answers_at_once(village: Village) -> None:
    mentor = village.staff("Palesa", MENTORS)
    woman = village.woman(HERS, mentor_id=mentor)
    (answer,) = say(village, DANGER)
    assert "go to the nearest health centre NOW" in answer
    assert "call 0000" in answer
    (task,) = village.rows(Task.kind, Task.owner_id, Task.urgency, Task.client_id)
    assert (task.kind, task.owner_id, task.urgency, task.client_id) == ("danger", mentor, "now", woman)
    (alert,) = [message.text for message in village.gateway.sent if message.to == Phone(MENTORS)]
    assert alert.startswith("URGENT ")
    assert "Thato" not in alert
    assert notes(village) == [DANGER]


def silent(_: Village) -> None:
    pass


def at_night(village: Village) -> None:
    village.clock.moment = at(MONDAY, "23:30")


def after_stop(village: Village) -> None:
    say(village, "STOP")


def after_wrong_number(village: Village) -> None:
    say(village, "9")


def after_many_answers(village: Village) -> None:
    for text in ("1", "3", "hello"):
        say(village, text)


def with_no_wording(village: Village) -> None:
    village.store.write(
        lambda tx: tx.connection.execute(update(Client).values(wording=Wording.NONE)), OPERATOR
    )


def when_she_has_died(village: Village) -> None:
    """Whoever has the phone now may be with her child."""
    village.store.write(lambda tx: tx.connection.execute(update(Client).values(state="died")), OPERATOR)


@pytest.mark.parametrize(
    "before",
    [
        silent,
        at_night,
        after_stop,
        after_wrong_number,
        after_many_answers,
        with_no_wording,
        when_she_has_died,
    ],
)
def test_danger_is_answered_whatever_came_before(village: Village, before: Callable[[Village], None]) -> None:
    village.woman(HERS)
    before(village)
    (answer,) = say(village, DANGER)
    assert TRANSPORT in answer


def test_a_stop_right_after_danger_does_not_take_the_advice_back(village: Village) -> None:
    village.woman(HERS)
    village.texts(DANGER)
    village.texts("STOP")
    village.dispatch()
    assert any("NOW" in message.text for message in village.gateway.sent)


def test_danger_from_a_number_that_nobody_knows_goes_to_whoever_is_on_call(village: Village) -> None:
    on_call = village.staff("Palesa", MENTORS, on_call=True)
    (answer,) = say(village, DANGER, STRANGERS)
    assert "0000" in answer
    assert [row.owner_id for row in village.rows(Task.owner_id)] == [on_call]
    assert any(STRANGERS in message.text for message in village.gateway.sent)


def test_danger_that_is_reported_again_alerts_again_but_not_every_time(village: Village) -> None:
    village.woman(HERS, mentor_id=village.staff("Palesa", MENTORS))
    for _ in range(5):
        village.texts(DANGER)
    later(village, minutes=11)
    village.texts(DANGER)
    village.dispatch()
    assert len([message for message in village.gateway.sent if message.to == Phone(MENTORS)]) == 2
    assert village.tasks() == ["danger"]


def test_danger_on_another_day_is_another_task(village: Village) -> None:
    village.woman(HERS)
    say(village, DANGER)
    later(village, days=1)
    say(village, DANGER)
    assert village.tasks() == ["danger", "danger"]
