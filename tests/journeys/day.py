"""A day on which everything happens that may leave a trace."""

import sys
from datetime import timedelta
from typing import Final
from uuid import UUID

from handlers.gateways.cumulative import Call
from service.domain.phone import Phone
from service.store.models.people import Client
from tests.gateways.stand_in import Sent
from tests.journeys.service import TOKEN, Service, open_service
from tests.worker.village import LOG, MONDAY, at

HER_PHONE, NICKNAME, MENTORS_PHONE, MENTOR = "+26658100001", "Nthabiseng", "+26658100050", "Palesa"
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
CHOSEN_PIN, WRONG_PIN, NEWCOMERS_PHONE = "718293", "593716", "+26658100098"

SECRETS: Final = (
    HER_PHONE,
    HER_PHONE.removeprefix("+"),
    HER_PHONE.removeprefix("+266"),
    MENTORS_PHONE.removeprefix("+266"),
    NICKNAME,
    MENTOR,
    "my sister went to Maseru",
    "I am bleeding",
    "re tla bonana",
    "Rea leboha",
    TOKEN,
    "8642097",  # long, so that it is in no identifier by chance
    CHOSEN_PIN,
    WRONG_PIN,
)
"""What nobody may find in a database, a log or an address."""


def plan(service: Service) -> UUID:
    """A woman's visit of Wednesday; a Mentor Mother looks after her."""
    mentor = service.village.staff(MENTOR, MENTORS_PHONE)
    woman = service.village.woman(HER_PHONE, NICKNAME, mentor_id=mentor, language="st")
    return service.village.visit(woman, WEDNESDAY)


def reminded(service: Service) -> Sent:
    """The one text that has left by Tuesday noon."""
    service.village.work_through(at(MONDAY, "18:00"), at(TUESDAY, "12:00"))
    (sent,) = service.provider.accepted
    return sent


def texts(service: Service, text: str, message_id: str = "in-1", sender: str = HER_PHONE) -> None:
    form = {"from": sender, "to": "21512", "text": text, "date": "2026-11-24 10:05:00", "id": message_id}
    assert service.hook("sms", **form).status_code == 200
    service.village.dispatch()


def receipt(service: Service, provider_id: str, status: str, number: str = HER_PHONE) -> None:
    answer = service.hook("receipt", id=provider_id, status=status, phoneNumber=number)
    assert answer.status_code == 200


def live(service: Service) -> None:
    """One of everything that a day may bring."""
    receipt(service, reminded(service).provider_id, "Success")
    code = service.village.rows(Client.code)[0].code
    said = ("1", "2", "my sister went to Maseru", "I am bleeding", "HELP", f"ATT {code} 8642097", "9", "STOP")
    for number, text in enumerate(said):
        service.village.clock.moment += timedelta(minutes=2)
        texts(service, text, f"hers-{number}")
        texts(service, f"ATT {code} 8642097", f"mentors-{number}", MENTORS_PHONE)
    call(service)
    at_the_door(service)
    receipt(service, "unheard-of", "Success")
    service.hook("opt-out", senderId="x", phoneNumber=HER_PHONE)
    service.hook("sms", token="wrong", **{"from": HER_PHONE, "text": "I am bleeding", "id": "x"})
    service.hook("sms", **{"from": "MTN", "text": "I am bleeding", "id": "y"})


def call(service: Service) -> None:
    """She reports danger by USSD; at its end the network repeats everything that was typed."""
    hers = Call("ATUid_1", "*123#", Phone(HER_PHONE))
    for typed in ("3", "1", "1"):
        service.hook("ussd", **hers.form())
        hers = hers.typing(typed)
    service.hook("ussd", **hers.form())
    service.hook("ussd-end", **hers.end_form("Success"), input="1*8642097", lastAppResponse=NICKNAME)


def at_the_door(service: Service) -> None:
    """Somebody registers with a PIN, and types a wrong one and hers: on the first screen and at the door."""
    register = ("5", "3", "Lerato", CHOSEN_PIN)
    knocks = ((WRONG_PIN,), ("5", "5", WRONG_PIN, CHOSEN_PIN), (CHOSEN_PIN, "1"))
    for number, keys in enumerate((register, *knocks)):
        theirs = Call(f"ATUid_door_{number}", "*123#", Phone(NEWCOMERS_PHONE))
        for typed in keys:
            service.hook("ussd", **theirs.form())
            theirs = theirs.typing(typed)
        seen = service.hook("ussd", **theirs.form()).get_data(as_text=True)
        service.hook("ussd-end", **theirs.end_form("Success"), input="*".join(keys), lastAppResponse=seen)
    assert "Ke eng?" in seen, "she is inside"


def main() -> None:
    """The day in a process of its own, on the database that is named; prints its logs."""
    with open_service(sys.argv[1]) as service:
        plan(service)
        live(service)
    print(LOG.getvalue())  # noqa: T201
