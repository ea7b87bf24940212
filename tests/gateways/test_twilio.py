"""What is peculiar to Twilio; what it answers and posts is in ``wire/twilio``."""

import io
import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import ValidationError

from handlers.gateways.definition import Patience, Surroundings
from handlers.gateways.line import Answer
from handlers.gateways.twilio import Settings, Twilio, advice, unsafe
from handlers.gateways.twilio.answers import HURDLES, OUTCOMES, REFUSALS, read_answer, read_page
from service.domain.message import Accepted, Hurdle, TryLater, Unknown
from service.domain.phone import Phone
from service.ports import OutgoingText, ReceiptReceived, WebhookRequest
from tests.gateways.captures import said_of
from tests.gateways.dialects import TWILIO
from tests.gateways.faults import MODES, Answering, always
from tests.gateways.stand_in import StandIn, serving

SID = "AC00000000000000000000000000000001"
SERVICE = "MG00000000000000000000000000000001"
NUMBER = "+26622000000"
GIVEN = {"account_sid": SID, "auth_token": "new-token, old-token", "from": NUMBER}
TO = Phone("+26658123456")
NOON = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def provider() -> Iterator[StandIn]:
    with serving(dialect=TWILIO) as stand_in:
        yield stand_in


def gateway(public_url: str = "https://sms.example.org", **given: str) -> Twilio:
    settings = Settings.model_validate({**GIVEN, **given})
    return Twilio(settings, Surroundings(io.StringIO(), None, Patience(0.5, 0.5, 1.0), public_url))


def text(words: str = "Lumela", attempt: int = 1) -> OutgoingText:
    return OutgoingText(UUID(int=attempt), TO, words)


# --- sending -------------------------------------------------------------------------------------------


def test_the_official_sdk_writes_the_request(provider: StandIn) -> None:
    gateway(base_url=provider.url).send(text("Lumela 'm'e + 1 €"))
    assert provider.asked == [
        {
            "To": "+26658123456",
            "From": NUMBER,
            "Body": "Lumela 'm'e + 1 €",
            "ValidityPeriod": "14400",
            "StatusCallback": f"https://sms.example.org/hooks/twilio/status?attempt={UUID(int=1)}",
        }
    ]
    headers = provider.headers[0]
    assert headers["Authorization"] == f"Basic {b64encode(f'{SID}:new-token'.encode()).decode()}"
    assert headers["User-Agent"].startswith("twilio-python/")
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_a_messaging_service_may_send_alone_or_beside_a_number(provider: StandIn) -> None:
    for sender, sends in (("", {"MessagingServiceSid"}), (NUMBER, {"MessagingServiceSid", "From"})):
        given = {**GIVEN, "base_url": provider.url, "messaging_service": SERVICE, "from": sender or None}
        Twilio(Settings.model_validate(given), Surroundings(io.StringIO())).send(text())
        assert provider.asked[-1].keys() & {"MessagingServiceSid", "From"} == sends


def test_without_a_public_address_no_receipts_are_asked_for(provider: StandIn) -> None:
    gateway("", base_url=provider.url).send(text())
    assert "StatusCallback" not in provider.asked[0]


@pytest.mark.parametrize("public_url", ["https://sms.example.org/", "https://sms.example.org"])
def test_an_attempt_comes_back_in_its_receipt(public_url: str, provider: StandIn) -> None:
    line = gateway(public_url, base_url=provider.url)
    line.send(text(attempt=7))
    address, _, query = provider.asked[0]["StatusCallback"].partition("?")
    assert address == "https://sms.example.org/hooks/twilio/status"
    form = {"MessageSid": provider.accepted[0].provider_id, "MessageStatus": "delivered"}
    event = line.read(WebhookRequest("status", "", {}, form, dict([query.split("=")])))
    assert isinstance(event, ReceiptReceived)
    assert event.attempt_id == UUID(int=7)


def test_one_connection_serves_text_after_text(provider: StandIn) -> None:
    line = gateway(base_url=provider.url)
    assert [type(line.send(text())) for _ in range(3)] == [Accepted] * 3
    assert provider.connections == 1


MEANINGS = {
    **dict.fromkeys(["ok", "chunked", "charset"], "accepted"),
    **dict.fromkeys(["stall", "reset", "closed", "half", "drip", "html", "broken"], "unknown"),
    **dict.fromkeys(["slow", "gateway-timeout", "stall-before", "down"], "unknown"),
    "busy": "try later busy, after 2 s",
    "bad-key": "try later bad_account",
}


@pytest.mark.parametrize(("mode", "means"), MEANINGS.items())
def test_every_failure_of_a_network_is_judged_by_what_the_provider_can_have(
    mode: str, means: str, provider: StandIn
) -> None:
    provider.choose = always(mode)
    result = gateway(base_url=provider.url).send(text())
    assert said_of(result).startswith(means)
    assert isinstance(result, Unknown) or isinstance(result, Accepted) == MODES[mode].accepts
    assert len(provider.accepted) == MODES[mode].accepts


def test_all_failures_were_tried() -> None:
    named_by_code = {mode for mode, answering in MODES.items() if answering.code != Answering().code}
    assert MEANINGS.keys() == MODES.keys() - named_by_code


