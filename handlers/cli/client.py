"""``khopotso client``: what an engineer does to one client's record, by her code."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar
from uuid import UUID

import click

from config import wiring
from handlers.cli.groups import Told
from handlers.cli.parts import NotSo, Opened, opened, operator
from handlers.cli.reading import Day
from handlers.cli.tables import show
from service.actions import correct as correcting
from service.actions import corrections
from service.actions import merge as merging
from service.actions.compose import site_names
from service.actions.correct import Corrected, CorrectionFault
from service.actions.enrol import NicknameTaken
from service.actions.merge_infants import SameInfant
from service.actions.names import NameRefused
from service.domain.people import ClientKind, Sex
from service.intake.cells import Wrong
from service.intake.place import Place
from service.programme import Programme
from service.reports.clients import InfantRow
from service.reports.lookalikes import Lookalike, lookalikes
from service.store import keys
from service.store.crypto import Vault
from service.store.erasures import Erasures, ErasuresUnusable, erase, list_in
from service.store.records import ClientRecord, client_by_code
from service.store.transaction import Reading, Transaction

T = TypeVar("T")


@click.group(cls=Told)
def client() -> None:
    """One client's record: put it right, merge two that are one woman's, or erase her for good."""


@client.command()
@click.argument("kept")
@click.argument("merged")
def merge(kept: str, merged: str) -> None:
    """Put the record with the code MERGED into that with the code KEPT. It can be undone.

    Where a baby of one looks like a baby of the other, you are asked whether they are the same.
    """
    with opened() as everything:
        read = everything.store.read
        stays, goes = read(lambda reading: (_known(reading, kept), _known(reading, merged)))
        same = _same(read(lambda reading: lookalikes(reading, stays, goes)))
        merge_id = _unless_taken(
            everything, lambda tx: merging.merge(tx, everything.programme, stays.id, goes.id, same)
        )
    if merge_id is None:
        raise NotSo("These are one record already, or one of them has ended.")
    click.echo(f"{merged} went into {kept}. To undo it: khopotso client unmerge {merge_id}")


def _unless_taken(everything: Opened, action: Callable[[Transaction], T]) -> T:
    try:
        return everything.store.write(action, operator())
    except NicknameTaken:
        raise NotSo("Another client at a number of hers is called so; agree on another name.") from None


def _same(alike: Iterable[Lookalike]) -> tuple[SameInfant, ...]:
    """What is answered of each two; a baby that was found is nobody else's."""
    same: dict[UUID, UUID] = {}
    for one in alike:
        for known in one.perhaps:
            asked = f"Is {_baby(one.infant)}, of the record that goes, the same baby as {_baby(known)}?"
            if known.id not in same and click.confirm(asked):
                same[known.id] = one.infant.id
                break
    return tuple(SameInfant(*pair) for pair in same.items())


def _baby(infant: InfantRow) -> str:
    return f"{infant.nickname} (born {infant.born_on})"


@client.command()
@click.argument("merge_id", type=click.UUID)
def unmerge(merge_id: UUID) -> None:
    """Make two records again of those that a merge put together."""
    with opened() as everything:
        if not _unless_taken(everything, lambda tx: merging.unmerge(tx, merge_id)):
            raise NotSo("There is no such merge, or it was undone before.")
    click.echo("They are two records again.")


@client.command()
@click.argument("code")
@click.option("--nickname", help="What texts call her.")
@click.option("--born-on", type=Day(), help="Her day of birth.")
@click.option("--edd", type=Day(), help="The day on which her baby is expected.")
@click.option("--kind", type=click.Choice([kind.value for kind in ClientKind]))
@click.option("--sex", type=click.Choice([sex.value for sex in Sex]))
@click.option("--register-no", help="Her number in the register.")
def correct(
    code: str,
    nickname: str | None,
    born_on: date | None,
    edd: date | None,
    kind: str | None,
    sex: str | None,
    register_no: str | None,
) -> None:
    """Put right what a record says. What stood there is kept, and whoever was given it is to be told."""
    said = Corrected(
        nickname=nickname,
        born_on=born_on,
        sex=Sex(sex) if sex else None,
        kind=ClientKind(kind) if kind else None,
        edd=edd,
        register_no=register_no,
    )
    with opened() as everything:
        changed = _unless_taken(everything, lambda tx: _correct(tx, everything.programme, code, said))
    if isinstance(changed, CorrectionFault):
        raise NotSo(changed.value)
    click.echo(f"Corrected: {', '.join(changed)}." if changed else "The record says so already.")


def _correct(
    tx: Transaction, programme: Programme, code: str, said: Corrected
) -> tuple[str, ...] | CorrectionFault:
    _refuse_name(tx, programme, said.nickname)
    try:
        return correcting.correct(tx, programme, _known(tx, code).id, said)
    except NameRefused as refused:
        raise NotSo(refused.fault.value) from None


def _refuse_name(reading: Reading, programme: Programme, name: str | None) -> None:
    place = Place(programme, programme.country, programme.today(reading.now), site_names(reading))
    read = place.nickname(name) if name is not None else ""
    if isinstance(read, Wrong):
        raise NotSo(read.reason)


@client.command("given-to")
@click.argument("code")
@click.argument("who")
def given_to(code: str, who: str) -> None:
    """Note that WHO, somebody outside her team, was given part of her record, to be told of corrections."""
    with opened() as everything:
        woman = everything.store.read(lambda reading: _known(reading, code))
        everything.store.write(lambda tx: corrections.note_recipient(tx, woman.id, who), operator())
    click.echo("Noted.")


@client.command("to-tell")
@click.argument("code")
def to_tell(code: str) -> None:
    """List whom somebody still has to tell of a correction, and by when."""
    with opened() as everything:
        rows = everything.store.read(lambda reading: corrections.to_tell(reading, _known(reading, code).id))
    show(
        ("notice", "who", "corrected", "by"),
        [(str(row.id), row.name, row.field, str(row.due_on)) for row in rows],
    )


@client.command()
@click.argument("notice_id", type=click.UUID)
def told(notice_id: UUID) -> None:
    """Note that somebody was told: NOTICE_ID as to-tell shows it."""
    with opened() as everything:
        if not everything.store.write(lambda tx: corrections.told(tx, notice_id), operator()):
            raise NotSo("There is no such notice, or that was noted before.")
    click.echo("Noted.")


@client.command("erase")
@click.argument("code")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_client(code: str, yes: bool) -> None:
    """Forget a client and her infants for good, now and after every restore. What is counted stays."""
    with opened() as everything:
        person_id = everything.store.read(lambda reading: _known(reading, code).id)
        if not yes:
            click.confirm(f"Erase client {code} for good? Nobody can undo it", abort=True)
        vault = Vault(keys.load(wiring.key_file(everything.settings)))
        erasures = Erasures(list_in(everything.settings.data_dir), vault)
        try:
            everything.store.write(lambda tx: erase(tx, erasures, person_id), operator())
        except ErasuresUnusable as error:
            raise NotSo(str(error)) from None
    click.echo(f"{code} is erased. Keep {erasures.path} with your backups: every restore reads it.")


def _known(reading: Reading, code: str) -> ClientRecord:
    found = client_by_code(reading, code)
    if found is None:
        raise NotSo(f"There is no client {code!r}.")
    return found
