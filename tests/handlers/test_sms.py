"""Inbound texts over the provider's route: each is durable before it is called taken, and read once."""

import pytest

from service.store.models.care import Task
from service.store.models.messages import Inbound
from tests.journeys.service import Service

PHONE = "+26658100001"


def text(service: Service, **form: str) -> None:
    whole = {"id": "m-1", "from": PHONE, "to": "21512", "text": "hello", "date": "2026-11-23 10:00:00"}
    assert service.hook("sms", **(whole | form)).status_code == 200


def test_a_text_is_stored_once_for_the_id_that_the_provider_gave_it(service: Service) -> None:
    for _ in range(3):
        text(service)
    text(service, id="m-2")
    assert len(service.village.rows(Inbound.id)) == 2


def test_without_an_id_every_copy_counts_for_none_may_be_lost(service: Service) -> None:
    for _ in range(2):
        text(service, id="")
    assert len(service.village.rows(Inbound.id)) == 2


@pytest.mark.parametrize("sender", ["+26658100001", " 26658100001", "26658100001"])
def test_a_number_is_known_in_each_way_in_which_providers_write_it(service: Service, sender: str) -> None:
    woman = service.village.woman(PHONE)
    text(service, **{"from": sender, "text": "3"})
    assert [row.client_id for row in service.village.rows(Task.client_id)] == [woman]


@pytest.mark.parametrize("date", ["2026-11-23T08:00:00Z", "2026-11-23 08:00:00", "yesterday", ""])
def test_a_date_is_read_where_it_is_one(service: Service, date: str) -> None:
    text(service, date=date)
    (row,) = service.village.rows(Inbound.occurred_at)
    assert (row.occurred_at is not None) == date.startswith("2026")


def test_a_text_is_in_the_database_when_it_is_called_taken(service: Service) -> None:
    text(service, text="I am lost")
    (row,) = service.village.rows(Inbound.id, Inbound.body)
    assert service.village.store.vault.open(Inbound.body, row.id, row.body) == "I am lost"


def test_bytes_that_databases_refuse_are_left_out(service: Service) -> None:
    text(service, text="a\0b")
    (row,) = service.village.rows(Inbound.id, Inbound.body)
    assert service.village.store.vault.open(Inbound.body, row.id, row.body) == "ab"
