"""What a provider said of a text is kept, though the database was away when it said so."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from threading import Timer

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from service.actions import deliver
from service.domain.message import Accepted, MessageClass, Money, SendResult
from service.domain.people import OPERATOR
from service.ports import OutgoingText
from service.store import outbox
from service.store.models.operations import Counter
from tests.worker.village import MONDAY, Answering, Village, at

AWAY = 0.8


@dataclass
class Severed(Answering):
    """While it has a text in hand, the database shuts its doors for a moment."""

    url: str = ""
    again: list[Timer] = field(default_factory=list)

    def send(self, message: OutgoingText) -> SendResult:
        answer = super().send(message)
        shut(self.url, True)
        self.again.append(Timer(AWAY, shut, (self.url, False)))
        self.again[-1].start()
        return answer


def shut(url: str, away: bool) -> None:
    place = make_url(url)
    name = sql.Identifier(str(place.database))
    with psycopg.connect(host=str(place.query["host"]), user="postgres", autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(name, sql.Literal(not away)))
        if away:
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            admin.execute(ended, (str(place.database),))


@pytest.fixture
def severed(village: Village, database_url: str) -> Iterator[Severed]:
    gateway = Severed(url=database_url)
    village.parts = replace(village.parts, gateways={gateway.name: gateway})
    yield gateway
    for timer in gateway.again:
        timer.join()


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
def test_a_text_is_not_unknown_because_the_database_was_away_for_a_moment(
    village: Village, severed: Severed
) -> None:
    village.clock.moment = at(MONDAY, "10:00")
    message = village.put(MessageClass.C)
    village.dispatch()
    assert (len(severed.sent), village.state(message)) == (1, "accepted")


def test_what_is_told_twice_counts_once(village: Village) -> None:
    village.clock.moment = at(MONDAY, "10:00")
    message = village.put(MessageClass.C)
    (claimed,) = village.store.write(lambda tx: outbox.claim(tx, 1), OPERATOR)
    sending = village.store.write(
        lambda tx: deliver.begin(tx, village.parts.programme, claimed, "fake"), OPERATOR
    )
    assert sending
    said = Accepted("p-1", 1, Money(Decimal("0.35"), "LSL"))
    for _ in range(2):
        village.store.write(lambda tx: deliver.settle(tx, sending, said), OPERATOR)
    (spent,) = (row.count for row in village.rows(Counter.name, Counter.count) if row.name == "spent")
    assert (village.state(message), spent) == ("accepted", 350_000)
