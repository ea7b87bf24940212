"""What goes wrong in a year, from a stop to a death, a phone that is another's by now and a cry for help."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from heapq import heapify
from random import Random
from uuid import UUID

from sqlalchemy import select

from service.actions import incident, loss, merge, new_number, numbers, transfer
from service.actions.incident import Checked, NewIncident
from service.actions.loss import NewLoss
from service.actions.new_number import NewNumber
from service.actions.receive import receive
from service.actions.task_life import Closing, acknowledge, close_task
from service.actions.visits import NewVisit, plan_visit
from service.domain.care import VisitKind
from service.domain.ids import new_id
from service.domain.people import ClientKind
from service.domain.phone import Phone
from service.domain.safety import LossKind
from service.domain.tasks import FollowUpMethod, FollowUpOutcome, TaskKind, TaskState
from service.ports import TextReceived
from service.store.erasures import Erasure, replay
from service.store.models.care import Task
from service.store.models.people import Client
from service.store.models.safety import Incident
from service.store.records import infants_of, with_her
from service.store.spooled import Letter
from service.store.transaction import Transaction
from tests.year.events import DAY, MORNING, NOON, Event, World, open_day
from tests.year.lives import Danger, Lives, Silence, Somebody, enrolled_beside, enrolled_twice
from tests.year.people import take_on_team

EARLY = time(7, 30)
DANGER_AT = (time(2, 13), time(6, 41), time(11, 5), time(19, 30), time(22, 47))
STOPS = ("STOP", "Emisa", "Stop. Thank you", "stop hle", "UNSUBSCRIBE")
WRONGS = ("9", "Wrong number", "Nomoro e fosahetse", "who is this?")
DANGERS = ("I am bleeding", "Ke tsoa mali", "lesea ha le anye", "my baby has fits", "ha ke khone ho hema")
TAKEN_AFTER = (14, 4, 47, 25)
"""Minutes after which somebody says that she has it, in turn: after one more was asked, nobody, all, two."""

NOTED = 0.6
"""Of the cries for help somebody notes by the next morning what came of so many; of some nobody ever does."""

SHARE_OF_WOMEN = 0.7
"""Of the women something goes wrong for so many in a year."""


def say(tx: Transaction, world: World, lives: Lives, phone: Phone, text: str) -> None:
    lives.wrote[phone] = tx.now
    receive(tx, world.programme, Letter("fake", TextReceived(str(new_id()), phone.e164, phone, text, None)))


@dataclass(frozen=True)
class OtherSite:
    """There is a second site from the first morning on, so that somebody can move to it."""

    def happen(self, tx: Transaction, world: World) -> None:
        world.teams.append(take_on_team(tx, 900))


@dataclass(frozen=True)
class Strikes:
    """Something happens to the woman of that number, if she has been taken in."""

    lives: Lives
    number: int
    what: "Callable[[Tale], None]"

    def happen(self, tx: Transaction, world: World) -> None:
        her = self.lives.of_number(world.book, self.number)
        if her:
            self.what(Tale(tx, world, self.lives, her))


@dataclass(frozen=True)
class Tale:
    """A moment of one woman's trouble."""

    tx: Transaction
    world: World
    lives: Lives
    her: Somebody

    @property
    def random(self) -> Random:
        return self.world.random

    def say(self, words: tuple[str, ...]) -> None:
        say(self.tx, self.world, self.lives, self.her.phone, self.random.choice(words))

    def goes_on(self, days: int, what: "Callable[[Tale], None]", at: time = NOON) -> None:
        today = self.tx.now.astimezone(self.world.programme.calendar.zone).date()
        self.world.plan(open_day(today + days * DAY), at, Strikes(self.lives, self.her.number, what))

    def drop_visits(self) -> None:
        """Nobody comes, is dated or missed any more on account of what was lost."""
        gone = {visit.id for visit in self.world.book.visits_of(self.her.known)}
        self.world.agenda[:] = [
            one for one in self.world.agenda if getattr(one[2], "visit_id", None) not in gone
        ]
        heapify(self.world.agenda)

    def drop_births_and_results(self) -> None:
        hers = {self.her.known.client_id, *infants_of(self.tx, self.her.known.client_id)}
        self.world.agenda[:] = [one for one in self.world.agenda if _about(one[2]) not in hers]
        heapify(self.world.agenda)


def _about(event: Event) -> UUID | None:
    """The infant whose result it brings, or the woman who is to give birth."""
    known = getattr(event, "known", None)
    return known.client_id if known else getattr(event, "infant_id", None)


# --- stops and wrong numbers


def stops(tale: Tale) -> None:
    tale.say(STOPS)
    tale.lives.silent[tale.her.phone] = Silence("she said stop")
    if tale.random.random() < 0.4:
        tale.goes_on(30, starts_again)


def starts_again(tale: Tale) -> None:
    """Whatever she had said before, that is her yes."""
    tale.lives.silent.pop(tale.her.phone)
    tale.her.agrees = True
    tale.say(("START", "Qala"))


