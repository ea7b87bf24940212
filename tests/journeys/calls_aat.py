"""Plays a call over the route that AAT calls: one input at a time, to the address in the last answer."""

from itertools import count
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import fromstring

from tests.journeys.calls import facts, told
from tests.journeys.service import Service

_sessions = count(1)


class AatLine:
    """A phone on such a network, which says nothing when a call ends."""

    def __init__(self, service: Service, msisdn: str) -> None:
        self._service = service
        self._msisdn = msisdn
        self._session = ""
        self._onward: dict[str, str] = {}
        self._asked: dict[str, str] = {}

    def dial(self, text: str = "") -> list[str]:
        self._session = f"aat{next(_sessions)}"
        return self._ask({"request": f"*123*{text}#" if text else "*123#"})

    def dial_again(self) -> list[str]:
        return self.dial()

    def repeat(self) -> list[str]:
        return self._ask(self._asked)

    def late(self) -> list[str]:
        raise AssertionError("This network waits for each answer before it asks again.")

    def type(self, typed: str) -> list[str]:
        return self._ask({**self._onward, "request": typed})

    def _ask(self, said: dict[str, str]) -> list[str]:
        self._asked = said
        before = self._service.village.store.read(facts)
        answer = self._service.aat_hook(
            msisdn=self._msisdn, provider="Vodacom", ussdSessionId=self._session, **said
        )
        assert answer.status_code == 200
        assert answer.content_type == "text/xml; charset=utf-8"
        page = fromstring(answer.get_data(as_text=True))
        option = page.find("options/option")
        if option is not None:
            self._onward = dict(parse_qsl(urlsplit(option.attrib["callback"]).query))
        caused = self._service.village.store.read(facts) - before
        ends = ["= the session ends"] if option is None else []
        shown = (page.findtext("headertext") or "").splitlines()
        return [*shown, *ends, *told(caused)]
