"""What happens is told to the systems that asked for it, together with the fact, and never by name."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from pytest_httpserver import HTTPServer
from standardwebhooks.webhooks import Webhook as Verifier

from handlers.courier import RoadCourier
from scheduler import messenger
from service.actions import visits
from service.actions.announce import KEPT_FOR, LEASE, forget_old, take_along
from service.actions.sites import add_site
from service.actions.tasks import Ending, NewTask, close_where, open_task
from service.actions.webhooks import NewWebhook, add_webhook, all_webhooks, remove_webhook, secret_of
from service.domain.message import MessageState
from service.domain.news import CHOSEN, WAITS, Event
from service.domain.people import OPERATOR
from service.domain.tasks import TaskKind
from service.reports.troubles import TroubleKind, troubles
from service.store.models.care import Task
from service.store.models.news import News
from tests.worker.village import MONDAY, Village, at, open_village

SQLITE = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


@pytest.fixture
def village(database_url: str) -> Iterator[Village]:
    with open_village(database_url, at(MONDAY, "10:00")) as opened:
        opened.parts = replace(opened.parts, courier=RoadCourier(here_too=True))
        yield opened


@pytest.fixture(scope="module")
def receiver() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1") as server:
        yield server


@pytest.fixture(autouse=True)
def quiet(receiver: HTTPServer) -> None:
    receiver.clear()
    receiver.expect_request("/taken").respond_with_data("")
    receiver.expect_request("/broken").respond_with_data("", status=500)


def hook(village: Village, url: str, name: str = "hmis", site: UUID | None = None) -> UUID:
    new = NewWebhook(name, url, frozenset(CHOSEN), site)
    added = village.store.write(lambda tx: add_webhook(tx, new), OPERATOR)
    assert added
    return added


def told(receiver: HTTPServer) -> list[Any]:
    return [json.loads(request.data) for request, _ in receiver.log]


def test_each_fact_is_told_once_with_codes_alone(village: Village, receiver: HTTPServer) -> None:
    hook(village, receiver.url_for("/taken"))
    woman = village.woman(nickname="Thato")
    visit = village.visit(woman, MONDAY + timedelta(days=3))
    village.store.write(lambda tx: visits.confirm_visit(tx, visit), OPERATOR)
    village.put(person=woman)
    village.dispatch()
    (sent,) = village.gateway.sent
    village.receipt(sent, MessageState.DELIVERED)
    village.receipt(sent, MessageState.DELIVERED)
    village.texts("BLEEDING")
    village.store.write(lambda tx: close_where(tx, Task.kind == TaskKind.DANGER, Ending("by_hand")), OPERATOR)
    village.texts("STOP")
    while messenger.carry_news(village.parts):
        pass
    news = told(receiver)
    assert {one["type"] for one in news} == set(CHOSEN) - {Event.MESSAGE_FAILED}
    assert len({json.dumps(one, sort_keys=True) for one in news}) == len(news)
    (confirmed,) = [one for one in news if one["type"] == "visit.confirmed"]
    assert confirmed["data"]["visit"] == str(visit)
    assert len(confirmed["data"]["client"]) == 6
    assert {tuple(sorted(one["data"])) for one in news} <= {
        ("client", noun) for noun in ("message", "task", "visit", "consent")
    }
    said = json.dumps(news)
    assert not [word for word in ("Thato", "58100001", "BLEEDING", "anc") if word in said]


@SQLITE
def test_the_receiver_can_prove_who_sent_it(village: Village, receiver: HTTPServer) -> None:
    webhook = hook(village, receiver.url_for("/taken"))
    village.store.write(lambda tx: open_task(tx, NewTask(TaskKind.GATEWAY, site_id=village.site)), OPERATOR)
    assert messenger.carry_news(village.parts) == 1
    ((request, _),) = receiver.log
    secret = village.store.read(lambda reading: secret_of(reading, webhook))
    assert Verifier(secret).verify(request.data, dict(request.headers))["type"] == "task.opened"


@SQLITE
def test_what_is_undone_was_never_news(village: Village, receiver: HTTPServer) -> None:
    hook(village, receiver.url_for("/taken"))

    def stumble(tx: Any) -> None:
        open_task(tx, NewTask(TaskKind.GATEWAY, site_id=village.site))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        village.store.write(stumble, OPERATOR)
    assert not village.rows(News.id)


@SQLITE
def test_another_sites_news_is_not_told(village: Village, receiver: HTTPServer) -> None:

    other = village.store.write(lambda tx: add_site(tx, "Ha Another", "Berea"), OPERATOR)
    hook(village, receiver.url_for("/taken"), site=other)
    village.store.write(lambda tx: open_task(tx, NewTask(TaskKind.GATEWAY, site_id=village.site)), OPERATOR)
    assert not village.rows(News.id)


@SQLITE
def test_news_that_is_not_taken_is_tried_again_and_given_up_in_the_end(
    village: Village, receiver: HTTPServer
) -> None:
    webhook = hook(village, receiver.url_for("/broken"))
    village.store.write(lambda tx: open_task(tx, NewTask(TaskKind.GATEWAY, site_id=village.site)), OPERATOR)
    began = village.clock.moment
    for wait in (*WAITS, timedelta(0)):
        assert messenger.carry_news(village.parts) == 0
        assert messenger.carry_news(village.parts) == 0
        village.clock.moment += wait
    assert len(receiver.log) == len(WAITS) + 1
    assert timedelta(days=2) < village.clock.moment - began < timedelta(days=4)
    ((reason, given_up),) = village.rows(News.reason, News.given_up_at)
    assert (reason, given_up is not None) == ("status_500", True)
    (trouble,) = [
        one
        for one in village.store.read(lambda reading: troubles(reading, ()))
        if one.kind is TroubleKind.WEBHOOK
    ]
    assert trouble.about == "hmis"
    village.clock.moment += KEPT_FOR
    assert village.store.write(forget_old, OPERATOR) == 1
    village.store.write(lambda tx: remove_webhook(tx, webhook), OPERATOR)
    assert village.store.read(all_webhooks) == ()


@SQLITE
def test_a_webhook_that_takes_nothing_does_not_keep_others_waiting(
    village: Village, receiver: HTTPServer
) -> None:
    hook(village, receiver.url_for("/broken"), "deaf")
    hook(village, receiver.url_for("/taken"), "good")

    def happen(name: str) -> None:
        gateway = NewTask(TaskKind.GATEWAY, site_id=village.site, about=name)
        village.store.write(lambda tx: open_task(tx, gateway), OPERATOR)

    for number in range(5):
        happen(str(number))
    messenger.carry_news(village.parts)
    happen("later")
    messenger.carry_news(village.parts)
    asked = [request.path for request, _ in receiver.log]
    assert (asked.count("/broken"), asked.count("/taken")) == (1, 6)


def test_news_of_a_worker_that_died_is_carried_by_the_next(village: Village, receiver: HTTPServer) -> None:

    hook(village, receiver.url_for("/taken"))
    village.store.write(lambda tx: open_task(tx, NewTask(TaskKind.GATEWAY, site_id=village.site)), OPERATOR)
    assert len(village.store.write(lambda tx: take_along(tx, 5), OPERATOR)) == 1
    assert messenger.carry_news(village.parts) == 0
    village.clock.moment += LEASE
    assert messenger.carry_news(village.parts) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_wherever_it_leads(receiver: HTTPServer, status: int) -> None:
    """It is not even looked up: what was promised is a message to one address, not to whom that names."""
    courier, asked = RoadCourier(here_too=True), ["/leads"]
    for place in (
        "/taken",
        "http://10.0.0.5/",
        "http://[fd00::5]/",
        "http://169.254.169.254/latest/meta-data/",
    ):
        receiver.expect_oneshot_request("/leads").respond_with_data("", status, headers={"Location": place})
        assert courier.post(receiver.url_for("/leads"), b"{}", {}) == f"status_{status}"
        assert [request.path for request, _ in receiver.log] == asked
        asked.append("/leads")


def finding(addresses: list[str], _host: str, _port: int) -> list[str]:
    return addresses


@pytest.mark.parametrize(
    "answers",
    [["10.0.0.5"], ["169.254.169.254"], ["fd00::5"], ["fe80::1%eth0"], ["::ffff:192.168.1.1"], ["0.0.0.0"]],
)
def test_a_name_that_leads_into_a_private_network_when_it_is_asked_is_not_followed(
    answers: list[str],
) -> None:
    """It may have led elsewhere on the day when the webhook was added; one private address is enough."""
    for found in (answers, ["93.184.216.34", *answers]):
        courier = RoadCourier(here_too=False, look_up=partial(finding, found))
        assert courier.post("https://hmis.example.org/news", b"{}", {}) == "private_network"


def test_the_address_that_was_judged_is_the_one_that_is_connected_to(receiver: HTTPServer) -> None:
    """The name is looked up once for each connection; nobody else can tell where it leads."""
    answers = iter((["127.0.0.1"], ["10.0.0.5"]))
    courier = RoadCourier(here_too=True, look_up=lambda *_: next(answers))
    url = f"http://hmis.example.org:{receiver.port}/taken"
    assert courier.post(url, b"{}", {"Connection": "close"}) is None
    assert [request.host for request, _ in receiver.log] == [f"hmis.example.org:{receiver.port}"]
    assert courier.post(url, b"{}", {}) == "private_network"


def test_nothing_goes_into_our_own_network(receiver: HTTPServer) -> None:
    """Also not by a name that leads there: what counts is the address at the moment of connecting."""
    courier = RoadCourier(here_too=False)
    for host in ("127.0.0.1", "localhost", "[::1]"):
        url = f"https://{host}:{receiver.port}/taken"
        assert courier.post(url, b"{}", {}) == "private_network"
    assert courier.post(receiver.url_for("/taken"), b"{}", {}) == "plain_http"
    assert courier.post("https://nowhere.invalid/", b"{}", {}) not in (None, "private_network")
    assert not receiver.log


@SQLITE
def test_a_sign_of_life_is_given_only_while_nothing_waits(village: Village, receiver: HTTPServer) -> None:
    parts = replace(village.parts, heartbeat_url=receiver.url_for("/taken"))
    messenger.beat(parts)
    assert len(receiver.log) == 1
    village.put(person=village.woman())
    village.clock.moment += timedelta(minutes=10)
    messenger.beat(parts)
    assert len(receiver.log) == 1