def wrong_number(tale: Tale) -> None:
    tale.say(WRONGS)
    tale.lives.silent[tale.her.phone] = Silence("it is not her number")
    if tale.random.random() < 0.4:
        tale.goes_on(20, found_in_person)


def found_in_person(tale: Tale) -> None:
    phone_id = numbers.note(tale.tx, tale.her.phone)
    assert numbers.reopen(tale.tx, tale.her.client_id, phone_id, numbers.Reopened.SEEN)
    tale.lives.silent.pop(tale.her.phone)


# --- losses


def loses(tale: Tale) -> None:
    """The kind follows from why she comes; who comes for herself only says that she wants to hear no more."""
    known, kind = tale.her.known, LossKind.NOT_SAID
    if known.infant_id:
        kind = LossKind.INFANT_DEATH
    elif known.woman.course.kind is ClientKind.PREGNANT:
        kind = tale.random.choice((LossKind.PREGNANCY_LOSS, LossKind.STILLBIRTH))
    if kind is not LossKind.NOT_SAID:
        tale.drop_visits()
    tale.lives.mourn(tale.her, kind)
    lost = loss.record_loss(tale.tx, tale.world.programme, NewLoss(known.client_id, kind, known.infant_id))
    if tale.random.random() < 0.5:
        tale.goes_on(tale.random.randrange(7, 20), lambda later: cared_for(later, lost))


def cared_for(tale: Tale, lost: UUID) -> None:
    """Her Mentor Mother has called, and she comes for herself again."""
    assert loss.go_on_with_care(tale.tx, lost)
    tale.her.quiet = None
    today = tale.tx.now.astimezone(tale.world.programme.calendar.zone).date()
    hers = tale.her.client_id
    for days in (15, 60):
        plan_visit(
            tale.tx,
            tale.world.programme,
            NewVisit(hers, hers, VisitKind.REFILL, open_day(today + days * DAY)),
        )


def dies(tale: Tale) -> None:
    tale.drop_visits()
    tale.lives.mourn(tale.her, LossKind.MATERNAL_DEATH)
    loss.record_loss(tale.tx, tale.world.programme, NewLoss(tale.her.client_id, LossKind.MATERNAL_DEATH))


# --- moves


def is_offered(tale: Tale) -> None:
    here = tale.lives.site_of(tale.tx, tale.her)
    there = next(team for team in tale.world.teams if team.site_id != here)
    offered = transfer.offer(
        tale.tx, tale.world.programme, transfer.NewTransfer(tale.her.client_id, there.site_id)
    )
    assert isinstance(offered, UUID), offered
    if tale.random.random() < 0.7:
        tale.goes_on(2, lambda later: is_accepted(later, offered, there.mentor_id))


def is_accepted(tale: Tale, offered: UUID, mentor_id: UUID) -> None:
    assert transfer.accept(tale.tx, tale.world.programme, offered, mentor_id) is None


def has_another_number(tale: Tale) -> None:
    """Her old number is somebody else's; at the new one she answers, or never."""
    tale.lives.left_behind.add(tale.her.phone)
    tale.her.phone = Phone(tale.her.phone.e164.replace("+266581", "+266582"))
    tale.her.answers = tale.random.random() < 0.7
    tale.her.proven = False
    new = NewNumber(tale.her.client_id, tale.her.phone)
    new_number.change_number(tale.tx, tale.world.programme, new)


def shares_her_phone(tale: Tale) -> None:
    """Her sister uses the same phone from now on, and would like the more telling words; she is sixteen."""
    sister = enrolled_beside(tale.tx, tale.world, tale.her)
    tale.lives.add(sister)


def is_found_out(tale: Tale) -> None:
    """Somebody read what was not for him."""
    new = NewIncident(tale.her.client_id, "Her brother read a text.")
    incident_id = incident.report_disclosure(tale.tx, tale.world.programme, new)
    tale.her.quiet = "something about her became known"
    if tale.random.random() < 0.6:
        tale.goes_on(9, lambda later: is_safe(later, incident_id))


def is_safe(tale: Tale, incident_id: UUID) -> None:
    assert incident.resume_after(tale.tx, incident_id, Checked(safe=True, referred=False))
    tale.her.quiet = None
    assert tale.tx.connection.scalar(select(Incident.resumed_at).where(Incident.id == incident_id))


# --- records


def is_entered_twice(tale: Tale) -> None:
    """Sometimes she says stop at the other phone before anybody sees that both records are hers."""
    other = enrolled_twice(tale.tx, tale.world, tale.her)
    tale.lives.add(other)
    if tale.random.random() < 0.3:
        say(tale.tx, tale.world, tale.lives, other.phone, tale.random.choice(STOPS))
        tale.lives.silent[other.phone] = Silence("she said stop")
        other.agrees = False
    tale.goes_on(tale.random.randrange(4, 18), lambda later: becomes_one(later, other))


