"""What people answer, in English and Sesotho, as tables.

Phrases are folded: small letters, no accents or apostrophes.
"""

from enum import StrEnum
from typing import Final


class Said(StrEnum):
    """What a message means, whoever sent it and whatever was asked.

    ``CHANGE`` is digit 2: another date or help, as the open question has it. ``STOP_OR_DATE`` stops as
    ``STOP`` does, and a person asks whether she meant the date. ``STOP_AND_MORE`` stops too, and a person
    reads what else she wrote.
    """

    YES = "yes"
    CHANGE = "change"
    CALL_ME = "call_me"
    WRONG_NUMBER = "wrong_number"
    STOP = "stop"
    STOP_OR_DATE = "stop_or_date"
    STOP_AND_MORE = "stop_and_more"
    HELP = "help"
    START = "start"
    DANGER = "danger"


def _phrases(table: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for line in table.split("\n") for phrase in line.split(",") if phrase.strip())


VOCABULARY: Final[dict[Said, tuple[str, ...]]] = {
    Said.YES: _phrases("""
        1, one, yes, yess, yeah, yep, yea, y, ok, okay, okey, oky, okk, k, sure, fine, well, correct
        i am good, im good, i will come, ill come, i am coming, im coming, will come, coming
        i will be there, ill be there, see you, see u, see you tomorrow, see u tomorrow, see you then
        it is me, its me, this is me, that is me, thats me, my number, my phone, it is mine, its mine
        e, ee, eea, eya, ho lokile, holokile, hantle, ke phela hantle, kea phela, re phela hantle
        ke tla fihla, ke tla fihla teng, ke lokile, ke tla tla, kea tla, ke tla ba teng, re tla bonana
        re tla bonana hosane, ke nna, ke na
    """),
    Said.CHANGE: _phrases("""
        2, two, change, change it, change date, change the date, change my date, new date
        another day, other day, different day, i need help, i want help
        i cannot come, i cant come, i can not come, cannot come, cant come, i will not come, i wont come
        i am not coming, im not coming, not coming, cannot make it, cant make it, cannot make it tomorrow
        cant make it tomorrow
        cannot come tomorrow, cant come tomorrow, will not make it, wont make it
        i will not manage to come, i wont manage to come, another date, other date
        fetola, fetole, fetole letsatsi, fetola letsatsi, ho fetola, ho fetola letsatsi, letsatsi le lecha
        letsatsi le leng
        kea sitoa, ke sitoa, ke tla sitoa, ke sitoa ho tla, nke ke ka tla, nkeke ka tla
        ha ke khone ho tla, ha ke kgone ho tla, ke hloka thuso
    """),
    Said.CALL_ME: _phrases("""
        3, three, call, call me, callme, call me back, call back, callback, phone me, ring me, give me a call
        please call, pls call, plz call, i want a call
        mpitse, mpitseng, ntetsetse, ntetsetseng, ntetsetsa, nteletsetse, nteletsetsa, letsetsa, nfounele
        kopa ho letsetsoa, ke kopa ho letsetsoa, ke batla ho letsetsoa
    """),
    Said.WRONG_NUMBER: _phrases("""
        9, nine, wrong, wrong number, wrong no, wrong person, wrong phone, wron number, rong number
        it is not my phone, not my phone
        you have the wrong number, you have a wrong number, you have wrong number, you got the wrong number
        who is this, whos this, who is it, who are you, who r u, who is that, who dis, who is sending
        who sent, not me, i am not her
        not my number, i dont know you, i do not know you, i dont know her, i do not know her
        i dont know this person, i do not know this person
        phoso, ke phoso, nomoro e fosahetse, nomoro ea phoso, nomoro e phoso, fosahetse, u fositse, le fositse
        ke mang, o mang, u mang, ke bo mang, le bo mang, ha se nna, hase nna, ha se na, hase na
        ha ke u tsebe, ha ke mo tsebe, ha se nomoro ea hae, ha se ea hae, ha se ea ka, ha ke motho eo
        ha se motho eo
    """),
    Said.STOP: _phrases("""
        stop, stopall, stop all, stopp, sstop, stp, stpo, sotp, stoop, stop sending to me
        stop sending messages to me, stop sending sms to me, stop sending messages to this number
        unsubscribe, unsubscribe me, unsuscribe, unsubcribe, revoke, optout, opt out
        remove me, remove my number, leave me alone
        no more messages, no more sms, no more smses, no more texts, do not send
        dont send, never send, dont write, stop writing, stop contacting, stop disturbing, stop bothering
        dont text, dont message, dont contact, dont disturb
        dont text me, do not text me, dont message me, do not message me, dont sms me, do not sms me
        i dont want messages, i do not want messages, i dont want your messages, i do not want your messages
        i dont want these messages, i do not want these messages, i dont want sms
        emisa, emise, emisang, emiseng, ho emisa, khaotsa, khaotsang, tlohela, tlohelang, ntlose, ntloseng
        tlohela ho nthomella, tlohelang ho nthomella, khaotsa ho nthomella, khaotsang ho nthomella
        se ke ua nthomella, se ke oa nthomella, se ke la nthomella, se hlole u nthomella
        se hlole le nthomella
        le se ke la hlola le nthomella, u se ke oa hlola u nthomella, u se ke ua hlola u nthomella
        ha ke batle melaetsa, ha ke sa batla melaetsa, ha ke sa batle melaetsa
    """),
    Said.STOP_OR_DATE: _phrases("""
        cancel, cancell, cansel, end, quit, i want to quit, i want to stop, i want to cancel, i wish to stop
        khansela, ke batla ho emisa
    """),
    Said.HELP: _phrases("""
        help, hellp, help me, info, information
        thuso, nthuse, nthuseng, kopa thuso, ke kopa thuso, ke batla thuso
    """),
    Said.START: _phrases("""
        start, start again, restart, resume, unstop, i want to start
        qala, qalang, qala hape, ho qala, ke batla ho qala
    """),
}

