"""``khopotso staff``."""

import json
import re

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select

from service.actions.credentials import CredentialKind, peppered
from service.actions.staff import find_staff
from service.actions.tasks import NewTask, open_task
from service.domain.people import OPERATOR
from service.domain.pin import is_weak
from service.domain.tasks import TaskKind
from service.store.models.care import Task
from service.store.models.people import Credential, Person, PersonPhone
from service.store.store import Store
from tests.cli.conftest import SITE, Installation

on_sqlite = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)

PALESA = ("Palesa", "--phone", "58000001", "--role", "mentor", "--site", SITE)
LINEO = ("Lineo", "--phone", "+266 5800 0002", "--role", "coordinator", "--site", SITE, "--on-call")


def listed(installation: Installation) -> dict[str, dict[str, object]]:
    rows = json.loads(installation.good("staff", "list", "--json"))
    return {row["name"]: row for row in rows}


def secret(output: str, what: str) -> str:
    found = re.search(rf"Her {what}, shown this once: (\S+)", output)
    assert found, output
    return found[1]


def fits(store: Store, kind: CredentialKind, typed: str) -> bool:
    """Whether a secret is the one that somebody (there is only one) has now."""

    row = store.read(
        lambda reading: reading.connection.execute(
            select(Credential.id, Credential.verifier).where(Credential.kind == kind)
        ).one()
    )
    verifier = store.vault.open(Credential.verifier, row.id, row.verifier)
    try:
        return PasswordHasher().verify(verifier, peppered(store.vault, kind, typed))
    except VerifyMismatchError:
        return False


def test_a_mentor_is_listed_with_the_end_of_her_number_only(installation: Installation) -> None:
    installation.good("staff", "add", *PALESA)
    assert listed(installation)["Palesa"] == {
        "name": "Palesa",
        "roles": ["mentor"],
        "sites": [SITE],
        "on_call": False,
        "hours": None,
        "away_until": None,
        "acts_now": "Palesa",
        "blocked": False,
        "phone": "…001",
    }
    assert "58000001" not in installation.good("staff", "list")


def test_her_first_pin_is_shown_once_and_can_be_checked(installation: Installation) -> None:
    pin = secret(installation.good("staff", "add", *PALESA), "PIN")
    assert re.fullmatch(r"\d{6}", pin)
    assert not is_weak(pin)
    with installation.store() as store:
        assert fits(store, CredentialKind.PIN, pin)
        assert not fits(store, CredentialKind.PIN, "000000")


@on_sqlite
def test_a_verifier_is_worth_nothing_without_the_key_file(installation: Installation) -> None:
    pin = secret(installation.good("staff", "add", *PALESA), "PIN")
    with installation.store() as store:
        row = store.read(
            lambda reading: reading.connection.execute(
                select(Credential.id, Credential.verifier).where(Credential.kind == "pin")
            ).one()
        )
        opened = store.vault.open(Credential.verifier, row.id, row.verifier)
    assert b"argon2" not in row.verifier
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(opened, pin)


@on_sqlite
@pytest.mark.parametrize(
    ("role", "told"),
    [
        ("mentor", {"PIN"}),
        ("coordinator", {"PIN", "password"}),
        ("me", {"password"}),
        ("admin", {"password"}),
        ("auditor", {"password"}),
        ("mentor,me", {"PIN", "password"}),
    ],
)
def test_a_pin_is_for_the_phone_and_a_password_for_the_browser(
    installation: Installation, role: str, told: set[str]
) -> None:
    output = installation.good("staff", "add", "Thabo", "--phone", "58000003", "--role", role, "--site", SITE)
    assert set(re.findall(r"Her (\w+), shown this once", output)) == told


@on_sqlite
def test_the_number_that_an_operator_gives_is_confirmed(installation: Installation) -> None:
    installation.good("staff", "add", *PALESA)
    with installation.store() as store:
        how = store.read(lambda reading: reading.connection.scalar(select(PersonPhone.confirmed_how)))
    assert how == "operator"


@on_sqlite
def test_the_operators_account_is_recorded(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUDO_USER", "engineer")
    installation.good("staff", "add", *PALESA)
    with installation.store() as store:
        assert (
            store.read(lambda reading: reading.connection.scalar(select(Person.actor))) == "operator:engineer"
        )


def test_two_people_cannot_have_one_name_or_one_number(installation: Installation) -> None:
    installation.good("staff", "add", *PALESA)
    assert "has this name already" in installation.not_so("staff", "add", " palesa", *LINEO[1:])
    assert "belongs to another" in installation.not_so("staff", "add", "Lineo", *PALESA[1:])
    assert list(listed(installation)) == ["Palesa"]


@on_sqlite
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("X", "--phone", "58000009", "--role", "queen", "--site", SITE), "'queen' is not understood"),
        (("X", "--phone", "58000009", "--role", ",", "--site", SITE), "Give her a role"),
        (("X", "--phone", "58000009", "--role", "mentor"), "--site"),
        (("X", "--phone", "22310000", "--role", "mentor", "--site", SITE), "not a mobile number"),
        (("X", "--phone", "0821234567", "--role", "mentor", "--site", SITE), "KHOPOTSO_ALLOWED_DESTINATIONS"),
        ((" ", "--phone", "58000009", "--role", "mentor", "--site", SITE), "A name has 1 to 60 letters"),
        (
            ("X", "--phone", "58000009", "--role", "mentor", "--site", SITE, "--language", "fr"),
            "there are en, st",
        ),
    ],
)
def test_what_cannot_be_understood_is_wrong_use(
    installation: Installation, words: tuple[str, ...], said: str
) -> None:
    assert said in installation.misused("staff", "add", *words)
    assert not listed(installation)