def becomes_one(tale: Tale, other: Somebody) -> None:
    """What either record forbids is forbidden from now on; her other phone is for when the first fails."""
    merge_id = merge.merge(tale.tx, tale.world.programme, tale.her.client_id, other.client_id)
    assert merge_id
    told = tale.her.telling
    tale.her.agrees, tale.her.telling = tale.her.agrees and other.agrees, told and other.telling
    tale.her.second = other.phone
    tale.lives.drop(other)
    if tale.random.random() < 0.4:
        tale.goes_on(12, lambda later: are_two_again(later, other, merge_id, told))


def are_two_again(tale: Tale, other: Somebody, merge_id: UUID, told: bool) -> None:
    """A no stays with the record that was kept."""
    assert merge.unmerge(tale.tx, merge_id)
    tale.her.telling, tale.her.second = told, None
    tale.lives.add(other)


def is_forgotten(tale: Tale) -> None:
    """She wished to be erased; nobody does anything about her any more."""
    tale.drop_visits()
    tale.drop_births_and_results()
    hers = (tale.her.client_id, *with_her(tale.tx, tale.her.client_id))
    replay(tale.tx, [Erasure(one, tale.tx.now) for one in hers])
    tale.her.quiet, tale.her.answers = "she was forgotten", False
    tale.lives.left_behind.add(tale.her.phone)


def is_out_of_reach(tale: Tale) -> None:
    """Nothing arrives at her phone; mostly somebody finds her in the end, and it works again."""
    tale.lives.out_of_reach.add(tale.her.phone)
    if tale.random.random() < 0.6:
        tale.goes_on(tale.random.randrange(50, 110), is_found_again)


def is_found_again(tale: Tale) -> None:
    tale.lives.out_of_reach.discard(tale.her.phone)
    numbers.vouch(tale.tx, tale.her.client_id, numbers.note(tale.tx, tale.her.phone))
    tale.her.proven = True


# --- danger


def cries_for_help(tale: Tale) -> None:
    """Some cry again some hours later, when somebody had it long ago."""
    cries(tale)
    if tale.random.random() < 0.3:
        again = (tale.tx.now + timedelta(hours=3)).astimezone(tale.world.programme.calendar.zone)
        tale.world.plan(again.date(), again.time(), Strikes(tale.lives, tale.her.number, cries))


def cries(tale: Tale) -> None:
    code = tale.tx.connection.execute(select(Client.code).where(Client.id == tale.her.client_id)).scalar_one()
    minutes = TAKEN_AFTER[len(tale.lives.dangers) % len(TAKEN_AFTER)]
    taken_at = tale.tx.now + timedelta(minutes=minutes)
    tale.lives.dangers.append(Danger(tale.tx.now, tale.her.phone, code, taken_at))
    tale.say(DANGERS)
    local = taken_at.astimezone(tale.world.programme.calendar.zone)
    tale.world.plan(local.date(), local.time(), Strikes(tale.lives, tale.her.number, somebody_has_it))


def somebody_has_it(tale: Tale) -> None:
    row = tale.tx.connection.execute(
        select(Task.id, Task.owner_id).where(
            Task.client_id == tale.her.client_id, Task.kind == TaskKind.DANGER, Task.state == TaskState.OPEN
        )
    ).one()
    assert acknowledge(tale.tx, row.id, row.owner_id) is None
    if tale.random.random() < NOTED:
        tale.goes_on(1, lambda later: is_helped(later, row.id), MORNING)


def is_helped(tale: Tale, task_id: UUID) -> None:
    """Unless somebody noted in the evening already what came of it."""
    close_task(tale.tx, tale.world.programme, task_id, Closing(FollowUpOutcome.DONE, FollowUpMethod.PHONE))


TROUBLES: tuple[tuple[Callable[[Tale], None], int], ...] = (
    (stops, 5),
    (wrong_number, 4),
    (loses, 6),
    (dies, 2),
    (is_offered, 4),
    (has_another_number, 5),
    (shares_her_phone, 5),
    (is_found_out, 3),
    (is_entered_twice, 5),
    (is_forgotten, 3),
    (is_out_of_reach, 5),
    (cries_for_help, 6),
)
"""How often each happens beside the others."""


def troubles(
    lives: Lives, women: int, first: date, days: int, random: Random
) -> list[tuple[date, time, Strikes]]:
    """At most one trouble for each woman, once all are taken in; every kind if there are women enough."""
    numbers_ = random.sample(range(women), k=round(women * SHARE_OF_WOMEN))
    kinds = [what for what, weight in TROUBLES for _ in range(weight)]
    random.shuffle(kinds)
    kinds = [*(what for what, _ in TROUBLES), *kinds]
    found = []
    for place, number in enumerate(numbers_):
        what = kinds[place % len(kinds)]
        day = first + random.randrange(60, days - 25) * DAY
        at = random.choice(DANGER_AT) if what is cries_for_help else NOON
        found.append((day, at, Strikes(lives, number, what)))
    return found
