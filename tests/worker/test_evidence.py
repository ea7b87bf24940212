"""Providers that keep lists are asked before anything is sent twice, and for what we were not told of."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from scheduler import evidence
from scheduler.daily import once_a_day
from service.domain.message import Accepted, Unknown
from service.domain.phone import Phone
from service.ports import Listed, OutgoingText, TextReceived
from tests.worker.village import MONDAY, Answering, Village, at

TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)


@dataclass
class KeepsLists(Answering):
    """A provider with lists of what it took and of what came in."""

    taken: list[OutgoingText] = field(default_factory=list)
    inbound: list[TextReceived] = field(default_factory=list)

    def find(self, message: OutgoingText, since: datetime) -> Listed[Accepted]:
        found = [text for text in self.taken if text.to == message.to and text.text == message.text]
        return Listed(tuple(Accepted(f"listed-{text.attempt_id}") for text in found))

    def inbound_since(self, moment: datetime) -> Listed[TextReceived]:
        return Listed(tuple(self.inbound))


def listing(village: Village) -> KeepsLists:
    gateway = KeepsLists()
    village.parts = replace(village.parts, gateways={"fake": gateway})
    village.gateway = gateway
    return gateway


def test_a_text_that_the_provider_lists_was_taken(village: Village) -> None:
    gateway = listing(village)
    village.visit(village.woman(), WEDNESDAY)
    gateway.answers = [Unknown("ReadTimeout")]
    village.clock.moment = at(TUESDAY, "10:00")
    village.tick()
    gateway.taken = list(gateway.sent)
    assert village.message_states() == ["unknown"]
    village.clock.moment = at(TUESDAY, "10:04")
    assert evidence.look_up_unknown(village.parts) == 1
    assert village.message_states() == ["accepted"]
    assert village.ledger()["visit_d1"] == ("queued", None)


def test_a_text_that_the_provider_does_not_list_stays_unknown(village: Village) -> None:
    gateway = listing(village)
    village.visit(village.woman(), WEDNESDAY)
    gateway.answers = [Unknown("ReadTimeout")]
    village.clock.moment = at(TUESDAY, "10:00")
    village.tick()
    village.clock.moment = at(TUESDAY, "10:04")
    assert evidence.look_up_unknown(village.parts) == 0
    assert village.message_states() == ["unknown"]


def test_an_inbound_text_that_never_reached_us_is_taken_once(village: Village) -> None:
    gateway = listing(village)
    village.woman()
    gateway.inbound = [TextReceived("lost-1", "+26658100001", Phone("+26658100001"), "3", None)]
    assert evidence.reconcile_inbound(village.parts) == 1
    assert evidence.reconcile_inbound(village.parts) == 1
    assert village.tasks() == ["call_me"]


def test_daily_work_is_done_by_the_first_worker_only(village: Village) -> None:
    done: list[datetime] = []

    def work(parts: object) -> int:
        done.append(village.clock.now())
        return 1

    daily = once_a_day("work", work)
    assert (daily(village.parts), daily(village.parts)) == (1, 0)
    village.clock.moment += timedelta(days=1)
    assert daily(village.parts) == 1
    assert len(done) == 2
