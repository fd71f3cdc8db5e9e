"""The scripts that ``make`` leans on: a server for one command, and what a machine lacks."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

WITH_POSTGRES = [sys.executable, str(ROOT / "scripts" / "with-postgres")]
INSTALL_SYSTEM = str(ROOT / "scripts" / "install-system")
SHOW = "import os, psycopg; c = psycopg.connect(os.environ['WANDENG_DATABASE_URL']); print(*c.execute('{}').fetchone())"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that the server's own user can reach: pytest's are closed to everybody else."""
    folder = Path("/var/tmp") / f"wandeng-scripts-{os.getpid()}"
    folder.mkdir()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*WITH_POSTGRES, *arguments], capture_output=True, text=True, check=False, timeout=120)


def test_a_command_gets_an_empty_server_its_exit_code_is_kept_and_nothing_is_left(open_folder: Path) -> None:
    query = SHOW.format("show fsync") + "; raise SystemExit(3)"
    done = run("--root", str(open_folder), sys.executable, "-c", query)
    assert (done.returncode, done.stdout.strip()) == (3, "off"), done.stderr
    assert list(open_folder.iterdir()) == []


def test_a_durable_server_keeps_the_settings_that_make_commits_safe(open_folder: Path) -> None:
    query = "select current_setting($$fsync$$), current_setting($$synchronous_commit$$)"
    done = run("--durable", "--root", str(open_folder), sys.executable, "-c", SHOW.format(query))
    assert done.stdout.split() == ["on", "on"], done.stderr


def test_an_ended_starter_takes_the_server_and_its_folder_with_it(open_folder: Path) -> None:
    starter = subprocess.Popen([*WITH_POSTGRES, "--root", str(open_folder), "sleep", "120"])
    wait_for(lambda: list(open_folder.glob("*/data/postmaster.pid")))
    starter.send_signal(signal.SIGTERM)
    assert starter.wait(60) == 128 + signal.SIGTERM
    assert list(open_folder.iterdir()) == []


@pytest.mark.parametrize("ready", [False, True], ids=["while the cluster is made", "while the server runs"])
def test_a_killed_starter_takes_the_server_with_it_and_the_next_one_removes_its_folder(
    open_folder: Path, ready: bool
) -> None:
    starter = subprocess.Popen([*WITH_POSTGRES, "--root", str(open_folder), "sleep", "120"])
    wait_for(lambda: any((number > 0) == ready for number in process_numbers(open_folder)))
    (number,) = process_numbers(open_folder)
    starter.kill()
    starter.wait()
    wait_for(lambda: not Path("/proc", str(abs(number))).exists())
    assert run("--root", str(open_folder), "true").returncode == 0
    assert list(open_folder.iterdir()) == []


def process_numbers(folder: Path) -> list[int]:
    """Who holds the data folder: initdb's own back end writes its number negative, a server positive."""
    texts = [path.read_text().split() for path in folder.glob("*/data/postmaster.pid")]
    return [int(words[0]) for words in texts if words]


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """A path with the few programs that the script itself needs, and no Java."""
    for name in ("sh", "find", "grep", "ls", "env"):
        (tmp_path / name).symlink_to(shutil.which(name))
    return tmp_path


def put(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!{folder}/sh\n{body}\n")
    (folder / name).chmod(0o755)


def install(folder: Path, *parts: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(folder)}
    return subprocess.run(
        [INSTALL_SYSTEM, *parts], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_what_is_missing_is_installed_as_root(bare_machine: Path) -> None:
    put(bare_machine, "id", "echo 0")
    put(bare_machine, "apt-get", 'echo "apt-get $*"')
    done = install(bare_machine, "java")
    assert done.returncode == 0
    assert "apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless" in done.stdout


def test_an_ordinary_user_installs_through_sudo(bare_machine: Path) -> None:
    put(bare_machine, "id", "echo 1000")
    put(bare_machine, "apt-get", "exit 9")
    put(bare_machine, "sudo", 'echo "sudo $*"')
    done = install(bare_machine, "java")
    assert done.returncode == 0
    assert "sudo apt-get install" in done.stdout


def test_what_is_there_is_not_installed_again(bare_machine: Path) -> None:
    put(bare_machine, "id", "echo 0")
    put(bare_machine, "apt-get", "exit 9")
    put(bare_machine, "java", "exit 0")
    assert install(bare_machine, "java").returncode == 0


def test_without_apt_the_missing_parts_are_named(bare_machine: Path) -> None:
    done = install(bare_machine, "java")
    assert done.returncode == 1
    assert "openjdk-17-jre-headless" in done.stderr
