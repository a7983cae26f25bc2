"""The command line as a stranger meets it: the help, a wrong verb, the options and the exit codes all verbs share."""

from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from comity.commands import VERBS, main
from comity.commands.output import BadInput, answer, data_option, json_option, progress, show


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the verb under test prints."""

    permitted: bool
    ground: str


@click.command()
@data_option
@json_option
@click.argument("party")
def verb(data: Path, as_json: bool, party: str) -> None:
    """Answer for one party."""
    if party == "Atlantis":
        what, mend = "PARTY 'Atlantis'", "no agreement names it; see comity agreement list"
        raise BadInput(what, mend)
    progress(f"reading {data}")
    judgement = Judgement(permitted=party == "Norway", ground="clause 4.1")
    show(judgement, f"{party}: {judgement.ground}", as_json=as_json)
    answer(judgement.permitted)


def run(*arguments: str, **env: str) -> Result:
    """Run the verb above as the command line would."""
    return CliRunner().invoke(verb, arguments, env=env)


def test_help_has_one_line_a_verb() -> None:
    lines = CliRunner().invoke(main, ["--help"], terminal_width=80).output.splitlines()
    for name, line in VERBS.items():
        assert [row for row in lines if row.split()[:1] == [name]] == [f"  {name:<11}{line}".rstrip()]


def test_a_wrong_verb_is_bad_input() -> None:
    result = CliRunner().invoke(main, ["shrae"])
    assert result.exit_code == 2
    assert "shrae" in result.stderr


def test_the_answer_yes_is_zero_and_the_result_alone_is_on_standard_output() -> None:
    result = run("Norway", "--data", "home")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "Norway: clause 4.1\n", "reading home\n")


def test_the_answer_no_is_one_and_still_has_its_ground() -> None:
    result = run("Sweden", "--json")
    assert result.exit_code == 1
    assert result.stdout == '{\n  "permitted": false,\n  "ground": "clause 4.1"\n}\n'


def test_bad_input_is_two_and_one_line_with_its_mend() -> None:
    result = run("Atlantis")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "comity: PARTY 'Atlantis': no agreement names it; see comity agreement list\n"


@pytest.mark.parametrize(("arguments", "env"), [(["--data", "home"], {}), ([], {"COMITY_DATA": "home"})])
def test_the_home_comes_from_the_option_or_the_environment(arguments: list[str], env: dict[str, str]) -> None:
    assert run("Norway", *arguments, **env).stderr == "reading home\n"
