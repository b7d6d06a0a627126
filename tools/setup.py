"""Bring everything that `make run` and `make test` need up to date: `python3 tools/setup.py [--tests]`.

Each step has inputs; a step whose inputs have the same SHA-256 as when it last succeeded is skipped. Standard library
only, because it runs before any environment exists.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / "var" / "setup.json"
SERVICES = ROOT / ".venv"
BOT = ROOT / "bot" / ".venv"
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
TORCH = "torch==2.13.0"
BOT_BUILD_TOOLS = ("setuptools==70.3.0", "wheel==0.45.1")  # three of Rasa's dependencies come as source only


class SetupFailed(Exception):
    """A step could not be done; the message says what the reader has to do."""


@dataclass(frozen=True)
class Step:
    """One thing to build: done again when an input changed or an output is gone."""

    name: str
    inputs: tuple[str, ...]  # files, folders or globs below the root
    outputs: tuple[Path, ...]
    build: Callable[[], None]
    facts: tuple[str, ...] = ()  # further text that the result depends on


def find_python(minor_versions: Iterable[int], variable: str) -> str | None:
    """Return the first interpreter that runs and can make environments; `variable` may name one."""
    named = os.environ.get(variable)
    versions = list(minor_versions)
    candidates = [named] if named else []
    candidates += [sys.executable]
    for minor in versions:
        candidates.append(f"python3.{minor}")
        pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
        candidates += sorted((str(path) for path in pyenv.glob(f"3.{minor}*/bin/python3.{minor}")), reverse=True)
        candidates += [f"{folder}/python3.{minor}" for folder in ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin")]
    probe = "import ensurepip, venv, sys; print(sys.version_info.minor if sys.version_info.major == 3 else -1)"
    for candidate in candidates:
        try:
            answer = subprocess.run([candidate, "-c", probe], capture_output=True, text=True, timeout=30, check=False)
        except OSError:
            continue
        if answer.returncode == 0 and int(answer.stdout) in versions:
            return candidate
    return None


def make_environment(folder: Path, minor_versions: tuple[int, ...], variable: str) -> None:
    """Create a fresh virtual environment in `folder`; uv fetches an interpreter where none is installed."""
    shutil.rmtree(folder, ignore_errors=True)
    python = find_python(minor_versions, variable)
    wanted = " or ".join(f"3.{minor}" for minor in minor_versions)
    if python:
        run(python, "-m", "venv", str(folder))
    elif shutil.which("uv"):
        run("uv", "venv", "--seed", "--python", f"3.{minor_versions[0]}", str(folder))
    else:
        raise SetupFailed(
            f"Python {wanted} was not found. Install it (for example with pyenv), or install uv, which fetches it; "
            f"or name an interpreter in {variable}."
        )


def run(*command: str) -> None:
    """Run a command from the root, its output on our terminal; raise SetupFailed when it fails."""
    quiet = {"PYTHONWARNINGS": "ignore", "TF_CPP_MIN_LOG_LEVEL": "3", "RASA_TELEMETRY_ENABLED": "false"}
    if subprocess.run(command, cwd=ROOT, env={**os.environ, **quiet}, check=False).returncode:
        raise SetupFailed(f"this command failed: {' '.join(command)}")


def pip(environment: Path, *arguments: str) -> None:
    """Run pip of an environment; on a terminal it shows its own bars."""
    quiet = () if sys.stderr.isatty() else ("-q",)
    run(str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", *quiet, *arguments)


def pip_lock(environment: Path, lock: str, *arguments: str) -> None:
    """Install a hashed lock, with one bar for its many packages: each is counted when read and when installed."""
    total = len(re.findall(r"^\S+==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
    command = [str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
    command += ["--progress-bar", "off", "--no-deps", "--require-hashes", "-r", lock, *arguments]
    old = installed(environment)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        pip_process = subprocess.Popen(command, cwd=ROOT, stdout=said)
        while pip_process.poll() is None:
            time.sleep(0.5)
            said.seek(0)
            read = len(re.findall(r"^(?:Collecting|Requirement already)", said.read(), re.MULTILINE))
            show_bar(read + installed(environment) - old, 2 * total)
        if pip_process.returncode:
            said.seek(0)
            raise SetupFailed(f"this command failed: {' '.join(command)}\n{said.read()[-2000:]}")
    show_bar(2 * total, 2 * total)


def installed(environment: Path) -> int:
    """Return how many packages an environment holds."""
    return sum(1 for _ in environment.glob("lib/python3*/site-packages/*.dist-info"))


def show_bar(done: int, total: int) -> None:
    """Draw a bar over the current line of the terminal; nothing where there is none."""
    if sys.stderr.isatty():
        share = min(done / total, 1.0)
        end = "\n" if share == 1.0 else ""
        print(f"\r    packages |{'█' * int(share * 40):<40}| {share:4.0%}", end=end, file=sys.stderr, flush=True)


def build_services() -> None:
    """Services environment: torch first, by version, then the hashed lock."""
    make_environment(SERVICES, (11, 12, 13), "PYTHON311")
    index = setting("TORCH_INDEX")
    pip(SERVICES, TORCH, *(["--index-url", index] if index else []))
    pip_lock(SERVICES, "requirements.txt")


def build_test_tools() -> None:
    """What only tests and checks need, into the services environment."""
    pip_lock(SERVICES, "requirements-dev.txt")


def build_browser() -> None:
    """Debian's Chromium for the tests that look at pages; where it cannot be installed they are skipped, saying so."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        print(
            f"    left out: pages are not tested; install Chromium at {CHROMIUM}, or name it in CHROMIUM",
            file=sys.stderr,
        )
        return
    try:
        for command in (["update"], ["install", "-y", "chromium"]):
            subprocess.run(["apt-get", "-qq", *command], check=True, timeout=600, stdout=subprocess.DEVNULL)
    except subprocess.SubprocessError as error:
        print(f"    left out ({type(error).__name__}): pages are not tested in a browser", file=sys.stderr)


