"""What holds for every gateway in ``GATEWAYS``, shown with the wire texts that are captured for it.

A new gateway joins by its line in ``GATEWAYS`` and a folder ``wire/<its name>`` with ``settings.txt``,
``sends.txt`` and, where it has webhooks, ``webhooks.txt``. What its answers cannot say stands in a second
block of ``settings.txt``, as ``never: refused opted_out``.
"""

import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr

from handlers.gateways import GATEWAYS
from handlers.gateways.definition import Definition, Patience, Surroundings
from service.domain.message import SendResult
from service.domain.phone import Phone
from service.ports import Gateway, OutgoingText, Unreadable, UssdReply, WebhookRequest
from tests.gateways.captures import Case, cases, said_of, said_of_event, settings
from tests.gateways.dialects import AFRICASTALKING, DIALECTS
from tests.gateways.faults import Answering, Manner
from tests.gateways.stand_in import StandIn, serving

TO = "+26658123456"
TEXT = "Lumela 'm'e, a text that no log may hold."
ATTEMPT = UUID("00000000-0000-7000-8000-000000000001")
PATIENCE = Patience(connect=0.5, read=0.4, whole=0.6)

SENDS = [case for gateway in GATEWAYS for case in cases(gateway.name, "sends.txt")]
WEBHOOKS = [case for gateway in GATEWAYS for case in cases(gateway.name, "webhooks.txt")]
BY_NAME = {definition.name: definition for definition in GATEWAYS}
WITH_WEBHOOKS = sorted({case.gateway for case in WEBHOOKS})


@pytest.fixture(scope="module")
def provider() -> Iterator[StandIn]:
    with serving() as stand_in:
        yield stand_in


def build(name: str, base_url: str = "http://127.0.0.1:1") -> Gateway:
    definition = BY_NAME[name]
    surroundings = Surroundings(terminal=io.StringIO(), patience=PATIENCE)
    return definition.build(settings(definition, base_url=base_url), surroundings)


def request(case: Case) -> WebhookRequest:
    fields = tuple(parse_qsl(case.one("form"), keep_blank_values=True))
    query = dict(parse_qsl(case.one("query")))
    form = dict(reversed(fields))
    return WebhookRequest(case.one("kind"), "https://example.org/hooks", {}, form, query, fields)


def answering(case: Case) -> Answering:
    status, _, content_type = case.one("answer", "201 application/json").partition(" ")
    further = (header.partition(": ") for header in case.all("header"))
    return Answering(
        status=int(status),
        body=case.one("body"),
        headers=(("Content-Type", content_type), *((name, value) for name, _, value in further)),
        manner=Manner(case.one("manner", "whole")),
    )


def send(case: Case, provider: StandIn) -> SendResult:
    provider.choose = lambda _: answering(case)
    provider.dialect = DIALECTS.get(case.gateway, AFRICASTALKING)
    message = OutgoingText(ATTEMPT, Phone(case.one("to", TO)), TEXT)
    return build(case.gateway, provider.url).send(message)


WITH_TEXTS = [name for name in BY_NAME if build(name).capabilities.texts]


@pytest.mark.parametrize("case", SENDS, ids=str)
def test_a_send_means_what_is_written_beside_its_answer(case: Case, provider: StandIn) -> None:
    assert said_of(send(case, provider)) == case.one("means")


@pytest.mark.parametrize("case", WEBHOOKS, ids=str)
def test_a_webhook_means_what_is_written_beside_it(case: Case) -> None:
    event = build(case.gateway).read(request(case))
    assert said_of_event(event) == case.one("means")


@pytest.mark.parametrize("name", WITH_TEXTS)
def test_every_gateway_has_a_good_send_among_its_captures(name: str) -> None:
    said = [case.one("means") for case in SENDS if case.gateway == name]
    assert any(means.startswith("accepted") for means in said)


@pytest.mark.parametrize("name", sorted({*WITH_TEXTS} & {*WITH_WEBHOOKS}))
def test_what_a_provider_can_do_is_all_among_its_captures(name: str) -> None:
    means = " ".join(case.one("means") for case in SENDS if case.gateway == name)
    never = {outcome for case in cases(name, "settings.txt") for outcome in case.all("never")}
    for outcome in {"refused bad_number", "refused opted_out", "refused no_route", "busy", "unknown"} - never:
        assert outcome in means
    for titles in ("too many requests", "no answer in time", "out of credit"):
        assert titles in [case.title for case in SENDS if case.gateway == name]


