"""``khopotso send-test``."""

import json

import pytest
from sqlalchemy import select

from service.domain.message import MessageClass, MessageState
from service.store.models.messages import Message
from tests.cli.conftest import Installation
from tests.gateways.faults import always
from tests.gateways.stand_in import serving

pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


def states(installation: Installation) -> list[MessageState]:
    with installation.store() as store:
        return list(store.read(lambda reading: reading.connection.scalars(select(Message.state)).all()))


def test_a_text_leaves_and_is_recorded_like_every_other(installation: Installation) -> None:
    assert "Accepted by simulator" in installation.good("send-test", "58000001")
    with installation.store() as store:
        row = store.read(
            lambda reading: reading.connection.execute(
                select(
                    Message.person_id, Message.message_class, Message.state, Message.attempts, Message.gateway
                )
            ).one()
        )
    assert row == (None, MessageClass.C, MessageState.ACCEPTED, 1, "simulator")


@pytest.mark.parametrize(
    ("number", "said", "state"),
    [
        ("58009403", "Refused by simulator: bad number", MessageState.FAILED),
        ("58009405", "Not sent by simulator: no credit", MessageState.QUEUED),
        ("58009408", "Nobody can tell whether simulator took it", MessageState.UNKNOWN),
    ],
)
def test_what_happened_is_said_in_words(
    installation: Installation, number: str, said: str, state: MessageState
) -> None:
    assert said in installation.not_so("send-test", number)
    assert states(installation) == [state]


def test_it_goes_over_the_gateway_that_is_configured(installation: Installation) -> None:
    with serving() as provider:
        installation.setting("GATEWAYS", "africastalking")
        installation.setting("AFRICASTALKING_USERNAME", "demo")
        installation.setting("AFRICASTALKING_API_KEY", "key")
        installation.setting("AFRICASTALKING_BASE_URL", provider.url)
        assert "Accepted by africastalking" in installation.good("send-test", "+266 5800 0001")
        provider.choose = always("bad-key")
        assert "Not sent by africastalking: bad account" in installation.not_so("send-test", "58000001")
    assert [sent.number for sent in provider.accepted] == ["+26658000001"]


@pytest.mark.parametrize(
    ("number", "said"), [("22310000", "not a mobile"), ("0821234567", "check its digits")]
)
def test_a_number_that_may_get_no_texts_is_refused(
    installation: Installation, number: str, said: str
) -> None:
    assert said in installation.misused("send-test", number)
    assert states(installation) == []


def test_on_a_staging_installation_only_listed_numbers_get_texts(installation: Installation) -> None:
    installation.setting("ALLOWED_RECIPIENTS", "+26658000002")
    assert "KHOPOTSO_ALLOWED_RECIPIENTS" in installation.not_so("send-test", "58000001")
    installation.good("send-test", "58000002")


def test_a_pause_holds_it(installation: Installation) -> None:
    installation.good("pause")
    assert "paused" in installation.not_so("send-test", "58000001")
    assert states(installation) == []


def test_the_hour_does_not_matter(installation: Installation) -> None:
    installation.setting("DEMO", "1")
    installation.setting("CLOCK", "2026-11-22T23:30+02:00")
    installation.good("send-test", "58000001")


def test_neither_number_nor_text_is_shown(installation: Installation) -> None:
    output = installation.good("send-test", "58000001")
    report = json.loads(installation.good("report", "deliveries", "--json"))
    assert len(report) == 1
    for shown in (output, str(report)):
        assert "58000001" not in shown
        assert "messages reach" not in shown
