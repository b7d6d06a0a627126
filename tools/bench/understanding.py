"""How long the whole NLU takes, on the trained Rasa model in the bot's environment."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping

from tools.stack import ROOT


def measure() -> Mapping[str, float]:
    """Return what `python -m bot.nlu.bench` prints; raises CalledProcessError where there is no model."""
    command = [str(ROOT / "bot/.venv/bin/python"), "-m", "bot.nlu.bench"]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    speed: Mapping[str, float] = json.loads(told.splitlines()[-1])
    return speed


def show(speed: Mapping[str, float]) -> None:
    """Print the figures."""
    print(f"\nThe whole NLU, {speed['messages']} messages (goal: 15 ms at p95)")
    print(
        f"p50 {speed['nlu_p50_ms']} ms, p95 {speed['nlu_p95_ms']} ms; reading and names alone "
        f"{speed['reading_p50_ms']} and {speed['reading_p95_ms']} ms"
    )