def build_browser_checks() -> None:
    """axe-core and tsc for the tests of the widget; without npm these are skipped, and nothing else is missing."""
    folder = ROOT / "var/node"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(ROOT / "tests/browser" / name, folder / name)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    try:
        subprocess.run(command, cwd=folder, check=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"    left out ({type(error).__name__}): the widget is tested without axe-core and tsc", file=sys.stderr)


def build_bot() -> None:
    """Rasa's environment, byte-compiled: without that every start costs eight seconds more."""
    make_environment(BOT, (10,), "PYTHON310")
    pip(BOT, *BOT_BUILD_TOOLS)
    pip_lock(BOT, "bot/requirements.txt", "--no-build-isolation")
    subprocess.run([str(BOT / "bin/python"), "-m", "compileall", "-q", "-j0", str(BOT / "lib")], check=False)


def services(*arguments: str) -> None:
    """Run a module of ours in the services environment."""
    run(str(SERVICES / "bin" / "python"), "-m", *arguments)


def train() -> None:
    """Train the Rasa model."""
    run(str(BOT / "bin" / "python"), "-m", "bot", "train")


def setting(name: str) -> str:
    """Return a GOVCHAT_ setting from the environment, else from .env, else ""."""
    name = f"GOVCHAT_{name}"
    file = ROOT / ".env"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    given = dict(line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return os.environ.get(name) or given.get(name, "").strip().strip("\"'")


def steps(*, tests: bool) -> Iterator[Step]:
    """Yield the steps in the order in which they depend on each other."""
    corpus = setting("CORPUS_DIR")
    model = setting("EMBEDDING_MODEL")
    tables = ("data/provinces.jsonl", "data/agencies.jsonl", "data/abbreviations.tsv", "data/letters.tsv")
    yield Step("services environment", ("requirements.txt",), (SERVICES / "bin/python",), build_services, (TORCH,))
    if tests:
        marker = SERVICES / "bin/pytest"
        yield Step("test tools", ("requirements.txt", "requirements-dev.txt"), (marker,), build_test_tools)
        yield Step("browser", (), (CHROMIUM,), build_browser)
        checks = ROOT / "var/node/node_modules/axe-core/axe.min.js"
        yield Step("browser checks", ("tests/browser",), (checks,), build_browser_checks)
    yield Step("bot environment", ("bot/requirements.txt",), (BOT / "bin/rasa",), build_bot, BOT_BUILD_TOOLS)
    yield Step(
        "accent restorer",
        ("data/ngrams", "index/text/restore*.py", "index/text/syllable*.py", "index/text/unicode.py"),
        (ROOT / "var/restorer.npz",),
        lambda: services("index", "compile-restorer"),
    )
    yield Step(  # for the bot, and for the index where no other model is named
        "encoder",
        ("index/encoder", "index/embedder.py"),
        (ROOT / "var/encoder/onnx/embedder.json",),
        lambda: services("index", "prepare-encoder"),
    )
    rasa_data = ("data/nlu", "data/rules", "data/stories", "data/lookups", *tables)
    yield Step(
        "Rasa model",
        (
            *("config.yml", "domain.yml", *rasa_data, "bot/*.py", "bot/nlu", "bot/requirements.txt", "index/text"),
            *("data/communes.jsonl", "data/ngrams", "index/encoder", "index/embedder.py"),
        ),
        (ROOT / "models/govchat.tar.gz",),
        train,
    )
    yield Step(
        "index snapshot",
        ("data/corpus", "index", *tables, *((corpus,) if corpus else ())),
        (ROOT / "var/index/CURRENT", ROOT / "var/catalogue.db"),
        lambda: services("index", "ingest"),
        (model,),
    )


def digest_of(step: Step) -> str:
    """SHA-256 (hex) over the names and contents of a step's inputs and its facts."""
    digest = hashlib.sha256("\0".join(step.facts).encode())
    for pattern in step.inputs:
        # A path outside the tree (GOVCHAT_CORPUS_DIR) may be absolute; Path.glob takes only relative ones.
        found = [Path(pattern)] if Path(pattern).is_absolute() else sorted(ROOT.glob(pattern))
        for path in found:
            files = sorted(path.rglob("*")) if path.is_dir() else [path]
            for file in files:
                if file.is_file() and file.suffix != ".pyc":
                    digest.update(str(file).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def main() -> int:
    """Run every step that is out of date; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", action="store_true", help="also install what tests and checks need")
    arguments = parser.parse_args()
    done: dict[str, str] = json.loads(STATE.read_text()) if STATE.exists() else {}
    for step in steps(tests=arguments.tests):
        digest = digest_of(step)
        if done.get(step.name) == digest and all(path.exists() for path in step.outputs):
            continue
        print(f"==> {step.name}", flush=True)
        try:
            step.build()
        except SetupFailed as error:
            print(f"setup: {step.name}: {error}", file=sys.stderr)
            return 1
        done[step.name] = digest
        STATE.parent.mkdir(parents=True, exist_ok=True)
        STATE.write_text(json.dumps(done, indent=1))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("setup: stopped; the next run goes on where this one was")
