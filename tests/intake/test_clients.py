"""``clients.csv`` from its columns to the rows that it becomes."""

from collections.abc import Iterator, Sequence
from datetime import date, time

import pytest
from sqlalchemy import select, update

from service.actions.deliver import begin
from service.actions.numbers import link, note
from service.domain.code import is_code
from service.domain.ids import new_id
from service.domain.message import MessageState
from service.domain.people import (
    OPERATOR,
    ClientKind,
    ConsentChannel,
    EnrolledThrough,
    PersonKind,
    PhoneOwner,
    Sex,
    Wording,
)
from service.domain.phone import Phone
from service.intake import clients as say
from service.intake.cells import EMPTY, Problem
from service.intake.clients import ClientFile, ClientRow, NewHere
from service.intake.place import Place
from service.intake.register import BY_REGISTER, NUMBER_ALONE, OTHER_WOMAN, TWICE
from service.intake.taking import Manner, Match, Numbered, Overtaken, Verdict, read_rows
from service.store import outbox
from service.store.models.messages import Message
from service.store.models.operations import AuditRow
from service.store.models.people import (
    Client,
    Consent,
    District,
    Import,
    Person,
    PersonPhone,
    PhoneNumber,
    Site,
    Staff,
)
from service.store.records import clients_at
from service.store.transaction import Reading, Transaction
from tests.intake.office import Office, complaints, sheet_of

NEEDED = "phone,nickname,language,site,consent_sms,enrolled_on"
LINEO = "58100001,Lineo,st,Ha Demo,yes,2026-11-02"
MPHO = "58100002,Mpho,en,ha  demo,no,01/11/2026"
TWO = f"{NEEDED}\n{LINEO}\n{MPHO}"


def row(place: Place, **cells: str) -> tuple[ClientRow, tuple[Problem, ...]]:
    """The one row of a file with these cells besides Lineo's."""
    given = {**dict(zip(NEEDED.split(","), LINEO.split(","), strict=True)), **cells}
    sheet = sheet_of(",".join(given) + "\n" + ",".join(f'"{cell}"' for cell in given.values()))
    (only,) = read_rows(ClientFile(place), sheet).lines
    return only.row, only.problems


def test_what_a_row_must_say_is_enough(place: Place) -> None:
    read, problems = row(place)
    assert not problems
    new = read.client
    assert (new.phone, new.nickname, new.language) == (Phone("+26658100001"), "Lineo", "st")
    assert (read.site, new.enrolled_on, new.consents) == (
        "Ha Demo",
        date(2026, 11, 2),
        frozenset({ConsentChannel.SMS}),
    )
    assert (new.kind, new.wording, new.phone_owner) == (ClientKind.OTHER, Wording.T0, PhoneOwner.OWN)
    assert (new.phone_confirmed, new.enrolled_through) == (True, EnrolledThrough.FACILITY)


def test_what_a_row_may_say(place: Place) -> None:
    read, problems = row(
        place,
        mentor_phone="58100009",
        kind="Pregnant",
        wording="t1",
        phone_owner="shared",
        phone_confirmed="che",
        consent_call="e",
        consent_visit="0",
        safe_from="10:00",
        safe_to="12:30",
        safe_days="mon-wed",
        born_on="2000-01-31",
        sex="female",
        edd="01/05/2027",
        register_no="PMTCT 7/26",
        enrolled_through="community",
    )
    assert not problems
    new = read.client
    assert read.mentor_phone == Phone("+26658100009")
    assert (new.kind, new.wording, new.phone_owner) == (
        ClientKind.PREGNANT,
        Wording.T1,
        PhoneOwner.SHARED,
    )
    assert not new.phone_confirmed
    assert new.consents == {ConsentChannel.SMS, ConsentChannel.CALL}
    assert (new.safe_from, new.safe_to, new.safe_days) == (time(10), time(12, 30), frozenset({1, 2, 3}))
    assert (new.born_on, new.sex, new.edd) == (date(2000, 1, 31), Sex.FEMALE, date(2027, 5, 1))
    assert (new.register_no, new.enrolled_through) == ("PMTCT 7/26", EnrolledThrough.COMMUNITY)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("phone", "5810000"),
        ("phone", "2.66581E+10"),
        ("nickname", "a name that is far too long"),
        ("language", "fr"),
        ("site", "58100001"),
        ("consent_sms", "maybe"),
        ("consent_sms", ""),
        ("enrolled_on", "2026-11-24"),
        ("enrolled_on", "31/11/2026"),
        ("mentor_phone", "call me"),
        ("kind", "mother"),
        ("wording", "T2"),
        ("phone_owner", "husband"),
        ("phone_confirmed", "perhaps"),
        ("consent_call", "2"),
        ("consent_visit", "x"),
        ("safe_from", "nine"),
        ("safe_to", "25:00"),
        ("safe_days", "weekend"),
        ("born_on", "2026-12-01"),
        ("born_on", "01/31/2000"),
        ("sex", "woman"),
        ("edd", "2036-05-01"),
        ("register_no", "7" * 61),
        ("enrolled_through", "fax"),
    ],
)
def test_a_bad_value_is_reported_with_its_column_and_never_repeated(
    place: Place, column: str, cell: str
) -> None:
    _, problems = row(place, **{column: cell})
    assert complaints(problems) == [(2, column)]
    assert not cell or cell not in problems[0].reason


