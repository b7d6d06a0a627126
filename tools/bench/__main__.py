"""Speed figures in one run, beside a plain Rasa bot with Rasa's default pipeline: `make bench`.

Absolute figures depend on the machine and on what else it does; the ratios are what to quote. CPU is read from /proc,
so Linux only. Everything stays on loopback, every load is bounded in count and time.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import yaml

from channels.testing import sign_zalo, zalo_event
from index.settings import IndexSettings
from tools.bench import gateway as alone
from tools.bench import scale, text, understanding, widget
from tools.bench.load import Figures, RawClient, closed_loop, open_loop
from tools.stack import ROOT, Stack, free_port

WORK = ROOT / "var" / "bench"
RASA = ROOT / "bot" / ".venv" / "bin" / "rasa"
PLAIN = Path(__file__).with_name("plain_rasa")
QUESTION = "mức lương cơ sở từ 1/7/2026 là bao nhiêu"
AMOUNT = "2.530.000"  # what a right answer to it names
TURNS, WARM_UP, AT_ONCE = 400, 40, 8
PLAIN_EXAMPLES = 15
RATE, SECONDS = 1000, 20.0


def train_plain_bot() -> Path:
    """Train Rasa's default pipeline on our rules and the first examples of each intent; skipped while nothing changed.

    A turn costs the same however many examples the model has seen, and DIET would take a quarter of an hour for all.
    """
    data = WORK / "plain-data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(ROOT / "data" / "rules", data / "rules")
    (data / "nlu.yml").write_text(yaml.safe_dump(first_examples(), allow_unicode=True), encoding="utf-8")
    inputs = [PLAIN / "config.yml", ROOT / "domain.yml", *sorted(data.rglob("*.yml"))]
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in inputs)).hexdigest()[:16]
    model = WORK / f"plain-{digest}.tar.gz"
    if not model.exists():
        print("training the plain Rasa bot (DIET, TED): some minutes", flush=True)
        options = ["--config", str(PLAIN / "config.yml"), "--domain", "domain.yml", "--data", str(data)]
        subprocess.run(
            [
                str(RASA),
                "train",
                *options,
                "--out",
                str(WORK),
                "--fixed-model-name",
                model.name.removesuffix(".tar.gz"),
            ],
            cwd=ROOT,
            env=quiet(),
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return model


def first_examples() -> dict[str, object]:
    """Return Rasa's NLU file with the first examples of each intent."""
    intents = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = [line for line in entry["examples"].splitlines() if line.strip()]
            intents.append({**entry, "examples": "\n".join(lines[:PLAIN_EXAMPLES]) + "\n"})
    return {"version": "3.1", "nlu": intents}


def quiet() -> dict[str, str]:
    """Return our environment with Rasa's warnings and telemetry off."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }


@contextmanager
def running(command: list[str], ready_url: str) -> Iterator[int]:
    """Run a command until the block ends and yield its process id once `ready_url` answers."""
    process = subprocess.Popen(command, cwd=ROOT, env=quiet(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                if httpx.get(ready_url, timeout=2).status_code < 500:
                    break
            except httpx.HTTPError:
                pass
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError(f"did not start: {' '.join(command)}")
            time.sleep(0.2)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


async def turns(url: str, body_of: object, pid: int, *, at_once: int, count: int) -> Figures:
    """Ask `count` turns, each in a conversation of its own."""
    assert callable(body_of)
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=at_once)) as client:

        async def ask(number: int) -> bool:
            response = await client.post(url, json=body_of(number))
            return response.status_code == 200 and AMOUNT in response.text

        await closed_loop(ask, count=WARM_UP, at_once=at_once, pid=pid)
        return await closed_loop(ask, count=count, at_once=at_once, pid=pid)


def our_turn(number: int) -> dict[str, object]:
    """Return a turn as the gateway sends it."""
    return {
        "conversation": f"bench:{time.time_ns()}-{number}",
        "message_id": str(number),
        "text": QUESTION,
        "channel": "api",
        "lang": None,
        "as_of": None,
    }


def plain_turn(number: int) -> dict[str, object]:
    """Return a turn for Rasa's own `rest` channel."""
    return {"sender": f"bench-{time.time_ns()}-{number}", "message": QUESTION}


def show_turns(name: str, single: Figures, loaded: Figures) -> None:
    """Print one row of the table of turns."""
    wrong = single.failures + loaded.failures
    print(
        f"{name:<34}{loaded.per_second:>9.1f}{single.cpu_ms_each:>12.2f}{single.median:>9.1f}"
        f"{single.percentile(0.95):>9.1f}{wrong:>8}"
    )


