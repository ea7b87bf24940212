"""What is left in an account, as each provider that tells it does; nothing where it does not tell it now."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from handlers.gateways.africastalking import AfricasTalking
from handlers.gateways.africastalking import Settings as AfricasTalkingSettings
from handlers.gateways.definition import Patience, Surroundings
from handlers.gateways.twilio import Settings as TwilioSettings
from handlers.gateways.twilio import Twilio
from service.domain.message import Money
from service.ports import TellsCredit
from tests.gateways.faults import MODES, Answering
from tests.gateways.stand_in import StandIn, serving

SID = "AC00000000000000000000000000000001"
AROUND = Surroundings(io.StringIO(), patience=Patience(0.5, 0.3, 0.5))
Made = Callable[[str], TellsCredit]


def africastalking(url: str) -> TellsCredit:
    given = {"username": "khopotso", "api_key": "atsk_of_the_tests", "base_url": url}
    return AfricasTalking(AfricasTalkingSettings.model_validate(given), AROUND)


def twilio(url: str) -> TellsCredit:
    given = {"account_sid": SID, "auth_token": "token", "from": "+26622000000", "base_url": url}
    return Twilio(TwilioSettings.model_validate(given), AROUND)


def telling(balance: str) -> dict[Made, object]:
    return {
        africastalking: {"UserData": {"balance": f"KES {balance}"}},
        twilio: {"balance": balance, "currency": "KES", "account_sid": SID},
    }


@pytest.fixture(scope="module")
def provider() -> Iterator[StandIn]:
    with serving() as stand_in:
        yield stand_in


def asked(provider: StandIn, made: Made, answering: Answering) -> Money | None:
    provider.choose = lambda _: answering
    return made(provider.url).credit()


@pytest.mark.parametrize("made", [africastalking, twilio])
@pytest.mark.parametrize("balance", ["1785.5000", "0", "-3.25"])
def test_what_is_left_is_read_with_its_currency(provider: StandIn, made: Made, balance: str) -> None:
    document = Answering(status=200, body=json.dumps(telling(balance)[made]))
    assert asked(provider, made, document) == Money(Decimal(balance), "KES")
    assert provider.accepted == []


@pytest.mark.parametrize("made", [africastalking, twilio])
@pytest.mark.parametrize("mode", ["stall", "reset", "closed", "html", "broken", "down", "busy", "bad-key"])
def test_what_is_not_told_is_nothing_and_raises_nothing(provider: StandIn, made: Made, mode: str) -> None:
    assert asked(provider, made, MODES[mode]) is None


@pytest.mark.parametrize("made", [africastalking, twilio])
@pytest.mark.parametrize("odd", ["", "much", "1e9", "12345678901", "NaN"])
def test_an_odd_balance_is_none(provider: StandIn, made: Made, odd: str) -> None:
    assert asked(provider, made, Answering(status=200, body=json.dumps(telling(odd)[made]))) is None
    whole = Answering(status=200, body=json.dumps(telling("5")[made]))
    assert asked(provider, made, replace(whole, status=500)) is None


def test_the_official_sdk_asks_for_the_account(provider: StandIn) -> None:
    asked(provider, africastalking, MODES["down"])
    assert provider.asked[-1] == {"username": "khopotso"}
    assert provider.headers[-1]["apiKey"] == "atsk_of_the_tests"