@on_sqlite
def test_an_unknown_site_or_backup_is_told(installation: Installation) -> None:
    assert SITE in installation.not_so(
        "staff", "add", "X", "--phone", "58000009", "--role", "me", "--site", "Atlantis"
    )
    assert "--backup" in installation.not_so("staff", "add", *PALESA, "--backup", "58000008")


@on_sqlite
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("'M'e Lineo", "is added.\n"),
        ("Lineo Mohapi-Letsie", "Texts call her 'Lineo'."),
        ("Mathabiso-Puseletso", "do not call her by name"),
    ],
)
def test_texts_call_her_by_what_fits_and_gives_nothing_away(
    installation: Installation, name: str, said: str
) -> None:
    assert said in installation.good("staff", "add", name, *PALESA[1:])


@on_sqlite
@pytest.mark.parametrize("name", ["Mentor Office", "Palesa HIV", "Clinic", "ha demo"])
def test_a_name_that_would_disclose_something_is_refused(installation: Installation, name: str) -> None:
    assert "it may disclose something" in installation.misused("staff", "add", name, *PALESA[1:])


def test_a_reset_gives_a_new_pin_and_ends_the_old_one(installation: Installation) -> None:
    old = secret(installation.good("staff", "add", *PALESA), "PIN")
    new = secret(installation.good("staff", "reset", "PALESA"), "PIN")
    with installation.store() as store:
        assert fits(store, CredentialKind.PIN, new)
        assert old == new or not fits(store, CredentialKind.PIN, old)


def test_who_is_blocked_passes_her_tasks_on(installation: Installation) -> None:
    installation.good("staff", "add", *LINEO)
    installation.good("staff", "add", "Thabo", "--phone", "58000003", "--role", "mentor", "--site", SITE)
    with installation.store() as store:
        store.write(lambda tx: open_task(tx, NewTask(TaskKind.INCIDENT)), OPERATOR)
    backed = installation.good("staff", "add", *PALESA, "--backup", "58000003", "--on-call")
    assert "Palesa is added" in backed
    assert "1 open tasks were passed on" in installation.good("staff", "block", "lineo")
    assert listed(installation)["Lineo"]["blocked"] is True
    with installation.store() as store:
        palesa = store.read(lambda reading: find_staff(reading, "Palesa"))
        assert store.read(lambda reading: reading.connection.scalar(select(Task.owner_id))) == palesa


@on_sqlite
def test_a_blocked_number_may_be_given_to_somebody_else(installation: Installation) -> None:
    installation.good("staff", "add", *PALESA)
    installation.good("staff", "block", "Palesa")
    installation.good("staff", "add", "Thabo", *PALESA[1:])


@on_sqlite
def test_blocking_the_last_on_call_says_so(installation: Installation) -> None:
    installation.good("staff", "add", *LINEO)
    assert "Nobody is on call at" in installation.type("staff", "block", "Lineo").stderr


@on_sqlite
def test_a_blocked_person_gets_no_new_secrets(installation: Installation) -> None:
    installation.good("staff", "add", *PALESA)
    installation.good("staff", "block", "Palesa")
    assert "is blocked" in installation.not_so("staff", "reset", "Palesa")


def test_who_is_let_in_again_has_new_secrets_and_may_have_a_new_number(installation: Installation) -> None:
    old = secret(installation.good("staff", "add", *PALESA), "PIN")
    assert "is not blocked" in installation.not_so("staff", "unblock", "Palesa")
    installation.good("staff", "block", "Palesa")
    new = secret(installation.good("staff", "unblock", "palesa", "--phone", "58000007"), "PIN")
    row = listed(installation)["Palesa"]
    assert (row["blocked"], str(row["phone"])[-3:]) == (False, "007")
    with installation.store() as store:
        assert fits(store, CredentialKind.PIN, new)
        assert old == new or not fits(store, CredentialKind.PIN, old)


@on_sqlite
def test_nobody_is_let_in_at_a_number_that_a_colleague_has(installation: Installation) -> None:
    installation.good("staff", "add", *PALESA)
    installation.good("staff", "block", "Palesa")
    installation.good("staff", "add", "Thabo", *PALESA[1:])
    assert "belongs to another" in installation.not_so("staff", "unblock", "Palesa")
    installation.good("staff", "unblock", "Palesa", "--phone", "58000007")


@on_sqlite
@pytest.mark.parametrize("command", ["reset", "block", "unblock"])
def test_an_unknown_name_is_told(installation: Installation, command: str) -> None:
    assert "khopotso staff list" in installation.not_so("staff", command, "Nobody")