def bench_turns() -> None:
    """Our bot and the plain one, one after the other, with the same action server."""
    model = train_plain_bot()
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder)) as stack:
        pid = stack.pid_of("bot")
        assert pid is not None
        url = f"http://127.0.0.1:{stack.bot_port}/webhooks/gateway/turn"
        ours = (
            asyncio.run(turns(url, our_turn, pid, at_once=1, count=TURNS // 2)),
            asyncio.run(turns(url, our_turn, pid, at_once=AT_ONCE, count=TURNS)),
        )
        endpoints, credentials, port = Path(folder, "endpoints.yml"), Path(folder, "credentials.yml"), free_port()
        endpoints.write_text(f"action_endpoint:\n  url: http://127.0.0.1:{stack.actions_port}/webhook\n")
        credentials.write_text("rest:\n")
        command = [str(RASA), "run", "-m", str(model), "--endpoints", str(endpoints), "--credentials", str(credentials)]
        command += ["-i", "127.0.0.1", "-p", str(port)]
        with running(command, f"http://127.0.0.1:{port}/") as plain_pid:
            wait_for_model(port)
            url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
            plain = (
                asyncio.run(turns(url, plain_turn, plain_pid, at_once=1, count=TURNS // 4)),
                asyncio.run(turns(url, plain_turn, plain_pid, at_once=AT_ONCE, count=TURNS // 2)),
            )
        api = asyncio.run(whole_road(stack))
    print(f"\nTurns with one answered question ({TURNS} and {TURNS // 2} turns, every one a new conversation)")
    print(f"{'':<34}{'turns/s':>9}{'CPU ms/turn':>12}{'p50 ms':>9}{'p95 ms':>9}{'wrong':>8}")
    show_turns("this bot", *ours)
    show_turns("plain Rasa (DIET, TED)", *plain)
    ratio = ours[1].per_second / plain[1].per_second
    print(
        f"ratio: {ratio:.1f} times the turns/s, {plain[0].cpu_ms_each / ours[0].cpu_ms_each:.1f} times less CPU a turn"
    )
    name = "the whole road, POST /api/v1/answers"
    print(f"{name:<55}{api.median:>9.1f}{api.percentile(0.95):>9.1f}{api.failures:>8}")


def wait_for_model(port: int) -> None:
    """Wait until plain Rasa has loaded its model: its status page answers earlier."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        answer = httpx.post(f"http://127.0.0.1:{port}/webhooks/rest/webhook", json=plain_turn(0), timeout=60)
        if answer.status_code == 200 and answer.json():
            return
        time.sleep(0.5)
    raise RuntimeError("plain Rasa did not answer")


async def whole_road(stack: Stack) -> Figures:
    """Ask through the gateway, inbox and outbox included, one at a time."""
    pid = stack.pid_of("channels")
    assert pid is not None
    url = f"{stack.url}/api/v1/answers"
    return await turns(url, lambda _: {"question": QUESTION}, pid, at_once=1, count=TURNS // 4)


def bench_gateway() -> None:
    """Signed Zalo events at a constant rate while every answer takes a second, with a durable inbox and without."""
    print(
        f"\nGateway alone, every answer takes {alone.ANSWER_S:.0f} s: signed webhooks offered at {RATE}/s for"
        f" {SECONDS:.0f} s, then as fast as 64 connections go"
    )
    print(f"{'store':<34}{'p50 ms':>9}{'p99 ms':>9}{'CPU us/req':>12}{'most/s':>9}{'failed':>8}")
    rows = {}
    for store in ("memory", "sqlite"):
        port = free_port()
        command = [sys.executable, "-m", "tools.bench.gateway", str(port), store]
        with running(command, f"http://127.0.0.1:{port}/health/live") as pid:
            steady, flood = asyncio.run(webhooks(port, pid))
        rows[store] = steady
        print(
            f"{'durable (SQLite, grouped commits)' if store == 'sqlite' else 'none (memory)':<34}{steady.median:>9.2f}"
            f"{steady.percentile(0.99):>9.2f}{steady.cpu_ms_each * 1000:>12.0f}{flood.per_second:>9.0f}"
            f"{steady.failures + flood.failures:>8}"
        )
    ratio = rows["sqlite"].percentile(0.99) / rows["memory"].percentile(0.99)
    print(f"ratio: p99 with the durable inbox is {ratio:.1f} times that without")


async def webhooks(port: int, pid: int) -> tuple[Figures, Figures]:
    """Send a steady load, then a flood; every request is a new message of one of 5,000 people."""
    steady_count, flood_count = int(RATE * SECONDS), 5_000
    requests = [signed(number) for number in range(steady_count + flood_count + 500)]
    client = RawClient(port, 64)
    await client.open()
    try:
        await open_loop(client, lambda number: requests[-1 - number], rate=500, seconds=1, pid=pid)
        steady = await open_loop(client, lambda number: requests[number], rate=RATE, seconds=SECONDS, pid=pid)

        async def send(number: int) -> bool:
            return await client.send(requests[steady_count + number]) == 200

        flood = await closed_loop(send, count=flood_count, at_once=64, pid=pid)
    finally:
        client.close()
    return steady, flood


def signed(number: int) -> bytes:
    """Return a whole HTTP request with one signed Zalo event."""
    body = zalo_event(
        QUESTION,
        app_id=alone.IDS.app_id,
        oa_id=alone.IDS.oa_id,
        user_id=f"70000000000000{number % 5000:05d}",
        message_id=f"bench-{number}",
        timestamp_ms=int(time.time() * 1000),
    )
    headers = sign_zalo(body, app_id=alone.IDS.app_id, secret_key=alone.IDS.oa_secret_key)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return (
        f"POST /webhooks/zalo HTTP/1.1\r\nHost: localhost\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    )


def main() -> int:
    """Run every benchmark, or one part."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", choices=("gateway", "widget", "turns", "text", "index"), help="run one part")
    parser.add_argument(
        "--sizes", default=",".join(map(str, scale.SIZES)), help="passages of the index part, separated by commas"
    )
    chosen = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    model_facts = json.loads((ROOT / "var/encoder/onnx/embedder.json").read_text())
    print(f"encoder {model_facts.get('name')}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    if chosen.only in (None, "gateway"):
        bench_gateway()
    if chosen.only in (None, "widget"):
        widget.bench()
    if chosen.only in (None, "turns"):
        bench_turns()
    if chosen.only in (None, "text"):
        text.show(text.measure(IndexSettings()))
        understanding.show(understanding.measure())
    if chosen.only in (None, "index"):
        scale.bench([int(size) for size in chosen.sizes.split(",")])
    return 0


if __name__ == "__main__":
    sys.exit(main())
