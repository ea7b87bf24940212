"""What a watcher of machines sees: how much waits and how long, and nothing of anybody."""

import socket
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from handlers.app import create_app
from handlers.metrics import shown_apart
from tests.journeys.service import Service, open_service

pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    with open_service(database_url) as opened:
        yield opened


def seen(text: str) -> dict[str, float]:
    """Each value by its name and, where it has labels, theirs."""
    return {
        " ".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def look(service: Service) -> dict[str, float]:
    return seen(service.web.get("/metrics").text)


def test_a_quiet_service_has_nothing_late_and_has_heard_nothing_yet(service: Service) -> None:
    found = look(service)
    assert (found["khopotso_database_up"], found["khopotso_late"], found["khopotso_unknown"]) == (1, 0, 0)
    assert "khopotso_oldest_due_seconds" not in found
    assert "khopotso_last_receipt_seconds" not in found
    assert found["khopotso_account_good africastalking"] == 1


def test_what_waits_is_counted_by_class_and_its_age_told(service: Service) -> None:
    village = service.village
    village.put(person=village.woman())
    village.clock.moment += timedelta(minutes=10)
    village.texts("BLEEDING")
    found = look(service)
    assert (found["khopotso_late"], found["khopotso_oldest_due_seconds"]) == (1, 600)
    assert found["khopotso_queued R2"] == 1
    assert (found["khopotso_tasks_open now"], found["khopotso_danger_unanswered"]) == (1, 1)
    assert service.web.get("/readyz").text == "ready\nbacklog\n"
    assert "58100001" not in service.web.get("/metrics").text


def test_a_call_is_timed_and_its_screens_are_counted(service: Service) -> None:
    service.hook("ussd", sessionId="s-1", phoneNumber="+26658123456", serviceCode="*123#", text="")
    service.hook("ussd", sessionId="s-1", phoneNumber="+26658123456", serviceCode="*123#", text="9")
    service.village.clock.moment += timedelta(minutes=1)
    found = look(service)
    assert found["khopotso_ussd_seconds_count"] == 2
    assert found["khopotso_ussd_calls_hour open"] == 1
    assert any(name.startswith("khopotso_ussd_screens_hour") for name in found)


def test_metrics_may_have_an_address_of_their_own(service: Service, unused_port: int) -> None:
    parts = replace(service.village.parts, metrics_bind=("127.0.0.1", unused_port))
    app = create_app(parts)
    assert app.test_client().get("/metrics").status_code == 404
    address = f"http://127.0.0.1:{unused_port}/metrics"
    # The second finds the address taken, and goes on without.
    with shown_apart(app, parts), shown_apart(app, parts), urllib.request.urlopen(address) as answer:
        assert seen(answer.read().decode())["khopotso_database_up"] == 1


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
