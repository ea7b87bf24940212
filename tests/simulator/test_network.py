"""What a phone shows when the service behind it does not answer as a gateway expects."""

from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer

from handlers.gateways.cumulative import COMPLETED, Call
from handlers.simulator.handset import LOST, Desk, answers_in
from handlers.simulator.network import Network, Silence
from service.ports import UssdReply
from service.seeding.cast import phone

PHONE = phone(99)
CALL = Call("s1", "*123#", PHONE)


@pytest.fixture
def service(httpserver: HTTPServer) -> Iterator[HTTPServer]:
    yield httpserver
    httpserver.clear()


def network(service: HTTPServer) -> Network:
    return Network(service.url_for("/hooks/gateway/secret/"))


def answers(service: HTTPServer, body: str, status: int = 200) -> None:
    service.expect_request("/hooks/gateway/secret/ussd").respond_with_data(body, status=status)


def test_a_screen_that_waits_and_one_that_ends(service: HTTPServer) -> None:
    answers(service, "CON Choose")
    assert network(service).turn(CALL) == UssdReply("Choose", goes_on=True)
    service.clear()
    answers(service, "END Thank you")
    assert network(service).turn(CALL) == UssdReply("Thank you", goes_on=False)


def test_the_dialect_is_the_gateways_own(service: HTTPServer) -> None:
    answers(service, "CON Choose")
    network(service).turn(CALL.typing("1").typing("a*b"))
    request, _ = service.log[0]
    assert request.form.to_dict() == {
        "sessionId": "s1",
        "serviceCode": "*123#",
        "phoneNumber": PHONE.e164,
        "text": "1*a*b",
    }


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ("Choose", 200, "neither CON nor END"),
        (" CON Choose", 200, "neither CON nor END"),
        ("", 200, "neither CON nor END"),
        ("CON Choose", 404, "is the gateway's name or token right?"),
        ("CON Choose", 500, "answered 500"),
        ("", 302, "answered 302"),
    ],
)
def test_anything_else_is_silence_with_a_reason_and_without_the_secret(
    service: HTTPServer, body: str, status: int, sentence: str
) -> None:
    answers(service, body, status)
    silence = network(service).turn(CALL)
    assert isinstance(silence, Silence)
    assert sentence in silence.why
    assert "secret" not in silence.why


def test_where_nothing_listens_it_says_so() -> None:
    silence = Network("http://127.0.0.1:9/hooks/gateway/secret").turn(CALL)
    assert silence == Silence("Nothing answers at http://127.0.0.1:9. Is the service running?")


def test_a_network_whose_last_word_nobody_takes_goes_on() -> None:
    Network("http://127.0.0.1:9/hooks/gateway/secret").end(CALL, COMPLETED)


def test_a_text_is_carried_under_the_networks_own_id(service: HTTPServer) -> None:
    service.expect_request("/hooks/gateway/secret/sms").respond_with_data("")
    assert network(service).text("t1", PHONE.e164, "1") is None
    request, _ = service.log[0]
    assert request.form.to_dict() == {"id": "t1", "from": PHONE.e164, "text": "1"}


def test_a_phone_tells_why_its_screen_stays_empty(service: HTTPServer) -> None:
    answers(service, "no screen")
    desk = Desk(network(service), "*123#")
    desk.dial(PHONE, "*123#")
    assert "neither CON nor END" in desk.handset(PHONE).note
    assert desk.handset(PHONE).call is None


def test_an_input_that_went_out_with_the_line_has_arrived(service: HTTPServer) -> None:
    answers(service, "CON Choose")
    desk = Desk(network(service), "*123#")
    desk.dial(PHONE, "*123#")
    desk.drop(PHONE, "1")
    assert [request.form["text"] for request, _ in service.log] == ["", "1"]
    assert desk.handset(PHONE).note == LOST


def test_hanging_up_is_told_to_the_service(service: HTTPServer) -> None:
    answers(service, "CON Choose")
    service.expect_request("/hooks/gateway/secret/ussd-end").respond_with_data("")
    desk = Desk(network(service), "*123#")
    desk.dial(PHONE, "*123#")
    desk.hang_up(PHONE)
    request, _ = service.log[-1]
    assert request.form["status"] == "Incomplete"


@pytest.mark.parametrize(
    ("dialled", "expected"),
    [
        ("*123#", ()),
        (" *123# ", ()),
        ("*123*1*2#", ("1", "2")),
        ("*123*#", ("",)),
        ("*123", None),
        ("*123*1", None),
        ("*1234#", None),
        ("", None),
    ],
)
def test_answers_are_read_from_what_is_dialled(dialled: str, expected: tuple[str, ...] | None) -> None:
    assert answers_in(dialled, "*123#") == expected
