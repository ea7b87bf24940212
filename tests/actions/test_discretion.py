"""How much a text tells, with all that the record knows, from the plan to the last look."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from scheduler import planner
from service.actions.consent import T1_SCRIPTS, WORDING_VERSION
from service.domain.message import MessageClass
from service.domain.people import OPERATOR, ClientKind, ConsentChannel, PhoneOwner, Wording
from service.store.models.messages import Message
from service.store.models.people import Client, Consent, PersonPhone
from service.store.transaction import Transaction
from tests.actions.talk import HERS
from tests.worker.village import MONDAY, Village, at

TUESDAY = MONDAY + timedelta(days=1)


def told(village: Village) -> list[tuple[str, Wording]]:
    """What was put into the outbox on the day before her visit."""
    village.clock.moment = at(MONDAY, "10:00")
    village.tick()
    return [(row.text_id, row.wording) for row in village.rows(Message.text_id, Message.wording)]


def test_a_phone_of_her_own_gets_the_words_that_she_chose(village: Village) -> None:
    village.visit(village.woman(wording=Wording.T1), TUESDAY)
    assert told(village) == [("visit_d1_t1", Wording.T1)]


@pytest.mark.parametrize(
    "known",
    [
        {"phone_owner": PhoneOwner.SHARED},
        {"phone_owner": PhoneOwner.OTHER},
        {"born_on": date(2009, 1, 1)},
        {"kind": ClientKind.AGYW},
    ],
    ids=str,
)
def test_a_doubt_makes_it_neutral(village: Village, known: dict[str, Any]) -> None:
    village.visit(village.woman(wording=Wording.T1, **known), TUESDAY)
    assert told(village) == [("visit_d1", Wording.T0)]


def test_two_clients_on_a_number_get_neutral_words(village: Village) -> None:
    village.visit(village.woman(wording=Wording.T1), TUESDAY)
    village.woman(nickname="Lerato")
    assert told(village) == [("visit_d1", Wording.T0)]


def test_a_script_that_did_not_name_the_words_does_not_allow_them(village: Village) -> None:
    village.visit(village.woman(wording=Wording.T1), TUESDAY)
    village.store.write(
        lambda tx: tx.connection.execute(update(Consent).values(wording_version="2019-01")), OPERATOR
    )
    assert told(village) == [("visit_d1", Wording.T0)]
    assert "2019-01" not in T1_SCRIPTS


@pytest.mark.parametrize("doubt", ["shared", "chose neutral", "another client"])
def test_a_doubt_that_comes_up_while_a_text_waits_makes_it_neutral_before_it_leaves(
    village: Village, doubt: str
) -> None:
    woman = village.woman(wording=Wording.T1)
    village.visit(woman, TUESDAY)
    village.clock.moment = at(MONDAY, "10:00")
    planner.put_due(village.parts)
    _raise(village, doubt)
    village.dispatch()
    assert village.gateway.sent == []
    village.tick()
    (sent,) = village.gateway.sent
    assert "booklet" not in sent.text
    assert [row.text_id for row in village.rows(Message.text_id)] == ["visit_d1_t1", "visit_d1"]


def _raise(village: Village, doubt: str) -> None:
    if doubt == "another client":
        village.woman(nickname="Lerato")
        return

    def raised(tx: Transaction) -> None:
        hers = (
            update(PersonPhone).values(owner=PhoneOwner.SHARED)
            if doubt == "shared"
            else update(Client).values(wording=Wording.T0)
        )
        tx.connection.execute(hers)

    village.store.write(raised, OPERATOR)


@pytest.mark.parametrize("message_class", [MessageClass.R1, MessageClass.R2, MessageClass.B, MessageClass.C])
def test_no_text_that_she_did_not_ask_for_tells_more_than_she_agreed_to(
    village: Village, message_class: MessageClass
) -> None:
    woman = village.woman()
    village.put(message_class, woman)
    village.store.write(
        lambda tx: tx.connection.execute(update(Message).values(wording=Wording.T1)), OPERATOR
    )
    village.dispatch()
    assert (village.gateway.sent, village.message_states()) == ([], ["cancelled"])


# --- consents ---------------------------------------------------------------------------------------------


def test_a_yes_or_no_to_texts_calls_and_visits_is_kept_apart_with_its_script_and_day(
    village: Village,
) -> None:
    woman = village.woman(consents=frozenset({ConsentChannel.SMS, ConsentChannel.VISIT}))
    village.texts("STOP", HERS)
    village.clock.moment += timedelta(minutes=5)
    village.texts("START", HERS)
    rows = village.store.read(
        lambda reading: reading.connection.execute(
            select(Consent.channel, Consent.given, Consent.wording_version, Consent.through, Consent.actor)
            .where(Consent.person_id == woman, Consent.occurred_at.is_not(None))
            .order_by(Consent.occurred_at, Consent.channel)
        ).all()
    )
    assert {row.wording_version for row in rows} == {WORDING_VERSION}
    assert all(row.actor and row.through for row in rows)
    said = [(row.channel.value, row.given) for row in rows]
    assert sorted(said) == [("call", False), ("sms", False), ("sms", True), ("sms", True), ("visit", True)]
