"""What a client tells and changes behind her PIN."""

from collections.abc import Iterable
from datetime import date, time
from typing import Final, assert_never
from uuid import UUID

from sqlalchemy import update

from service.actions import children, enrol, samples
from service.actions.caller import Caller
from service.actions.choices import choose, end_choice
from service.actions.loss import NewLoss, record_loss
from service.actions.names import call
from service.actions.new_number import NewNumber, change_number
from service.actions.tasks import NewTask, open_task
from service.domain.effects import (
    AskSafeCall,
    EndWish,
    GoingAway,
    HersAlone,
    ReportBirth,
    ReportWeaning,
    RunningOut,
    SetNickname,
    SetNumber,
    SideEffects,
    StopBabyTexts,
    TellMood,
    Wish,
)
from service.domain.people import Choice, ClientState
from service.domain.phone import Phone
from service.domain.safety import LossKind
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.store.models.people import Client
from service.store.records import ClientRecord, links_of
from service.store.transaction import Transaction

WORTH_A_TALK: Final = 3
"""The sum of the PHQ-2 from which on somebody should talk to her (Kroenke, Spitzer and Williams, 2003)."""


def tell(  # noqa: C901 - one case for each effect
    tx: Transaction, programme: Programme, caller: Caller, effect: HersAlone
) -> None:
    """Do what the client asks whose PIN was typed."""
    woman = caller.only_client
    if woman is None:
        return
    match effect:
        case RunningOut() | GoingAway() | SideEffects() | TellMood():
            _ask(tx, caller, woman, effect)
        case StopBabyTexts():
            record_loss(tx, programme, NewLoss(woman.id, LossKind.NOT_SAID))
        case AskSafeCall(code_word):
            _ask_safe_call(tx, caller, woman, code_word)
        case ReportBirth(nickname, born_on):
            _bear(tx, programme, woman, nickname, born_on)
        case ReportWeaning(infant_id, day):
            _wean(tx, programme, woman, infant_id, day)
        case SetNickname(nickname):
            _rename(tx, programme, woman, nickname)
        case SetNumber(number):
            _change_number(tx, programme, woman, Phone(number))
        case Wish(choice, at):
            _wish(tx, programme, woman, choice, at)
        case EndWish(unwanted):
            _end_wishes(tx, programme, woman, unwanted)
        case _:
            assert_never(effect)


_KINDS: Final = {
    RunningOut: TaskKind.EARLY_REFILL,
    GoingAway: TaskKind.GOING_AWAY,
    SideEffects: TaskKind.SIDE_EFFECTS,
    TellMood: TaskKind.MOOD,
}


def _ask(
    tx: Transaction,
    caller: Caller,
    woman: ClientRecord,
    effect: RunningOut | GoingAway | SideEffects | TellMood,
) -> None:
    """What a person has to do about it, if anything."""
    if isinstance(effect, TellMood) and effect.score < WORTH_A_TALK:
        return
    note = str(effect.how_long) if isinstance(effect, GoingAway) else None
    open_task(tx, NewTask(_KINDS[type(effect)], woman.id, phone_id=caller.phone_id, note=note))


def _rename(tx: Transaction, programme: Programme, woman: ClientRecord, nickname: str) -> None:
    """Where somebody at her number is called the same, a person has to find another name first."""
    try:
        for link in links_of(tx, woman.id):
            enrol.refuse_same_nickname(tx, link.phone_id, nickname, woman.id)
    except enrol.NicknameTaken:
        open_task(tx, NewTask(TaskKind.CHECK_NUMBER, woman.id, note=nickname))
    else:
        call(tx, programme, woman.id, nickname)


def _change_number(tx: Transaction, programme: Programme, woman: ClientRecord, phone: Phone) -> None:
    """Where somebody is called the same at the new number, a person has to find another name first."""
    try:
        change_number(tx, programme, NewNumber(woman.id, phone))
    except enrol.NicknameTaken:
        open_task(tx, NewTask(TaskKind.CHECK_NUMBER, woman.id, note=phone.e164))


def _ask_safe_call(tx: Transaction, caller: Caller, woman: ClientRecord, code_word: str | None) -> None:
    """A task and nothing else: no text may show it, and it is spoken of once she has said her code word."""
    if code_word:
        sealed = tx.vault.seal(Client.code_word, woman.id, code_word)
        tx.connection.execute(update(Client).where(Client.id == woman.id).values(code_word=sealed))
    open_task(tx, NewTask(TaskKind.SAFETY, woman.id, phone_id=caller.phone_id))


def _bear(tx: Transaction, programme: Programme, woman: ClientRecord, nickname: str, born_on: date) -> None:
    """Her baby is pending until a person has verified it."""
    born = enrol.NewInfant(woman.id, nickname, born_on, state=ClientState.PENDING)
    infant_id = children.bear(tx, programme, woman, born)
    open_task(tx, NewTask(TaskKind.VERIFY, woman.id, subject_id=infant_id, about=str(infant_id)))


def _wean(tx: Transaction, programme: Programme, woman: ClientRecord, infant_id: UUID, day: date) -> None:
    """Her word counts from now on; a person goes through it with her."""
    if children.mother_of(tx, infant_id) != woman.id:
        return
    samples.record_weaning(tx, programme, infant_id, day)
    task = NewTask(
        TaskKind.WEANED, woman.id, subject_id=infant_id, note=day.isoformat(), about=str(infant_id)
    )
    open_task(tx, task)


_INSTEAD: Final = {
    Choice.WEEKLY_CHECK_IN: (Choice.MONTHLY_CHECK_IN,),
    Choice.MONTHLY_CHECK_IN: (Choice.WEEKLY_CHECK_IN,),
}
"""What a wish takes the place of."""


def _wish(
    tx: Transaction, programme: Programme, woman: ClientRecord, choice: Choice, at: time | None
) -> None:
    _end_wishes(tx, programme, woman, _INSTEAD.get(choice, ()))
    choose(tx, programme, woman.id, choice, at)


def _end_wishes(
    tx: Transaction, programme: Programme, woman: ClientRecord, choices: Iterable[Choice]
) -> None:
    for choice in choices:
        end_choice(tx, programme, woman.id, choice)
