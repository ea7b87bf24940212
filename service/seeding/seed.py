"""Filling an empty database for the demonstration."""

from typing import Final

from sqlalchemy import select

from service.domain.people import Actor, ActorKind
from service.programme import Programme
from service.seeding.past import live
from service.seeding.story import Story
from service.store.models.operations import Mark
from service.store.transaction import Reading, Transaction

SEEDED: Final = "seeded_by_demo"
"""The mark of a database that must never meet a real gateway."""

SEEDER: Final = Actor(ActorKind.SYSTEM, "demo")


def seed(tx: Transaction, programme: Programme, gateway: str) -> None:
    """Ten weeks of the lives of made-up people, up to now, and their dates to come."""
    story = Story(programme, gateway, programme.today(tx.now))
    live(tx, programme, gateway, story.events(), until=tx.now)
    tx.add_once(Mark, name=SEEDED, value="", recorded_at=tx.now)


def is_seeded(reading: Reading) -> bool:
    return reading.connection.scalar(select(Mark.name).where(Mark.name == SEEDED)) is not None
