"""Taking a colleague on."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from flask import Blueprint, abort, request
from werkzeug.exceptions import Forbidden

from handlers.staff.desk import Desk, me, page
from handlers.staff.enrol import naming
from handlers.staff.faults import fault_words
from handlers.staff.fields import chosen_all
from service.actions import staff as people
from service.actions.staff import FirstSecrets, NewStaff, StaffFault
from service.domain.caseload import Post, may_manage, sites_of
from service.domain.people import Role
from service.domain.phone import Phone
from service.reports.sites import SiteName, site_names
from service.reports.team import teammate
from service.store.transaction import Reading, Transaction

LONGEST_NAME: Final = 40
AT_A_SITE: Final = frozenset({Role.MENTOR, Role.COORDINATOR})


@dataclass(frozen=True)
class _Refused:
    """What is wrong with the form: the words that say it, with the reason of whoever read the field."""

    key: str
    why: str = field(default="", repr=False)


def add_joining(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/team/new")
    def new_colleague() -> str:
        return desk.ask(lambda reading: _form(reading, desk, None))

    @pages.post("/team/new")
    def take_on() -> str | tuple[str, int]:
        done = desk.write(lambda tx: _take_on(tx, desk))
        if isinstance(done, _Refused):
            return desk.ask(lambda reading: _form(reading, desk, done)), 422
        return done


def _form(reading: Reading, desk: Desk, wrong: _Refused | None) -> str:
    texts = desk.parts.programme.texts
    return page(
        "joining.html",
        wrong=wrong,
        given=request.form,
        roles=tuple(Role) if Role.ADMIN in me().roles else (Role.MENTOR,),
        sites=_sites(reading),
        phone_languages=[(code, texts.name(code)) for code in texts.languages],
    )


def _sites(reading: Reading) -> tuple[SiteName, ...]:
    return site_names(reading, None if Role.ADMIN in me().roles else sites_of(me().posts, Role.COORDINATOR))


def _take_on(tx: Transaction, desk: Desk) -> str | _Refused:
    """Nobody gives a role that she may not manage."""
    new = _read(tx, desk)
    if isinstance(new, _Refused):
        return new
    sites: tuple[UUID | None, ...] = new.site_ids or (None,)
    if not may_manage(me().posts, [Post(role, site_id) for role in new.roles for site_id in sites]):
        raise Forbidden
    first = people.add_staff(tx, new)
    return _refusal(first) if isinstance(first, StaffFault) else _secret_page(tx, new, first)


def _refusal(fault: StaffFault) -> _Refused:
    return _Refused(f"joining.{fault.name.lower()}")


def _secret_page(tx: Transaction, new: NewStaff, first: FirstSecrets) -> str:
    added = people.find_staff(tx, new.name) or abort(500)
    return page("secret.html", row=teammate(tx, None, added), code=first.code, first=first)


def _read(reading: Reading, desk: Desk) -> NewStaff | _Refused:
    """What was typed, or the first thing that is wrong with it."""
    name = people.tidy_name(request.form.get("name", ""))
    roles, place = chosen_all(Role, "role"), naming(reading, desk)
    phone = place.phone(request.form.get("phone", ""))
    site_ids = tuple(site.id for site in _sites(reading) if str(site.id) in request.form.getlist("site"))
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        return _Refused("joining.name_length")
    if fault := desk.parts.programme.texts.gate.name_fault(name, place.sites):
        return _Refused("joining.name_fault", fault_words(fault))
    if not isinstance(phone, Phone):
        return _Refused("joining.phone", fault_words(phone.reason))
    if not roles or (roles & AT_A_SITE and not site_ids):
        return _Refused("joining.role_or_site")
    return NewStaff(name, phone, _language(desk), roles, site_ids)


def _language(desk: Desk) -> str:
    wanted = request.form.get("language", "")
    programme = desk.parts.programme
    return wanted if wanted in programme.texts.languages else programme.language
