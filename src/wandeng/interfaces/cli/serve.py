"""``wandeng serve``: the pages and the API, with a worker beside them, until it is stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings
from django.core.management import call_command
from rich.console import Console

from wandeng.interfaces import doorway
from wandeng.interfaces.cli import install
from wandeng.kernel.errors import Conflict

AT_ONCE = "WANDENG_PAGES_AT_ONCE"
_Host = Annotated[str, typer.Option(envvar="WANDENG_HOST", help="Address to listen on (监听地址).")]
_Port = Annotated[int, typer.Option(envvar="WANDENG_PORT", min=1, max=65535, help="Port (端口).")]
_Processes = Annotated[int, typer.Option("--processes", min=1, help="Processes that answer (进程).")]
_Threads = Annotated[int, typer.Option("--threads", min=1, help="Threads of each process (线程).")]
_AtOnce = Annotated[
    int,
    typer.Option(
        min=0, help="Pages a process works on at once; 0: 1 beside the database, 3 away from it (同时处理页数)."
    ),
]
_Worker = Annotated[bool, typer.Option("--worker/--no-worker", help="Run a worker for jobs beside it (后台任务).")]
_Tls = Annotated[bool, typer.Option("--tls/--plain-http", help="Ask for https; plain http is for one machine only.")]
_Demo = Annotated[bool, typer.Option("--demo", help="Offer the demonstration's accounts without a password (演示).")]


def serve(
    host: _Host = "127.0.0.1",
    port: _Port = 8000,
    processes: _Processes = 2,
    threads: _Threads = 8,
    at_once: _AtOnce = 0,
    worker: _Worker = True,
    tls: _Tls = False,
    demo: _Demo = False,
) -> None:
    """Serve the console (网页) and the API (接口) of this installation."""
    if not (Path(doorway.__file__).parent / "static" / "dist" / "app.js").exists():
        raise Conflict("the pages' scripts and styles are not built: run 'make assets' first")
    install.init()
    call_command("collectstatic", verbosity=0, interactive=False)
    environment = os.environ | {"WANDENG_PLAIN_HTTP": "0" if tls else "1", "WANDENG_DEMO": "1" if demo else "0"}
    environment["WANDENG_HOME"] = str(settings.HOME)
    environment[AT_ONCE] = str(at_once or _fitting(settings.DATABASES["default"]))
    commands = [_gunicorn(host, port, processes, threads)]
    if worker:
        program = [sys.executable, "-m", "wandeng.interfaces.cli.main"]
        # Notices have a process of their own: a long bill run keeps no notice of a cut or of power back waiting. Nor does it
        # keep anybody waiting who asks when power is back.
        commands += [
            [*program, "worker"],
            [*program, "notices", "deliver", "--follow"],
            [*program, "status", "publish", "--watch"],
        ]
    Console().print(f"\n[bold]网页 console[/]  http{'s' if tls else ''}://{host}:{port}/   (Ctrl-C 停止 stops it)")
    sys.exit(_run(commands, environment))


def _gunicorn(host: str, port: int, processes: int, threads: int) -> list[str]:
    # Not preloaded: the columnar engine has threads, and threads do not survive a fork.
    options = {"bind": f"{host}:{port}", "workers": processes, "threads": threads, "timeout": 120, "keep-alive": 30}
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--worker-class=wandeng.config.turn_worker.TurnWorker",
        "--no-control-socket",
        *flags,
        "wandeng.config.wsgi:application",
    ]


def _fitting(database: dict[str, Any]) -> int:
    """How many pages at once: one where the database takes the same processors, more where it is waited for over a network."""
    host = str(database.get("HOST", ""))
    return 1 if not host or host.startswith("/") or host in {"localhost", "127.0.0.1", "::1"} else 3


def _run(commands: list[list[str]], environment: dict[str, str]) -> int:
    """Run the programs together: when one ends or we are told to stop, all stop. Returns the first one's exit code."""
    running = [subprocess.Popen(command, env=environment) for command in commands]

    def stop(*_: object) -> None:
        for one in running:
            if one.poll() is None:
                one.terminate()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        code = running[0].wait()
    finally:
        stop()
        for one in running[1:]:
            one.wait()
    return code
