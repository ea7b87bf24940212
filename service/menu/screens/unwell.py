"""Somebody is not well: two short lists of danger signs, and advice the moment one is there.

Never behind a PIN, the same for every caller, and in plain words. The lists follow the WHO's danger signs
(Pregnancy, Childbirth, Postpartum and Newborn Care; Integrated Management of Childhood Illness), the
deadliest first, and are to be approved by the clinical lead before go-live.
"""

from service.domain.effects import DangerSigns, NotWell, Patient, ReportDanger
from service.menu.facts import Facts
from service.menu.screen import End, Menu, Option, Screen, say
from service.menu.session import Session


def unwell(_session: Session, _facts: Facts) -> Screen:
    return Menu(
        say("ussd.who_unwell"),
        (
            Option(say("ussd.not_well"), "signs_mother", (NotWell(Patient.HERSELF),)),
            Option(say("ussd.baby_not_well"), "signs_baby", (NotWell(Patient.BABY),)),
        ),
    )


def signs_mother(_session: Session, _facts: Facts) -> Screen:
    return _signs(Patient.HERSELF, DangerSigns.MOTHER_FIRST, "signs_mother_more")


def signs_mother_more(_session: Session, _facts: Facts) -> Screen:
    return _signs(Patient.HERSELF, DangerSigns.MOTHER_SECOND, "help_coming")


def signs_baby(_session: Session, _facts: Facts) -> Screen:
    return _signs(Patient.BABY, DangerSigns.BABY_FIRST, "signs_baby_more")


def signs_baby_more(_session: Session, _facts: Facts) -> Screen:
    return _signs(Patient.BABY, DangerSigns.BABY_SECOND, "help_coming")


def go_now(_session: Session, facts: Facts) -> Screen:
    number = facts.transport_number()
    return End(say("ussd.go_now", p=number) if number else say("ussd.go_now_no_number"))


def help_coming(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.help_coming"))


def _signs(who: Patient, signs: DangerSigns, otherwise: str) -> Menu:
    return Menu(
        say(f"ussd.signs_{signs}"),
        (
            Option(say("ussd.yes"), "go_now", (ReportDanger(who, signs),)),
            Option(say("ussd.no"), otherwise),
        ),
    )
