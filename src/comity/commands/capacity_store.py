"""`comity capacity import`: frameworks of any form are taken into the node."""

from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import framework_editions
from comity.commands import node
from comity.commands.capacity_forms import read
from comity.commands.output import BadInput, data_option, json_option, show
from comity.policy import framework_document
from comity.policy.frameworks import Framework


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE…")
@data_option
@json_option
def take_in(files: tuple[Path, ...], data: Path, as_json: bool) -> None:
    """Take frameworks into the node: our YAML, XLSX, OSCAL catalogs (JSON), CISO Assistant libraries.

    What cannot be taken over is told on standard error, a line for each kind. All files are taken in, or none.
    """
    found = [one for path in files for one in read(path) if isinstance(one, Framework)]
    if not found:
        raise BadInput("there is no framework in these files", "answers and crosswalks can be exported, not imported")
    node.open_home(data)
    try:
        new = framework_editions.take_all(found, "officer", datetime.now(UTC))
    except framework_editions.EditionFixed as error:
        raise BadInput(str(error)) from error
    rows = [{"framework": one.id, "edition": one.edition, "digest": framework_document.digest(one), "new": is_new}
            for one, is_new in zip(found, new, strict=True)]  # fmt: skip
    lines = [f"{one['framework']} {one['edition']}: {'taken in' if one['new'] else 'here already'}" for one in rows]
    show(rows, "\n".join(lines), as_json=as_json)
