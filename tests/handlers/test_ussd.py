"""Key-presses over the provider's route: everybody meets the same screens, and a step is taken once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from handlers.gateways.cumulative import Call
from service.domain.phone import Phone
from service.store.models.care import Contact, VisitEvent
from service.store.models.messages import UssdSession
from tests.journeys.service import TOKEN, Service
from tests.worker.village import MONDAY

HERS, STRANGERS = Phone("+26658100001"), Phone("+26658100099")
DANGER = ("3", "1", "1")


def screen(service: Service, call: Call) -> str:
    answer = service.hook("ussd", **call.form())
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_number_that_nobody_knows_meets_the_first_screen_of_everybody(service: Service) -> None:
    service.village.woman(HERS.e164, language="st")
    known = service.hook("ussd", **Call("s-1", "*123#", HERS).form())
    unknown = service.hook("ussd", **Call("s-2", "*123#", STRANGERS).form())
    assert unknown.get_data() == known.get_data()
    assert unknown.headers == known.headers
    assert known.get_data(as_text=True).startswith("CON ")


@pytest.mark.parametrize("number", ["", "MTN", "12", "+", "anonymous"])
def test_a_caller_without_a_number_gets_a_polite_end(service: Service, number: str) -> None:
    answer = service.hook("ussd", sessionId="s-1", serviceCode="*123#", phoneNumber=number, text="")
    assert answer.get_data(as_text=True).startswith("END ")


def test_a_session_belongs_to_the_phone_that_began_it(service: Service) -> None:
    service.village.visit(service.village.woman(HERS.e164, language="en"), MONDAY + timedelta(days=2))
    hers = Call("s-1", "*123#", HERS)
    screen(service, hers)
    assert "25 November" in screen(service, hers.typing("1"))
    stolen = Call("s-1", "*123#", STRANGERS, ("1",))
    assert screen(service, stolen).startswith("END ")
    assert "25 November" in screen(service, hers.typing("1"))


def test_parallel_copies_of_one_step_execute_once(service: Service) -> None:
    village = service.village
    village.visit(village.woman(HERS.e164, language="en"), MONDAY + timedelta(days=2))
    application = service.web.application

    def ask(call: Call) -> str:
        web = FlaskClient(application, application.response_class)
        answer = web.post(f"/hooks/africastalking/{TOKEN}/ussd", data=call.form())
        return answer.get_data(as_text=True)

    call = Call("s-1", "*123#", HERS)
    with ThreadPoolExecutor(6) as network:
        for typed in ("", "1", "1"):
            call = call.typing(typed) if typed else call
            assert len(set(network.map(ask, [call] * 6))) == 1
    facts = [row.fact.value for row in village.rows(VisitEvent.fact)]
    assert sorted(facts) == ["confirmed", "planned"]
    assert len(village.rows(UssdSession.id)) == 1
    assert len(village.rows(Contact.id)) == 1


def test_danger_is_on_the_screen_and_a_person_hears_of_it_once(service: Service) -> None:
    call = Call("s-1", "*123#", STRANGERS)
    screen(service, call)
    for typed in DANGER:
        call = call.typing(typed)
        reply = screen(service, call)
    assert screen(service, call) == reply
    assert "0000" in reply
    assert service.village.tasks() == ["danger", "needs_help"]


def test_a_dial_confirms_a_number_that_somebody_else_typed(service: Service) -> None:
    service.village.woman(HERS.e164, phone_confirmed=False)
    screen(service, Call("s-1", "*123#", HERS))
    (link,) = service.village.links()
    assert link.confirmed_at == service.village.clock.moment


def test_the_end_of_a_session_is_noted_and_nothing_that_was_typed(service: Service) -> None:
    call = Call("s-1", "*123#", HERS)
    screen(service, call)
    service.hook("ussd-end", **call.end_form("Incomplete"), input="1*86420")
    service.hook("ussd-end", sessionId="never-begun", phoneNumber=HERS.e164, status="Success")
    (row,) = service.village.rows(UssdSession.ended_at, UssdSession.completed)
    assert (row.ended_at, row.completed) == (service.village.clock.moment, False)


def test_a_dialogue_is_forgotten_after_a_day(service: Service) -> None:
    from scheduler import housekeeping

    screen(service, Call("s-1", "*123#", HERS))
    service.village.clock.moment += timedelta(hours=25)
    housekeeping.forget(service.village.parts)
    (row,) = service.village.rows(UssdSession.draft, UssdSession.reply)
    assert (row.draft, row.reply) == (None, None)
    assert screen(service, Call("s-1", "*123#", HERS).typing("1")).startswith("END ")
