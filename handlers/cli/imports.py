"""``khopotso import list`` and ``import undo``: what files brought, and taking it back."""

from uuid import UUID

import click

from handlers.cli.parts import NotSo, opened, operator
from handlers.cli.tables import as_json as in_json
from handlers.cli.tables import show, show_json
from service.intake.undoing import undo
from service.reports.imports import ImportRow, imports
from service.store.transaction import Reading


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show_imports(as_json: bool) -> None:
    """Show what was imported, the newest first."""
    with opened() as everything:
        rows = everything.store.read(imports)
    if as_json:
        show_json(in_json(rows))
    else:
        columns = ("import", "kind", "rows", "when", "state")
        show(
            columns,
            [(str(row.id), row.kind, str(row.rows), f"{row.at:%Y-%m-%d %H:%M}Z", row.state) for row in rows],
        )


@click.command("undo")
@click.argument("import_id", type=click.UUID)
def undo_import(import_id: UUID) -> None:
    """Take back all that an import brought, unless something has happened to it since.

    Sites that it made stay. IMPORT_ID is what the import said at its end; import list shows it again.
    """
    with opened() as everything:
        everything.store.read(lambda reading: _insist(reading, import_id))
        since = everything.store.write(lambda tx: undo(tx, import_id), operator())
    if since:
        found = "\n".join(f"  {one.count} {one.what}" for one in since)
        raise NotSo(
            f"Nothing was taken back, because since this import there are:\n{found}\n"
            "Correct single clients on their pages instead, or take back first what was imported after it."
        )
    click.echo("All that this import brought was taken back.")


def _insist(reading: Reading, import_id: UUID) -> ImportRow:
    found = next((row for row in imports(reading) if row.id == import_id), None)
    if found is None:
        raise NotSo("There is no such import; see: khopotso import list")
    if found.is_undone:
        raise NotSo("This import was taken back already.")
    return found
