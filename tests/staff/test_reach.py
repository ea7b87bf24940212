"""How she wants to be reached, on a page: her language, her words, her days and hours."""

from datetime import date, timedelta

from sqlalchemy import select, update

from service.actions.consent import stop_texts
from service.domain.people import OPERATOR, ConsentChannel, Wording
from service.store.models.messages import Message
from service.store.models.operations import AuditRow
from service.store.models.people import Client, Consent, Person
from service.store.records import ClientRecord, client, links_of
from tests.staff.house import House
from tests.worker.village import MASERU, MONDAY, at

SESOTHO = {"language": "st", "wording": "T0"}
MORE = {"language": "en", "wording": "T1"}


def reach(house: House, **fields: str | list[str]) -> str:
    record = f"/staff/clients/{house.here.code}/record"
    form = f"/staff/clients/{house.here.code}/reach"
    answer = house.mentor.send(form, from_page=record, to=record, **fields)
    return answer.to.rpartition("told=")[2] or str(answer.status)


def her(house: House) -> ClientRecord:
    return house.village.store.read(lambda reading: client(reading, house.here.woman))


def yeses(house: House) -> int:
    woman = house.here.woman
    return sum(
        row.person_id == woman and row.channel is ConsentChannel.SMS and row.given
        for row in house.village.rows(Consent.person_id, Consent.channel, Consent.given)
    )


def test_her_next_text_speaks_her_language_in_her_hours_and_it_is_noted_who_changed_it(house: House) -> None:
    hours, days = {"starts": "14:00", "ends": "16:00"}, ["2", "3"]
    assert reach(house, **SESOTHO, **hours, days=days) == "reach_noted"
    assert reach(house, **SESOTHO, **hours, days=days) == "nothing_new"
    planned = house.mentor.open(f"/staff/clients/{house.here.code}").text.partition("Her next texts")[2]
    assert "tomorrow, 14:00 · a week before" in planned
    house.village.work_through(at(MONDAY, "09:00"), at(MONDAY + timedelta(days=2), "20:00"))
    sent = [
        row for row in house.village.rows(Message.person_id, Message.sent_at, Message.language) if row.sent_at
    ]
    hers = [
        (f"{row.sent_at.astimezone(MASERU):%a %H}", row.language)
        for row in sent
        if row.person_id == her(house).id
    ]
    assert hers
    assert set(hers) <= {(f"{day} {hour}", "st") for day in ("Tue", "Wed") for hour in (14, 15)}
    page = house.signed_in(house.here.mentor).open(f"/staff/clients/{house.here.code}").text
    assert "14:00–16:00 Tuesday, Wednesday" in page
    assert "neutral · Sesotho" in page
    noted = select(AuditRow.detail, AuditRow.actor).where(AuditRow.verb == "reach")
    (row,) = house.village.store.read(lambda reading: reading.connection.execute(noted).all())
    assert row.detail == "language st, hours, days"
    assert row.actor == f"staff:{house.here.mentor}"


def test_less_telling_words_need_nothing_and_more_telling_ones_her_own_yes(house: House) -> None:
    before = yeses(house)
    assert reach(house, **MORE) == "reach_needs_her_yes"
    assert her(house).wording is Wording.T0
    assert reach(house, **MORE, says_yes="yes") == "reach_noted"
    assert her(house).wording is Wording.T1
    assert yeses(house) == before + 1
    assert reach(house, **SESOTHO | {"wording": "none"}) == "reach_noted"
    assert her(house).wording is Wording.NONE
    assert reach(house, **SESOTHO) == "reach_needs_her_yes"
    assert yeses(house) == before + 1


def test_whoever_said_stop_begins_again_from_her_own_phone_alone(house: House) -> None:
    (link,) = house.village.store.read(lambda reading: links_of(reading, house.here.woman))
    house.village.store.write(lambda tx: stop_texts(tx, link.phone_id), OPERATOR)
    assert reach(house, **MORE, says_yes="yes") == "reach_she_said_stop"
    assert her(house).wording is Wording.T0
    assert her(house).language == "en"


def test_a_minor_stays_neutral_whatever_she_says(house: House) -> None:
    born = update(Person).where(Person.id == house.here.woman).values(born_on=date(2009, 11, 24))
    house.village.store.write(lambda tx: tx.connection.execute(born), OPERATOR)
    assert reach(house, **MORE, says_yes="yes") == "reach_too_young"
    assert her(house).wording is Wording.T0


def test_hours_in_which_no_text_could_go_are_refused(house: House) -> None:
    for odd in ({"starts": "18:00", "ends": "20:00"}, {"starts": "12:00", "ends": "11:00"}, {"days": "7"}):
        assert reach(house, **SESOTHO | odd) == "reach_no_hour"
    for odd in ({"days": "8"}, {"days": "x"}, {"starts": "noon"}, {"language": "xx"}, {"wording": "T2"}):
        assert reach(house, **SESOTHO | odd) == "400"
    assert [row.safe_from for row in house.village.rows(Client.safe_from) if row.safe_from] == []
