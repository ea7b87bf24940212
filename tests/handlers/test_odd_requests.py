"""A genuine provider gets 200 whatever it sends, because it would come again with anything else."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from handlers.app import create_app
from handlers.gateways import simulator, twilio
from handlers.gateways.definition import Surroundings
from handlers.gateways.simulator import Simulator
from handlers.gateways.twilio import Twilio
from service.ports import Gateway
from tests.worker.village import open_village

TOKEN = "a-token-of-enough-letters"
ACCOUNT = {"account_sid": "AC00000000000000000000000000000001", "auth_token": "a-secret", "from": "32100"}
CALL = f"/hooks/simulator/{TOKEN}/ussd"


@pytest.fixture
def client(database_url: str) -> Iterator[FlaskClient]:
    surroundings = Surroundings(io.StringIO())
    gateways: dict[str, Gateway] = {
        "simulator": Simulator(simulator.Settings.model_validate({"webhook_tokens": TOKEN}), surroundings),
        "twilio": Twilio(twilio.Settings.model_validate(ACCOUNT), surroundings),
    }
    with open_village(database_url) as village:
        yield create_app(replace(village.parts, gateways=gateways)).test_client()


pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


def test_bytes_of_no_alphabet_in_an_address_are_read_as_such(client: FlaskClient) -> None:
    form = {"sessionId": "s-1", "phoneNumber": "+26658123456", "serviceCode": "*123#", "text": ""}
    answer = client.post(CALL, data=form, environ_overrides={"QUERY_STRING": "a=\xff"})
    assert (answer.status_code, answer.text[:4]) == (200, "CON ")


def test_a_form_in_more_parts_than_anybody_sends_ends_the_call(client: FlaskClient) -> None:
    part = '--x\r\nContent-Disposition: form-data; name="sessionId"\r\n\r\ns-1\r\n'
    answer = client.post(CALL, data=part * 200 + "--x--\r\n", content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, answer.text[:4]) == (200, "END ")


def test_a_part_without_a_name_is_left_out(client: FlaskClient) -> None:
    body = "--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"
    answers = [
        client.post(path, data=body, content_type="multipart/form-data; boundary=x")
        for path in (CALL, "/hooks/twilio/sms")
    ]
    assert [answer.status_code for answer in answers] == [200, 403]


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    assert client.post(CALL, data={"text": "x" * 70_000}).status_code == 413
