"""The environment in `.venv`: made once from the locked requirements, then found ready.

Standard library alone, because it runs before anything is installed: `comity` at the root calls it as a script with
the Python it found, and `comity test` calls `ensure` for what the checks need. The installer uv is fetched by the
user's own pip and handed pip's own settings; where uv cannot be had or fails, pip itself installs from the same locks.

A stamp in the environment names the lock it was made from, by hash. No stamp, no environment: an interrupted set-up is
made again from nothing, and one that runs elsewhere is waited for.
"""

import compileall
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parents[2]
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
INSTALLER_LOCK = "requirements-uv.lock"
STAMP = "comity-stamp"
COMMAND = """#!{python}
import sys

from comity.commands import main

sys.exit(main(prog_name="comity"))
"""
PIP_SETTINGS = {  # pip's name of a setting → the environment variable by which uv takes it
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}
PIP_QUIET = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
NO_PIP = (
    "this Python has no pip and no uv is on the PATH, so nothing can be installed: "
    "install pip and venv for it (Debian, Ubuntu: apt install python3-venv python3-pip), then start again"
)


class SetUpFailed(Exception):
    """The environment could not be made; the message says what to do."""


def ensure(kind: str, root: Path = ROOT) -> Path:
    """Make the environment hold what `kind` ("run" or "dev") needs, where it does not yet; return its Python.

    What was brought for the checks stays: an environment once made for "dev" is kept up to date as one.
    """
    home, python = root / ".venv", root / ".venv" / "bin" / "python"
    with alone(root):
        made = stamped(home)
        kind = "dev" if "dev" in (kind, made.partition(" ")[0]) else "run"
        stamp = f"{kind} {fingerprint(root, kind)}"
        if not (made == stamp and works(python)):
            make(root, kind, finished=bool(made))
        (home / STAMP).write_text(stamp)  # also where nothing changed: newer than the lock means checked
    return python


def stamped(home: Path) -> str:
    """Read what the environment was made from; empty where there is none, or one that was never finished."""
    try:
        return (home / STAMP).read_text()
    except FileNotFoundError:
        return ""


def fingerprint(root: Path, kind: str) -> str:
    """Hash all that an environment depends on: its lock, and this file, which makes it."""
    digest = hashlib.sha256((root / LOCKS[kind]).read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Let one set-up at a time work in this folder; say so when waiting for another."""
    tools = root / ".tools"
    try:
        tools.mkdir(exist_ok=True)
        lock = (tools / "lock").open("w")
    except OSError as error:
        message = f"{tools} cannot be written ({error.strerror}): clone into a folder of your own"
        raise SetUpFailed(message) from error
    with lock:
        os.set_inheritable(lock.fileno(), True)  # noqa: FBT003 takes no keyword
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another set-up in this folder")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make(root: Path, kind: str, *, finished: bool) -> None:
    """Bring `.venv` to exactly what the lock says; the stamp is the caller's to set.

    What is there and was not `finished` is not believed: every package is installed once more.
    """
    began, home = time.monotonic(), root / ".venv"
    (home / STAMP).unlink(missing_ok=True)
    fresh = not works(home / "bin" / "python")
    needs = "what the checks need" if kind == "dev" else "once, before the first start"
    say(f"1/3 making the environment in {home} ({needs})")
    if fresh:
        shutil.rmtree(home, ignore_errors=True)
        if not run([base_python(), "-m", "venv", "--without-pip", str(home)], os.environ):
            raise SetUpFailed(NO_PIP)
    say("2/3 installing the locked packages")
    install(root, root / LOCKS[kind], again=not (fresh or finished))
    say("3/3 compiling")
    place_project(root)
    say(f"ready after {time.monotonic() - began:.0f} s")


def base_python() -> str:
    """Find the Python below any environment that this one runs in, past links that change with an upgrade."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def works(python: Path) -> bool:
    """Whether this Python can be started and is new enough."""
    return answers([str(python), "-c", f"import sys; sys.exit(sys.version_info < {OLDEST})"])


def install(root: Path, lock: Path, *, again: bool) -> None:
    """Install what `lock` lists, every file checked against its hash, by uv or else by pip.

    Both replace what the lock no longer agrees with, and all of it where `again`; uv also removes what is not listed.
    """
    python, pip = str(root / ".venv" / "bin" / "python"), find_pip(root)
    uv = find_uv(root, pip)
    hashed = ["--require-hashes", *([] if sys.stderr.isatty() else ["--quiet"])]
    if uv:
        command = [uv, "pip", "sync", str(lock), "--python", python, "--compile-bytecode", *hashed]
        if run(command + ["--reinstall"] * again, uv_environment(os.environ, pip_settings(pip))):
            return
        say("uv did not succeed, so pip takes over")
    if not pip:
        raise SetUpFailed(NO_PIP)
    command = [*pip, "--python", python, "install", "-r", str(lock), *hashed]
    if not run(command + ["--force-reinstall"] * again, {**os.environ, **PIP_QUIET}):
        message = "the packages could not be installed, see above: check network and pip settings, then start again"
        raise SetUpFailed(message)


def find_pip(root: Path) -> list[str]:
    """Give the command for a pip: of the Python below, else one made for the purpose, else an empty list."""
    for python in (base_python(), sys.executable, str(root / ".tools" / "pip" / "bin" / "python")):
        if answers([python, "-m", "pip", "--version"]):
            return [python, "-m", "pip"]
    home = root / ".tools" / "pip"
    if answers([base_python(), "-m", "venv", "--clear", str(home)]):
        return [str(home / "bin" / "python"), "-m", "pip"]
    return []


def find_uv(root: Path, pip: list[str]) -> str | None:
    """Give the installer: the locked one, fetched once by pip; without pip, whichever is on the PATH."""
    lock = root / INSTALLER_LOCK
    home = root / ".tools" / f"uv-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    if not home.exists() and pip:
        part = home.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        fetch = ["install", "--quiet", "--no-warn-script-location", "--require-hashes", "--target", str(part)]
        if run([*pip, *fetch, "-r", str(lock)], {**os.environ, **PIP_QUIET}):
            part.rename(home)
    found = home / "bin" / "uv"
    return str(found) if found.exists() else shutil.which("uv")


def pip_settings(pip: list[str]) -> dict[str, str]:
    """Ask pip for what this machine's owner set (files and environment), the setting's own name without its section."""
    if not pip:
        return {}
    listed = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False).stdout
    pairs = (line.partition("=") for line in listed.splitlines())
    return {name.rpartition(".")[2]: value.strip().strip("'\"").replace("\\n", " ") for name, _, value in pairs}


