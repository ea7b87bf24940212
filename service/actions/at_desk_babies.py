"""What a Mentor Mother notes about the children of those in her care."""

from typing import assert_never
from uuid import UUID

from service.actions import children, samples
from service.actions.desk import StoreDesk
from service.actions.enrol import NewInfant
from service.actions.samples import SampleFault
from service.domain.cascade import Result
from service.domain.effects import Outcome
from service.domain.staff_effects import AboutBaby, AddBaby, NoteResult, NoteSample, NoteWeaning, VerifyBaby
from service.programme import Programme
from service.store.caseloads import client_in
from service.store.records import client
from service.store.transaction import Transaction


def act(tx: Transaction, desk: StoreDesk, effect: AboutBaby) -> str:
    if isinstance(effect, AddBaby):
        woman = client_in(tx, desk.caseload, effect.code)
        if woman is None:
            return Outcome.NOT_HERS
        born = NewInfant(woman.id, effect.nickname, effect.born_on)
        children.bear(tx, desk.programme, woman, born)
        return Outcome.DONE
    if not _is_in_care(tx, desk, effect.infant_id):
        return Outcome.NOT_HERS
    return _about_one(tx, desk, effect)


def _is_in_care(tx: Transaction, desk: StoreDesk, infant_id: UUID) -> bool:
    mother_id = children.mother_of(tx, infant_id)
    return mother_id is not None and client_in(tx, desk.caseload, client(tx, mother_id).code) is not None


def _about_one(
    tx: Transaction, desk: StoreDesk, effect: NoteWeaning | NoteSample | NoteResult | VerifyBaby
) -> str:
    match effect:
        case NoteWeaning(infant_id, day):
            return _said(samples.record_weaning(tx, desk.programme, infant_id, day))
        case NoteSample(infant_id, day):
            return _said(samples.record_sample(tx, desk.programme, infant_id, day))
        case NoteResult(infant_id, result):
            return _note_result(tx, desk.programme, infant_id, result)
        case VerifyBaby(infant_id):
            return Outcome.DONE if children.verify_baby(tx, desk.programme, infant_id) else Outcome.NOT_HERS
        case _:
            assert_never(effect)


def _note_result(tx: Transaction, programme: Programme, infant_id: UUID, result: Result) -> str:
    """The result of the last sample that has none, back today."""
    waiting = samples.waiting_sample(tx, infant_id)
    if waiting is None:
        return Outcome.NOT_HERS
    return _said(samples.record_result(tx, programme, waiting, result, programme.today(tx.now)))


def _said(came: UUID | SampleFault | None) -> str:
    """What the screen that follows may say of a fact that was recorded, or refused."""
    if not isinstance(came, SampleFault):
        return Outcome.DONE
    return Outcome.NOT_HERS if came is SampleFault.TWICE else Outcome.NOT_THAT_DAY
