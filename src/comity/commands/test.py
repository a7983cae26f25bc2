"""`comity test`: every check and every test, with all that they need brought first. Nothing is skipped in silence."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import click

from comity import environment
from comity.commands.output import BadInput, progress

CHECKS = {  # what Python is to run: modules, because an environment's scripts do not survive a move of its folder
    "ruff": ["-m", "ruff", "check", "--quiet", "."],
    "mypy": ["-m", "mypy", "--no-error-summary"],
    "import-linter": ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
}
BOTH_STORES = "both_stores"
NOT_HANDED_ON = {  # environment variables that are not for the tests
    "COMITY_DATABASE",
    "PYTHONDONTWRITEBYTECODE",  # every process would compile every test anew, and there are hundreds
}
NOTHING_SELECTED = 5  # pytest's exit code where no test was asked for
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_PACKAGES = ("chromium-headless-shell", "chromium")
BROWSER_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--no-first-run",
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many checks or tests passed and failed; what was skipped counts as failed."""

    passed: int = 0
    failed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Count two tallies as one."""
        return Tally(self.passed + other.passed, self.failed + other.failed)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("paths", nargs=-1, type=click.UNPROCESSED, metavar="[PATH]... [PYTEST OPTION]...")
def command(paths: tuple[str, ...]) -> None:
    """Run the linter, the types, the import contracts and all tests; with PATHs, those tests alone.

    The store's contract runs on SQLite and on a real PostgreSQL. What is missing is installed, a headless browser too.
    """
    root, began = environment.ROOT, time.monotonic()
    if not (root / environment.LOCKS["dev"]).exists():
        what, mend = f"{root} is not a clone of the project", "run ./comity test in one"
        raise BadInput(what, mend)
    bring_what_is_needed()
    with ThreadPoolExecutor(1) as beside:  # tests wait now and then for a process or a disk
        checks = [] if paths else [beside.submit(check, root, name) for name in CHECKS]
        tested = total(run_tests(root, *chosen) for chosen in selections(root, paths).items())
        both = tested + total(one.result() for one in checks)
    seconds = time.monotonic() - began
    click.echo(f"{both.passed} passed, {both.failed} failed in {seconds:.0f} s")
    sys.exit(1 if both.failed or not both.passed else 0)


def bring_what_is_needed() -> None:
    """Install the locked packages of the checks, and a browser where none is here."""
    try:
        environment.ensure("dev")
    except environment.SetUpFailed as error:
        raise BadInput(str(error)) from error
    if not (find_browser() or install_browser()):
        what = "no headless browser is here"
        mend = f"apt install {BROWSER_PACKAGES[0]}, or set COMITY_BROWSER to the path of a Chromium"
        raise BadInput(what, mend)


def find_browser() -> str | None:
    """Give the path of a Chromium that can run headless: COMITY_BROWSER, else the first one on the PATH."""
    chosen = os.environ.get("COMITY_BROWSER")
    return shutil.which(chosen) if chosen else next(filter(None, map(shutil.which, BROWSERS)), None)


def install_browser() -> str | None:
    """Install a Chromium with the system's own package tool, where we may; give its path."""
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or not apt:
        return None
    progress("comity: installing a headless browser")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-qq"], env=quiet, stdout=sys.stderr, check=False)
    for package in BROWSER_PACKAGES:
        install = [apt, "install", "-y", "-qq", "--no-install-recommends", package]
        if subprocess.run(install, env=quiet, stdout=sys.stderr, check=False).returncode == 0:
            return find_browser()
    return None


def check(root: Path, name: str) -> Tally:
    """Run one check over the whole project; show what it says where it fails."""
    began = time.monotonic()
    ran = subprocess.run([sys.executable, *CHECKS[name]], cwd=root, capture_output=True, text=True, check=False)
    passed = ran.returncode == 0
    click.echo(f"{name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - began:.1f} s")
    if not passed:
        click.echo(ran.stdout + ran.stderr)
    return Tally(int(passed), int(not passed))


def selections(root: Path, arguments: Sequence[str]) -> dict[str, list[str]]:
    """Say what pytest is given on each store: all that is asked for, and on PostgreSQL what holds the store's contract.

    An argument that is not a path, with or without a test's name behind it, is an option of pytest's and goes to both.
    """
    named = [word for word in arguments if (root / word.partition("::")[0]).exists()]
    options = [word for word in arguments if word not in named]
    contract = [word for name in named or ["tests"] for word in of_both_stores(root, name)]
    everything = {"SQLite": [*named, *options]}
    return {**everything, "PostgreSQL": ["-m", BOTH_STORES, *contract, *options]} if contract else everything


def of_both_stores(root: Path, name: str) -> list[str]:
    """Give the files below a path, or the one file or test it names, that hold tests of the store's contract."""
    path = root / name.partition("::")[0]
    if path.is_dir():
        return [str(file) for file in sorted(path.rglob("test_*.py")) if BOTH_STORES in file.read_text("utf-8")]
    return [name] if BOTH_STORES in path.read_text("utf-8") else []


def run_tests(root: Path, store: str, selection: Sequence[str]) -> Tally:
    """Run tests on one store, on as many processes as there are processors, and count how they ended."""
    report = root / ".cache" / f"tests-{store.lower()}.xml"
    report.parent.mkdir(exist_ok=True)
    report.unlink(missing_ok=True)
    pytest = [sys.executable, "-m", "pytest", "-n", str(os.cpu_count()), "--dist", "worksteal", f"--junit-xml={report}"]
    before = [] if store == "SQLite" else [sys.executable, "-m", "tests.postgres"]
    environ = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
    click.echo(f"tests on {store}:")
    ran = subprocess.run([*before, *pytest, *selection], cwd=root, env=environ, check=False)
    if ran.returncode == NOTHING_SELECTED and store != "SQLite":
        return Tally()
    counted = tally(report) if report.exists() else Tally()
    return counted if (ran.returncode == 0) == (not counted.failed) else counted + Tally(failed=1)


def tally(report: Path) -> Tally:
    """Count what pytest's report says."""
    suites = list(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314 a file that pytest has just written
    failed = sum(int(suite.get(kind, "0")) for suite in suites for kind in ("failures", "errors", "skipped"))
    return Tally(sum(int(suite.get("tests", "0")) for suite in suites) - failed, failed)


def total(tallies: Iterable[Tally]) -> Tally:
    """Add up."""
    return sum(tallies, Tally())
