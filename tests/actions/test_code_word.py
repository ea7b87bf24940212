"""A client's code word is for whoever is asked to call her, as long as she is to be called."""

from uuid import UUID

import pytest
from sqlalchemy import update

from service.actions.code_word import code_word_for
from service.domain.people import OPERATOR
from service.domain.tasks import TaskKind, TaskState
from service.store.models.care import Task
from service.store.models.people import Client
from service.store.transaction import Transaction
from tests.actions.talk import HERS, MENTORS, say
from tests.worker.village import Village

WORD = "marotholi"


@pytest.fixture
def mentor(village: Village) -> UUID:
    mentor = village.staff("Palesa", MENTORS)
    woman = village.woman(HERS, mentor_id=mentor)

    def keep(tx: Transaction) -> None:
        sealed = tx.vault.seal(Client.code_word, woman, WORD)
        tx.connection.execute(update(Client).where(Client.id == woman).values(code_word=sealed))

    village.store.write(keep, OPERATOR)
    return mentor


def shown(village: Village, staff_id: UUID) -> str | None:
    (task,) = village.rows(Task.id)
    return village.store.read(lambda reading: code_word_for(reading, task.id, staff_id))


def test_whoever_is_to_call_her_sees_it_and_nobody_else(village: Village, mentor: UUID) -> None:
    say(village, "3")
    other = village.staff("Mpho", "+26658100051")
    assert (shown(village, mentor), shown(village, other)) == (WORD, None)


def test_no_text_says_it(village: Village, mentor: UUID) -> None:
    assert not [text for text in say(village, "3") if WORD in text]
    (stored,) = village.rows(Client.code_word)
    assert WORD.encode() not in stored.code_word


@pytest.mark.parametrize("over", [{"state": TaskState.CLOSED}, {"kind": TaskKind.CHECK_NUMBER}], ids=str)
def test_it_is_shown_only_as_long_as_there_is_a_call_to_make(
    village: Village, mentor: UUID, over: dict[str, object]
) -> None:
    say(village, "3")
    village.store.write(lambda tx: tx.connection.execute(update(Task).values(**over)), OPERATOR)
    assert shown(village, mentor) is None
