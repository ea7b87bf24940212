"""What is peculiar to Kannel; what it answers and says to webhooks is in ``wire/kannel``."""

import io
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pytest_httpserver import HTTPServer
from werkzeug import Request

from handlers.gateways.definition import Patience, Surroundings
from handlers.gateways.kannel import Kannel, Settings, advice
from service.domain.message import Accepted, Hurdle, Refusal, Refused, TryLater
from service.domain.phone import Phone
from service.ports import (
    OutgoingText,
    ReceiptReceived,
    TextReceived,
    Unreadable,
    WebhookRequest,
)

ATTEMPT = UUID("00000000-0000-7000-8000-000000000001")
TO = Phone("+26658123456")
GIVEN = {"username": "khopotso", "password": "secret-of-the-tests", "webhook_tokens": "new,old"}
HERE = "https://khopotso.example.org"


def gateway(public_url: str = HERE, **given: str) -> Kannel:
    surroundings = Surroundings(io.StringIO(), patience=Patience(0.5, 0.5, 1.0), public_url=public_url)
    return Kannel(Settings.model_validate({**GIVEN, **given}), surroundings)


def sent(server: HTTPServer, words: str = "Lumela", public_url: str = HERE, **given: str) -> Request:
    """The request in which a text goes to Kannel."""
    server.expect_request("/cgi-bin/sendsms").respond_with_data("0: Accepted for delivery", 202)
    line = gateway(public_url, base_url=server.url_for(""), **given)
    assert line.send(OutgoingText(ATTEMPT, TO, words)) == Accepted(str(ATTEMPT))
    return server.log[-1][0]


def heard(
    kind: str, body: bytes = b"", query: dict[str, str] | None = None, **headers: str
) -> WebhookRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return WebhookRequest(kind, "", named, {}, query or {}, body=body)


def test_the_number_and_text_travel_outside_the_address(httpserver: HTTPServer) -> None:
    request = sent(httpserver, "Lumela 'm'e + 1 €")
    assert (request.method, request.full_path) == ("POST", "/cgi-bin/sendsms?")
    assert request.get_data() == "Lumela 'm'e + 1 €".encode()
    assert request.headers["X-Kannel-To"] == "+26658123456"


def test_all_else_travels_in_headers(httpserver: HTTPServer) -> None:
    headers = sent(httpserver, sender="32100", smsc="operator-a").headers
    assert {name: value for name, value in headers.items() if name.startswith("X-Kannel")} == {
        "X-Kannel-Username": "khopotso",
        "X-Kannel-Password": "secret-of-the-tests",
        "X-Kannel-From": "32100",
        "X-Kannel-To": "+26658123456",
        "X-Kannel-Smsc": "operator-a",
        "X-Kannel-Coding": "0",
        "X-Kannel-Validity": "720",
        "X-Kannel-Dlr-Mask": "31",
        "X-Kannel-Dlr-Url": f"{HERE}/hooks/kannel/new/receipt?attempt={ATTEMPT}&type=%d&at=%t",
    }


@pytest.mark.parametrize(
    ("words", "coding"),
    [("Lumela 'm'e [€]", "0"), ("è ò à", "0"), ("Tšela", "2"), ("😀", "2"), ("e’e", "2")],
)
def test_a_text_is_in_gsm_7_where_it_can_be(httpserver: HTTPServer, words: str, coding: str) -> None:
    request = sent(httpserver, words)
    assert request.headers["X-Kannel-Coding"] == coding
    assert (request.content_type, request.get_data()) == ("text/plain; charset=UTF-8", words.encode())


@pytest.mark.parametrize("words", ["", "\ud800"])
def test_what_no_text_can_carry_is_not_sent(words: str) -> None:
    assert gateway().send(OutgoingText(ATTEMPT, TO, words)) == Refused(Refusal.BAD_TEXT)


def test_kannel_out_of_reach_has_not_got_the_text() -> None:
    result = gateway(base_url="https://kannel.invalid").send(OutgoingText(ATTEMPT, TO, "Lumela"))
    assert result == TryLater(Hurdle.NOT_CONNECTED, word="ConnectionError")


def test_receipts_come_to_an_address_of_their_own_where_there_is_one(httpserver: HTTPServer) -> None:
    request = sent(httpserver, callback_base_url="http://127.0.0.1:8000")
    assert request.headers["X-Kannel-DLR-Url"].startswith("http://127.0.0.1:8000/hooks/kannel/new/receipt?")


