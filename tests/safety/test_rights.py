"""Young clients, supporters, disclosures: what each of them agreed to, and no more."""

from uuid import UUID

import pytest

from service.actions import incident, supporter, visits
from service.actions.incident import Checked, NewIncident
from service.actions.supporter import NewSupporter, SupporterFault
from service.domain.care import VisitState
from service.domain.caseload import EVERYBODY
from service.domain.people import ClientKind, ConsentChannel, Wording
from service.domain.phone import Phone
from service.domain.safety import SupporterText
from service.reports.changes import incidents_in
from service.store.models.care import Task
from service.store.models.people import Client, Consent
from service.store.records import with_her
from tests.safety.place import COORDINATORS, DAY, HERS, OTHERS, Place, one_database

SIXTEEN = {"kind": ClientKind.AGYW, "wording": Wording.T1}


def girl(place: Place, *agreed: ConsentChannel, years: int = 16) -> UUID:
    born_on = place.today.replace(year=place.today.year - years)
    return place.woman(born_on=born_on, consents=frozenset({ConsentChannel.SMS, *agreed}), **SIXTEEN)


@one_database
@pytest.mark.parametrize("years", [15, 17])
def test_a_girl_gets_neutral_words_whatever_was_asked(place: Place, years: int) -> None:
    place.village.visit(girl(place, years=years), place.today + DAY)
    place.later(days=1)
    assert len(place.got()) == 1
    assert "booklet" not in place.got()[0]


def test_no_birthday_makes_her_texts_more_telling(place: Place) -> None:
    girl(place, years=17)
    assert [row.wording for row in place.village.rows(Client.wording)] == [Wording.T0]


def test_her_yes_to_each_way_is_kept_with_the_ground_in_law(place: Place) -> None:
    woman = girl(place, ConsentChannel.CALL)
    rows = place.village.rows(Consent.person_id, Consent.channel, Consent.given, Consent.basis)
    assert {row.channel: row.given for row in rows if row.person_id == woman} == {
        ConsentChannel.SMS: True,
        ConsentChannel.CALL: True,
        ConsentChannel.VISIT: False,
    }
    assert {row.basis for row in rows} == {"data_protection_act_2011_s34"}


@pytest.mark.parametrize(
    ("agreed", "asked"),
    [((), "missed_visit"), ((ConsentChannel.CALL,), "call_missed"), ((ConsentChannel.VISIT,), "home_visit")],
)
def test_nobody_is_sent_to_call_or_visit_her_without_her_own_yes(
    place: Place, agreed: tuple[ConsentChannel, ...], asked: str
) -> None:
    missed = place.village.visit(girl(place, *agreed), place.today)
    programme = place.village.parts.programme
    place.act(lambda tx: visits.record_attendance(tx, programme, missed, VisitState.MISSED))
    for _ in range(10):
        place.later(days=1)
    kinds = {kind for kind, _ in place.open_tasks()}
    assert asked in kinds
    assert not ({"call_missed", "home_visit"} - {asked}) & kinds


# --- supporters ---


