"""One key-press on a phone, from the request to the screen that answers it."""

from dataclasses import replace
from typing import assert_never

from service.actions import numbers
from service.actions.caller import Caller, CallerFacts, who_calls
from service.actions.carry_out import carry_out
from service.actions.contacts import note_contact
from service.domain.care import ContactMode
from service.domain.people import Actor, ActorKind
from service.menu import history, machine
from service.menu.render import render
from service.menu.screen import End
from service.menu.session import Session
from service.ports import Cumulative, LastInput, UssdEnded, UssdReply, UssdTurn
from service.programme import Programme
from service.store import sessions
from service.store.transaction import Transaction


def converse(tx: Transaction, programme: Programme, gateway: str, turn: UssdTurn) -> UssdReply:
    """Answer one request of a dialogue; a repeated request gets its first answer and causes nothing.

    1. Find the dialogue, or begin one; a session id that another phone uses is turned away.
    2. See what is new in the request.
    3. Take the step, carry out its effects, and save the dialogue with the reply.
    """
    if turn.phone is None:
        return sorry(programme)
    found = sessions.find(tx, gateway, turn.session_id, turn.phone)
    if found is None:
        row_id = sessions.start(tx, gateway, turn.session_id, turn.phone, turn.service_code)
        if row_id is None:
            return converse(tx, programme, gateway, turn)
        return _answer(tx, programme, turn, who_calls(tx, turn.phone, "ussd", row_id), None)
    if not found.is_callers:
        return sorry(programme)
    return _answer(tx, programme, turn, who_calls(tx, turn.phone, "ussd", found.id), found)


def _answer(
    tx: Transaction,
    programme: Programme,
    turn: UssdTurn,
    caller: Caller,
    dialogue: sessions.Dialogue | None,
) -> UssdReply:
    reading = _read(tx, turn, dialogue)
    facts = CallerFacts(tx, programme, caller)
    match reading.news:
        case history.Fresh(tokens):
            step = _begin(tx, programme, caller, tokens, facts)
        case history.NewInput(text) if dialogue and dialogue.goes_on and dialogue.draft:
            session = Session.from_stored(dialogue.draft)
            step = machine.step(programme.screens, session, text, facts)
        case history.NewInput() | history.Repeat() | history.Diverged():
            return _again(tx, programme, dialogue, reading.accepted)
        case _:
            assert_never(reading.news)
    if step.effects:
        step = _carry_out(tx, programme, caller, step, facts)
    sessions.note_shown(tx, step.session.screen, goes_on=not isinstance(step.screen, End), after=dialogue)
    return _save(tx, programme, caller, step, reading.accepted)


def _carry_out(
    tx: Transaction, programme: Programme, caller: Caller, step: machine.Turn, facts: CallerFacts
) -> machine.Turn:
    """Carry out what the answer causes, for whoever typed her PIN if somebody did; then draw the screen."""
    who = step.session.inside
    speaker = caller.behind_door(who) if who else caller
    by_her = replace(tx, actor=_actor(speaker)) if who else tx
    outcomes = [carry_out(by_her, programme, speaker, effect) for effect in step.effects]
    return machine.carried_out(programme.screens, step, outcomes[-1], facts)


def _actor(caller: Caller) -> Actor:
    """Whoever typed her PIN."""
    if caller.staff_id:
        return Actor(ActorKind.STAFF, str(caller.staff_id))
    return Actor(ActorKind.CLIENT, str(caller.only_client.id) if caller.only_client else "")


def _again(
    tx: Transaction,
    programme: Programme,
    dialogue: sessions.Dialogue | None,
    accepted: history.Accepted,
) -> UssdReply:
    """The screen she is at, and nothing else; what the gateway says from now on is measured anew."""
    if dialogue is None:
        return sorry(programme)
    sessions.keep_accepted(tx, dialogue.id, accepted.length, accepted.mac)
    return UssdReply(dialogue.reply, dialogue.goes_on)


def _read(tx: Transaction, turn: UssdTurn, dialogue: sessions.Dialogue | None) -> history.Reading:
    accepted = history.Accepted(*dialogue.accepted) if dialogue and dialogue.accepted else None

    def mac(text: str) -> bytes:
        return tx.vault.mac("ussd", f"{turn.session_id}|{text}")

    match turn.typed:
        case Cumulative(text):
            return history.read_cumulative(accepted, text, mac)
        case LastInput(last, number):
            return history.read_last(accepted, last, number, mac)
        case _:
            assert_never(turn.typed)


def _begin(
    tx: Transaction,
    programme: Programme,
    caller: Caller,
    tokens: tuple[str, ...],
    facts: CallerFacts,
) -> machine.Turn:
    """A new call: the first screen, an offer to go on where she was cut off, or a dial string played through.

    That she dials is a sign of life from the phone, and proof that a number given for her was right.
    """
    if caller.phone_id:
        numbers.heard(tx, caller.phone_id)
        numbers.confirm(tx, caller.phone_id, "ussd")
    dropped = sessions.last_draft(tx, caller.phone, caller.source_id)
    if tokens:
        first = machine.begin(programme.screens, facts)
        return machine.replay(programme.screens, first.session, tokens, facts)
    if dropped:
        return machine.redial(programme.screens, Session.from_stored(dropped), facts)
    return machine.begin(programme.screens, facts)


def _save(
    tx: Transaction,
    programme: Programme,
    caller: Caller,
    step: machine.Turn,
    accepted: history.Accepted,
) -> UssdReply:
    ends = isinstance(step.screen, End)
    reply = UssdReply(render(programme.screens, step), goes_on=not ends)
    sessions.save(
        tx,
        caller.source_id,
        sessions.Saved(
            screen=step.session.screen,
            draft=step.session.to_stored(),
            accepted=(accepted.length, accepted.mac),
            reply=reply.text,
            goes_on=reply.goes_on,
        ),
    )
    woman = (caller.behind_door(step.session.inside) if step.session.inside else caller).only_client
    if woman and (step.effects or (ends and step.screen != machine.GIVE_UP)):
        note_contact(tx, woman, ContactMode.USSD, "ussd", caller.source_id)
    return reply


def hang_up(tx: Transaction, gateway: str, ended: UssdEnded) -> None:
    """Take the network's word that a session is over."""
    sessions.end(tx, gateway, ended.session_id, completed=ended.completed)


def sorry(programme: Programme) -> UssdReply:
    """What is said when nothing else can be."""
    return UssdReply(programme.texts.say("ussd.try_later", programme.language), goes_on=False)
