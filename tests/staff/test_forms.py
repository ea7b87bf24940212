"""Forms: ours or refused, carried out once, and only for whom they were made."""

import pytest
from sqlalchemy import func, select

from service.store.models.access import Note
from service.store.models.operations import AuditRow
from tests.staff.house import House


def notes(house: House) -> int:
    return int(
        house.village.store.read(
            lambda reading: reading.connection.scalar(select(func.count()).select_from(Note)) or 0
        )
    )


def test_a_double_tap_is_harmless(house: House) -> None:
    path = f"/staff/clients/{house.here.code}"
    house.mentor.open(path)
    answers = {house.mentor.send(f"{path}/note", text="Once").to for _ in range(3)}
    assert len(answers) == 1
    assert notes(house) == 1


def test_two_forms_of_one_page_are_two(house: House) -> None:
    path = f"/staff/clients/{house.here.code}"
    house.mentor.open(path)
    for text in ("One", "Two"):
        house.mentor.send(f"{path}/note", text=text)
    assert notes(house) == 2


def test_what_was_refused_may_be_sent_again(house: House) -> None:
    path = f"/staff/clients/{house.here.code}"
    house.mentor.open(path)
    assert house.mentor.send(f"{path}/note", text="").status == 400
    assert house.mentor.send(f"{path}/note", text="Now with words").status == 303


def test_what_one_wrote_is_not_sent_as_another(house: House) -> None:
    path = f"/staff/clients/{house.here.code}"
    written = house.mentor.open(path).value("form_key")
    answer = house.coordinator.send(f"{path}/note", from_page=path, text="x", form_key=written)
    assert answer.status == 409
    assert "Somebody else wrote this" in answer.text
    assert notes(house) == 0


@pytest.mark.parametrize("token", ["", "made up"])
def test_a_form_that_is_not_ours_is_refused(house: House, token: str) -> None:
    path = f"/staff/clients/{house.here.code}"
    answer = house.mentor.send(f"{path}/note", from_page=path, text="x", csrf_token=token)
    assert answer.status == 400
    assert notes(house) == 0


def test_another_sites_page_cannot_send_our_forms(house: House) -> None:
    path = f"/staff/clients/{house.here.code}"
    house.mentor.open(path)
    form = {name: house.mentor.page.value(name) for name in ("csrf_token", "form_key")} | {"text": "x"}
    answer = house.mentor.client.post(f"{path}/note", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert notes(house) == 0


def test_nothing_is_kept_framed_or_loaded_from_elsewhere(house: House) -> None:
    headers = house.mentor.open("/staff/today").answer.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_what_somebody_typed_is_shown_and_never_run(house: House) -> None:
    path = f"/staff/clients/{house.here.code}"
    odd = "<script>alert(1)</script>\u202egnirts\u200b"
    house.mentor.send(f"{path}/note", from_page=path, text=odd)
    page = house.mentor.open(path).html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;·gnirts·" in page


def test_a_look_at_a_number_is_noted(house: House) -> None:
    path = f"/staff/clients/{house.here.code}"
    assert "+26658001009" not in house.mentor.open(path).text
    assert "+26658001009" in house.mentor.send(f"{path}/number").text
    noted = house.village.rows(AuditRow.actor, AuditRow.verb, AuditRow.noun_id)
    assert (f"staff:{house.here.mentor}", "reveal_number", house.here.woman) in [tuple(row) for row in noted]


def test_a_number_that_only_a_task_knows_is_shown_to_whoever_has_the_task(house: House) -> None:
    house.mentor.open("/staff/today")
    assert "+26658001009" in house.mentor.send(f"/staff/tasks/{house.here.task}/number").text


def test_a_failure_shows_nothing_of_the_program(house: House) -> None:
    page = house.mentor.open("/staff/clients/nonsense")
    assert page.status == 404
    assert "There is nothing here" in page.text
