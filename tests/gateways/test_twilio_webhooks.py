"""Twilio's requests from the address that is called to the row that is stored, and the answers."""

import io
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from handlers.app import create_app
from handlers.gateways.definition import Surroundings
from handlers.gateways.twilio import Settings, Twilio
from service.ports import UssdReply, WebhookRequest
from service.store.models.messages import Inbound, Receipt
from tests.worker.village import Village, open_village

PUBLIC = "https://sms.example.org"
SMS = "/hooks/twilio/sms"
STATUS = f"/hooks/twilio/status?attempt={UUID(int=1)}"
FROM = "+26658123456"
TEXT = {"MessageSid": "SM1", "From": FROM, "To": "+26622000000", "Body": "Ke teng & 1+1 š\n", "FromCity": ""}
RECEIPT = {"MessageSid": "SM2", "MessageStatus": "delivered", "To": FROM}


GIVEN = {
    "account_sid": "AC00000000000000000000000000000001",
    "auth_token": "new-token, old-token",
    "from": "+26622000000",
}
READY = Twilio(Settings.model_validate(GIVEN), Surroundings(io.StringIO(), public_url=PUBLIC))


@pytest.fixture
def village(database_url: str) -> Iterator[Village]:
    with open_village(database_url) as opened:
        yield opened


@pytest.fixture
def client(village: Village) -> FlaskClient:
    """The application as it stands behind a proxy: providers call another address than it hears."""
    return create_app(replace(village.parts, gateways={"twilio": READY}), PUBLIC).test_client()


def call(
    client: FlaskClient, path: str, form: dict[str, str], token: str = "new-token", signed_for: str = PUBLIC
) -> TestResponse:
    signature = RequestValidator(token).compute_signature(signed_for + path, form)
    return client.post(path, data=form, headers={"X-Twilio-Signature": signature})


ON_SQLITE = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


@ON_SQLITE
def test_a_signed_text_is_kept_once_and_answered_in_twiml_without_words(
    client: FlaskClient, village: Village
) -> None:
    for token in ("new-token", "old-token"):
        answer = call(client, SMS, TEXT, token)
        assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8")
        assert answer.text == '<?xml version="1.0" encoding="UTF-8"?><Response/>'
    assert [row.external_id for row in village.rows(Inbound.external_id)] == ["SM1"]


@ON_SQLITE
def test_a_signed_receipt_is_kept(client: FlaskClient, village: Village) -> None:
    answer = call(client, STATUS, RECEIPT)
    assert (answer.status_code, answer.text) == (200, "")
    assert [row.provider_id for row in village.rows(Receipt.provider_id)] == ["SM2"]


@ON_SQLITE
def test_what_is_not_signed_for_this_very_request_is_refused(client: FlaskClient, village: Village) -> None:
    good = RequestValidator("new-token").compute_signature(PUBLIC + SMS, TEXT)
    signed = {"X-Twilio-Signature": good}
    refused = [
        client.post(SMS, data=TEXT),
        client.post(SMS, data=TEXT, headers={"X-Twilio-Signature": "x"}),
        client.post(SMS, data={**TEXT, "Body": "STOP"}, headers=signed),
        client.post(SMS, data={**TEXT, "Extra": "1"}, headers=signed),
        client.post(SMS + "?x=1", data=TEXT, headers=signed),
        client.post("/hooks/twilio/status", data=TEXT, headers=signed),
        client.post(SMS, json=TEXT, headers=signed),
        client.get(SMS, headers=signed),
        call(client, SMS, TEXT, token="other-token"),
        call(client, SMS, TEXT, signed_for="http://localhost"),
    ]
    assert [answer.status_code for answer in refused] == [403] * len(refused)
    assert village.rows(Inbound.external_id) == []


@ON_SQLITE
def test_a_signature_for_an_address_alone_is_not_good_for_json(client: FlaskClient) -> None:
    signature = RequestValidator("new-token").compute_signature(PUBLIC + SMS, {})
    answer = client.post(SMS, json=TEXT, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 403


@ON_SQLITE
def test_there_is_no_such_address_with_a_secret_in_it(client: FlaskClient) -> None:
    assert call(client, "/hooks/twilio/new-token/sms", TEXT).status_code == 404


@ON_SQLITE
def test_a_field_that_comes_twice_is_signed_with_both_values(client: FlaskClient, village: Village) -> None:
    form = MultiDict([*TEXT.items(), ("Body", "again")])
    signature = RequestValidator("new-token").compute_signature(PUBLIC + SMS, form)
    answer = client.post(SMS, data=form, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 200
    assert len(village.rows(Inbound.external_id)) == 1


def test_a_text_without_an_id_counts_every_time() -> None:
    form = {"From": FROM, "Body": "1"}
    first, second = (READY.read(WebhookRequest("sms", "", {}, form, {})) for _ in range(2))
    assert first != second


NAMES = ("MessageSid", "SmsSid", "From", "To", "Body", "MessageStatus", "SmsStatus", "ErrorCode", "attempt")
ANYTHING = st.text(st.characters(codec=None)) | st.sampled_from(
    [FROM, "SM1", "delivered", "21610", "9" * 5000, str(UUID(int=1)), "QUJD" * 30]
)
ENCODED = st.binary().map(lambda raw: b64encode(raw).decode())
FORMS = st.dictionaries(st.sampled_from(NAMES) | st.text(), ANYTHING | ENCODED)


@given(kind=st.sampled_from(["sms", "status"]), form=FORMS, query=FORMS)
@hypothesis_settings(deadline=None)
def test_no_request_makes_reading_fail(kind: str, form: dict[str, str], query: dict[str, str]) -> None:
    event = READY.read(WebhookRequest(kind, "", {}, form, query))
    assert "\0" not in str(vars(event))


def test_a_screen_is_written_as_it_is_although_nobody_dials_here() -> None:
    assert READY.write_ussd(UssdReply("1 Yes", goes_on=True)).body == "1 Yes"
    assert not READY.capabilities.ussd