def test_all_that_is_wrong_with_a_row_is_reported(place: Place) -> None:
    _, problems = row(place, phone="", language="fr", sex="?", site="")
    assert {problem.column for problem in problems} == {"phone", "language", "sex", "site"}
    assert Problem(2, "phone", EMPTY) in problems


def test_hours_that_end_before_they_begin_are_refused(place: Place) -> None:
    _, problems = row(place, safe_from="14:00", safe_to="09:00")
    assert problems == (Problem(2, "safe_to", say.ENDS_EARLY),)


@pytest.mark.parametrize(("born_on", "refused"), [("2008-11-24", True), ("2008-11-23", False)])
def test_frank_wording_is_for_adults(place: Place, born_on: str, refused: bool) -> None:
    _, problems = row(place, born_on=born_on, wording="T1")
    assert problems == ((Problem(2, "wording", say.TOO_YOUNG),) if refused else ())
    assert not row(place, born_on=born_on)[1]


def test_nobody_is_enrolled_before_she_is_born(place: Place) -> None:
    _, problems = row(place, born_on="2026-11-03")
    assert problems == (Problem(2, "enrolled_on", say.BORN_LATER),)


# --- with a database -----------------------------------------------------------------------------------


def test_good_rows_become_clients(office: Office) -> None:
    report = office.takes(ClientFile(office.place), TWO)
    assert (report.read, report.taken, report.refused, report.known) == (2, 2, 0, ())
    assert office.has(Client) == 2
    rows = office.rows(Client.code, Client.import_id, Client.actor)
    assert all(is_code(code) and import_id == report.import_id for code, import_id, _ in rows)
    assert {actor for _, _, actor in rows} == {"operator"}
    assert sorted(office.rows(Consent.given, Consent.channel)).count((True, ConsentChannel.SMS)) == 1


def test_an_import_is_kept_with_the_hash_of_its_file_and_in_the_audit(office: Office) -> None:
    report = office.takes(ClientFile(office.place), TWO)
    assert office.rows(Import.id, Import.kind, Import.rows, Import.file_hash, Import.undone_at) == [
        (report.import_id, "clients", 2, "0" * 64, None)
    ]
    assert ("import", "clients", "2 rows") in office.rows(AuditRow.verb, AuditRow.noun, AuditRow.detail)


def test_the_same_file_again_changes_nothing(office: Office) -> None:
    kind = ClientFile(office.place, "Berea", welcomes=True)
    office.takes(kind, TWO)
    before = [office.has(table) for table in (Client, Person, Consent, Message, Import, AuditRow)]
    report = office.takes(kind, TWO)
    assert (report.taken, report.known, report.refused, report.import_id) == (0, (2, 3), 0, None)
    assert [office.has(table) for table in (Client, Person, Consent, Message, Import, AuditRow)] == before


def test_a_row_that_stands_twice_is_taken_once(office: Office) -> None:
    again = "+266 5810 0001,LINEO,en,Ha Demo,no,2026-11-03"
    report = office.takes(ClientFile(office.place), f"{TWO}\n{again}")
    assert (report.taken, report.known) == (2, (4,))


