"""The verbs of `comity capacity` on best practices: practices, publish, adopt."""

from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import best_practices, roadmap_store
from comity.acts.agreements import Rejected
from comity.acts.best_practices import Adopted
from comity.commands import node
from comity.commands.capacity_files import refuse
from comity.commands.capacity_plans import ACTOR, rejected
from comity.commands.output import BadInput, answer, data_option, json_option, show
from comity.policy.markings import LABELS, Tlp

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, type=_FILE, metavar="[FILE…]")
@data_option
@json_option
def practices(*, files: tuple[Path, ...], data: Path, as_json: bool) -> None:
    """List the practices kept here and those that partners gave; with FILES, take theirs in first."""
    node.open_home(data)
    for path in files:
        try:
            best_practices.take_in(path.read_text(encoding="utf-8"), path.name, ACTOR, datetime.now(UTC))
        except OSError as error:
            raise BadInput(f"{path}: {error.strerror}", "name a file that you may read") from error
        except UnicodeDecodeError as error:
            raise BadInput(f"{path}:1:1: the file is not UTF-8 text", "save it as UTF-8") from error
        except best_practices.PracticesRefused as error:
            refuse(path, error.problems)
    rows = [{"id": row.stix_id, "name": row.name, "serves": row.serves, "from": "", "shared": row.collection}
            for row in best_practices.ours()]  # fmt: skip
    rows += [{"id": one.course.id, "name": one.course.name, "serves": list(one.course.serves), "from": one.party,
              "shared": one.collection} for one in best_practices.received()]  # fmt: skip
    show(rows, "\n".join(f"{row['id']}  {row['name']}" + (f" (from {row['from']})" if row["from"] else "")
                         for row in rows) or "No practice is kept here.", as_json=as_json)  # fmt: skip


@click.command()
@click.argument("practice", metavar="ID")
@click.option("--collection", default="practices", show_default=True, help="Made when it is new.")
@click.option("--tlp", default="GREEN", show_default=True, type=click.Choice(LABELS))
@data_option
@json_option
def publish(*, practice: str, collection: str, tlp: str, data: Path, as_json: bool) -> None:
    """Share a practice as a STIX course of action. Who gets it is for the agreements to say."""
    node.open_home(data)
    row = next((one for one in best_practices.ours() if one.stix_id == practice), None)
    if row is None:
        raise BadInput(f"there is no practice “{practice}” of ours", "name an id of `comity capacity practices`")
    report = best_practices.publish(row, collection, Tlp.read(tlp), ACTOR, datetime.now(UTC))
    show(report, report.in_words(), as_json=as_json)
    answer(not report.refused)


@click.command()
@click.argument("practice", metavar="ID")
@click.argument("slug", metavar="PLAN")
@click.option("--as", "measure", required=True, help="The id of the measure in the plan.")
@click.option("--takes", default=1, show_default=True, type=click.IntRange(1, 40), help="Quarters.")
@click.option("--once", default=0, type=click.IntRange(0), help="One-off cost.")
@click.option("--running", default=0, type=click.IntRange(0), help="Cost a year after it is done.")
@click.option("--owner", default="", help="Who answers for it.")
@data_option
@json_option
def adopt(*, practice: str, slug: str, measure: str, takes: int, once: int, running: int, owner: str, data: Path,
          as_json: bool) -> None:  # fmt: skip
    """Write a practice into a recorded plan as a measure; the plan gets a new version."""
    node.open_home(data)
    try:
        told = Adopted(measure, takes, once, running, owner)
        version = best_practices.adopt(practice, slug, told, ACTOR, datetime.now(UTC))
    except Rejected as error:
        raise rejected(error) from error
    except roadmap_store.PlanRefused as error:
        raise BadInput(str(error)) from error
    show({"plan": slug, "measure": measure, "digest": version.digest}, f"{slug} has the measure {measure} now",
         as_json=as_json)  # fmt: skip
