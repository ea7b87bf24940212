"""When a call breaks, the line knows whether the provider can have acted on it."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from time import sleep

import pytest

from handlers.gateways.definition import Patience
from handlers.gateways.line import LONGEST_ANSWER, LONGEST_WAIT, Answer, Line, NoAnswer, NotWritten
from tests.gateways.faults import MODES, Answering, always
from tests.gateways.stand_in import StandIn, serving

PATIENCE = Patience(connect=0.4, read=0.4, whole=0.6)
FORM = {"to": "+26658123456", "message": "tšela & co"}


@pytest.fixture
def provider() -> Iterator[StandIn]:
    with serving() as stand_in:
        yield stand_in


def post(url: str) -> Answer | NotWritten | NoAnswer:
    return Line(PATIENCE).post(url, FORM, {})


@contextmanager
def listening(backlog: int = 8) -> Iterator[socket.socket]:
    """A port where somebody listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=backlog) as server:
        yield server


def test_a_refused_connection_wrote_nothing() -> None:
    with listening() as server:
        port = server.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}") == NotWritten("ConnectionError")


def test_a_name_that_does_not_exist_wrote_nothing() -> None:
    assert post("https://gateway.invalid") == NotWritten("ConnectionError")


def test_a_connection_that_is_never_taken_wrote_nothing() -> None:
    with listening(backlog=0) as server, socket.create_connection(server.getsockname()):
        assert post(f"http://127.0.0.1:{server.getsockname()[1]}") == NotWritten("ConnectTimeout")


def test_a_failed_tls_handshake_wrote_nothing(provider: StandIn) -> None:
    assert post(provider.url.replace("http:", "https:")) == NotWritten("SSLError")
    assert provider.asked == []


def test_a_stalled_tls_handshake_wrote_nothing_although_it_looks_like_a_late_answer() -> None:
    with listening() as server:
        assert post(f"https://127.0.0.1:{server.getsockname()[1]}") == NotWritten("ReadTimeout")


def test_a_late_answer_is_no_answer() -> None:
    with listening() as server:
        assert post(f"http://127.0.0.1:{server.getsockname()[1]}") == NoAnswer("ReadTimeout")


@pytest.mark.parametrize("mode", ["reset", "closed", "half", "drip", "stall"])
def test_what_breaks_after_the_form_was_written_is_no_answer(mode: str, provider: StandIn) -> None:
    provider.choose = always(mode)
    assert isinstance(post(provider.url), NoAnswer)
    assert len(provider.accepted) == 1


def test_a_server_that_hangs_up_before_it_reads_leaves_no_answer() -> None:
    with listening() as server:
        Thread(target=lambda: server.accept()[0].close(), daemon=True).start()
        assert isinstance(post(f"http://127.0.0.1:{server.getsockname()[1]}"), NoAnswer)


def test_an_endless_answer_is_not_read_to_its_end(provider: StandIn) -> None:
    provider.choose = lambda _: Answering(body="x" * (LONGEST_ANSWER + 1))
    assert post(provider.url) == NoAnswer("AnswerTooLong")


def test_an_answer_is_whole_whatever_its_status(provider: StandIn) -> None:
    provider.choose = always("down")
    answer = post(provider.url)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.text) == (503, MODES["down"].body)


def test_a_redirect_is_an_answer_and_is_not_followed(provider: StandIn) -> None:
    provider.choose = lambda _: Answering(status=307, headers=(("Location", provider.url),))
    answer = post(provider.url)
    assert isinstance(answer, Answer)
    assert (answer.status, len(provider.asked)) == (307, 1)


def test_a_form_arrives_as_it_was_given(provider: StandIn) -> None:
    post(provider.url)
    assert provider.asked == [FORM]


def test_one_connection_serves_call_after_call(provider: StandIn) -> None:
    line = Line(PATIENCE)
    for _ in range(5):
        line.post(provider.url, FORM, {})
    assert [sent.connection for sent in provider.accepted] == [1, 1, 1, 1, 1]