def test_two_clients_may_share_a_number_under_two_nicknames(office: Office) -> None:
    report = office.takes(ClientFile(office.place), f"{NEEDED}\n{LINEO}\n{LINEO.replace('Lineo', 'Neo')}")
    assert report.taken == 2
    assert office.has(PhoneNumber) == 1
    ((phone_id,),) = office.rows(PhoneNumber.id)
    found = office.store.read(lambda reading: clients_at(reading, phone_id))
    assert [client.nickname for client in found] == ["Lineo", "Neo"]


def test_somebody_who_was_reached_at_a_number_once_is_known(office: Office) -> None:
    office.takes(ClientFile(office.place), TWO)
    moment = office.clock.now()
    office.store.write(lambda tx: tx.connection.execute(update(PersonPhone).values(until=moment)), OPERATOR)
    assert office.takes(ClientFile(office.place), TWO).known == (2, 3)


def test_a_bad_row_stops_the_whole_file(office: Office) -> None:
    report = office.takes(ClientFile(office.place, "Berea"), f"{TWO}\n123,X,st,New place,yes,2026-11-02")
    assert (report.read, report.good, report.taken, report.refused) == (3, 2, 0, 1)
    assert complaints(report.problems) == [(4, "phone")]
    assert (office.has(Client), office.has(Import), office.has(Site)) == (0, 0, 1)


def test_good_rows_are_taken_in_spite_of_bad_ones_if_that_is_asked_for(office: Office) -> None:
    table = f"{TWO}\n123,X,st,Ha Demo,yes,2026-11-02"
    report = office.takes(ClientFile(office.place), table, Manner.PARTIAL)
    assert (report.good, report.taken, report.refused) == (2, 2, 1)
    assert office.has(Client) == 2


def test_a_rehearsal_says_what_would_happen_and_writes_nothing(office: Office) -> None:
    kind = ClientFile(office.place, "Berea")
    table = f"{TWO}\n58100003,Neo,st,New place,yes,2026-11-02"
    rehearsed = office.rehearses(kind, table)
    assert (rehearsed.good, rehearsed.taken, office.has(Client), office.has(Site)) == (3, 0, 0, 1)
    taken = office.takes(kind, table)
    assert (taken.good, taken.taken, taken.notes) == (3, 3, rehearsed.notes)


def test_an_unknown_site_is_reported_with_what_else_is_wrong(office: Office) -> None:
    report = office.takes(ClientFile(office.place), f"{NEEDED}\n12,Lineo,st,Nowhere,yes,2026-11-02")
    assert complaints(report.problems) == [(2, "phone"), (2, "site")]
    assert report.problems[1].reason == say.NO_SITE


def test_unknown_sites_are_made_in_their_district_if_that_is_asked_for(office: Office) -> None:
    table = "\n".join(
        [NEEDED, LINEO]
        + [
            f"5810001{n},Neo{n},st,{site},yes,2026-11-02"
            for n, site in enumerate(("Koro", " KORO", "Lesobeng"))
        ]
    )
    report = office.takes(ClientFile(office.place, "Thaba-Tseka"), table)
    assert report.taken == 4
    places = select(Site.name, District.name, Site.activated_at).join(District)
    assert {
        (name, district) for name, district, activated in office.answers(places) if activated is None
    } == {
        ("Koro", "Thaba-Tseka"),
        ("Lesobeng", "Thaba-Tseka"),
    }
    assert "2 (lines 3, 5)" in report.notes[0]
    assert "Koro" not in report.notes[0]


def test_a_mentor_is_found_by_her_number(office: Office) -> None:
    mentor = office.store.write(_mentor, OPERATOR)
    table = f"{NEEDED},mentor_phone\n{LINEO},58100009\n{MPHO},58100008"
    report = office.takes(ClientFile(office.place), table, Manner.PARTIAL)
    assert report.problems == (Problem(3, "mentor_phone", say.NO_STAFF),)
    assert office.rows(Client.mentor_id) == [(mentor,)]


