"""The whole stack on free loopback ports with its own state, for end-to-end tests, evaluation and the benchmark."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from typing_extensions import Self

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN_S = 120


def free_port() -> int:
    """Return a loopback port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stack:
    """`tools/run.py` with its own ports and its state in `folder`; a context manager that waits until it is ready."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)  # further GOVCHAT_ settings, without the prefix

    def __post_init__(self) -> None:
        self.port, self.bot_port, self.actions_port = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the processes: ours without our settings, and the stack's own."""
        settings = {
            "PORT": str(self.port),
            "BOT_PORT": str(self.bot_port),
            "ACTIONS_PORT": str(self.actions_port),
            "BOT_URL": f"http://127.0.0.1:{self.bot_port}",
            "ACTIONS_URL": f"http://127.0.0.1:{self.actions_port}",
            "DATABASE_URL": f"sqlite:///{self.folder}/govchat.db",
            "RUN_DIR": str(self.folder),
            "ANNOUNCEMENTS_DIR": f"{self.folder}/announcements",
            "WATCH": "false",  # the snapshot at hand is not this stack's to renew; a test that publishes says otherwise
            **self.settings,
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GOVCHAT_")}
        return {**kept, "PYTHONPATH": str(ROOT), **{f"GOVCHAT_{name}": value for name, value in settings.items()}}

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [str(ROOT / ".venv/bin/python"), str(ROOT / "tools/run.py")],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=sys.stderr,
        )
        self.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wait(self) -> None:
        """Wait until the gateway says that everything is ready; raise RuntimeError with the logs when it does not."""
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            assert self._process is not None
            if self._process.poll() is not None:
                break
            if self.is_ready():
                return
            time.sleep(0.2)
        logs = "\n".join(f"== {log.name}\n{log.read_text()[-3000:]}" for log in sorted(self.folder.glob("log/*.log")))
        self.stop()
        raise RuntimeError(f"the stack was not ready within {READY_WITHIN_S} s\n{logs}")

    def is_ready(self) -> bool:
        """Say whether the gateway and all its collaborators are ready."""
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """Stop as Ctrl-C does, and wait."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=90)

    def pid_of(self, module: str) -> int | None:
        """Return the process id of `python -m <module>`, or None while it is down."""
        for pid in self.pids():
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            if command[1:3] == ["-m", module]:
                return pid
        return None

    def pids(self) -> list[int]:
        """Return every process of the stack that runs now, `tools/run.py` excluded."""
        found: list[int] = []
        parents = [self._process.pid] if self._process else []
        while parents:
            answer = subprocess.run(
                ["pgrep", "-P", ",".join(map(str, parents))], capture_output=True, text=True, check=False
            )
            parents = [int(pid) for pid in answer.stdout.split()]
            found += parents
        return found
