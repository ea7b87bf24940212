"""A genuine provider gets 200 whatever it sends, because it would come again with anything else."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from handlers.app import create_app
from handlers.gateways.definition import Surroundings
from handlers.gateways.simulator import Settings, Simulator
from tests.worker.village import open_village

TOKEN = "a-token-of-enough-letters"
CALL = f"/hooks/simulator/{TOKEN}/ussd"


@pytest.fixture
def client(database_url: str) -> Iterator[FlaskClient]:
    gateway = Simulator(Settings.model_validate({"webhook_tokens": TOKEN}), Surroundings(io.StringIO()))
    with open_village(database_url) as village:
        yield create_app(replace(village.parts, gateways={"simulator": gateway})).test_client()


pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


def test_bytes_of_no_alphabet_in_an_address_are_read_as_such(client: FlaskClient) -> None:
    form = {"sessionId": "s-1", "phoneNumber": "+26658123456", "serviceCode": "*123#", "text": ""}
    answer = client.post(CALL, data=form, environ_overrides={"QUERY_STRING": "a=\xff"})
    assert (answer.status_code, answer.text[:4]) == (200, "CON ")


def test_a_form_in_more_parts_than_anybody_sends_ends_the_call(client: FlaskClient) -> None:
    part = '--x\r\nContent-Disposition: form-data; name="sessionId"\r\n\r\ns-1\r\n'
    answer = client.post(CALL, data=part * 200 + "--x--\r\n", content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, answer.text[:4]) == (200, "END ")


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    assert client.post(CALL, data={"text": "x" * 70_000}).status_code == 413
