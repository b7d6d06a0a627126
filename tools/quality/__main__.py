"""`make quality`: numbers, validity, relations, retrieval and answering on the real documents and our own sets.

The corpus is the gazette's 3,004 records and the 20 full texts of GOVCHAT_SHARED_DATA (by default ../shared/data) with
the shipped corpus, in a catalogue of its own below var/quality; vectors are kept there, so a second run embeds nothing.
The sets stand in data/eval; nothing is chosen on the ones named `test`.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from actions.agencies import Directory  # noqa: E402 - the root comes first
from actions.desk import Desk  # noqa: E402
from actions.own_words import ConversationWords  # noqa: E402
from actions.policy import Policy  # noqa: E402
from actions.words import read_function_words  # noqa: E402
from bot.wording import Wording  # noqa: E402
from index import opening, snapshot  # noqa: E402
from index.catalogue import Catalogue  # noqa: E402
from index.ingest.run import ingest  # noqa: E402
from index.search import SearchEngine  # noqa: E402
from index.settings import IndexSettings  # noqa: E402
from index.snapshot import Snapshot  # noqa: E402
from index.text import bodies, places  # noqa: E402
from tools.quality import answering, numbers, relations, retrieval, validity  # noqa: E402

EVAL = ROOT / "data" / "eval"
FOLDER = ROOT / "var" / "quality"


def main() -> int:
    """Measure and print; exit status 1 only when the real documents are not there."""
    parser = ArgumentParser(prog="make quality", description=__doc__)
    parser.add_argument("--split", choices=("test", "validation"), default="test", help="of the retrieval questions")
    parser.add_argument("--only", choices=("catalogue", "retrieval", "answering"), help="one part of the figures")
    parser.add_argument(
        "--questions",
        nargs="+",
        type=Path,
        default=[EVAL / "calibration.jsonl", EVAL / "calibration_foreign.jsonl"],
        help="what is asked to see what is answered (default: the calibration sets)",
    )
    chosen = parser.parse_args()
    shared = Path(os.environ.get("GOVCHAT_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not (shared / "gazette").is_dir():
        print(f"quality: {shared} holds no gazette (GOVCHAT_SHARED_DATA names its folder)", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    if chosen.only in (None, "catalogue"):
        print(_of_the_catalogue(shared))
    if chosen.only in (None, "retrieval"):
        print(_of_retrieval(shared, chosen.split))
    if chosen.only in (None, "answering"):
        print(_of_answering(shared, chosen.questions))
    return 0


def _of_the_catalogue(shared: Path) -> str:
    """Numbers and validity as the gazette alone has them, and relations read from the full texts."""
    catalogue = _fresh("gazette.db")
    ingest([shared / "gazette"], catalogue=catalogue, shows_progress=True)
    parts = (
        numbers.generated(catalogue.latest(limit=10_000), catalogue).report(),
        numbers.written(EVAL / "numbers.jsonl", _desk(catalogue)).report(),
        validity.report(EVAL / "validity.jsonl", catalogue),
        relations.report(EVAL / "relations.jsonl", shared / "fulltext_2026"),
    )
    catalogue.close()
    return "\n\n".join(parts)


def _of_retrieval(shared: Path, split: str) -> str:
    settings = IndexSettings()
    catalogue = _fresh("all.db")
    ingest([ROOT / "data" / "corpus", shared / "gazette", shared / "fulltext_2026"], catalogue=catalogue)
    embedder = opening.open_encoder(settings, threads=os.cpu_count() or 1)
    found = retrieval.report(
        EVAL / "retrieval" / split, FOLDER / "index", catalogue=catalogue, embedder=embedder, settings=settings
    )
    catalogue.close()
    return found


def _of_answering(shared: Path, questions: list[Path]) -> str:
    settings = IndexSettings()
    rows = [row for path in questions for row in answering.read(path)]
    embedder = opening.open_encoder(settings, threads=os.cpu_count() or 1)
    parts: list[str] = []
    for name, further in (("shipped corpus", []), ("with 20 full texts", [shared / "fulltext_2026"])):
        catalogue = _fresh(f"answering-{len(parts)}.db")
        ingest([ROOT / "data" / "corpus", *further], catalogue=catalogue)
        root = FOLDER / f"answering-{len(parts)}"
        snapshot.build(catalogue, embedder, root)
        engine = SearchEngine(
            snapshot=Snapshot.open(root, embedder),
            embedder=embedder,
            reader=opening.open_reader(settings),
            glossary=opening.open_glossary(settings),
            catalogue=catalogue,
        )
        desk = replace(_desk(catalogue), engine=engine)
        parts.append(f"answering, {name}\n{answering.report(rows, desk)}")
        catalogue.close()
    return "\n\n".join(parts)


def _fresh(name: str) -> Catalogue:
    for path in FOLDER.glob(f"{name}*"):
        path.unlink()
    return Catalogue.open(f"sqlite:///{FOLDER / name}")


def _desk(catalogue: Catalogue) -> Desk:
    """Everything that finding a document by its number needs; it searches nothing, so there is no engine."""
    data = ROOT / "data"
    function_words = read_function_words(data / "function_words.txt")
    return Desk(
        engine=None,  # type: ignore[arg-type]
        catalogue=catalogue,
        gazetteer=places.load(data / "provinces.jsonl"),
        bodies=bodies.load(data / "agencies.jsonl"),
        directory=Directory.load(data / "agencies.jsonl"),
        wording=Wording.load(data / "wording"),
        policy=Policy(),
        function_words=function_words,
        conversation_words=ConversationWords.load(data / "conversation_words.toml"),
        read=opening.open_reader(IndexSettings()).read,
        now=lambda: datetime.now(UTC),
    )


if __name__ == "__main__":
    sys.exit(main())