class Helped:
    """A client who chose her sister to help her remember."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.client = place.woman()
        self.visit = place.village.visit(self.client, place.today + 2 * DAY)

    def name(
        self, phone: str = OTHERS, may: frozenset[SupporterText] = frozenset(SupporterText)
    ) -> UUID | SupporterFault:
        new = NewSupporter(self.client, "Mpho", Phone(phone), "en", may)
        programme = self.place.village.parts.programme
        return self.place.act(lambda tx: supporter.name_supporter(tx, programme, new))

    def named(self) -> UUID:
        found = self.name()
        assert isinstance(found, UUID)
        self.place.later(minutes=1)
        return found


@pytest.fixture
def helped(place: Place) -> Helped:
    return Helped(place)


def test_a_supporter_is_asked_first_and_hears_nothing_before_she_says_yes(helped: Helped) -> None:
    helped.named()
    helped.place.later(days=3)
    (asked,) = helped.place.got(OTHERS)
    assert asked.startswith("Hello Mpho. A friend asks us to send you dates")


def test_a_supporter_who_said_yes_gets_the_date_in_neutral_words_without_a_name(helped: Helped) -> None:
    helped.named()
    assert helped.place.say("1", OTHERS) == ["Rea leboha."]
    helped.place.later(days=2)
    assert helped.place.got(OTHERS)[2:] == [
        "Hello Mpho, please help to remember this date: Wednesday 25 November. Thank you. Palesa"
    ]
    assert helped.place.village.ledger()["visit_d1"][0] == "queued"


def test_a_supporter_gets_only_what_the_client_allowed(helped: Helped) -> None:
    helped.name(may=frozenset())
    helped.place.later(minutes=1)
    helped.place.say("1", OTHERS)
    helped.place.later(days=3)
    assert len(helped.place.got(OTHERS)) == 2


def test_a_supporter_who_says_stop_is_silent_and_the_client_is_not(helped: Helped) -> None:
    helped.named()
    helped.place.say("1", OTHERS)
    helped.place.later()
    helped.place.say("STOP", OTHERS)
    helped.place.later(days=3)
    assert not [text for text in helped.place.got(OTHERS) if "remember this" in text]
    assert [text for text in helped.place.got(HERS) if "tomorrow" in text]


def test_a_supporter_is_as_silent_as_the_client_after_a_disclosure(helped: Helped) -> None:
    helped.named()
    helped.place.say("1", OTHERS)
    disclosed(helped.place, helped.client)
    helped.place.later(days=3)
    assert not [text for text in helped.place.got(OTHERS) if "remember this" in text]


def test_support_ends_when_the_client_says_so(helped: Helped) -> None:
    someone = helped.named()
    helped.place.say("1", OTHERS)
    assert helped.place.act(lambda tx: supporter.end_support(tx, someone))
    assert not helped.place.act(lambda tx: supporter.end_support(tx, someone))
    helped.place.later(days=3)
    assert not [text for text in helped.place.got(OTHERS) if "remember this" in text]


def test_a_client_has_one_supporter_with_a_phone_of_her_own(helped: Helped) -> None:
    assert helped.name(HERS) is SupporterFault.HER_OWN_PHONE
    helped.named()
    assert helped.name("+26658100003") is SupporterFault.HAS_ONE


# --- disclosures ---


def disclosed(place: Place, client: UUID, *, record_opened: bool = False) -> UUID:
    new = NewIncident(client, "Her brother read a text.", record_opened)
    return place.act(lambda tx: incident.report_disclosure(tx, place.village.parts.programme, new))


def test_after_a_disclosure_she_gets_nothing_and_her_supervisor_is_asked_at_once(place: Place) -> None:
    client = place.woman()
    waiting = place.village.put(person=client, phone=HERS)
    place.village.visit(client, place.today + 2 * DAY)
    disclosed(place, client)
    assert place.village.state(waiting) == "cancelled"
    assert place.open_tasks() == [("disclosure", COORDINATORS)]
    place.later(days=2)
    assert place.got() == []
    assert place.state_of(client) == ("muted", "disclosure")


def test_the_supervisor_has_a_day_for_it(place: Place) -> None:
    disclosed(place, place.woman())
    (task,) = place.village.rows(Task.due_at, Task.opened_at)
    assert task.due_at - task.opened_at == DAY


def test_texts_go_on_once_somebody_has_seen_whether_she_is_safe(place: Place) -> None:
    client = place.woman()
    place.village.visit(client, place.today + 2 * DAY)
    reported = disclosed(place, client, record_opened=True)
    checked = Checked(safe=True, referred=False)
    assert place.act(lambda tx: incident.resume_after(tx, reported, checked))
    assert not place.act(lambda tx: incident.resume_after(tx, reported, checked))
    place.later(days=2)
    assert len(place.got()) == 1
    assert place.open_tasks("disclosure") == []
    (row,) = place.read(lambda reading: incidents_in(reading, EVERYBODY, 9))
    assert (row.record_opened, row.safe, row.referred) == (True, True, False)


def test_whoever_is_erased_takes_her_supporter_with_her(helped: Helped) -> None:
    someone = helped.named()
    assert helped.place.read(lambda reading: with_her(reading, helped.client)) == (someone,)
