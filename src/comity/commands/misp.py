"""`comity misp`: events of MISP into a collection."""

from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import intake, misp_events
from comity.commands import node
from comity.commands.output import BadInput, answer, data_option, json_option, show
from comity.commands.share import tlp_option
from comity.commands.share_files import content, shown
from comity.converting.misp import converter
from comity.policy.markings import Tlp


def _pairs(_context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    found = []
    for text in texts:
        name, joint, party = text.rpartition("=")
        if not (joint and name.strip() and party.strip()):
            raise BadInput(f"--org: “{text}” says of no organisation which party it is", "write its UUID or NAME=PARTY")
        found.append((name, party.strip()))
    return tuple(found)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--collection", "collection", required=True, help="The collection's alias or id; made when it is new.")
@click.option("--org", "organisations", multiple=True, callback=_pairs, metavar="ORG=PARTY",
              help="An organisation in MISP, by UUID or name, is this party; may be given again.")  # fmt: skip
@click.option("--agreement", default="", help="The agreement that others' events came under. Else: the first in force.")
@click.option("--community", multiple=True, metavar="PARTY",
              help="A party of this MISP's own community (distribution 1); may be given again.")  # fmt: skip
@click.option("--distribution", default="0", type=click.Choice(["0", "1", "2", "3"]), show_default=True,
              help="What events count as that state none, such as a feed's.")  # fmt: skip
@tlp_option("The TLP of events without a TLP tag. Else: the node's strictest default.")
@click.option("--to", "recipients", multiple=True, help="For TLP:RED: a party named to receive it; may be given again.")
@click.option("--information", default="", help="The category of information. Else: by each object's type.")
@click.option("--purpose", default="", help="What it is shared for. Else: the collection's purpose.")
@click.option("--personal-data", default="none", type=click.Choice(["none", "present", "sensitive"]), show_default=True)
@click.option("--exercise", is_flag=True, help="It is exercise material; the collection must be for exercises.")
@click.option("--check", is_flag=True, help="Only say what would become of each event; store nothing.")
@data_option
@json_option
def command(*, files: tuple[Path, ...], collection: str, organisations: tuple[tuple[str, str], ...], agreement: str,
            community: tuple[str, ...], distribution: str, tlp: Tlp | None, recipients: tuple[str, ...],
            information: str, purpose: str, personal_data: str, exercise: bool, check: bool, data: Path,
            as_json: bool) -> None:  # fmt: skip
    """Take in the events of FILES: MISP's JSON of one or several, a search's answer, a feed's files; also gzipped.

    Nothing goes further than its distribution, sharing group and tags say, nor than agreements allow.
    """
    node.open_home(data)
    asked = misp_events.Asked(organisations, agreement, frozenset(community), int(distribution))
    said = intake.Said(tlp, information, purpose, personal_data, frozenset(recipients), exercise)
    with converter() as convert, shown() as told:
        run = misp_events.Intake(asked, said, convert, datetime.now(UTC))
        contents = ((file.name, b"".join(content(file))) for file in files)
        report = misp_events.take_in(contents, None if check else collection, run, "officer", told)
    show(report, report.in_words(), as_json=as_json)
    answer(report.is_whole)
