"""Reminder, receipt and reply through the real Kannel, the real web application and a real store."""

from datetime import timedelta

import pytest

from handlers.app import create_app
from service.store.models.messages import Inbound
from service.store.transaction import Reading
from tests.kannel.boxes import FakeSmsc, Kannel, wait_for
from tests.kannel.front import Front, away, gateway, over
from tests.kannel.message_centre import DELIVERED, GSM, UCS2, Fate
from tests.worker.village import MONDAY, PATIENT, Village, at

pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)

TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)
AT_OPERATOR_A = "+26658100001"
UNKNOWN_TYPE = b"\x00\x01"
REMINDER = "Hello Thato, see you tomorrow, Wednesday 25 November. If you cannot come, reply 2. Your team"


def heard(village: Village) -> list[str]:
    """The texts that came in, as they were said; a command for its meaning only."""

    def read(reading: Reading) -> list[str]:
        rows = reading.connection.execute(
            Inbound.__table__.select().order_by(Inbound.recorded_at, Inbound.id)
        ).all()
        return [reading.vault.open_if(Inbound.body, row.id, row.body) or row.meaning for row in rows]

    return village.store.read(read)


def remind(village: Village) -> None:
    village.visit(village.woman(AT_OPERATOR_A), WEDNESDAY)
    village.clock.moment = at(TUESDAY, "10:00")
    village.tick()


def test_a_reminder_goes_out_is_reported_and_answered(
    village: Village, kannel: Kannel, fake: FakeSmsc
) -> None:
    over(village, gateway(kannel, smsc="fake"))
    before = len(fake.got())
    visit = village.visit(village.woman(AT_OPERATOR_A), WEDNESDAY)
    village.clock.moment = at(TUESDAY, "10:00")
    village.tick()
    assert fake.next_after(before) == ("32100", AT_OPERATOR_A, REMINDER)
    wait_for("the receipt", lambda: village.message_states() == ["delivered"])
    assert village.ledger()["visit_d1"] == ("delivered", None)

    fake.phone_sends(f"{AT_OPERATOR_A} 32100 text 1")
    wait_for("her answer", lambda: village.visit_state(visit) == ("planned", True))
    village.tick()
    assert fake.next_after(before + 1)[2].startswith("Thank you Thato.")


@pytest.mark.parametrize(
    ("fate", "end"),
    [
        (DELIVERED, "delivered"),
        (Fate(words=("ENROUTE", "DELIVRD")), "delivered"),
        (Fate(words=("ENROUTE",)), "buffered"),
        (Fate(words=()), "sent"),
        (Fate(words=("UNDELIV",)), "undelivered"),
        (Fate(words=("EXPIRED",)), "undelivered"),  # of words alone Kannel makes "failed"
        (Fate(words=("EXPIRED",), state=3), "expired"),
        (Fate(status=0x0B), "undelivered"),  # no such number
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_an_operator_reports_is_what_is_known(
    village: Village, kannel: Kannel, fate: Fate, end: str
) -> None:
    kannel.operators["A"].fate = lambda _: fate
    remind(village)
    wait_for(f"the state {end}", lambda: village.message_states() == [end])


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("+26658100001 32100 text Ke a leboha, è 100%", "Ke a leboha, è 100%"),
        ("+26658100001 32100 ucs2 %00t%01%61%00e%00l%00a%00+%D8%3D%DE%00", "tšela 😀"),
        ("+26658100001 32100 data Lumela%21", "Lumela!"),
    ],
)
def test_the_fake_operator_s_phones_are_heard_as_they_wrote(
    village: Village, fake: FakeSmsc, line: str, text: str
) -> None:
    fake.phone_sends(line)
    wait_for("the text", lambda: heard(village) == [text])


@pytest.mark.parametrize(
    ("text", "coding"), [("Ke a leboha è [€]\n  100% 'm'e", GSM), ("Ke tšoere ’m’e 😀", UCS2)]
)
def test_an_operator_s_phones_are_heard_as_they_wrote(
    village: Village, kannel: Kannel, text: str, coding: int
) -> None:
    kannel.operators["A"].phone_sends("26658100001", text, coding)
    wait_for("the text", lambda: heard(village) == [text])


def test_a_long_text_is_heard_as_one(village: Village, kannel: Kannel) -> None:
    kannel.operators["A"].phone_sends_in_parts("26658100001", ["Ke " * 50, "leboha " * 20, "haholo"])
    wait_for("the text", lambda: heard(village) == ["Ke " * 50 + "leboha " * 20 + "haholo"])


def test_stop_is_obeyed_however_the_number_is_written(village: Village, kannel: Kannel) -> None:
    village.visit(village.woman(AT_OPERATOR_A), WEDNESDAY)
    kannel.operators["A"].phone_sends("0026658100001", "Stop.", number_type=UNKNOWN_TYPE)
    wait_for("the word", lambda: heard(village) == ["Stop."])
    village.work_through(at(TUESDAY, "10:00"), at(TUESDAY, "11:00"))
    assert village.ledger()["visit_d1"] == ("suppressed", "opted_out")


def test_while_the_service_is_away_nothing_is_lost_or_said_to_her_phone(
    village: Village, fake: FakeSmsc, front: Front
) -> None:
    front.app, asked, got = away, len(front.asked), len(fake.got())
    fake.phone_sends("+26658100001 32100 text Ke a leboha")
    wait_for("a second try", lambda: len([a for a in front.asked[asked:] if "/sms?" in a]) > 1)
    front.app = create_app(village.parts, patience=PATIENT)
    wait_for("the text", lambda: heard(village) == ["Ke a leboha"])
    assert fake.got()[got:] == []


def test_no_number_or_text_is_in_an_address(village: Village, kannel: Kannel, front: Front) -> None:
    asked = len(front.asked)
    remind(village)
    wait_for("the receipt", lambda: village.message_states() == ["delivered"])
    kannel.operators["A"].phone_sends("26658100001", "Lumela")
    wait_for("the text", lambda: heard(village) == ["Lumela"])
    addresses = " ".join(front.asked[asked:])
    assert "58100001" not in addresses
    assert "Lumela" not in addresses
    assert "Hello" not in addresses
