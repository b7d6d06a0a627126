"""Run bot, action server, gateway and index watch in the foreground; `make run` does, after set-up.

supervisor keeps them alive; this script starts it, says when the gateway is ready, and stops everything on Ctrl-C or
SIGTERM. With GOVCHAT_DEMO=true (`make demo`) fake platforms and a page that plays the telephone run too, with a state
of their own, so that Zalo and Messenger can be tried without an account.
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

NO_DEMO = {f"GOVCHAT_{name}": "0" for name in ("PHONE_PORT", "FAKE_ZALO_PORT", "FAKE_GRAPH_PORT")}
"""What supervisor's file names and a run without the demo does not use."""


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


def demo_environment(run_dir: Path, ports: dict[str, int]) -> dict[str, str]:
    """Return the settings under which the gateway serves the demo's accounts; real accounts are left alone."""
    from channels.testing.demo import DemoPorts, demo_settings

    demo = DemoPorts(phone=ports["phone"], zalo=ports["fake Zalo"], graph=ports["fake Graph"])
    return {
        **demo_settings(demo, state=run_dir / "fake-zalo.json", environment={}),
        "GOVCHAT_DATABASE_URL": f"sqlite:///{run_dir}/govchat.db",
        "GOVCHAT_CHANNELS_FILE": str(ROOT / "docs" / "channels.demo.toml"),
        "GOVCHAT_PHONE_PORT": str(demo.phone),
        "GOVCHAT_FAKE_ZALO_PORT": str(demo.zalo),
        "GOVCHAT_FAKE_GRAPH_PORT": str(demo.graph),
    }


def main() -> int:
    """Run until Ctrl-C; return the exit status."""
    load_dotenv(ROOT / ".env")  # Rasa's process reads the environment only
    is_demo = setting("DEMO", "false").lower() in ("1", "true", "yes", "on")
    ports = {
        "gateway": port_setting("PORT", 8080),
        "bot": port_setting("BOT_PORT", 5005),
        "action server": port_setting("ACTIONS_PORT", 5055),
    }
    if is_demo:
        phone = port_setting("PHONE_PORT", 9000)
        ports |= {"phone": phone, "fake Zalo": phone + 1, "fake Graph": phone + 2}
    taken = [f"{port} ({name})" for name, port in ports.items() if is_taken(port)]
    if taken:
        print(f"run: something listens already on port {', '.join(taken)}", file=sys.stderr)
        return 1
    run_dir = Path(setting("RUN_DIR", str(ROOT / "var" / "demo" if is_demo else ROOT / "var")))
    (run_dir / "log").mkdir(parents=True, exist_ok=True)
    demo = demo_environment(run_dir, ports) if is_demo else {}
    supervisor = subprocess.Popen(
        [str(Path(sys.executable).with_name("supervisord")), "-n", "-c", str(ROOT / "tools" / "supervisord.conf")],
        cwd=ROOT,
        env={
            **NO_DEMO,
            **os.environ,
            **demo,
            "GOVCHAT_RUN_DIR": str(run_dir),
            "GOVCHAT_WATCH": setting("WATCH", "true"),
            "GOVCHAT_DEMO": str(is_demo).lower(),
        },
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
                if is_demo:
                    print(f"the telephone of the demo: http://127.0.0.1:{ports['phone']}/", flush=True)
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
