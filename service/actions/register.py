"""She takes herself in, from her own phone. She is pending until a person has spoken to her."""

from uuid import UUID

from sqlalchemy import or_, select

from service.actions import enrol, pins
from service.actions.caller import Caller
from service.actions.names import call
from service.actions.roster import on_call
from service.actions.tasks import NewTask, open_task
from service.domain.effects import Outcome
from service.domain.people import ClientState, ConsentChannel, EnrolledThrough, PhoneOwner
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.store.models.people import Site, StaffRole
from service.store.transaction import Reading, Transaction


def register(tx: Transaction, programme: Programme, caller: Caller, nickname: str, pin: str) -> Outcome:
    """Note whoever calls as a pending client with a PIN of her own, and ask a person to verify her.

    A number has one pending client at most: whoever registers again corrects what she said. Nobody who is a
    client already is changed by what is typed in front of the door.
    """
    pending = [woman.id for woman in caller.clients if woman.state is ClientState.PENDING]
    namesakes = [woman for woman in caller.clients if woman.nickname.casefold() == nickname.casefold()]
    if namesakes and not pending:
        open_task(tx, NewTask(TaskKind.VERIFY, namesakes[0].id, phone_id=caller.phone_id))
        return Outcome.DONE
    client_id = pending[-1] if pending else _enrol(tx, programme, caller, nickname)
    if client_id is None:
        open_task(tx, NewTask(TaskKind.VERIFY, phone_id=caller.phone_id, note=nickname))
        return Outcome.DONE
    call(tx, programme, client_id, nickname)
    open_task(tx, NewTask(TaskKind.VERIFY, client_id, phone_id=caller.phone_id))
    chosen = pins.choose(tx, client_id, caller.people, pin)
    return Outcome.DONE if chosen else Outcome.PIN_TAKEN


def _enrol(tx: Transaction, programme: Programme, caller: Caller, nickname: str) -> UUID | None:
    site_id = _some_site(tx)
    if site_id is None:
        return None
    new = enrol.NewClient(
        phone=caller.phone,
        nickname=nickname,
        language=caller.language or programme.language,
        site_id=site_id,
        enrolled_on=programme.today(tx.now),
        consents=frozenset({ConsentChannel.SMS}),
        phone_confirmed=False,
        phone_owner=PhoneOwner.SHARED,  # until somebody has asked her
        enrolled_through=EnrolledThrough.USSD,
        state=ClientState.PENDING,
    )
    return enrol.enrol_client(tx, new)


def _some_site(reading: Reading) -> UUID | None:
    """Where she waits until a person knows where she belongs: with whoever is on call, if she has a site."""
    theirs = StaffRole.site_id == Site.id, StaffRole.staff_id == on_call(reading)
    return reading.connection.scalar(
        select(Site.id)
        .outerjoin(StaffRole, (theirs[0]) & (theirs[1]))
        .where(or_(Site.activated_at.is_not(None), StaffRole.id.is_not(None)))
        .order_by(StaffRole.id.is_(None), Site.name)
        .limit(1)
    )
