"""What is peculiar to Africa's Talking; what it answers and posts is in ``wire/africastalking``."""

import io
from collections.abc import Iterator
from uuid import UUID

import africastalking as sdk
import pytest
from pydantic import ValidationError

from handlers.gateways.africastalking import AfricasTalking, Settings, advice, unsafe
from handlers.gateways.definition import Patience, Surroundings
from service.domain.message import Accepted, Hurdle, TryLater
from service.domain.phone import Phone
from service.ports import OutgoingText, UssdReply, WebhookRequest
from tests.gateways.stand_in import StandIn, serving

TO = Phone("+26658123456")
GIVEN = {"username": "khopotso", "api_key": "atsk_of_the_tests"}


@pytest.fixture
def provider() -> Iterator[StandIn]:
    with serving() as stand_in:
        yield stand_in


def gateway(**given: str) -> AfricasTalking:
    settings = Settings.model_validate({**GIVEN, **given})
    return AfricasTalking(settings, Surroundings(io.StringIO(), patience=Patience(0.5, 0.5, 1.0)))


def text(words: str = "Lumela") -> OutgoingText:
    return OutgoingText(UUID(int=1), TO, words)


def test_the_official_sdk_writes_the_request(provider: StandIn) -> None:
    gateway(base_url=provider.url, sender="32100").send(text("Lumela 'm'e + 1 €"))
    assert provider.asked == [
        {
            "username": "khopotso",
            "to": "+26658123456",
            "message": "Lumela 'm'e + 1 €",
            "bulkSMSMode": "1",
            "from": "32100",
        }
    ]
    assert provider.headers[0]["apiKey"] == "atsk_of_the_tests"
    assert provider.headers[0]["Content-Type"] == "application/x-www-form-urlencoded"


def test_without_a_sender_the_provider_chooses_one(provider: StandIn) -> None:
    gateway(base_url=provider.url).send(text())
    assert "from" not in provider.asked[0]


def test_one_connection_serves_text_after_text(provider: StandIn) -> None:
    line = gateway(base_url=provider.url)
    assert [type(line.send(text())) for _ in range(3)] == [Accepted] * 3
    assert provider.connections == 1


def test_a_provider_out_of_reach_has_not_got_the_text() -> None:
    result = gateway(base_url="https://gateway.invalid").send(text())
    assert result == TryLater(Hurdle.NOT_CONNECTED, word="ConnectionError")


@pytest.mark.parametrize(
    ("username", "address"),
    [
        ("sandbox", "https://api.sandbox.africastalking.com/version1"),
        ("khopotso", "https://api.africastalking.com/version1"),
        ("Sandbox", "https://api.africastalking.com/version1"),
    ],
)
def test_the_user_name_decides_between_sandbox_and_life(username: str, address: str) -> None:
    assert gateway(username=username)._account._sms._baseUrl == address


def test_the_sdk_s_global_account_is_left_alone(provider: StandIn) -> None:
    gateway(base_url=provider.url).send(text())
    assert sdk.SMS is None


@pytest.mark.parametrize(
    ("sender", "two_way"),
    [(None, False), ("KHOPOTSO", False), ("32100", True), ("+26622000000", True), ("", False)],
)
def test_replies_reach_numbers_and_not_names(sender: str | None, two_way: bool) -> None:
    given = {"sender": sender} if sender else {}
    assert gateway(**given).capabilities.two_way is two_way


@pytest.mark.parametrize(
    ("source", "welcome"),
    [
        ("192.0.2.7", True),
        ("198.51.100.200", True),
        ("198.51.101.1", False),
        ("2001:db8::1", False),
        ("", False),
    ],
)
def test_only_listed_addresses_may_call_where_there_is_a_list(source: str, welcome: bool) -> None:
    listed = gateway(allowed_sources="192.0.2.7, 198.51.100.0/24")
    assert listed.authentic(WebhookRequest("sms", "", {}, {}, {}, source=source)) is welcome


def test_any_address_may_call_where_there_is_no_list() -> None:
    assert gateway().authentic(WebhookRequest("sms", "", {}, {}, {}))


def test_a_text_without_an_id_counts_every_time() -> None:
    form = {"from": "+26658123456", "text": "1"}
    first, second = (gateway().read(WebhookRequest("sms", "", {}, form, {})) for _ in range(2))
    assert first != second


def test_an_ussd_answer_begins_exactly_as_the_network_wants_it() -> None:
    answer = gateway().write_ussd(UssdReply("Tšela\n1 E’e", goes_on=True))
    assert (answer.body, answer.content_type) == ("CON Ts'ela\n1 E'e", "text/plain; charset=utf-8")
    assert gateway().write_ussd(UssdReply("", goes_on=False)).body == "END "


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("username", ""),
        ("api_key", ""),
        ("api_key", "two words"),
        ("api_key", "tšela"),
        ("sender", "a name that is too long"),
        ("sender", "Khopotšo"),
        ("webhook_tokens", "good,with/slash"),
        ("webhook_tokens", "good,with space"),
        ("base_url", "api.africastalking.com"),
        ("base_url", "http://api.africastalking.com"),
        ("base_url", "https://api.africastalking.com/version1"),
        ("base_url", "https://user:secret@api.africastalking.com"),
        ("base_url", "https://api.africastalking.com:0"),
        ("base_url", "https://api.africastalking.com:99999"),
        ("base_url", "http://127.0.0.1.example.org"),
        ("base_url", "ftp://127.0.0.1"),
        ("allowed_sources", "192.0.2.0/24,home"),
        ("tps", "-7.25"),
        ("tps", "many"),
        ("apikey", "a name that does not exist"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(name: str, value: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Settings.model_validate({**GIVEN, name: value})
    assert {problem["loc"][0] for problem in raised.value.errors()} == {name}
    assert not value or value not in str(raised.value)


def test_all_wrong_settings_are_named_at_once() -> None:
    with pytest.raises(ValidationError) as raised:
        Settings.model_validate({"base_url": "x", "tps": "-1", "webhook_tokens": "/"})
    assert {problem["loc"][0] for problem in raised.value.errors()} == {
        "username",
        "api_key",
        "base_url",
        "tps",
        "webhook_tokens",
    }


@pytest.mark.parametrize(
    "address",
    ["https://api.example.org", "https://api.example.org:8443", "http://127.0.0.1:8001", "http://[::1]:80"],
)
def test_a_base_url_is_scheme_host_and_port(address: str) -> None:
    assert Settings.model_validate({**GIVEN, "base_url": address}).base_url == address
    assert Settings.model_validate({**GIVEN, "base_url": f" {address}/ "}).base_url == address


def test_the_sandbox_is_not_safe_for_real_people() -> None:
    assert unsafe(Settings.model_validate({**GIVEN, "username": "sandbox"}))
    assert not unsafe(Settings.model_validate(GIVEN))


def test_advice_is_given_until_it_is_taken() -> None:
    assert "without one no reply" in advice(Settings.model_validate(GIVEN))[0]
    short = {**GIVEN, "webhook_tokens": "short", "base_url": "http://127.0.0.1:1"}
    assert len(advice(Settings.model_validate(short))) == 2
    assert advice(Settings.model_validate({**GIVEN, "webhook_tokens": "x" * 22})) == ()
