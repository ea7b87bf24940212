"""What callers come for, and in how many key-presses each must be reached."""

from dataclasses import dataclass
from typing import Final

from service.domain.effects import (
    AskForCall,
    AskNewDay,
    AskSafeCall,
    ConfirmVisit,
    DeclineInvitation,
    Effect,
    EndWish,
    GoingAway,
    NotWell,
    Register,
    ReportBirth,
    ReportDanger,
    ReportWeaning,
    RunningOut,
    SaysAttended,
    SetLanguage,
    SetNickname,
    SetNumber,
    SetSafeTimes,
    SideEffects,
    StartMessages,
    StopBabyTexts,
    StopMessages,
    TellMood,
    Wish,
)
from service.menu.machine import Turn


@dataclass(frozen=True)
class Goal:
    """Met by reaching a screen (its name) or by causing an effect (its class), in at most ``budget`` keys.

    Keys are counted from the first screen on; n keys show n + 1 screens.
    """

    name: str
    met_by: str | type[Effect]
    budget: int

    def met(self, turn: Turn) -> bool:
        if isinstance(self.met_by, str):
            return turn.session.screen == self.met_by
        return any(isinstance(effect, self.met_by) for effect in turn.effects)


FIVE_SCREENS: Final = 4
"""Every goal is met, or its first question is asked, on the fifth screen at the latest."""

AND_TYPED: Final = FIVE_SCREENS + 2
"""What has to be typed then, and shown to be right, comes on top."""

GOALS: Final = (
    Goal("see the next date", "next_date", 2),
    Goal("confirm the date", ConfirmVisit, FIVE_SCREENS),
    Goal("ask for another day", AskNewDay, FIVE_SCREENS),
    Goal("say that she cannot come to an event", DeclineInvitation, FIVE_SCREENS),
    Goal("ask for a call", AskForCall, 2),
    Goal("say that somebody is not well", NotWell, FIVE_SCREENS),
    Goal("report a danger sign", ReportDanger, 3),
    Goal("no danger sign, still be called", "help_coming", FIVE_SCREENS),
    Goal("say that she came", SaysAttended, FIVE_SCREENS),
    Goal("read advice", "advice_mother", FIVE_SCREENS),
    Goal("change the language", SetLanguage, FIVE_SCREENS),
    Goal("choose the time of messages", SetSafeTimes, FIVE_SCREENS),
    Goal("stop all messages", StopMessages, 2),
    Goal("get messages again", StartMessages, FIVE_SCREENS),
    Goal("ask to become a client", Register, FIVE_SCREENS),
    Goal("say that a supply is running out", RunningOut, FIVE_SCREENS),
    Goal("say that she is going away", GoingAway, FIVE_SCREENS),
    Goal("say that something troubles her body", SideEffects, FIVE_SCREENS),
    Goal("begin to tell of a birth", "born_name", FIVE_SCREENS),
    Goal("tell of a birth", ReportBirth, AND_TYPED),
    Goal("begin to tell of weaning", "weaned_on", FIVE_SCREENS),
    Goal("tell of weaning", ReportWeaning, AND_TYPED),
    Goal("hear nothing more about a baby", StopBabyTexts, FIVE_SCREENS),
    Goal("say how she feels", TellMood, FIVE_SCREENS),
    Goal("say that she is not safe at home", AskSafeCall, FIVE_SCREENS),
    Goal("begin to change her name", "name_new", FIVE_SCREENS),
    Goal("change her name", SetNickname, AND_TYPED),
    Goal("begin to say what she would like to get", "check_in", FIVE_SCREENS),
    Goal("be asked how she is", Wish, AND_TYPED),
    Goal("get none of it any more", EndWish, AND_TYPED),
    Goal("begin to change her number", "number_new", FIVE_SCREENS),
    Goal("change her number", SetNumber, AND_TYPED),
)