def _mentor(tx: Transaction) -> object:
    staff_id = new_id()
    name = tx.vault.seal(Person.name, staff_id, "Palesa")
    tx.add(
        Person,
        id=staff_id,
        kind=PersonKind.STAFF,
        name=name,
        language="st",
        created_at=tx.now,
        actor=str(tx.actor),
    )
    tx.add(Staff, id=staff_id, name_index=tx.vault.index("staff", "palesa"), on_call=False)
    link(tx, staff_id, note(tx, Phone("+26658100009")), PhoneOwner.OWN, "staff")
    return staff_id


def test_an_imported_number_is_confirmed_unless_the_file_says_no(office: Office) -> None:
    office.takes(ClientFile(office.place), f"{NEEDED},phone_confirmed\n{LINEO},no\n{MPHO},")
    links = select(Person.language, PersonPhone.confirmed_how).join(
        PersonPhone, PersonPhone.person_id == Person.id
    )
    assert sorted(office.answers(links)) == [("en", "import"), ("st", None)]
    asked = select(Message.text_id, Person.language).join(Person, Person.id == Message.person_id)
    assert office.answers(asked) == [("confirm_number", "st")]


def test_whoever_agreed_to_no_texts_is_not_asked_by_text_whose_phone_it_is(office: Office) -> None:
    office.takes(ClientFile(office.place), f"{NEEDED},phone_confirmed\n{MPHO},no")
    assert office.has(Message) == 0


def test_no_welcome_goes_unless_it_is_asked_for(office: Office) -> None:
    office.takes(ClientFile(office.place), TWO)
    assert office.has(Message) == 0


def test_a_welcome_goes_only_with_consent_and_to_a_confirmed_number(office: Office) -> None:
    table = f"{NEEDED},phone_confirmed\n{LINEO},yes\n{MPHO},yes\n58100003,Neo,st,Ha Demo,yes,2026-11-02,no"
    office.takes(ClientFile(office.place, welcomes=True), table)
    office.store.write(lambda tx: _begin_all(tx, office.place), OPERATOR)
    fates = office.answers(select(Message.state, Message.reason).where(Message.text_id == "enrol_ok"))
    assert sorted(fates, key=str) == [
        (MessageState.CANCELLED, "no_consent"),
        (MessageState.CANCELLED, "number_not_confirmed"),
        (MessageState.SENDING, None),
    ]


def _begin_all(tx: Transaction, place: Place) -> None:
    for claimed in outbox.claim(tx, 10):
        begin(tx, place.programme, claimed, "fake")


class Blind(ClientFile):
    """Sees nobody, as when somebody else enrols the same woman after the look and before the write."""

    def match(self, reading: Reading, rows: Sequence[Numbered[ClientRow]]) -> Iterator[Verdict[NewHere]]:
        for verdict in super().match(reading, rows):
            yield verdict
            yield verdict


def test_whoever_is_overtaken_by_somebody_else_writes_nothing(office: Office) -> None:
    with pytest.raises(Overtaken) as overtaken:
        office.takes(Blind(office.place), TWO)
    assert overtaken.value.stays is None
    assert (office.has(Client), office.has(PhoneNumber)) == (0, 0)
    assert office.rows(Import.finished_at, Import.undone_at) == [(None, office.clock.moment)]


def test_a_register_number_and_a_nickname_are_one_woman_whatever_her_phone(office: Office) -> None:
    header = f"{NEEDED},register_no"
    office.takes(ClientFile(office.place), f"{header}\n{LINEO},R 7")
    report = office.rehearses(
        ClientFile(office.place),
        f"{header}\n58100009,LINEO,st,Ha Demo,yes,2026-11-02,R 7\n{MPHO.replace('02,M', '03,M')},R 7\n"
        "58100001,Neo,st,Ha Demo,yes,2026-11-02,R 8\n58100007,Thato,st,Ha Demo,yes,2026-11-02,R 8",
    )
    ((code,),) = office.rows(Client.code)
    assert report.matches == (Match(2, code, BY_REGISTER), Match(4, code, NUMBER_ALONE))
    assert (report.known, report.good) == ((2,), 1)
    assert report.problems == (
        Problem(3, "register_no", OTHER_WOMAN.format(code=code)),
        Problem(5, "register_no", TWICE),
    )


def test_a_long_nickname_is_a_note(office: Office) -> None:
    (note_,) = office.takes(ClientFile(office.place), TWO.replace("Mpho", "Mphomphomphe")).notes
    assert note_.endswith("dearer: line 3.")
