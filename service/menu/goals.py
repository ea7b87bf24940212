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
from service.domain.staff_effects import (
    AddBaby,
    CloseCall,
    CloseDay,
    Enrol,
    GoOnLeave,
    LetChoosePin,
    MarkVisit,
    NoteContact,
    NoteLoss,
    NoteResult,
    NoteSample,
    NoteWeaning,
    OfferTransfer,
    SendReminder,
    SetDate,
    TakeTask,
    TextsAgain,
    Verify,
    VerifyBaby,
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

CLIENTS_GOALS: Final = (
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

TWELVE_SCREENS: Final = 11
"""At 8 seconds a screen, twelve fit into the 180 seconds that a network gives a session."""

STAFFS_GOALS: Final = (
    Goal("say about danger: I have it", TakeTask, 3),
    Goal("see today's list", "todo", 2),
    Goal("look a client up", "case", 3),
    Goal("mark who came", MarkVisit, 4),
    Goal("say why somebody did not come", "miss_why", 4),
    Goal("set another date", SetDate, AND_TYPED),
    Goal("send a reminder now", SendReminder, 5),
    Goal("note a call or a visit", NoteContact, AND_TYPED),
    Goal("settle a call to somebody unknown", CloseCall, 5),
    Goal("close the day", CloseDay, FIVE_SCREENS),
    Goal("enrol a client", Enrol, TWELVE_SCREENS),
    Goal("take somebody in who registered", Verify, 5),
    Goal("let a client choose a PIN", LetChoosePin, 5),
    Goal("enrol a baby", AddBaby, 8),
    Goal("take a baby in whom its mother told of", VerifyBaby, AND_TYPED),
    Goal("note weaning", NoteWeaning, 8),
    Goal("note that blood was taken", NoteSample, 8),
    Goal("note that an answer came", NoteResult, 8),
    Goal("begin to stop texts: a loss, a wrong number, a disclosure", "pause_why", 5),
    Goal("stop texts after a loss", NoteLoss, 8),
    Goal("text again after a loss", TextsAgain, AND_TYPED),
    Goal("hand a client over to another site", OfferTransfer, TWELVE_SCREENS),
    Goal("go on leave, and say who acts", GoOnLeave, AND_TYPED),
    Goal("see her week", "week", FIVE_SCREENS),
)
"""Her PIN is the first key of each."""

GOALS: Final = (*CLIENTS_GOALS, *STAFFS_GOALS)
