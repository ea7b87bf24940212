"""The postman carries forms to the service's own webhooks, later and from another thread."""

from collections.abc import Callable
from time import monotonic, sleep

import pytest

from handlers.gateways.postman import TRIES, Postman
from tests.gateways.faults import MODES, Answering
from tests.gateways.stand_in import StandIn, serving

FORM = {"id": "simulated-1", "word": "delivered"}
TAKEN = Answering(accepts=False, status=200, body="ok")


def wait_for(holds: Callable[[], bool]) -> bool:
    until = monotonic() + 5
    while not holds() and monotonic() < until:
        sleep(0.005)
    return holds()


def test_a_form_arrives_as_it_was_given() -> None:
    with serving(lambda _: TAKEN) as service:
        Postman(service.url, delay_s=0)("/hooks/simulator/token/receipt", FORM)
        assert wait_for(lambda: service.asked == [FORM])


def test_the_sender_does_not_wait() -> None:
    with serving(lambda _: TAKEN) as service:
        Postman(service.url, delay_s=0.3)("/receipt", FORM)
        assert service.asked == []
        assert wait_for(lambda: service.asked == [FORM])


def test_a_service_that_cannot_take_it_is_asked_again() -> None:
    answers = [MODES["down"], MODES["reset"], TAKEN]
    with serving(lambda _: answers.pop(0)) as service:
        Postman(service.url, delay_s=0)("/receipt", FORM)
        assert wait_for(lambda: service.asked == [FORM] * 3)


def test_a_form_that_is_never_taken_does_not_hold_up_the_next() -> None:
    def choose(form: dict[str, str]) -> Answering:
        return TAKEN if form["id"] == "good" else MODES["down"]

    with serving(choose) as service:
        postman = Postman(service.url, delay_s=0)
        postman("/receipt", {"id": "bad"})
        postman("/receipt", {"id": "good"})
        assert wait_for(lambda: {"id": "good"} in service.asked)
        assert service.asked == [{"id": "bad"}] * TRIES + [{"id": "good"}]


@pytest.mark.parametrize("count", [20])
def test_receipts_arrive_in_the_order_of_their_texts(count: int) -> None:
    forms = [{"id": str(n)} for n in range(count)]

    def arrived(service: StandIn) -> bool:
        return service.asked == forms

    with serving(lambda _: TAKEN) as service:
        postman = Postman(service.url, delay_s=0.05)
        for form in forms:
            postman("/receipt", form)
        assert wait_for(lambda: arrived(service))
