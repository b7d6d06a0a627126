"""The default run collects what it should: a marker or a skip that hides tests is noticed here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AT_LEAST = 2_500


def test_the_default_run_collects_at_least_the_expected_number_of_tests():
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "tests"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120).stdout
    match = re.search(r"^(\d+)(?:/\d+)? tests collected", printed, re.MULTILINE)
    assert match is not None, printed[-500:]
    assert int(match.group(1)) >= AT_LEAST
