"""`comity capacity import`: frameworks and crosswalks of any form are taken into the node."""

from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import framework_taking
from comity.acts.framework_reading import Read
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
    """Take frameworks and crosswalks into the node: our YAML or XLSX, OSCAL, CISO Assistant libraries.

    What cannot be taken over is told on standard error, a line for each kind. All files are taken in, or none.
    """
    found = [Read(one) for path in files for one in read(path)]
    node.open_home(data)
    try:
        taken = framework_taking.take(found, "officer", datetime.now(UTC))
    except framework_taking.NotTaken as error:
        raise BadInput(*error.lines) from error
    rows = [{("framework" if isinstance(one, Framework) else "crosswalk"): one.id, "edition": one.edition,
             "new": is_new, **({"digest": framework_document.digest(one)} if isinstance(one, Framework) else {})}
            for one, is_new in taken]  # fmt: skip
    lines = [f"{one.id} {one.edition}: {'taken in' if is_new else 'here already'}" for one, is_new in taken]
    show(rows, "\n".join(lines), as_json=as_json)
