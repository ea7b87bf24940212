"""``khopotso send-test``: one real text, and what happened to it."""

from typing import assert_never

import click

from handlers.cli.parts import NotSo, Opened, opened, operator
from handlers.cli.reading import mobile
from service.actions import deliver
from service.actions.deliver import Sending
from service.actions.trial import begin_trial
from service.domain.message import Accepted, Refused, SendResult, TryLater, Unknown
from service.domain.phone import Phone
from service.domain.reason import Reason


@click.command("send-test")
@click.argument("phone")
def send_test(phone: str) -> None:
    """Send one neutral text to PHONE through the first gateway, and say what happened to it.

    It is recorded like every other text, and obeys the allowed destinations and pauses.
    """
    with opened() as everything:
        to = mobile(everything, phone)
        gateway = next(iter(everything.parts.gateways))
        sending = _begun(everything, to, gateway)
        result = everything.parts.gateways[gateway].send(sending.text)
        everything.store.write(lambda tx: deliver.settle(tx, sending, result), operator())
    sentence = _in_words(gateway, result)
    if not isinstance(result, Accepted):
        raise NotSo(sentence)
    click.echo(sentence)


def _begun(everything: Opened, to: Phone, gateway: str) -> Sending:
    begun = everything.store.write(lambda tx: begin_trial(tx, everything.programme, to, gateway), operator())
    if isinstance(begun, Reason):
        raise NotSo(f"Not sent: {_REASONS.get(begun, begun.value.replace('_', ' '))}.")
    return begun


_REASONS = {
    Reason.PAUSED: "texts are paused; see: khopotso pause --list",
    Reason.DESTINATION_NOT_ALLOWED: "KHOPOTSO_ALLOWED_RECIPIENTS does not name this number",
    Reason.OPTED_OUT: "this number asked for no more texts",
    Reason.NUMBER_SUSPENDED: "this number is suspended",
    Reason.INSTANCE_CAP: "the texts of today are used up; see KHOPOTSO_DAILY_TEXT_CAP",
    Reason.SPEND_CAP: "the money of today is used up; see KHOPOTSO_DAILY_SPEND_CAP",
    Reason.GATED_WORD: "the text has a word that no text may say; see: khopotso check",
}


def _in_words(gateway: str, result: SendResult) -> str:
    match result:
        case Accepted(provider_id):
            return (
                f"Accepted by {gateway} as {provider_id}. Whether it arrived is told by its receipt; "
                "see: khopotso report deliveries"
            )
        case Refused(why, word):
            return f"Refused by {gateway}: {_said(why, word)}. It will not be sent."
        case TryLater(why, _, word):
            return f"Not sent by {gateway}: {_said(why, word)}. A worker tries again while it is useful."
        case Unknown(why):
            return f"Nobody can tell whether {gateway} took it: {why}. It is not sent again."
        case _:
            assert_never(result)


def _said(why: str, word: str) -> str:
    plain = why.replace("_", " ")
    return f"{plain} ({word})" if word else plain
