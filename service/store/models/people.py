"""Places, people, their numbers and what they agreed to."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.people import (
    ClientKind,
    ClientState,
    ConsentChannel,
    EnrolledThrough,
    Feeding,
    InfantRisk,
    PersonKind,
    PhoneOwner,
    Role,
    Sex,
    Wording,
)
from service.domain.safety import Doubt
from service.store.models.columns import BlindIndex, Id, Row, Sealed, where_given


class District(Row):
    __tablename__ = "districts"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)


class Site(Row):
    """A health facility or community team. It sends nothing before it is activated."""

    __tablename__ = "sites"
    id: Mapped[Id]
    district_id: Mapped[UUID] = mapped_column(ForeignKey("districts.id"))
    name: Mapped[str] = mapped_column(unique=True)
    activated_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    actor: Mapped[str]


class Place(Row):
    """A village or meeting point that a site serves, such as the stop of a mobile clinic."""

    __tablename__ = "places"
    __table_args__ = (UniqueConstraint("site_id", "name"),)
    id: Mapped[Id]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    name: Mapped[str]


class Import(Row):
    """A file that was taken in, so that everything it brought can be found and undone together.

    Without ``finished_at`` it was broken off, and ``rows`` is how many were to be taken.
    """

    __tablename__ = "imports"
    id: Mapped[Id]
    kind: Mapped[str]
    file_hash: Mapped[str]
    rows: Mapped[int]
    recorded_at: Mapped[datetime]
    actor: Mapped[str]
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class Person(Row):
    """Whoever can have a number, a consent or a name: a client, infant, member of staff or supporter."""

    __tablename__ = "people"
    id: Mapped[Id]
    kind: Mapped[PersonKind]
    name: Mapped[Sealed | None]
    language: Mapped[str]
    born_on: Mapped[date | None]
    sex: Mapped[Sex | None]
    created_at: Mapped[datetime]
    actor: Mapped[str]
    erased_at: Mapped[datetime | None]


class Staff(Row):
    """A member of staff; the person's name is what texts call her. ``name_index`` finds her by it.

    Whoever is ``on_call`` is so from ``on_call_from`` to ``on_call_to`` on the clocks of ``on_call_zone``
    each day, or at all hours where they are empty.
    """

    __tablename__ = "staff"
    id: Mapped[Id] = mapped_column(ForeignKey("people.id"))
    name_index: Mapped[BlindIndex] = mapped_column(unique=True)
    on_call: Mapped[bool]
    on_call_from: Mapped[time | None]
    on_call_to: Mapped[time | None]
    on_call_zone: Mapped[str | None]
    backup_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    blocked_at: Mapped[datetime | None]


class StaffRole(Row):
    __tablename__ = "staff_roles"
    __table_args__ = (UniqueConstraint("staff_id", "role", "site_id"),)
    id: Mapped[Id]
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[Role]
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))


class Credential(Row):
    """A secret that proves a person (``pin``, ``password``, ``totp``); tries are counted before a check.

    ``last_step`` is the newest time step of a code that was taken, since each is good once.
    """

    __tablename__ = "credentials"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)
    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str]
    verifier: Mapped[Sealed]
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]
    last_step: Mapped[int | None]
    set_at: Mapped[datetime]
    actor: Mapped[str]


class Client(Row):
    """A woman in the programme's care. A ``…_known_at`` is when the service learnt of the day before it.

    ``look_again_on`` is the local day on which her plans, or her infants', must be gone through again.
    """

    __tablename__ = "clients"
    __table_args__ = (
        Index(None, "site_id", "state"),
        Index(None, "mentor_id"),
        Index(None, "look_again_on"),
        where_given("merged_into"),
        where_given("import_id"),
    )
    id: Mapped[Id] = mapped_column(ForeignKey("people.id"))
    code: Mapped[str] = mapped_column(unique=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    mentor_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[ClientKind]
    state: Mapped[ClientState]
    state_reason: Mapped[str | None]
    wording: Mapped[Wording]
    safe_from: Mapped[time | None]
    safe_to: Mapped[time | None]
    safe_days: Mapped[str | None]
    edd: Mapped[date | None]
    edd_known_at: Mapped[datetime | None]
    delivered_on: Mapped[date | None]
    delivered_known_at: Mapped[datetime | None]
    art_start: Mapped[date | None]
    art_start_known_at: Mapped[datetime | None]
    look_again_on: Mapped[date | None]
    register_no: Mapped[Sealed | None]
    register_index: Mapped[BlindIndex | None] = mapped_column(index=True)
    code_word: Mapped[Sealed | None]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("clients.id"))
    enrolled_on: Mapped[date]
    enrolled_through: Mapped[EnrolledThrough]
    verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    actor: Mapped[str]
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("imports.id"))


class Infant(Row):
    """A client's infant. ``in_care_on`` is when its own treatment began, ``left_at`` when it was said to go.

    The moments at which its day of birth was corrected and its weaning was recorded are kept beside the days.
    """

    __tablename__ = "infants"
    __table_args__ = (where_given("import_id"),)
    id: Mapped[Id] = mapped_column(ForeignKey("people.id"))
    mother_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    state: Mapped[ClientState]
    risk: Mapped[InfantRisk | None]
    feeding: Mapped[Feeding | None]
    born_known_at: Mapped[datetime | None]
    weaned_on: Mapped[date | None]
    weaned_known_at: Mapped[datetime | None]
    in_care_on: Mapped[date | None]
    left_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    actor: Mapped[str]
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("imports.id"))


class PhoneNumber(Row):
    """A number, whoever uses it. A suspended one gets nothing until staff reopen it with a reason.

    ``stopped_at``: somebody there said stop, and nobody there has said start since. ``heard_at`` is the last
    sign of life from the phone, ``delivered_at`` when a text last reached it. ``language`` is what somebody
    chose on the phone itself, known to the service or not.
    """

    __tablename__ = "phones"
    id: Mapped[Id]
    number: Mapped[Sealed | None]
    number_index: Mapped[BlindIndex] = mapped_column(unique=True)
    index_key: Mapped[str]
    suspended_at: Mapped[datetime | None]
    suspended_why: Mapped[str | None]
    stopped_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    failures: Mapped[int]
    language: Mapped[str | None]
    created_at: Mapped[datetime]


class PersonPhone(Row):
    """That a person is reached at a number, and since when. The one with the lowest ``rank`` is texted.

    ``doubt`` is why it may be hers no longer, ``asked_at`` when she was asked there and did not answer yet.
    """

    __tablename__ = "person_phones"
    __table_args__ = (UniqueConstraint("person_id", "phone_id", "since"),)
    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    phone_id: Mapped[UUID] = mapped_column(ForeignKey("phones.id"), index=True)
    owner: Mapped[PhoneOwner]
    rank: Mapped[int]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_how: Mapped[str | None]
    doubt: Mapped[Doubt | None]
    asked_at: Mapped[datetime | None]
    actor: Mapped[str]


class Consent(Row):
    """What a person said yes or no to. Never changed: the latest ``occurred_at`` for a channel holds.

    ``basis`` is the ground in law where her own yes is not the only one.
    """

    __tablename__ = "consents"
    __table_args__ = (Index(None, "person_id", "channel", "occurred_at"),)
    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[ConsentChannel]
    given: Mapped[bool]
    wording_version: Mapped[str]
    through: Mapped[str]
    basis: Mapped[str | None]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor: Mapped[str]
