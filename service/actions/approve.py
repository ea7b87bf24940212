"""Two people's word for a plan as it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select

from service.domain.people import ActorKind, Role
from service.reminders.plan import Plan
from service.reports.readiness import is_approved
from service.store.models.operations import Approval
from service.store.models.people import Staff, StaffRole
from service.store.records import first_name
from service.store.transaction import Reading, Transaction

PLAN: Final = "plan"

MAY_APPROVE: Final = (Role.COORDINATOR, Role.ME, Role.ADMIN)


class Approving(StrEnum):
    """What came of somebody's word for a plan."""

    APPROVED = "approved"
    ONE_MORE = "one_more"
    AGAIN = "again"
    NOT_HERS = "not_hers"


@dataclass(frozen=True)
class PlanStanding:
    """``words`` are those who approved the plan as it stands, and when.

    ``changed_since``: there were such words, and the file is another one now.
    """

    plan: str
    content_hash: str
    approved: bool
    words: tuple[tuple[str, datetime], ...]
    changed_since: bool


def approve_plan(tx: Transaction, plan: Plan, staff_id: UUID) -> Approving:
    """Note somebody's word for a plan as it stands. A changed file needs everybody's word anew."""
    if not _may_approve(tx, staff_id):
        return Approving.NOT_HERS
    actor = f"{ActorKind.STAFF}:{staff_id}"
    new = tx.add_once(
        Approval,
        kind=PLAN,
        name=plan.name,
        content_hash=plan.content_hash,
        actor=actor,
        recorded_at=tx.now,
    )
    if not new:
        return Approving.AGAIN
    tx.audit("approve", PLAN, staff_id, f"{plan.name} {plan.content_hash[:12]}")
    return Approving.APPROVED if _is_approved(tx, plan) else Approving.ONE_MORE


def _may_approve(reading: Reading, staff_id: UUID) -> bool:
    role = select(StaffRole.id).where(StaffRole.staff_id == Staff.id, StaffRole.role.in_(MAY_APPROVE))
    allowed = select(Staff.id).where(Staff.id == staff_id, Staff.blocked_at.is_(None), exists(role))
    return reading.connection.scalar(allowed) is not None


def unapproved(reading: Reading, plans: Sequence[Plan]) -> tuple[str, ...]:
    """The plans, as they stand, for which two people have not given their word."""
    return tuple(plan.name for plan in plans if not _is_approved(reading, plan))


def _is_approved(reading: Reading, plan: Plan) -> bool:
    return is_approved(reading, PLAN, plan.name, plan.content_hash)


def standings(reading: Reading, plans: Sequence[Plan]) -> tuple[PlanStanding, ...]:
    """How each plan stands with those who approve it."""
    return tuple(_standing(reading, plan) for plan in plans)


def _standing(reading: Reading, plan: Plan) -> PlanStanding:
    given = reading.connection.execute(
        select(Approval.content_hash, Approval.actor, Approval.recorded_at)
        .where(Approval.kind == PLAN, Approval.name == plan.name)
        .order_by(Approval.recorded_at, Approval.id)
    ).all()
    words = tuple(
        (_name(reading, row.actor), row.recorded_at) for row in given if row.content_hash == plan.content_hash
    )
    return PlanStanding(
        plan=plan.name,
        content_hash=plan.content_hash,
        approved=_is_approved(reading, plan),
        words=words,
        changed_since=bool(given) and not words,
    )


def _name(reading: Reading, actor: str) -> str:
    staff_id = UUID(actor.removeprefix(f"{ActorKind.STAFF}:"))
    return first_name(reading, staff_id) or str(staff_id)
