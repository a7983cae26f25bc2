"""The start: one script that makes the environment once and then hands over."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from comity import environment
from comity.environment import (
    LOCKS,
    ROOT,
    STAMP,
    SetUpFailed,
    ensure,
    find_uv,
    fingerprint,
    pip_settings,
    place_project,
    uv_environment,
)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Make a folder like a clone whose environment is finished: its Python says what it was given."""
    for name in ("comity", "requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "src" / "comity").mkdir(parents=True)
    shutil.copy(ROOT / "src" / "comity" / "environment.py", tmp_path / "src" / "comity" / "environment.py")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    executable(tmp_path / ".venv" / "bin" / "python", 'echo "$@"')
    (tmp_path / ".venv" / STAMP).write_text(f"run {fingerprint(tmp_path, 'run')}")
    return tmp_path


def executable(path: Path, script: str) -> None:
    """Write a shell script."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def start(script: Path, *arguments: str, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess[str]:
    """Run the script as a shell would, seeing only the programs on `path`."""
    command = ["/bin/sh", str(script), *arguments]
    return subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, check=False)


def age(path: Path, seconds: float) -> None:
    """Make a file look older."""
    os.utime(path, (path.stat().st_atime - seconds, path.stat().st_mtime - seconds))


def test_a_finished_environment_is_handed_over_to_at_once_arguments_and_all(clone: Path, tmp_path: Path) -> None:
    for name in (*LOCKS.values(), "src/comity/environment.py"):
        age(clone / name, 60)
    no_python = tmp_path / "programs"
    no_python.mkdir()
    (no_python / "dirname").symlink_to(shutil.which("dirname") or "")
    done = start(clone / "comity", "share", "a file.json", path=str(no_python))
    assert done.stdout == f"{clone}/.venv/bin/comity share a file.json\n"


@pytest.mark.parametrize("changed", [*LOCKS.values(), "src/comity/environment.py"])
def test_a_newer_lock_is_looked_into_first(clone: Path, tmp_path: Path, changed: str) -> None:
    age(clone / ".venv" / STAMP, 60)
    age(clone / changed, -60)
    programs = tmp_path / "programs"
    programs.mkdir()
    executable(programs / "python3", 'echo "set up: $@"')
    done = start(clone / "comity", "up", path=f"{programs}:/usr/bin:/bin")
    assert done.stdout.splitlines()[-1] == f"set up: {clone}/src/comity/environment.py up"


def test_an_old_python_is_told_what_is_needed(tmp_path: Path) -> None:
    shutil.copy(ROOT / "comity", tmp_path / "comity")
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "dirname").symlink_to(shutil.which("dirname") or "")
    executable(programs / "python3", "exit 1")
    done = start(tmp_path / "comity", "up", path=str(programs))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "apt install python3" in done.stderr


def test_nothing_is_installed_where_the_stamp_names_the_lock(clone: Path) -> None:
    assert ensure("run", clone) == clone / ".venv" / "bin" / "python"
    assert (clone / ".venv" / STAMP).read_text() == f"run {fingerprint(clone, 'run')}"


def test_what_was_brought_for_the_checks_stays(clone: Path) -> None:
    stamp = f"dev {fingerprint(clone, 'dev')}"
    (clone / ".venv" / STAMP).write_text(stamp)
    ensure("run", clone)
    assert (clone / ".venv" / STAMP).read_text() == stamp


def test_another_lock_is_another_environment(clone: Path) -> None:
    before = fingerprint(clone, "run")
    with (clone / "requirements.lock").open("a") as lock:
        lock.write("# one more line\n")
    assert fingerprint(clone, "run") != before


def test_a_set_up_that_fails_leaves_no_stamp(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    for variable in ("PIP_NO_INDEX", "UV_OFFLINE"):
        monkeypatch.setenv(variable, "1")
    for variable in ("PIP_FIND_LINKS", "PIP_CONFIG_FILE"):
        monkeypatch.setenv(variable, os.devnull)
    (clone / ".venv" / "bin" / "python").unlink()
    (clone / "requirements.lock").write_text("no-such-package-anywhere==1 --hash=sha256:" + "0" * 64)
    with pytest.raises(SetUpFailed):
        ensure("run", clone)
    assert not (clone / ".venv" / STAMP).exists()


def test_one_set_up_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    said = threading.Event()
    monkeypatch.setattr(environment, "say", lambda line: said.set() if "waiting" in line else None)

    def second() -> None:
        with environment.alone(tmp_path):
            order.append("second")

    with environment.alone(tmp_path):
        waiting = threading.Thread(target=second)
        waiting.start()
        assert said.wait(timeout=60)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_pip_tells_its_settings_wherever_they_were_made(tmp_path: Path) -> None:
    pip = tmp_path / "pip"
    executable(pip, "printf '%s\\n' \"global.index-url='file:///a'\" \"install.trusted-host='b'\" \":env:.cert='/c'\"")
    assert pip_settings([str(pip)]) == {"index-url": "file:///a", "trusted-host": "b", "cert": "/c"}


def test_uv_gets_pips_settings_and_the_users_own_word_for_uv_stands() -> None:
    settings = {"index-url": "file:///pip", "extra-index-url": "file:///b file:///c", "find-links": "/d /e"}
    given = uv_environment({"UV_DEFAULT_INDEX": "file:///uv", "HOME": "/h"}, settings)
    assert given["UV_DEFAULT_INDEX"] == "file:///uv"
    assert given["UV_INDEX"] == "file:///b file:///c"
    assert given["UV_FIND_LINKS"] == "/d,/e"
    assert given["HOME"] == "/h"


def test_without_pip_any_uv_on_the_path_will_do(clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_uv(clone, []) is None
    executable(tmp_path / "uv", "true")
    assert find_uv(clone, []) == str(tmp_path / "uv")


def test_the_project_is_used_from_its_sources_wherever_the_folder_moves(tmp_path: Path) -> None:
    packages = tmp_path / "a" / ".venv" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    (packages.parents[2] / "bin").mkdir()
    (tmp_path / "a" / "src").mkdir()
    place_project(tmp_path / "a")
    (tmp_path / "a").rename(tmp_path / "b")
    moved = tmp_path / "b" / packages.relative_to(tmp_path / "a")
    script = "import site, sys; site.addsitedir(sys.argv[1]); print(sys.path[-1])"
    done = subprocess.run([sys.executable, "-c", script, moved], capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()) == tmp_path / "b" / "src"
