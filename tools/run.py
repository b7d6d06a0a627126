"""Run bot, action server, gateway and index watch in the foreground; `make run` does, after set-up.

supervisor keeps the four alive; this script starts it, says when the gateway is ready, and stops everything on Ctrl-C
or SIGTERM.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from dotenv import load_dotenv

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN_S = 120


def setting(name: str, default: str) -> str:
    """Return a GOVCHAT_ setting; an empty one counts as not given."""
    return os.environ.get(f"GOVCHAT_{name}") or default


def port_setting(name: str, default: int) -> int:
    """Return a port; exit with a sentence when the setting is none."""
    given = setting(name, str(default))
    if not (given.isdecimal() and 0 < int(given) < 65536):
        sys.exit(f"run: GOVCHAT_{name} is a port between 1 and 65535, not {given!r}")
    return int(given)


def is_taken(port: int) -> bool:
    """Say whether something listens on this loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def is_ready(port: int) -> bool:
    """Say whether the gateway answers that it and its collaborators are ready."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def main() -> int:
    """Run until Ctrl-C; return the exit status."""
    load_dotenv(ROOT / ".env")  # Rasa's process reads the environment only
    ports = {
        "gateway": port_setting("PORT", 8080),
        "bot": port_setting("BOT_PORT", 5005),
        "action server": port_setting("ACTIONS_PORT", 5055),
    }
    taken = [f"{port} ({name})" for name, port in ports.items() if is_taken(port)]
    if taken:
        print(f"run: something listens already on port {', '.join(taken)}", file=sys.stderr)
        return 1
    run_dir = Path(setting("RUN_DIR", str(ROOT / "var")))
    (run_dir / "log").mkdir(parents=True, exist_ok=True)
    supervisor = subprocess.Popen(
        [str(Path(sys.executable).with_name("supervisord")), "-n", "-c", str(ROOT / "tools" / "supervisord.conf")],
        cwd=ROOT,
        env={**os.environ, "GOVCHAT_RUN_DIR": str(run_dir), "GOVCHAT_WATCH": setting("WATCH", "true")},
        start_new_session=True,  # Ctrl-C reaches us alone; we stop the others in order
        stdout=subprocess.DEVNULL,
    )
    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: a background job starts with it ignored
        signal.signal(number, signal.default_int_handler)
    try:
        started_at = time.monotonic()
        print("starting …", flush=True)
        announced = False
        while supervisor.poll() is None:
            if not announced and is_ready(ports["gateway"]):
                print(
                    f"ready after {time.monotonic() - started_at:.0f} s: http://127.0.0.1:{ports['gateway']}/  "
                    f"(logs in {run_dir / 'log'}; Ctrl-C stops)",
                    flush=True,
                )
                announced = True
            elif not announced and time.monotonic() - started_at > READY_WITHIN_S:
                print(f"run: not ready after {READY_WITHIN_S} s; see {run_dir / 'log'}", file=sys.stderr, flush=True)
                announced = True
            time.sleep(0.5)
    except KeyboardInterrupt:
        print("stopping …", flush=True)
    finally:
        if supervisor.poll() is None:
            supervisor.terminate()
            supervisor.wait(timeout=60)
    return 0


if __name__ == "__main__":
    sys.exit(main())
