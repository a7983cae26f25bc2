"""`comity register`: what it shows, and what it refuses."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comity.acts import catalogues, register
from comity.commands import main
from comity.models import Instrument, Node, Party

pytestmark = pytest.mark.django_db
CHART = """\
sources:
  chart: {address: "https://example.org/chart", read_on: 2026-11-23, kind: register}
parties: {JM: {name: Jamaica}}
instruments:
  - slug: things
    kind: convention
    title: Convention on Things
    actions:
      - {kind: entry into force, source: chart, of: {JM: 2018-10-01}}
"""


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    Party.objects.create(code="BS", name="The Bahamas")
    Node.objects.create(party_id="BS")
    file = tmp_path / "chart.yaml"
    file.write_text(CHART, encoding="utf-8")
    return file


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["register", *words, "--data", str(home)])


def test_a_file_is_tried_then_taken_in_and_shown_on_any_day(home: Path, chart: Path) -> None:
    tried = run(home, "import", str(chart), "--dry-run")
    assert (tried.exit_code, "would add" in tried.output, Instrument.objects.count()) == (0, True, 0)
    catalogues.load([chart], register.ACTOR, datetime(2026, 11, 23, tzinfo=UTC))
    for name in ("things", "jm"):
        shown = run(home, "show", name, "--on", "2018-10-01")
        assert "in force" in shown.output
        assert "2018-10-01" in shown.output
        assert "Nothing is recorded" in run(home, "show", name, "--on", "2018-09-30").output
    assert '"slug": "things"' in run(home, "list", "--json").output


def test_what_is_wrong_is_told_in_one_line_and_nothing_is_stored(home: Path, chart: Path) -> None:
    chart.write_text(CHART.replace("entry into force", "entry in force"), encoding="utf-8")
    refused = run(home, "import", str(chart))
    assert refused.exit_code == 2
    assert "chart.yaml:9:16" in refused.output
    assert not Instrument.objects.exists()
    unknown = run(home, "show", "nobody")
    assert unknown.exit_code == 2
    assert "register list" in unknown.output


def test_a_confirmed_action_that_nobody_can_take_is_refused(home: Path, chart: Path) -> None:
    chart.write_text(CHART.replace("kind: convention", "kind: expert group").replace("entry into force", "signature"),
                     encoding="utf-8")  # fmt: skip
    refused = run(home, "import", str(chart))
    assert refused.exit_code == 2
    assert "cannot be" in refused.output
    assert not Instrument.objects.exists()