@pytest.mark.parametrize(("public_url", "tokens"), [("", "new"), (HERE, "")])
def test_no_receipt_is_asked_for_that_could_not_come(
    httpserver: HTTPServer, public_url: str, tokens: str
) -> None:
    headers = sent(httpserver, public_url=public_url, webhook_tokens=tokens).headers
    assert "X-Kannel-DLR-Url" not in headers
    assert "X-Kannel-DLR-Mask" not in headers


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (b"Ke teng", 'text/plain; charset="UTF-8"', "Ke teng"),
        ("€ [è]".encode(), 'text/plain; charset="UTF-8"', "€ [è]"),
        ("tšela 😀".encode("utf-16-be"), 'text/plain; charset="UTF-16BE"', "tšela 😀"),
        (b"\x00L\x01", 'text/plain; charset="UTF-16BE"', "L\ufffd"),
        (b"\xffStop", "application/octet-stream", "\ufffdStop"),
        (b"", "text/plain", ""),
    ],
)
def test_a_posted_text_is_read_in_its_own_alphabet(body: bytes, content_type: str, text: str) -> None:
    event = gateway().read(
        heard(
            "sms",
            body,
            {"id": "d03a2ceb-2aa1-4406-8914-7769bbd001b0"},
            X_Kannel_From="+26658123456",
            X_Kannel_Time="2026-11-21 22:03:33",
            Content_Type=content_type,
        )
    )
    assert isinstance(event, TextReceived)
    assert (event.text, event.phone) == (text, TO)
    assert event.external_id == "d03a2ceb-2aa1-4406-8914-7769bbd001b0"
    assert str(event.occurred_at) == "2026-11-21 22:03:33+00:00"


def test_a_text_in_the_address_is_read_as_well() -> None:
    query = {"id": "1", "from": "+26658123456", "text": "Stop"}
    event = gateway().read(heard("sms", query=query))
    assert isinstance(event, TextReceived)
    assert (event.text, event.phone) == ("Stop", TO)


def test_a_text_without_an_id_counts_every_time() -> None:
    first, second = (gateway().read(heard("sms", b"1", X_Kannel_From="+26658123456")) for _ in range(2))
    assert first != second


def test_a_receipt_is_read_from_the_address_that_was_asked_for(httpserver: HTTPServer) -> None:
    asked = sent(httpserver).headers["X-Kannel-DLR-Url"]
    query = dict(pair.split("=") for pair in asked.partition("?")[2].split("&"))
    event = gateway().read(heard("receipt", query={**query, "type": "1", "at": "2026-11-21 22:03:35"}))
    assert isinstance(event, ReceiptReceived)
    assert (event.attempt_id, event.provider_id) == (ATTEMPT, str(ATTEMPT))


@given(
    body=st.binary(),
    content_type=st.sampled_from(["", "text/plain", 'text/plain; charset="UTF-16BE"']) | st.text(),
    query=st.dictionaries(st.sampled_from(["id", "from", "text", "attempt", "type", "at"]), st.text()),
    sender=st.text() | st.just("+26658123456"),
)
def test_nothing_makes_reading_fail(
    body: bytes, content_type: str, query: dict[str, str], sender: str
) -> None:
    for kind in ("sms", "receipt"):
        event = gateway().read(heard(kind, body, query, X_Kannel_From=sender, Content_Type=content_type))
        assert isinstance(event, TextReceived | ReceiptReceived | Unreadable)
        assert "\0" not in str(vars(event))


def test_nothing_is_answered_to_her_phone() -> None:
    assert {gateway().answer(kind).body for kind in gateway().hooks} == {""}


@pytest.mark.parametrize(
    ("sender", "two_way"), [(None, False), ("KHOPOTSO", False), ("32100", True), ("+26622000000", True)]
)
def test_replies_reach_numbers_and_not_names(sender: str | None, two_way: bool) -> None:
    given = {"sender": sender} if sender else {}
    assert gateway(**given).capabilities.two_way is two_way


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("username", ""),
        ("username", "two words"),
        ("password", ""),
        ("password", "tšela"),
        ("sender", "a name that is too long"),
        ("smsc", "a\r\nheader"),
        ("webhook_tokens", "good,with%percent"),
        ("base_url", "http://192.0.2.7:13013"),
        ("base_url", "https://sms.example.org/cgi-bin/sendsms"),
        ("callback_base_url", "http://khopotso.example.org"),
        ("validity_minutes", "-7"),
        ("allowed_sources", "home"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(name: str, value: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Settings.model_validate({**GIVEN, name: value})
    assert {problem["loc"][0] for problem in raised.value.errors()} == {name}
    assert not value or value not in str(raised.value)


def test_kannel_is_looked_for_where_debian_puts_it() -> None:
    assert Settings.model_validate(GIVEN).base_url == "http://127.0.0.1:13013"


def test_advice_is_given_until_it_is_taken() -> None:
    assert "without one no reply" in advice(Settings.model_validate({**GIVEN, "webhook_tokens": ""}))[0]
    assert "random" in advice(Settings.model_validate(GIVEN))[0]
    assert advice(Settings.model_validate({**GIVEN, "webhook_tokens": "x" * 22})) == ()
