"""The door for providers: a stranger learns nothing, and whoever has the secret is always answered."""

from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from handlers.app import LARGEST_BODY
from handlers.gateways.cumulative import read_reply
from service.store.models.messages import Inbound, Receipt, UssdSession
from service.store.models.operations import Counter
from service.store.spool import Spool, SpoolFull
from tests.journeys.service import TOKEN, Service

KINDS = ("ussd", "ussd-end", "sms", "receipt", "opt-out")
PHONE = "+26658100001"
FORM = "application/x-www-form-urlencoded"
FULL = {
    "id": "m-1",
    "from": PHONE,
    "to": "21512",
    "text": "1",
    "date": "2026-11-23 10:00:00",
    "status": "Success",
    "phoneNumber": PHONE,
    "sessionId": "s-1",
    "serviceCode": "*123#",
    "senderId": "x",
}
no_need_for_both = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


def path(kind: str, token: str = TOKEN, gateway: str = "africastalking") -> str:
    return f"/hooks/{gateway}/{token}/{kind}"


def stored(service: Service) -> int:
    tables = (Inbound, Receipt, UssdSession)
    return sum(len(service.village.rows(table.id)) for table in tables)


def counted(service: Service) -> dict[str, int]:
    return {row.name: row.count for row in service.village.rows(Counter.name, Counter.count)}


# --- strangers --------------------------------------------------------------------------------------------


@no_need_for_both
def test_a_stranger_cannot_tell_a_wrong_secret_from_an_address_that_does_not_exist(service: Service) -> None:
    answers = [
        service.web.open(address, method=method, data=FULL if method == "POST" else None)
        for method in ("GET", "POST")
        for address in (
            path("ussd", token="wrong"),
            path("ussd", token=TOKEN[:-1]),
            path("ussd", token=TOKEN + "0"),
            path("ussd", token=TOKEN.upper()),
            path("sms", token=quote("\u00e9\u0000", safe="")),
            path("nothing"),
            path("ussd", gateway="twilio"),
            path("ussd", gateway="nobody"),
            "/hooks/africastalking/ussd",
            "/hooks/africastalking",
            "/hooks",
            "/",
        )
    ]
    said = {(answer.status_code, answer.get_data(), tuple(sorted(answer.headers))) for answer in answers}
    assert said == {(404, b"Not Found\n", said.copy().pop()[2])}
    assert stored(service) == 0


@no_need_for_both
def test_a_wrong_secret_is_not_read_at_all(service: Service) -> None:
    answer = service.web.post(path("sms", token="wrong"), data=b"x" * (2 * LARGEST_BODY), content_type=FORM)
    assert answer.status_code == 404


# --- size and form ----------------------------------------------------------------------------------------


@no_need_for_both
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("content_type", [FORM, "application/json", "text/plain", ""])
def test_a_body_beyond_64_kib_is_refused(service: Service, kind: str, content_type: str) -> None:
    body = b"text=" + b"x" * LARGEST_BODY
    answer = service.web.post(path(kind), data=body, content_type=content_type)
    assert answer.status_code == 413
    assert stored(service) == 0


@no_need_for_both
def test_a_body_of_64_kib_is_taken(service: Service) -> None:
    form = f"id=1&from={quote(PHONE)}&text="
    body = form + "x" * (LARGEST_BODY - len(form))
    assert service.web.post(path("sms"), data=body, content_type=FORM).status_code == 200
    assert len(service.village.rows(Inbound.id)) == 1


