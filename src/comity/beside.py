"""Programs of others that work beside ours: each in an environment of its own, made once from a lock.

Such a program is no dependency of the project, and may need versions that ours cannot live with. Its environment is
made where it is first needed, by the same installer and with the same settings as the project's own, every file checked
against its hash; its folder carries the hash of its lock, so that a changed lock makes a new one. What cannot be had
raises `NotHad` with one line that says why.
"""

import hashlib
import os
import shutil
from pathlib import Path

from comity import environment

READY = "comity-stamp"


class NotHad(Exception):
    """A program cannot be had on this machine; the message says which and why."""


def made(name: str, lock: Path, folder: Path, why: str) -> Path:
    """Make the environment of *name* below *folder* where it is not yet made; return its Python. *why* is told."""
    home = folder / f"{name}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    if not (home / READY).exists():
        try:
            with environment.alone(environment.ROOT):
                if not (home / READY).exists():
                    _make(name, lock, home, why)
        except (OSError, environment.SetUpFailed) as error:
            raise NotHad(f"{name} could not be installed: {error}") from error
    return home / "bin" / "python"


def version(lock: Path, package: str) -> str:
    """Return the version of *package* that a lock holds."""
    pins = (line.partition("==") for line in lock.read_text(encoding="utf-8").splitlines())
    return next(found.split()[0] for pinned, _, found in pins if pinned == package)


def clean(**more: str) -> dict[str, str]:
    """Return an environment of variables that names neither our node nor our packages, with *more* in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_", "PYTHON"))}
    return kept | more


def last_line(said: bytes) -> str:
    """Return the last line of what a program said on standard error."""
    return (said.decode(errors="replace").strip().splitlines() or ["it said nothing"])[-1]


def _make(name: str, lock: Path, home: Path, why: str) -> None:
    shutil.rmtree(home, ignore_errors=True)
    home.parent.mkdir(parents=True, exist_ok=True)
    environment.say(f"bringing {name} {why}, once, into {home}")
    if not environment.answers([environment.base_python(), "-m", "venv", "--without-pip", str(home)]):
        raise NotHad(f"{name}: {environment.NO_PIP}")
    if not any(environment.run(command, environ) for command, environ in _installers(lock, home / "bin" / "python")):
        raise NotHad(f"{name} could not be installed, see above: check network and pip settings, then start again")
    (home / READY).touch()


def _installers(lock: Path, interpreter: Path) -> list[tuple[list[str], dict[str, str]]]:
    """Give the commands that install *lock*, the one to be tried first first."""
    root, pip = environment.ROOT, environment.find_pip(environment.ROOT)
    uv, hashed = environment.find_uv(root, pip), ["--require-hashes", "--quiet"]
    said = environment.uv_environment(os.environ, environment.pip_settings(pip))
    quick = [uv, "pip", "sync", str(lock), "--python", str(interpreter), "--compile-bytecode"]
    plain = [*pip, "--python", str(interpreter), "install", "-r", str(lock)]
    by_uv = [([*map(str, quick), *hashed], said)] if uv else []
    by_pip = [([*plain, *hashed], {**os.environ, **environment.PIP_QUIET})] if pip else []
    return by_uv + by_pip
