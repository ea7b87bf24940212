"""Whatever becomes of a text, its reminder follows; whatever mistake opens one again, there is one text."""

from datetime import timedelta

from sqlalchemy import update

from service.domain.ledger import LedgerState
from service.domain.message import Refusal, Refused
from service.domain.people import OPERATOR
from service.store.models.messages import LedgerEntry, Message
from tests.worker.changes import TUESDAY, WEDNESDAY
from tests.worker.village import Village, at

TEN = at(TUESDAY, "10:00")


def test_a_reminder_that_was_sent_and_is_planned_once_more_is_closed_as_a_duplicate(village: Village) -> None:
    village.visit(village.woman(), WEDNESDAY)
    village.clock.moment = TEN
    village.tick()
    opened = update(LedgerEntry).where(LedgerEntry.step == "visit_d1").values(state=LedgerState.PLANNED)
    long_ago = TEN - timedelta(days=30)  # so that the cap of the day is not what stops it
    aged = update(Message).values(created_at=long_ago, sent_at=long_ago)
    for change in (opened, aged):
        village.store.write(lambda tx, change=change: tx.connection.execute(change), OPERATOR)  # type: ignore[misc]
    village.clock.moment = at(TUESDAY, "11:00")
    village.tick()
    assert len(village.gateway.sent) == 1
    assert village.ledger()["visit_d1"] == ("suppressed", "duplicate")


def test_a_reminder_whose_text_is_refused_ends_with_it(village: Village) -> None:
    village.visit(village.woman(), WEDNESDAY)
    village.gateway.answers = [Refused(Refusal.NO_ROUTE)]
    village.clock.moment = TEN
    village.tick()
    assert village.ledger()["visit_d1"] == ("failed", "no_route")