def uv_environment(environ: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """Add pip's settings to an environment in uv's terms; what the user set for uv stays, and no Python is fetched."""
    ours = {uv: settings[name] for name, uv in PIP_SETTINGS.items() if settings.get(name)}
    several = {"UV_FIND_LINKS": ",".join(ours["UV_FIND_LINKS"].split())} if "UV_FIND_LINKS" in ours else {}
    fixed = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_PYTHON_DOWNLOADS": "never"}
    return {**fixed, **ours, **several, **environ}


def place_project(root: Path) -> None:
    """Put the project in reach of its environment: the sources as they stand, and the command."""
    home = root / ".venv"
    packages = next((home / "lib").glob("python3*/site-packages"))
    way = os.path.relpath(root / "src", packages)  # relative, so that the folder may move
    (packages / "comity.pth").write_text(way + "\n")
    command = home / "bin" / "comity"
    command.write_text(COMMAND.format(python=home / "bin" / "python"))
    command.chmod(0o755)
    compileall.compile_dir(root / "src", quiet=2)


def answers(command: list[str]) -> bool:
    """Whether a command can be run and succeeds; what it prints is dropped."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(command: list[str], environ: Mapping[str, str]) -> bool:
    """Run a command in sight, its output on standard error; whether it succeeded.

    It inherits the lock: an installer whose parent was killed still keeps the next set-up waiting.
    """
    return subprocess.run(command, env=dict(environ), stdout=sys.stderr, close_fds=False, check=False).returncode == 0


def say(line: str) -> None:
    """Print a line of progress on standard error."""
    print(f"comity: {line}", file=sys.stderr, flush=True)


def start(arguments: list[str]) -> None:
    """Make the environment ready and hand the process over to the installed command."""
    if sys.version_info < OLDEST:  # pragma: no cover
        say(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}")
        sys.exit(2)
    try:
        python = ensure("run")
    except SetUpFailed as error:
        say(str(error))
        sys.exit(2)
    os.execv(python, [str(python), str(python.with_name("comity")), *arguments])


if __name__ == "__main__":
    start(sys.argv[1:])