DENIALS: Final = frozenset(_phrases("no, nope, nah, che, tjhe"))
"""On their own they answer nothing for sure; beside *yes* they contradict it."""

FILLERS: Final = frozenset(
    _phrases("""
        please, pls, plz, plse, plez, kindly, thank, thanks, thanx, thx, tnx, thankyou, tanks, you, u, ty
        sorry, now, immediately, it, its, the, this, these, that, all, my, me, i, im, am, is, a, very
        your, sms, smses, msg, msgs, message, messages, messege, messeges, texts, texting
        sending, messaging, smsing, calling, number, said, anymore, ever, again, nonsense, rubbish, spam
        bro, man
        just, really, back, yourselves, lona, rona, bona, ka mehla, feela, reply, answer, option, press
        hi, hello, hey, dear, sis, sister, sir, madam, mam
        can, we, mohala, lumela, lumelang, ausi, mme, ntate, ka, kopo, kopa, hle, hlee, kea, rea, leboha, ke
        le, ho, ea, oa, u
        melaetsa, molaetsa, nomoro, araba, hape, joale, hona, haholo, ena, eo
    """)
)
"""Words that change nothing about an answer.

No preposition is among them: in "on 9" or "for 2" the digit is no answer.
"""

GREETINGS: Final = _phrases(
    "good morning, good day, good afternoon, good evening, good night, thank you very much"
)
"""Taken out first, for "good" alone would be an answer."""

CALLS_IN_A_SENTENCE: Final = _phrases("""
    please call, pls call, plz call, call me, please callme, please phone me, please ring me, ask for a call
    ntetsetse, ntetsetseng, nteletsetse, ke kopa ho letsetsoa
""")
"""A request to be called counts whatever stands around it: operators put advertisements there."""

WRONG_IN_A_SENTENCE: Final = _phrases("""
    wrong number, wrong person, nomoro e fosahetse, nomoro ea phoso, nomoro e phoso, motho e mong
    u fositse nomoro, le fositse nomoro
    this number is not for, this number is not hers, this number is not his, this is not the number of
    this is not the phone of
    this number does not belong, this number doesnt belong, this phone is not for
    nomoro ena ha se ea, ke ea ka eseng, ena ha se nomoro ea
""")
"""That a number is not somebody's counts whatever name follows."""

REFUSALS: Final = frozenset(_phrases("dont, not, never, wont, stop, seke, se, skeng, ska"))
"""Beside one of these a request to be called may be the opposite."""
