"""The simulator reports through the front door, as a provider would."""

import io
from collections.abc import Mapping
from uuid import UUID

import pytest

from handlers.gateways.definition import PostHome, Surroundings
from handlers.gateways.simulator import NOT_TAKEN, Settings, Simulator, path
from service.domain.message import Accepted, MessageState
from service.domain.phone import Phone
from service.ports import OutgoingText, ReceiptReceived, WebhookRequest

ATTEMPT = UUID(int=7)


class Letterbox:
    """Keeps what would be posted to the service."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, Mapping[str, str]]] = []

    def __call__(self, path: str, form: Mapping[str, str]) -> None:
        self.letters.append((path, form))


def simulator(post_home: PostHome | None, tokens: str = "new,old") -> Simulator:
    settings = Settings.model_validate({"webhook_tokens": tokens})
    return Simulator(settings, Surroundings(io.StringIO(), post_home))


def text(number: str) -> OutgoingText:
    return OutgoingText(ATTEMPT, Phone(number), "Lumela")


@pytest.mark.parametrize(
    ("number", "state"),
    [
        ("+26658123456", MessageState.DELIVERED),
        ("+26658129901", MessageState.UNDELIVERED),
        ("+26658129902", MessageState.EXPIRED),
    ],
)
def test_a_taken_text_is_followed_by_a_receipt_that_the_simulator_can_read(
    number: str, state: MessageState
) -> None:
    box = Letterbox()
    gateway = simulator(box)
    taken = gateway.send(text(number))
    [(address, form)] = box.letters
    receipt = gateway.read(WebhookRequest("receipt", "", {}, form, {}))
    assert isinstance(taken, Accepted)
    assert isinstance(receipt, ReceiptReceived)
    assert address == path("new", "receipt") == "/hooks/simulator/new/receipt"
    assert (receipt.provider_id, receipt.state) == (taken.provider_id, state)
    assert receipt.phone == Phone(number)


def test_one_ending_is_never_heard_of_again() -> None:
    box = Letterbox()
    assert isinstance(simulator(box).send(text("+26658129903")), Accepted)
    assert box.letters == []


@pytest.mark.parametrize("ending", NOT_TAKEN)
def test_what_is_not_taken_is_not_reported(ending: str) -> None:
    box = Letterbox()
    assert simulator(box).send(text(f"+2665812{ending}")) == NOT_TAKEN[ending]
    assert box.letters == []


def test_every_attempt_has_an_id_of_its_own() -> None:
    gateway = simulator(None)
    other = OutgoingText(UUID(int=8), Phone("+26658123456"), "Lumela")
    assert gateway.send(text("+26658123456")) != gateway.send(other)


def test_where_nothing_listens_a_text_is_taken_without_a_receipt() -> None:
    box = Letterbox()
    assert isinstance(simulator(None).send(text("+26658123456")), Accepted)
    assert isinstance(simulator(box, tokens="").send(text("+26658123456")), Accepted)
    assert box.letters == []
