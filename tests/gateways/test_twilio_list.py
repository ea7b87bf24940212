"""What Twilio's own list of messages is good for: replies that never came, and sends without an answer."""

import io
import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from handlers.gateways.definition import Patience, Surroundings
from handlers.gateways.twilio import Settings, Twilio
from handlers.gateways.twilio.account import MOST_PAGES
from service.domain.message import Accepted, Money, Unknown
from service.domain.phone import Phone
from service.ports import FindsSent, ListsInbound, OutgoingText, WebhookRequest
from tests.gateways.dialects import TWILIO
from tests.gateways.faults import MODES, Answering, always
from tests.gateways.stand_in import StandIn, serving

SID = "AC00000000000000000000000000000001"
PATH = f"/2010-04-01/Accounts/{SID}/Messages.json"
NUMBER = "+26622000000"
TO = Phone("+26658123456")
NOON = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def provider() -> Iterator[StandIn]:
    with serving(dialect=TWILIO) as stand_in:
        yield stand_in


def gateway(base_url: str = "http://127.0.0.1:1", sender: str = NUMBER) -> Twilio:
    given = {"account_sid": SID, "auth_token": "new-token", "from": sender, "base_url": base_url}
    patience = Patience(0.5, 0.5, 1.0)
    return Twilio(Settings.model_validate(given), Surroundings(io.StringIO(), patience=patience))


def text(words: str = "Lumela") -> OutgoingText:
    return OutgoingText(UUID(int=1), TO, words)


