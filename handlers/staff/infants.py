"""Infants: taken in, where each stands with its tests, its samples and what came of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.clients import hers
from handlers.staff.desk import Desk, back, me, page
from handlers.staff.enrol import naming
from handlers.staff.fields import chosen, chosen_day
from service.actions import samples
from service.actions.cascade import standing_of
from service.actions.enrol import NewInfant, enrol_infant
from service.actions.gather import families
from service.actions.samples import SampleFault
from service.domain.cascade import Result, Standing
from service.domain.people import ClientState, Feeding, InfantRisk
from service.intake.cells import Wrong
from service.programme import Programme
from service.reports.clients import InfantRow
from service.reports.clients import infants as infants_of
from service.reports.listed_care import ListedSample, SamplesWanted
from service.reports.listed_care import samples as samples_of
from service.reports.paging import Page
from service.store.records import ClientRecord
from service.store.transaction import Reading, Transaction

MOST: Final = 30
MAY_LEAVE: Final = (ClientState.ACTIVE, ClientState.TRANSFERRED, ClientState.ENDED)
"""Where an infant may go by this page; a death is recorded as a loss."""

Recording = Callable[[Transaction], SampleFault | None]
NoteDay = Callable[[Transaction, Programme, UUID, date | None], SampleFault | None]


@dataclass(frozen=True)
class _Place:
    """Which infant of which client a form is about."""

    code: str
    infant_id: UUID


def add_infants(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/clients/<code>/infants/<uuid:infant_id>")
    def infant(code: str, infant_id: UUID) -> str:
        return desk.ask(lambda reading: _page(reading, desk, _Place(code, infant_id)))

    @pages.post("/clients/<code>/infant")
    def add_infant(code: str) -> AnyResponse:
        return desk.act(lambda tx: _take_in(tx, desk, code))

    @pages.post("/clients/<code>/infants/<uuid:infant_id>/weaned")
    def weaned(code: str, infant_id: UUID) -> AnyResponse:
        return _on_day(desk, _Place(code, infant_id), samples.record_weaning)

    @pages.post("/clients/<code>/infants/<uuid:infant_id>/in-care")
    def in_care(code: str, infant_id: UUID) -> AnyResponse:
        return _on_day(desk, _Place(code, infant_id), samples.record_care)

    @pages.post("/clients/<code>/infants/<uuid:infant_id>/state")
    def infant_state(code: str, infant_id: UUID) -> AnyResponse:
        def leave(tx: Transaction) -> None:
            state = chosen(ClientState, "state")
            if state not in MAY_LEAVE:
                abort(400)
            samples.record_leaving(tx, desk.parts.programme, infant_id, state)

        return _record(desk, _Place(code, infant_id), leave)


def add_samples(pages: Blueprint, desk: Desk) -> None:
    programme = desk.parts.programme

    @pages.post("/clients/<code>/infants/<uuid:infant_id>/sample")
    def add_sample(code: str, infant_id: UUID) -> AnyResponse:
        def add(tx: Transaction) -> SampleFault | None:
            done = samples.record_sample(tx, programme, infant_id, chosen_day("day"))
            return done if isinstance(done, SampleFault) else None

        return _record(desk, _Place(code, infant_id), add)

    @pages.post("/clients/<code>/infants/<uuid:infant_id>/samples/<uuid:sample_id>/result")
    def sample_result(code: str, infant_id: UUID, sample_id: UUID) -> AnyResponse:
        def record(tx: Transaction) -> SampleFault | None:
            result = chosen(Result, "result")
            return samples.record_result(tx, programme, sample_id, result, chosen_day("day"))

        return _record(desk, _Place(code, infant_id), record, sample_id)

    @pages.post("/clients/<code>/infants/<uuid:infant_id>/samples/<uuid:sample_id>/given")
    def result_given(code: str, infant_id: UUID, sample_id: UUID) -> AnyResponse:
        return _on_day(desk, _Place(code, infant_id), samples.record_given, sample_id)


def add_corrections(pages: Blueprint, desk: Desk) -> None:
    programme = desk.parts.programme

    @pages.post("/clients/<code>/infants/<uuid:infant_id>/samples/<uuid:sample_id>/day")
    def sample_day(code: str, infant_id: UUID, sample_id: UUID) -> AnyResponse:
        def correct(tx: Transaction) -> SampleFault | None:
            return samples.correct_day(tx, programme, sample_id, chosen_day("day"))

        return _record(desk, _Place(code, infant_id), correct, sample_id)

    @pages.post("/clients/<code>/infants/<uuid:infant_id>/samples/<uuid:sample_id>/withdraw")
    def withdraw_sample(code: str, infant_id: UUID, sample_id: UUID) -> AnyResponse:
        return _record(
            desk,
            _Place(code, infant_id),
            lambda tx: samples.withdraw_sample(tx, programme, sample_id),
            sample_id,
        )


def _infant(reading: Reading, woman: ClientRecord, infant_id: UUID) -> InfantRow:
    return next((one for one in infants_of(reading, woman) if one.id == infant_id), None) or abort(404)


def _samples(reading: Reading, infant_id: UUID) -> tuple[ListedSample, ...]:
    return samples_of(reading, me().caseload, Page(MOST), SamplesWanted(infant_id=infant_id))


def _page(reading: Reading, desk: Desk, place: _Place) -> str:
    woman = hers(reading, place.code)
    return page(
        "infant.html",
        woman=woman,
        infant=_infant(reading, woman, place.infant_id),
        stands=_standing(reading, desk, woman, place.infant_id),
        samples=sorted(_samples(reading, place.infant_id), key=lambda one: one.taken_on, reverse=True),
        today=desk.today(),
        results=Result,
        states=MAY_LEAVE,
    )


def _standing(reading: Reading, desk: Desk, woman: ClientRecord, infant_id: UUID) -> Standing | None:
    programme = desk.parts.programme
    (family,) = families(reading, programme, (woman.id,))
    dates = next((one for one in family.infants if one.id == infant_id), None)
    return standing_of(programme, family, dates, programme.today(reading.now)) if dates else None


def _record(desk: Desk, place: _Place, record: Recording, sample_id: UUID | None = None) -> AnyResponse:
    """Carry out a form about an infant of a client of her caseload, or about one of its samples."""

    def act(tx: Transaction) -> str:
        _infant(tx, hers(tx, place.code), place.infant_id)
        if sample_id and sample_id not in {one.id for one in _samples(tx, place.infant_id)}:
            abort(404)
        fault = record(tx)
        return back(f"sample_{fault.name.lower()}" if fault else "infant_noted")

    return desk.act(act)


def _on_day(desk: Desk, place: _Place, note: NoteDay, sample_id: UUID | None = None) -> AnyResponse:
    """The same, for a day that is written down about the one or the other; no day takes it back."""

    def record(tx: Transaction) -> SampleFault | None:
        day = chosen_day("day") if request.form.get("day") else None
        return note(tx, desk.parts.programme, sample_id or place.infant_id, day)

    return _record(desk, place, record, sample_id)


def _take_in(tx: Transaction, desk: Desk, code: str) -> str:
    woman, born_on = hers(tx, code), chosen_day("born_on")
    typed = request.form.get("nickname", "").strip()
    if not typed or born_on > desk.parts.programme.today(tx.now):
        return back("infant_is_odd")
    nickname = naming(tx, desk).nickname(typed)
    if isinstance(nickname, Wrong):
        return back("name_is_odd")
    risk, feeding = chosen(InfantRisk, "risk"), chosen(Feeding, "feeding")
    enrol_infant(tx, NewInfant(woman.id, nickname, born_on, risk=risk, feeding=feeding), woman.language)
    return back("infant_added")
