"""A server gets ready before anybody calls, and leaves no trace of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine.interfaces import CacheStats

from handlers import sms
from handlers.gateways.cumulative import Call
from handlers.rehearsal import rehearse
from service.domain.phone import Phone
from service.ports import TextReceived
from service.store import database
from service.store.models.operations import KeyCheck
from service.store.store import Store
from tests.journeys.service import Service
from tests.store.every_table import everything_in

STRANGER = Phone("+26658100099")


def called_and_written(service: Service) -> None:
    service.hook("ussd", **Call("s-1", "*123#", STRANGER).form())
    sms.take(service.village.parts, "fake", TextReceived("in-1", STRANGER.e164, STRANGER, "hello", None))


def test_the_first_caller_meets_statements_that_are_ready(service: Service) -> None:
    made: list[str] = []

    def note(_: Any, __: Any, statement: str, ___: Any, context: Any, ____: Any) -> None:
        looks_at_keys = KeyCheck.__tablename__ in statement  # which every writer does once in a while
        if context.cache_hit is CacheStats.CACHE_MISS and not looks_at_keys:
            made.append(statement)

    rehearse(service.village.parts)
    event.listen(service.village.store.database.writing, "after_cursor_execute", note)
    called_and_written(service)
    assert made == []


def test_nothing_is_left_of_it(service: Service) -> None:
    before = everything_in(service.village.store)
    rehearse(service.village.parts)
    assert everything_in(service.village.store) == before


def test_a_server_whose_database_is_away_begins_all_the_same(service: Service, tmp_path: Path) -> None:
    parts, nobody = service.village.parts, f"postgresql+psycopg://postgres@/khopotso?host={tmp_path}"
    with Store(database.connect(nobody), parts.store.vault, parts.clock) as away:
        rehearse(replace(parts, store=away))