def answered(kind: str, answer: TestResponse) -> None:
    """What the provider must hear, whatever it sent."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    if kind == "ussd":
        assert answer.content_type.startswith("text/plain")
        reply = read_reply(answer.get_data(as_text=True))
        assert reply
        assert reply.text


ODD_VALUES = (
    "",
    " ",
    "\0",
    "+",
    "MTN",
    "-1",
    "1e999",
    "NaN",
    "null",
    "\ud7ff",
    "é" * 500,
    "😀",
    "'; DROP TABLE people;--",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "%s%n",
    "9" * 400,
    "+266" + "5" * 30,
    "*" * 300,
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "\u202e",
    "a\r\nSet-Cookie: x=1",
)


@pytest.mark.parametrize("kind", KINDS)
def test_no_odd_value_of_any_field_is_ever_an_error(service: Service, kind: str) -> None:
    for name in FULL:
        for value in ODD_VALUES:
            form = FULL | {"id": f"{name}-{hash(value)}", "sessionId": f"{name}-{hash(value)}", name: value}
            answered(kind, service.web.post(path(kind), data=form))


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_field_is_never_an_error(service: Service, kind: str) -> None:
    for name in FULL:
        answered(kind, service.web.post(path(kind), data={key: FULL[key] for key in FULL if key != name}))
    answered(kind, service.web.post(path(kind)))
    answered(kind, service.web.get(path(kind)))


@no_need_for_both
@pytest.mark.parametrize("kind", KINDS)
def test_a_body_of_another_type_is_never_an_error(service: Service, kind: str) -> None:
    for content_type in (
        "application/json",
        "application/xml",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/x-www-form-urlencoded; charset=utf-16",
        "nonsense",
        "",
    ):
        for body in (b'{"a": 1}', b"\xff\xfe", b"--x\r\n\r\n", b"", b"a=%ZZ&&=&%E9", b"a&" * 20_000):
            answered(kind, service.web.post(path(kind), data=body, content_type=content_type))


@no_need_for_both
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(KINDS),
    form=st.dictionaries(st.sampled_from(sorted(FULL)) | st.text(max_size=8), st.text(max_size=60)),
    full=st.booleans(),
)
def test_no_form_is_ever_an_error(service: Service, kind: str, form: Mapping[str, str], full: bool) -> None:
    whole = (FULL if full else {}) | {
        name.encode("utf-8", "replace").decode(): value.encode("utf-8", "replace").decode()
        for name, value in form.items()
    }
    answered(kind, service.web.post(path(kind), data=whole))


@no_need_for_both
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(KINDS), body=st.binary(max_size=400))
def test_no_bytes_are_ever_an_error(service: Service, kind: str, body: bytes) -> None:
    answered(kind, service.web.post(path(kind), data=body, content_type=FORM))


@no_need_for_both
def test_a_method_that_no_provider_uses_is_refused(service: Service) -> None:
    assert service.web.put(path("sms")).status_code == 405
    assert service.web.delete(path("sms", token="wrong")).status_code == 405


# --- what nobody can act on -------------------------------------------------------------------------------


def test_what_has_no_readable_sender_is_counted_and_not_stored(service: Service) -> None:
    for sender in ("MTN", "", "12345", "Vodacom-LS"):
        answered("sms", service.web.post(path("sms"), data=FULL | {"from": sender}))
    assert stored(service) == 0
    assert counted(service) == {"unreadable:africastalking": 4}


@no_need_for_both
def test_no_answer_may_be_kept_guessed_at_or_told_on(service: Service) -> None:
    for address in (path("ussd"), path("sms", token="wrong"), "/healthz"):
        headers = service.web.get(address).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in headers


# --- while the database is away ---------------------------------------------------------------------------


@no_need_for_both
@pytest.mark.parametrize("kind", KINDS)
def test_with_the_database_gone_everybody_is_answered_and_nothing_is_lost(
    service: Service, kind: str
) -> None:
    service.village.store.close()
    answered(kind, service.web.post(path(kind), data=FULL))
    assert service.village.parts.spool.count() == (0 if kind == "ussd" else 1)


def fill(spool: Spool) -> None:
    for size in (2**20, 2**14, 2**8, 1):
        with suppress(SpoolFull):
            while True:
                spool.put("x" * size)


@no_need_for_both
def test_with_the_database_gone_and_the_spool_full_a_text_is_not_called_taken(service: Service) -> None:
    service.village.store.close()
    fill(service.village.parts.spool)
    answer = service.web.post(path("sms"), data=FULL)
    assert answer.status_code == 503
    assert answer.get_data() == b"Please try again later\n"
    answered("ussd", service.web.post(path("ussd"), data=FULL))
