"""Plays a transcript over the route that Africa's Talking calls; what it causes is read from the database."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from sqlalchemy import select

from handlers.gateways.cumulative import COMPLETED, DROPPED, Call, read_reply
from service.domain.phone import Phone
from service.store.models.care import Contact, Task, TaskEvent, VisitEvent
from service.store.models.follow_up import Leave
from service.store.models.messages import Message
from service.store.models.people import Client, Consent, Credential, Infant, Person, PhoneNumber
from service.store.models.plans import InfantSample
from service.store.transaction import Reading
from tests.journeys.service import Service
from tests.menu.player import CALLER, act
from tests.menu.player import Phone as Handset

_sessions = count(1)

_UNLESS_OPENED = {"opened": ""}


class Line:
    """A phone on the network of the provider, which ends each call with a word of its own."""

    def __init__(self, service: Service, phone: Phone) -> None:
        self._service = service
        self._call = self._new_call(phone)
        self._open = False
        self._facts: Counter[str] | None = None

    def dial(self, text: str = "") -> list[str]:
        self._hang_up()
        inputs = tuple(text.split("*")) if text else ()
        self._call = replace(self._new_call(self._call.phone), inputs=inputs)
        return self._request()

    def dial_again(self) -> list[str]:
        return self.dial()

    def repeat(self) -> list[str]:
        return self._request()

    def late(self) -> list[str]:
        now, self._call = self._call, self._call.before()
        seen = self._request()
        self._call = now
        return seen

    def type(self, typed: str) -> list[str]:
        self._call = self._call.typing(typed)
        return self._request()

    def _new_call(self, phone: Phone) -> Call:
        return Call(f"ATUid_{next(_sessions)}", "*123#", phone)

    def _hang_up(self) -> None:
        if self._open:
            self._service.hook("ussd-end", **self._call.end_form(DROPPED))

    def _request(self) -> list[str]:
        before = self._facts or self._service.village.store.read(facts)
        answer = self._service.hook("ussd", **self._call.form())
        assert answer.status_code == 200
        assert answer.content_type.startswith("text/plain")
        reply = read_reply(answer.get_data(as_text=True))
        assert reply, "the network would give up"
        self._open = reply.goes_on
        if not reply.goes_on:
            self._service.hook("ussd-end", **self._call.end_form(COMPLETED))
        self._facts = self._service.village.store.read(facts)
        caused = self._facts - before
        ends = [] if reply.goes_on else ["= the session ends"]
        return [*reply.text.splitlines(), *ends, *told(caused)]


def told(caused: Counter[str]) -> list[str]:
    return [
        f"! {fact}" + (f" ({times} times)" if times > 1 else "") for fact, times in sorted(caused.items())
    ]


def facts(reading: Reading) -> Counter[str]:
    """Everything that a call can cause, each in a few words."""
    connection = reading.connection
    found: Counter[str] = Counter()
    tasks = connection.execute(select(Task.kind, TaskEvent.event).join(Task, Task.id == TaskEvent.task_id))
    found.update(f"task: {task.kind} {_UNLESS_OPENED.get(task.event, task.event)}".rstrip() for task in tasks)
    found.update(f"client: {row.state}" for row in connection.execute(select(Client.state)))
    found.update(f"infant: {row.state}" for row in connection.execute(select(Infant.state)))
    found.update(
        f"weaned: {row.weaned_on}" for row in connection.execute(select(Infant.weaned_on)) if row.weaned_on
    )
    found.update(f"sample of {row.taken_on}" for row in connection.execute(select(InfantSample.taken_on)))
    found.update("result" for row in connection.execute(select(InfantSample.result)) if row.result)
    found.update("leave" for _ in connection.execute(select(Leave.id)))
    found.update(
        "PIN: she may choose"
        for row in connection.execute(select(Credential.kind))
        if row.kind == "pin_leave"
    )
    found.update(
        "number: silent" for row in connection.execute(select(PhoneNumber.suspended_at)) if row.suspended_at
    )
    found.update(f"visit: {event.fact}" for event in connection.execute(select(VisitEvent.fact)))
    found.update(f"contact by {contact.mode}" for contact in connection.execute(select(Contact.mode)))
    found.update(f"text: {message.text_id}" for message in connection.execute(select(Message.text_id)))
    found.update(
        f"texts: {'yes' if consent.given else 'no'} by {consent.through}"
        for consent in connection.execute(select(Consent.given, Consent.through))
    )
    found.update(f"language: {person.language}" for person in connection.execute(select(Person.language)))
    found.update(
        f"hours: {client.safe_from:%H:%M}-{client.safe_to:%H:%M}"
        for client in connection.execute(select(Client.safe_from, Client.safe_to))
        if client.safe_from and client.safe_to
    )
    return found


def play(script: str, line: Handset) -> str:
    """The whole conversation, for the inputs of ``script``."""
    return "".join(f"{shown}\n" for shown in _played(script.splitlines(), line))


def _played(script: list[str], line: Handset) -> Iterator[str]:
    for written in script:
        if written.startswith("#"):
            yield written
        elif written.startswith(("*", ">")):
            yield written
            yield from act(line, written)


def caller_of(script: str) -> str:
    return next(line.removeprefix(CALLER) for line in script.splitlines() if line.startswith(CALLER))
