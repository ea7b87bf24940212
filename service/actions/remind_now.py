"""A reminder that a Mentor Mother triggers herself: approved words, the same rules as for any other."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from service.actions.compose import About, compose
from service.actions.fire import usual_link
from service.actions.judge import Candidate, judge
from service.domain.care import VisitState
from service.domain.hours import at_local
from service.domain.message import Address, MessageClass
from service.domain.permission import Go, Permission, Stop
from service.domain.reason import Reason
from service.programme import Programme
from service.store import outbox
from service.store.models.care import Visit
from service.store.records import ClientRecord
from service.store.transaction import Transaction

ONE_DAY: Final = timedelta(days=1)


def remind_now(tx: Transaction, programme: Programme, woman: ClientRecord) -> Permission:
    """Text a client the date of her next visit, once a day at most; what stood in the way if it cannot go."""
    today = programme.today(tx.now)
    visit = tx.connection.execute(
        select(Visit.id, Visit.day, Visit.subject_id)
        .where(Visit.client_id == woman.id, Visit.day > today, Visit.state == VisitState.PLANNED)
        .order_by(Visit.day, Visit.id)
        .limit(1)
    ).one_or_none()
    link = usual_link(tx, woman.id)
    if visit is None or link is None or link.phone is None:
        return Stop(Reason.NO_PHONE if visit else Reason.NOT_TRUE_ANY_MORE)
    key = "visit_d7" if visit.subject_id == woman.id else "child_d7"
    words = compose(tx, programme, key, woman, About(visit.day))
    not_after = at_local(visit.day - ONE_DAY, programme.calendar.safe.ends, programme.calendar.zone)
    candidate = Candidate(
        message_class=MessageClass.R2,
        person_id=woman.id,
        phone_id=link.phone_id,
        phone=link.phone,
        wording=words.wording,
        site_id=woman.site_id,
        not_after=not_after,
        gated=bool(words.gated),
    )
    permission = judge(tx, programme, candidate)
    if isinstance(permission, Go):
        new = outbox.NewMessage(
            to=Address(woman.id, link.phone_id, link.phone),
            words=words,
            message_class=MessageClass.R2,
            not_before=tx.now,
            not_after=not_after,
            site_id=woman.site_id,
            speaks_of=visit.day,
        )
        outbox.put(tx, new, f"by_hand:{visit.id}:{today}")
        tx.audit("remind", "visit", visit.id)
    return permission
