"""Two people's word for a plan or a text as it stands."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select

from service.domain.people import ActorKind, Role
from service.reminders.plan import Plan
from service.reports.readiness import APPROVERS, is_approved
from service.store.models.operations import Approval
from service.store.models.people import Staff, StaffRole
from service.store.records import first_name
from service.store.transaction import Reading, Transaction
from service.texts import Texts

PLAN: Final = "plan"
TEXT: Final = "text"

MAY_APPROVE: Final = (Role.COORDINATOR, Role.ME, Role.ADMIN)


class Approving(StrEnum):
    """What came of somebody's word for a plan or a text."""

    APPROVED = "approved"
    ONE_MORE = "one_more"
    AGAIN = "again"
    NOT_HERS = "not_hers"


@dataclass(frozen=True)
class Version:
    """A plan or a text as it stands."""

    kind: str
    name: str
    content_hash: str


def version_of_plan(plan: Plan) -> Version:
    return Version(PLAN, plan.name, plan.content_hash)


def version_of_text(texts: Texts, key: str) -> Version:
    """The words in all languages, and to whom they may go; whoever approves them approves them together."""
    said = [(code, texts.text(key, code)) for code in texts.languages]
    content = "\n".join(f"{code} {text.tier} {text.text}" for code, text in said)
    return Version(TEXT, key, sha256(content.encode()).hexdigest())


@dataclass(frozen=True)
class Standing:
    """``words`` are those who approved the thing as it stands, and when.

    ``changed_since``: there were such words, and the thing is another one now. ``earlier`` are the versions
    before this one for which anybody gave a word, and when the last was given.
    """

    name: str
    content_hash: str
    approved: bool
    words: tuple[tuple[str, datetime], ...]
    changed_since: bool
    earlier: tuple[tuple[str, datetime], ...]


def approve(tx: Transaction, version: Version, staff_id: UUID) -> Approving:
    """Note somebody's word for a version. Once it is changed it needs everybody's word anew."""
    if not _may_approve(tx, staff_id):
        return Approving.NOT_HERS
    new = tx.add_once(
        Approval,
        kind=version.kind,
        name=version.name,
        content_hash=version.content_hash,
        actor=f"{ActorKind.STAFF}:{staff_id}",
        recorded_at=tx.now,
    )
    if not new:
        return Approving.AGAIN
    tx.audit("approve", version.kind, staff_id, f"{version.name} {version.content_hash[:12]}")
    return Approving.APPROVED if _is_approved(tx, version) else Approving.ONE_MORE


def _may_approve(reading: Reading, staff_id: UUID) -> bool:
    role = select(StaffRole.id).where(StaffRole.staff_id == Staff.id, StaffRole.role.in_(MAY_APPROVE))
    allowed = select(Staff.id).where(Staff.id == staff_id, Staff.blocked_at.is_(None), exists(role))
    return reading.connection.scalar(allowed) is not None


def unapproved(reading: Reading, plans: Sequence[Plan]) -> tuple[str, ...]:
    """The plans, as they stand, for which two people have not given their word."""
    return tuple(plan.name for plan in plans if not _is_approved(reading, version_of_plan(plan)))


def _is_approved(reading: Reading, version: Version) -> bool:
    return is_approved(reading, version.kind, version.name, version.content_hash)


def standings(reading: Reading, versions: Sequence[Version]) -> tuple[Standing, ...]:
    """How each stands with those who approve it."""
    given: dict[tuple[str, str], list[_Word]] = defaultdict(list)
    rows = reading.connection.execute(
        select(
            Approval.kind, Approval.name, Approval.content_hash, Approval.actor, Approval.recorded_at
        ).order_by(Approval.recorded_at, Approval.id)
    )
    for row in rows:
        given[row.kind, row.name].append(_Word(row.content_hash, row.actor, row.recorded_at))
    return tuple(_standing(reading, version, given[version.kind, version.name]) for version in versions)


def standing(reading: Reading, version: Version) -> Standing:
    """How one stands with them."""
    return standings(reading, (version,))[0]


@dataclass(frozen=True)
class _Word:
    content_hash: str
    actor: str
    at: datetime


def _standing(reading: Reading, version: Version, given: Sequence[_Word]) -> Standing:
    now = [word for word in given if word.content_hash == version.content_hash]
    before = {word.content_hash: word.at for word in given if word not in now}
    return Standing(
        name=version.name,
        content_hash=version.content_hash,
        approved=len({word.actor for word in now}) >= APPROVERS,
        words=tuple((_name(reading, word.actor), word.at) for word in now),
        changed_since=bool(before) and not now,
        earlier=tuple(before.items()),
    )


def _name(reading: Reading, actor: str) -> str:
    staff_id = UUID(actor.removeprefix(f"{ActorKind.STAFF}:"))
    return first_name(reading, staff_id) or str(staff_id)