def written(moment: datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S +0000")


def record(sid: str, created: datetime = NOON, **said: str | None) -> dict[str, str | None]:
    usual = {"sid": sid, "direction": "inbound", "from": TO.e164, "to": NUMBER, "body": "Ke teng"}
    return {**usual, "date_created": written(created), **said}


def out(sid: str, created: datetime = NOON, **said: str | None) -> dict[str, str | None]:
    usual = {"direction": "outbound-api", "from": NUMBER, "to": TO.e164, "body": "Lumela"}
    return record(sid, created, **{**usual, **said})


def keep(provider: StandIn, *pages: list[dict[str, str | None]]) -> None:
    """Let the provider's list have these pages; the path of a page names the next."""

    def choose(query: dict[str, str]) -> Answering:
        page = int(query.get("Page", "0"))
        following = f"{PATH}?PageSize=100&Page={page + 1}&PageToken=PA{page}"
        document = {"messages": pages[page], "next_page_uri": following if pages[page + 1 :] else None}
        return Answering(accepts=False, status=200, body=json.dumps(document))

    provider.choose = choose


def test_what_came_in_is_listed_as_the_webhook_would_have_said_it(provider: StandIn) -> None:
    keep(provider, [record("SM1"), out("SM2")], [record("SM3", NOON - timedelta(hours=1), body="1")])
    line = gateway(provider.url)
    listed = line.inbound_since(NOON - timedelta(hours=1))
    assert [(found.external_id, found.text) for found in listed.items] == [("SM1", "Ke teng"), ("SM3", "1")]
    assert listed.gap == ""
    form = {"MessageSid": "SM1", "From": TO.e164, "Body": "Ke teng"}
    assert line.read(WebhookRequest("sms", "", {}, form, {})) == replace(listed.items[0], occurred_at=None)
    assert listed.items[0].occurred_at == NOON


def test_the_list_is_asked_for_our_number_and_from_the_day_before_on(provider: StandIn) -> None:
    keep(provider, [], [])
    gateway(provider.url).inbound_since(NOON)
    assert provider.asked == [
        {"To": NUMBER, "DateSent>": "2026-11-20T00:00:00Z", "PageSize": "100"},
        {"PageSize": "100", "Page": "1", "PageToken": "PA0"},
    ]
    assert {headers["Authorization"] for headers in provider.headers} == {
        f"Basic {b64encode(f'{SID}:new-token'.encode()).decode()}"
    }


def test_where_a_name_sends_the_whole_account_is_looked_through(provider: StandIn) -> None:
    keep(provider, [record("SM1"), out("SM2")])
    listed = gateway(provider.url, "KHOPOTSO").inbound_since(NOON)
    assert [found.external_id for found in listed.items] == ["SM1"]
    assert "To" not in provider.asked[0]


def test_what_came_in_before_is_left_out_and_what_has_no_date_is_not(provider: StandIn) -> None:
    early = record("SM1", NOON - timedelta(seconds=1))
    keep(provider, [record("SM2", date_created=None), record("SM3", date_created="today"), early])
    listed = gateway(provider.url).inbound_since(NOON)
    assert [found.external_id for found in listed.items] == ["SM2", "SM3"]


def test_a_listed_text_from_a_name_is_left_out(provider: StandIn) -> None:
    keep(provider, [{**record("SM1"), "from": "Vodacom"}, {**record("SM2"), "from": None}])
    assert gateway(provider.url).inbound_since(NOON).items == ()


def test_a_text_is_found_by_its_phone_and_words(provider: StandIn) -> None:
    keep(
        provider,
        [
            out("SM1", body="Lumela 'm'e ", price="-0.041", price_unit="USD", num_segments="1"),
            out("SM2", body="Another text"),
            record("SM3", body="Lumela 'm'e"),
            out("SM4", NOON - timedelta(minutes=1), body="Lumela 'm'e", direction="outbound-reply"),
            out("SM5", NOON - timedelta(minutes=3), body="Lumela 'm'e"),
            out("SM6", body=None),
        ],
    )
    found = gateway(provider.url).find(text("Lumela 'm'e"), NOON)
    assert [accepted.provider_id for accepted in found.items] == ["SM1", "SM4"]
    assert found.items[0] == Accepted("SM1", 1, Money(Decimal("0.041"), "USD"))
    assert found.gap == ""
    assert provider.asked == [{"To": TO.e164, "PageSize": "100"}]


def test_a_text_that_is_not_there_is_not_found(provider: StandIn) -> None:
    keep(provider, [])
    found = gateway(provider.url).find(text(), NOON)
    assert (found.items, found.gap) == ((), "")


def test_a_text_that_was_taken_without_an_answer_is_found(provider: StandIn) -> None:
    line = gateway(provider.url)
    provider.choose = always("reset")
    assert isinstance(line.send(text()), Unknown)
    taken = provider.accepted[0]
    keep(provider, [out(taken.provider_id, body=taken.text)])
    assert [accepted.provider_id for accepted in line.find(text(), NOON).items] == [taken.provider_id]


@pytest.mark.parametrize("mode", ["stall", "reset", "closed", "drip", "down", "busy", "bad-key", "html"])
def test_a_list_that_cannot_be_read_has_a_gap(mode: str, provider: StandIn) -> None:
    provider.choose = always(mode)
    line = gateway(provider.url)
    assert line.find(text(), NOON).gap
    assert line.inbound_since(NOON).gap


@pytest.mark.parametrize(
    "body", ["{}", "[]", '{"messages": [1]}', '{"messages": [], "next_page_uri": "https://example.org"}']
)
def test_a_page_of_another_form_is_a_gap(body: str, provider: StandIn) -> None:
    provider.choose = lambda _: Answering(status=200, body=body)
    assert gateway(provider.url).find(text(), NOON).gap == "HTTP 200"


def test_what_was_listed_before_a_gap_is_kept(provider: StandIn) -> None:
    keep(provider, [record("SM1")], [])
    first = provider.choose

    provider.choose = lambda query: MODES["reset"] if "Page" in query else first(query)
    listed = gateway(provider.url).inbound_since(NOON)
    assert [found.external_id for found in listed.items] == ["SM1"]
    assert listed.gap == "ConnectionError"


def test_a_list_without_an_end_is_not_read_to_its_end(provider: StandIn) -> None:
    endless = json.dumps({"messages": [record("SM1")], "next_page_uri": f"{PATH}?Page=1"})
    provider.choose = lambda _: Answering(status=200, body=endless)
    listed = gateway(provider.url).inbound_since(NOON)
    assert (len(provider.asked), listed.gap) == (MOST_PAGES, f"more than {MOST_PAGES} pages")


def test_a_page_may_be_long(provider: StandIn) -> None:
    keep(provider, [record(f"SM{n}", body="x" * 1600) for n in range(100)])
    assert len(gateway(provider.url).inbound_since(NOON).items) == 100


def test_a_gateway_says_what_lists_it_has() -> None:
    assert isinstance(gateway(), ListsInbound)
    assert isinstance(gateway(), FindsSent)