def test_a_connection_that_the_provider_closed_meanwhile_is_not_used(provider: StandIn) -> None:
    line = Line(PATIENCE)
    line.post(provider.url, FORM, {})
    provider.hang_up()
    sleep(0.05)
    assert isinstance(line.post(provider.url, FORM, {}), Answer)
    assert provider.connections == 2


def test_a_connection_that_was_quiet_for_long_is_not_used(provider: StandIn) -> None:
    line = Line(replace(PATIENCE, idle=0))
    line.post(provider.url, FORM, {})
    line.post(provider.url, FORM, {})
    assert [sent.connection for sent in provider.accepted] == [1, 2]


def test_threads_may_share_a_line(provider: StandIn) -> None:
    line = Line(PATIENCE)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda n: line.post(provider.url, {**FORM, "to": str(n)}, {}), range(80)))
    named = [answer.text for answer in answers if isinstance(answer, Answer)]
    assert all(f'"number": "{n}"' in text for n, text in enumerate(named))
    assert len(named) == 80
    assert provider.connections <= 8


def test_no_cookie_is_kept(provider: StandIn) -> None:
    provider.choose = lambda _: replace(MODES["ok"], headers=(("Set-Cookie", "a=b; Path=/"),))
    line = Line(PATIENCE)
    line.post(provider.url, FORM, {})
    line.post(provider.url, FORM, {})
    assert [name for headers in provider.headers for name in headers if name == "Cookie"] == []


def test_a_proxy_in_the_environment_is_not_used(provider: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert isinstance(post(provider.url), Answer)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"Retry-After": "0"}, timedelta(0)),
        ({"Retry-After": "30"}, timedelta(seconds=30)),
        ({"Retry-After": "9" * 400}, LONGEST_WAIT),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "²"}, None),
        ({"Retry-After": "Sat, 21 Nov 2026 10:00:30 GMT"}, None),
        (
            {"Retry-After": "Sat, 21 Nov 2026 10:00:30 GMT", "Date": "Sat, 21 Nov 2026 10:00:00 GMT"},
            timedelta(seconds=30),
        ),
        (
            {"Retry-After": "Sat, 21 Nov 2026 09:00:00 GMT", "Date": "Sat, 21 Nov 2026 10:00:00 GMT"},
            timedelta(0),
        ),
        ({"Retry-After": "Sat, 21 Nov 2026 10:00:30 -0000", "Date": "Sat, 21 Nov 2026 10:00:00 GMT"}, None),
    ],
)
def test_how_long_a_provider_asks_to_be_left_alone(headers: dict[str, str], wait: timedelta | None) -> None:
    assert Answer(429, headers, "").retry_after == wait


def test_a_question_is_answered_whole_and_accepts_nothing(provider: StandIn) -> None:
    provider.choose = lambda _: Answering(status=200, body="[]")
    answer = Line(PATIENCE).get(provider.url, {"To": "+26658123456"}, {"X-Ours": "1"})
    assert isinstance(answer, Answer)
    assert (answer.status, answer.text) == (200, "[]")
    assert (provider.asked, provider.accepted) == ([{"To": "+26658123456"}], [])
    assert provider.headers[0]["X-Ours"] == "1"


@pytest.mark.parametrize("mode", ["reset", "closed", "drip", "stall"])
def test_a_question_may_get_no_answer(mode: str, provider: StandIn) -> None:
    provider.choose = always(mode)
    assert isinstance(Line(PATIENCE).get(provider.url, {}, {}), NoAnswer)


def test_a_line_takes_answers_as_long_as_it_is_told(provider: StandIn) -> None:
    provider.choose = lambda _: Answering(body="x" * (LONGEST_ANSWER + 1))
    assert isinstance(Line(PATIENCE, LONGEST_ANSWER + 1).get(provider.url, {}, {}), Answer)
    assert Line(PATIENCE, 9).get(provider.url, {}, {}) == NoAnswer("AnswerTooLong")