@pytest.mark.parametrize("name", WITH_WEBHOOKS)
def test_every_webhook_and_a_receipt_with_an_unknown_word_are_among_the_captures(name: str) -> None:
    gateway = build(name)
    captured = {case.one("kind") for case in WEBHOOKS if case.gateway == name}
    assert captured >= set(gateway.hooks)
    assert not gateway.capabilities.texts or "state none" in " ".join(
        case.one("means") for case in WEBHOOKS if case.gateway == name
    )


def test_only_gateways_with_webhooks_have_captures_of_them() -> None:
    assert [name for name in BY_NAME if build(name).hooks] == [
        name for name in BY_NAME if name in WITH_WEBHOOKS
    ]


@pytest.mark.parametrize("definition", GATEWAYS, ids=lambda definition: definition.name)
def test_a_gateway_goes_by_the_name_of_its_definition(definition: Definition[Any]) -> None:
    assert build(definition.name).name == definition.name


@pytest.mark.parametrize("name", BY_NAME)
def test_no_secret_number_or_text_is_logged_or_shown_by_a_value(
    name: str, provider: StandIn, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    gateway = build(name)
    results = [send(case, provider) for case in SENDS if case.gateway == name]
    events = [gateway.read(request(case)) for case in WEBHOOKS if case.gateway == name]
    said = caplog.text + "".join(capfd.readouterr()) + repr([events, results, gateway])
    for hidden in (*_secrets(name), TEXT, TO[1:], TO[4:], "Ke teng"):
        assert hidden not in said


def _secrets(name: str) -> list[str]:
    found: list[str] = []
    for _, value in settings(BY_NAME[name]):
        values = value if isinstance(value, tuple) else (value,)
        found += [item.get_secret_value() for item in values if isinstance(item, SecretStr)]
    return found


@pytest.mark.parametrize("name", BY_NAME)
def test_settings_do_not_show_their_secrets(name: str) -> None:
    shown = repr(settings(BY_NAME[name])) + str(settings(BY_NAME[name]))
    assert not [secret for secret in _secrets(name) if secret in shown]


@pytest.mark.parametrize("name", WITH_WEBHOOKS)
def test_every_configured_token_is_good_and_no_other(name: str) -> None:
    gateway = build(name)
    for token in ("first-token-of-the-tests", "second-token-of-the-tests"):
        assert gateway.accepts_token(token) is not gateway.signs
    for wrong in ("", "first-token-of-the-test", "first-token-of-the-tests ", "tšela", "\ud800", "\0"):
        assert not gateway.accepts_token(wrong)


@pytest.mark.parametrize("name", BY_NAME)
def test_without_tokens_in_the_settings_no_token_is_good(name: str) -> None:
    definition = BY_NAME[name]
    bare = settings(definition).model_copy(update={"webhook_tokens": ()})
    gateway = definition.build(bare, Surroundings(terminal=io.StringIO()))
    assert not gateway.accepts_token("")


@pytest.mark.parametrize("name", WITH_WEBHOOKS)
def test_an_answer_to_a_webhook_is_200(name: str) -> None:
    gateway = build(name)
    assert {gateway.answer(kind).status for kind in gateway.hooks} == {200}
    assert gateway.write_ussd(UssdReply("1 Yes", goes_on=True)).status == 200


def test_a_gateway_without_texts_never_takes_one() -> None:
    message = OutgoingText(ATTEMPT, Phone(TO), TEXT)
    sent = {name: said_of(build(name).send(message)) for name in BY_NAME if name not in WITH_TEXTS}
    assert sent == {"aat": "refused no_route"}


READY = {name: build(name) for name in BY_NAME}
NAMES = sorted({name for case in WEBHOOKS for name, _ in parse_qsl(case.one("form"), True)})
VALUES = st.one_of(
    st.text(st.characters(codec=None)),  # broken characters included
    st.sampled_from([value for case in WEBHOOKS for _, value in parse_qsl(case.one("form"), True)]),
    st.from_regex(r"\+?[0-9 ]{0,40}", fullmatch=True),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:+-]{0,20}", fullmatch=True),
    st.sampled_from(["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "9" * 5000, "\0", "*" * 99]),
)
FORMS = st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text()), VALUES)


@pytest.mark.parametrize("name", BY_NAME)
@given(form=FORMS, kind=st.text())
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_form_makes_reading_fail(name: str, form: dict[str, str], kind: str) -> None:
    gateway = READY[name]
    for hook in (*gateway.hooks, kind):
        event = gateway.read(WebhookRequest(hook, "", {}, form, {}))
        assert "\0" not in str(vars(event))
        assert hook in gateway.hooks or isinstance(event, Unreadable)


def test_no_provider_s_library_is_loaded_before_its_gateway_is_built() -> None:
    code = "import sys, handlers.gateways; print(sys.modules.keys() & {'africastalking', 'twilio'})"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
