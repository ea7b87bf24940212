"""What steps of the right form may still not say: each check keeps one kind of wrong text from a phone."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from service.domain.message import MessageClass
from service.domain.people import Wording
from service.reminders.plan import (
    SAYS_DAYS,
    After,
    KnownText,
    KnownTexts,
    Late,
    Plan,
    Says,
    Step,
    StepText,
    To,
    Whose,
    at_most,
)


@dataclass(frozen=True)
class Contradiction:
    """``plan`` and ``step`` are their names."""

    plan: str
    step: str
    what: str


def contradictions(plans: Iterable[Plan], known_texts: KnownTexts) -> Iterator[Contradiction]:
    """Everything wrong among the steps of all plans, in their order."""
    steps = [(plan.name, step) for plan in plans for step in plan.steps]
    uses = Counter(step.id for _, step in steps)
    for plan, step in steps:
        whats = [what for check in _STEP_CHECKS for what in check(step)]
        whats += [what for text in step.texts for what in _text_mistakes(step, text, known_texts)]
        if uses[step.id] > 1:
            whats.append("this id is used more than once")
        yield from (Contradiction(plan, step.id, what) for what in dict.fromkeys(whats))


def _text_mistakes(step: Step, text: StepText, known_texts: KnownTexts) -> Iterator[str]:
    known = known_texts.get(text.key)
    if known is None:
        yield f"unknown text '{text.key}'"
        return
    for used in filter(None, (known, known_texts.get(known.instead))):
        if not at_most(used.tier, text.tier):
            yield f"text '{used.key}' tells more than {text.tier} allows"
    if known.says is not Says.NONE:
        yield from _untruths(step, known)


def _untruths(step: Step, text: KnownText) -> Iterator[str]:
    if step.offset_days != -SAYS_DAYS[text.says]:
        yield f"text '{text.key}' says {text.says}, which is not true {step.offset_days} days from the date"
    if not text.instead:
        yield f"text '{text.key}' says {text.says}, and there is no text to send when that is untrue"


def _identity(step: Step) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", step.id):
        yield "'id' must be small letters, digits and _"
    if not step.source.strip():
        yield "'source' must say where the numbers come from"


def _moments(step: Step) -> Iterator[str]:
    if (step.latest.days, step.latest.at) < (step.offset_days, step.at):
        yield "'latest' comes before the step itself"
    if step.offset_days < 0 < step.latest.days:
        yield "a step before its date must not go after it"
    if step.min_interval_days is not None and step.min_interval_days < 1:
        yield "'min_interval_days' must be 1 or more"


def _attendance(step: Step) -> Iterator[str]:
    if step.offset_days > 0 and step.after is After.NONE:
        yield "a step after a visit needs 'after': nobody may be told that she missed what she attended"
    if step.offset_days <= 0 and step.after is After.RECORDED_MISS:
        yield "a miss cannot be recorded before the visit"


def _addressee(step: Step) -> Iterator[str]:
    fitting = _CLASSES[step.to]
    if step.message_class not in fitting:
        yield f"class {step.message_class} is not for a {step.to} ({', '.join(sorted(fitting))})"
    if step.late is Late.SEND_NOW and step.to is To.CLIENT:
        yield "'send_now' minds no hour, so it is for staff alone"


_CLASSES: Final[dict[To, frozenset[MessageClass]]] = {
    To.CLIENT: frozenset({MessageClass.R1, MessageClass.R2, MessageClass.U, MessageClass.B}),
    To.MENTOR: frozenset({MessageClass.S}),
}


def _choice(step: Step) -> Iterator[str]:
    for whose in Whose:
        general = (text for text in step.texts if text.whose is whose and not text.kinds)
        if not any(text.tier is Wording.T0 for text in general):
            yield f"has no T0 text for {whose} that fits every kind of visit"
    rows = Counter((text.whose, text.tier, kind) for text in step.texts for kind in text.kinds or {None})
    for (whose, tier, kind), times in rows.items():
        if times > 1:
            yield f"has {times} {tier} texts for {whose} ({kind or 'every kind'}), so none is chosen"


_STEP_CHECKS: Final[tuple[Callable[[Step], Iterator[str]], ...]] = (
    _identity,
    _moments,
    _attendance,
    _addressee,
    _choice,
)
