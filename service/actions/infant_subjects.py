"""What the plans must know of an infant and of each of its samples."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from service.actions.family import Family, InfantDates, SampleDates
from service.domain.cascade import INCONCLUSIVE, InfantFacts, Result, Sample, is_exposed, standing
from service.domain.people import InfantRisk
from service.programme import Programme
from service.reminders.subject import Known, Subject
from service.reminders.testing import infant_tests
from service.reminders.vocabulary import Anchor, Circumstance, Unless, Whose


def infant_subject(programme: Programme, family: Family, infant: InfantDates, today: date) -> Subject:
    samples = [one.sample for one in family.samples if one.infant_id == infant.id]
    anchors = {Anchor.BIRTH: infant.born, Anchor.WEANING: infant.weaned}
    subject = replace(
        family.subject(infant.id, Whose.CHILD, anchors),
        happened=_of_infant(infant, samples),
        circumstances=_circumstances(family, infant),
    )
    if _is_final(programme, subject, infant, samples, today):
        return replace(subject, happened=subject.happened | {Unless.FINAL})
    return subject


def _of_infant(infant: InfantDates, samples: Iterable[Sample]) -> frozenset[Unless]:
    positive = any(sample.result is Result.POSITIVE for sample in samples)
    return frozenset(
        event
        for event, is_so in (
            (Unless.WEANED, infant.weaned is not None),
            (Unless.POSITIVE, positive),
            (Unless.IN_CARE, infant.in_care),
        )
        if is_so
    )


def _circumstances(family: Family, infant: InfantDates) -> frozenset[Circumstance]:
    if not is_exposed(infant.risk, family.client.kind):
        return frozenset()
    high = infant.risk is InfantRisk.HIGH
    return frozenset({Circumstance.EXPOSED, *([Circumstance.HIGH_RISK] if high else [])})


def _is_final(
    programme: Programme, subject: Subject, infant: InfantDates, samples: list[Sample], today: date
) -> bool:
    if not samples or infant.weaned is None:
        return False
    tests = infant_tests(programme.plans, subject, programme.calendar)
    return standing(InfantFacts(tests, tuple(samples), infant.weaned.day), today).final is not None


def sample_subjects(family: Family, infant: InfantDates) -> Iterator[Subject]:
    hers = [one for one in family.samples if one.infant_id == infant.id]
    of_infant = _of_infant(infant, (one.sample for one in hers))
    found = next((one for one in hers if one.sample.result is Result.POSITIVE), None)
    for one in hers:
        yield replace(
            family.subject(one.id, Whose.CHILD, _anchors(one, is_first_positive=one is found)),
            happened=of_infant | _of_sample(one.sample, [other.sample for other in hers]),
            circumstances=_circumstances(family, infant),
        )


def _anchors(one: SampleDates, *, is_first_positive: bool) -> Mapping[Anchor, Known | None]:
    """However many samples said so, a positive infant is looked after once."""
    sample, result = one.sample, one.sample.result
    back = Known(sample.back_on or sample.taken_on, one.result_at or one.recorded_at) if result else None
    return {
        Anchor.SAMPLE: Known(sample.taken_on, one.recorded_at),
        Anchor.RESULT: back if result not in INCONCLUSIVE else None,
        Anchor.INCONCLUSIVE: back if result in INCONCLUSIVE else None,
        Anchor.POSITIVE: back if is_first_positive else None,
    }


def _of_sample(sample: Sample, every: Iterable[Sample]) -> frozenset[Unless]:
    """A result is as good as given when she was told another on a later day."""
    told = max((other.given_on for other in every if other.given_on), default=None)
    known_on = sample.back_on or sample.taken_on
    return frozenset(
        event
        for event, is_so in (
            (Unless.RESULT_BACK, sample.result is not None),
            (Unless.RESULT_GIVEN, sample.given_on or (told and told > known_on)),
            (Unless.SAMPLED_AGAIN, any(other.taken_on > sample.taken_on for other in every)),
        )
        if is_so
    )