@pytest.mark.parametrize(
    ("code", "means"),
    [
        *((code, f"refused {why}") for why, codes in REFUSALS.items() for code in codes),
        *((code, f"try later {why}") for why, codes in HURDLES.items() for code in codes),
    ],
)
def test_an_error_code_means_the_same_with_any_status(code: int, means: str, provider: StandIn) -> None:
    line = gateway(base_url=provider.url)
    for status in (400, 500):
        provider.choose = lambda _, status=status: Answering(accepts=False, status=status, code=code)  # type: ignore[misc]
        assert said_of(line.send(text())) == means


def test_no_error_code_means_two_things() -> None:
    named = [code for table in (REFUSALS, HURDLES) for codes in table.values() for code in codes]
    assert len(named) == len(set(named)) == len(OUTCOMES)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_code_that_only_repeats_the_status_is_none(status: int) -> None:
    said = json.dumps({"code": status, "message": "no", "status": status})
    assert isinstance(read_answer(Answer(status, {}, said)), Unknown)


def test_a_provider_out_of_reach_has_not_got_the_text() -> None:
    result = gateway(base_url="https://gateway.invalid").send(text())
    assert result == TryLater(Hurdle.NOT_CONNECTED, word="ConnectionError")


def test_threads_may_share_an_account(provider: StandIn) -> None:
    line = gateway(base_url=provider.url)

    def send(attempt: int) -> Any:
        return line.send(text(f"Lumela {attempt}", attempt))

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(send, range(200)))
    taken = {sent.provider_id: sent.text for sent in provider.accepted}
    assert [taken[result.provider_id] for result in results] == [f"Lumela {n}" for n in range(200)]


def test_without_an_address_of_ours_the_sdk_s_own_is_called() -> None:
    assert gateway()._account._origin == "https://api.twilio.com"


def test_the_sdk_reads_no_region_from_the_environment(
    provider: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TWILIO_REGION", "TWILIO_EDGE", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.setenv(name, "elsewhere")
    assert isinstance(gateway(base_url=provider.url).send(text()), Accepted)


def test_settings_load_no_library_of_the_provider_s() -> None:
    code = (
        "import sys; from handlers.gateways.twilio import Settings; "
        f"Settings.model_validate({GIVEN!r}); print('twilio' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"


@given(st.integers(100, 599), st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "replace")))
@hypothesis_settings(deadline=None)
def test_no_answer_makes_reading_fail(status: int, said: str) -> None:
    result = read_answer(Answer(status, {}, said))
    assert not isinstance(result, Accepted)
    read_page(Answer(status, {}, said))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        name: JSON | st.sampled_from([21610, "21610", "failed", "SM1", "-0.1", "USD", "1"])
        for name in ("code", "sid", "status", "error_code", "num_segments", "price", "price_unit")
    },
)


@given(st.integers(100, 599), DOCUMENTS)
@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_document_makes_reading_fail(status: int, document: dict[str, Any]) -> None:
    result = read_answer(Answer(status, {}, json.dumps(document)))
    assert isinstance(result, Accepted) <= ("sid" in document and 200 <= status < 300)


# --- settings ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "two_way"), [(NUMBER, True), ("32100", True), ("KHOPOTSO", False), ("3 men", False)]
)
def test_replies_reach_numbers_and_not_names(sender: str, two_way: bool) -> None:
    assert gateway(**{"from": sender}).capabilities.two_way is two_way


def test_nobody_knows_whether_replies_reach_a_messaging_service() -> None:
    given = {**GIVEN, "from": None, "messaging_service": SERVICE}
    line = Twilio(Settings.model_validate(given), Surroundings(io.StringIO()))
    assert not line.capabilities.two_way


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("account_sid", ""),
        ("account_sid", "AC123"),
        ("account_sid", "SK00000000000000000000000000000001"),
        ("account_sid", SID + "/../AC1"),
        ("auth_token", ""),
        ("auth_token", ","),
        ("auth_token", "two words"),
        ("from", "a name that is too long"),
        ("messaging_service", "MG123"),
        ("base_url", "http://api.twilio.com"),
        ("base_url", "https://api.twilio.com/2010-04-01"),
        ("tps", "0"),
        ("sender", "the name of the setting is FROM"),
        ("webhook_tokens", "this provider signs"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(name: str, value: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Settings.model_validate({**GIVEN, name: value})
    assert {problem["loc"][0] for problem in raised.value.errors()} == {name}
    assert len(value) < 2 or value not in str(raised.value)


def test_all_wrong_settings_are_named_at_once() -> None:
    with pytest.raises(ValidationError) as raised:
        Settings.model_validate({"base_url": "x", "tps": "-1"})
    assert {problem["loc"][0] for problem in raised.value.errors()} == {
        "account_sid",
        "auth_token",
        "messaging_service",
        "base_url",
        "tps",
    }


def test_the_test_credentials_are_not_safe_for_real_people() -> None:
    assert unsafe(Settings.model_validate({**GIVEN, "from": "+15005550006"}))
    assert not unsafe(Settings.model_validate(GIVEN))


def test_advice_is_given_until_it_is_taken() -> None:
    one_way = {**GIVEN, "from": "KHOPOTSO", "base_url": "http://127.0.0.1:1"}
    assert len(advice(Settings.model_validate(one_way))) == 2
    assert advice(Settings.model_validate(GIVEN)) == ()
