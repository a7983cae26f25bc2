"""The programs that a bench compares with: each in an environment of its own, from a lock beside this file.

A peer is never a dependency of the project. Its environment is made once, below `.cache/peers`, by the same installer
and with the same settings as the project's own, every file checked against its hash; its folder carries the hash of its
lock, so that a changed lock makes a new one. What cannot be had raises `NotHad` with one line that says why.
"""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from comity import environment

LOCKS = Path(__file__).parent
READY = "comity-stamp"


class NotHad(Exception):
    """A peer cannot be had on this machine; the message says which and why, and the bench goes on without it."""


def names() -> list[str]:
    """Give the names of the environments for which there is a lock."""
    return sorted(lock.stem for lock in LOCKS.glob("*.lock"))


def environment_of(name: str) -> Path:
    """Make the environment of *name* where it is not yet made; return its folder."""
    lock = LOCKS / f"{name}.lock"
    home = environment.ROOT / ".cache" / "peers" / f"{name}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    with environment.alone(environment.ROOT):
        if not (home / READY).exists():
            _make(name, lock, home)
    return home


def python(name: str) -> Path:
    """Return the Python that sees the packages of *name*, its environment made where needed."""
    return environment_of(name) / "bin" / "python"


def told(name: str, script: Path, *arguments: str, given: bytes = b"", **more: str) -> Any:  # noqa: ANN401 - it comes as JSON
    """Run *script* by the Python of *name*, give it *given* on standard input, *more* in its environment.

    Return what it printed, read as JSON, None for nothing.
    """
    command = [str(python(name)), "-I", str(script), *arguments]
    done = subprocess.run(command, input=given, env=clean(**more), capture_output=True, check=False)
    if done.returncode:
        raise NotHad(f"{script.name} in the environment {name} ended with {done.returncode}: {_last(done.stderr)}")
    return json.loads(done.stdout or "null")


def clean(**more: str) -> dict[str, str]:
    """Return an environment that names neither our node nor our packages, with *more* in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_", "PYTHON"))}
    return kept | more


def version(name: str, package: str) -> str:
    """Return the version of *package* that is locked for *name*."""
    pins = (line.partition("==") for line in (LOCKS / f"{name}.lock").read_text(encoding="utf-8").splitlines())
    return next(found.split()[0] for pinned, _, found in pins if pinned == package)


def _make(name: str, lock: Path, home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    home.parent.mkdir(parents=True, exist_ok=True)
    environment.say(f"bringing {name} to compare with, once, into {home}")
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


def _last(said: bytes) -> str:
    return (said.decode(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
