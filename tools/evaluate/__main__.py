"""Measure how questions are understood and answered: `make evaluate`, or `python -m tools.evaluate`.

Five parts, by the sets of data/eval (their READMEs say how they were made) and questions_dev.jsonl of
GOVCHAT_SHARED_DATA (by default ../shared/data): understanding by way of writing; out of scope and refusals;
paraphrases; conversations; labelled questions by category. Answers come through `POST /api/v1/answers` of the real
stack, intents and entities from the trained Rasa model. Intervals are 95 %. With a FILE of labelled questions only
those are asked, and every miss is shown.

Exit status 0 also where a limit fails; 1 where a file is missing, the model cannot be asked, or a request failed in
transport.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tools.evaluate import records
from tools.evaluate.asking import Asker, GatewayGone
from tools.evaluate.layout import Part
from tools.evaluate.run import DATA, MODEL, PARTS, Run, ask_labelled
from tools.evaluate.understanding import ModelUnusable
from tools.stack import ROOT, Stack

RESULTS = ROOT / "var" / "evaluation"


@contextmanager
def gateway(url: str | None) -> Iterator[Asker]:
    """Give a client of the gateway at `url`, or of one that runs for this evaluation."""
    if url:
        with Asker(url) as asker:
            yield asker
        return
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder)) as stack, Asker(stack.url) as asker:
        yield asker


def main() -> int:
    """Evaluate and print; return the exit status."""
    chosen = _arguments()
    shared = Path(os.environ.get("GOVCHAT_SHARED_DATA", ROOT.parent / "shared" / "data"))
    messages = DATA / "eval" / "understanding" / f"{chosen.split}.jsonl"
    run = Run(split=chosen.split, limit=chosen.limit, development=shared / "questions_dev.jsonl", messages=messages)
    names = chosen.only or PARTS
    missing = [path for path in ([chosen.file] if chosen.file else run.files(names)) if not path.exists()]
    if missing:
        listed = ", ".join(map(str, missing))
        print(f"evaluate: {listed} not there (GOVCHAT_SHARED_DATA names the folder of shared data)", file=sys.stderr)
        return 1
    model = records.model_id(MODEL) if MODEL.exists() else "none"
    parts: list[Part] = []
    try:
        with gateway(chosen.url) as asker:
            if chosen.file:
                parts = [
                    ask_labelled(
                        chosen.file, asker, name="file", title=str(chosen.file), limit=chosen.limit, with_misses=True
                    )
                ]
                print(parts[0].text())
            for name in () if chosen.file else names:
                for part in run.part(name, asker):
                    print(part.text() + "\n", flush=True)
                    parts.append(part)
    except (GatewayGone, ModelUnusable) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 1
    if not chosen.file:
        now = datetime.now(UTC)
        path = records.write(RESULTS, parts, split=chosen.split, model=model, snapshots=asker.snapshots, at=now)
        print(f"model {model}, snapshot {', '.join(asker.snapshots) or 'none'}; figures and cases: {path}")
    if asker.failures:
        print(f"evaluate: {asker.failures} conversations failed in transport; they count as wrong", file=sys.stderr)
    return 1 if asker.failures else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.evaluate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=Path, help="a set of labelled questions, to be asked instead")
    parser.add_argument("--split", choices=("test", "validation"), default="test", help="of data/eval/understanding")
    parser.add_argument("--only", choices=PARTS, action="append", help="this part; may be given several times")
    parser.add_argument("--limit", type=_positive, help="at most so many messages, questions or conversations of a set")
    parser.add_argument("--url", help="a running gateway; by default one is started for the evaluation")
    return parser.parse_args()


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError(f"{value} is too few")
    return value


if __name__ == "__main__":
    sys.exit(main())
