"""``khopotso report freeze`` and ``restated``."""

import csv
from datetime import date, timedelta
from io import StringIO
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from config.clock import RealClock
from service.actions import roll_up
from service.actions.enrol import NewClient, enrol_client
from service.domain.people import OPERATOR, ConsentChannel
from service.domain.period import Period, PeriodKind, period_of
from service.domain.phone import Phone
from service.reports.figures import shipped
from service.store.models.figures import FrozenFigure
from service.store.models.operations import Mark
from service.store.models.people import Site
from service.store.transaction import Transaction
from tests.cli.conftest import SITE, Installation
from tests.reports.counted import counting

on_sqlite = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


def last_month() -> Period:
    return period_of(PeriodKind.MONTH, RealClock().now().date().replace(day=1) - timedelta(days=15))


def enrolled(installation: Installation, phone: str, on: date) -> None:
    with installation.store() as store:
        store.write(lambda tx: _enrol(tx, phone, on), OPERATOR)
        store.write(_forget_the_last_look, OPERATOR)
        roll_up.refresh(store, counting(), OPERATOR, 10_000)


def _enrol(tx: Transaction, phone: str, on: date) -> None:
    site_id = tx.connection.scalar(select(Site.id).where(Site.name == SITE))
    assert site_id
    new = NewClient(Phone(phone), "Thato", "en", site_id, on, frozenset({ConsentChannel.SMS}), True)
    assert isinstance(enrol_client(tx, new), UUID)


def _forget_the_last_look(tx: Transaction) -> None:
    tx.connection.execute(delete(Mark).where(Mark.name == roll_up.LOOKED_UP_TO))


@on_sqlite
def test_what_was_frozen_stays_and_what_came_late_is_told(installation: Installation) -> None:
    month = last_month()
    enrolled(installation, "+26658000001", month.first)
    said = installation.good("report", "freeze", month.code)
    assert said.startswith(f"{month.code} is frozen, by the rules of {shipped().version}. Checksum ")
    assert "NEW" not in installation.good("report", "restated", month.code, "--format", "csv")
    enrolled(installation, "+26658000002", month.last)
    told = csv.DictReader(StringIO(installation.good("report", "restated", month.code, "--format", "csv")))
    wholes = [row for row in told if (row["indicator"], row["place"], row["cell"]) == ("NEW", "network", "")]
    assert [(row["published"], row["now"]) for row in wholes] == [("1", "2")]


@on_sqlite
def test_a_frozen_figure_that_somebody_altered_is_noticed(installation: Installation) -> None:
    month = last_month()
    enrolled(installation, "+26658000001", month.first)
    installation.good("report", "freeze", month.code)
    with installation.store() as store:
        store.write(lambda tx: tx.connection.execute(update(FrozenFigure).values(cases=7)), OPERATOR)
    assert "the checksum is wrong" in installation.not_so("report", "restated", month.code)


@on_sqlite
def test_what_cannot_be_frozen_or_told_says_what_to_do(installation: Installation) -> None:
    this_month = period_of(PeriodKind.MONTH, RealClock().now().date())
    assert "freeze it when it is" in installation.not_so("report", "freeze", this_month.code)
    not_frozen = installation.not_so("report", "restated", last_month().code)
    assert f"khopotso report freeze {last_month().code}" in not_frozen
    assert "Write a month" in installation.misused("report", "freeze", "November")
