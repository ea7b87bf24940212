"""What a text step may not say, to whom and when."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from service.domain.message import MessageClass
from service.domain.people import Wording
from service.reminders.plan import KnownText, KnownTexts, Step, StepText, at_most
from service.reminders.vocabulary import SAYS_DAYS, After, Anchor, Late, Says, To, Whose


def text_mistakes(step: Step, known_texts: KnownTexts) -> Iterator[str]:
    for check in _CHECKS:
        yield from check(step)
    for text in step.texts:
        yield from _of_text(step, text, known_texts)


def _of_text(step: Step, text: StepText, known_texts: KnownTexts) -> Iterator[str]:
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


def _moments(step: Step) -> Iterator[str]:
    if (step.latest.days, step.latest.at) < (step.offset_days, step.at):
        yield "'latest' comes before the step itself"
    if step.offset_days < 0 < step.latest.days:
        yield "a step before its date must not go after it"
    if step.min_interval_days is not None and step.min_interval_days < 1:
        yield "'min_interval_days' must be 1 or more"


def _attendance(step: Step) -> Iterator[str]:
    if step.anchor is not Anchor.VISIT:
        if step.after is After.RECORDED_MISS:
            yield "only a visit can be missed"
    elif step.offset_days > 0 and step.after is After.NONE:
        yield "a step after a visit needs 'after': nobody may be told that she missed what she attended"
    elif step.offset_days <= 0 and step.after is After.RECORDED_MISS:
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
    for whose in _WHOSE.get(step.anchor, Whose):
        general = (text for text in step.texts if text.whose is whose and not text.kinds)
        if not any(text.tier is Wording.T0 for text in general):
            yield f"has no T0 text for {whose} that fits every kind of visit"
    rows = Counter((text.whose, text.tier, kind) for text in step.texts for kind in text.kinds or {None})
    for (whose, tier, kind), times in rows.items():
        if times > 1:
            yield f"has {times} {tier} texts for {whose} ({kind or 'every kind'}), so none is chosen"


_WHOSE: Final[dict[Anchor, tuple[Whose, ...]]] = {
    Anchor.ENROLMENT: (Whose.SELF,),
    Anchor.EDD: (Whose.SELF,),
    Anchor.ART_START: (Whose.SELF,),
}
"""Whose dates these always are; all others may be a child's too."""


_CHECKS: Final[tuple[Callable[[Step], Iterator[str]], ...]] = (
    _moments,
    _attendance,
    _addressee,
    _choice,
)
