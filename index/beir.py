"""Question sets in the BEIR layout: a corpus and questions as JSONL, and judgements (qrels) as JSONL or TSV.

The layout: Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval Models"
(NeurIPS 2021, datasets and benchmarks).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.document import Passage, TextKind
from index.errors import BadInput
from index.text.unicode import normalise

PASSAGE_LENGTH = 1_200
"""Characters of a passage: longer texts are cut at sentence ends, because encoders read about 512 tokens."""

Judgements = Mapping[str, Mapping[str, int]]
"""Question id → document id → degree of relevance, above 0."""

_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a set."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A corpus as a source of passages: a document becomes one passage or, where it is long, several."""

    path: Path

    def passages(self) -> Iterator[Passage]:
        """All passages in the file's order, the title as their context.

        Raises BadInput, naming the line, where a row is not as expected.
        """
        for row in _read_jsonl(self.path, required=("_id", "text")):
            for number, part in enumerate(_parts(normalise(row["text"])), start=1):
                yield Passage(
                    id=f"{row['_id']}#{number}",
                    document_id=row["_id"],
                    location=None,
                    headings=(),
                    text=part,
                    text_kind=TextKind.OFFICIAL,
                    context=normalise(row.get("title", "")),
                )

    def questions(self) -> Iterator[tuple[str, str]]:
        """None: such a corpus knows its documents' texts alone."""
        return iter(())


def read_questions(path: Path) -> list[Question]:
    """Questions in the file's order; raises BadInput."""
    return [Question(id=row["_id"], text=row["text"]) for row in _read_jsonl(path, required=("_id", "text"))]


def read_judgements(path: Path) -> Judgements:
    """Judgements above 0; JSONL with query-id, corpus-id and score, or the same as tab-separated columns with a header.

    Raises BadInput, naming the line.
    """
    if path.suffix == ".tsv":
        rows: Iterable[Mapping[str, str]] = _read_tsv(path)
    else:
        rows = _read_jsonl(path, required=("query-id", "corpus-id", "score"))
    judgements: dict[str, dict[str, int]] = {}
    for number, row in enumerate(rows, start=1):
        try:
            degree = int(float(row["score"]))
            question, document = str(row["query-id"]), str(row["corpus-id"])
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise BadInput(f"{path}, row {number}: expected query-id, corpus-id and score") from error
        if degree > 0:
            judgements.setdefault(question, {})[document] = degree
    return judgements


def _parts(text: str) -> Iterator[str]:
    """The text in runs of whole sentences of at most PASSAGE_LENGTH; a longer sentence is one part. "" gives ""."""
    part = ""
    for sentence in _SENTENCE_END.split(text):
        if part and len(part) + 1 + len(sentence) > PASSAGE_LENGTH:
            yield part
            part = sentence
        else:
            part = f"{part} {sentence}".strip()
    yield part


def _read_jsonl(path: Path, *, required: Sequence[str]) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                row = json.loads(line)
                if not isinstance(row, dict) or any(row.get(key) is None for key in required):
                    raise BadInput(f"{path}, line {number}: expected an object with {', '.join(required)}")
                yield {key: str(value) for key, value in row.items() if value is not None}
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadInput(f"{path}, line {number}: not JSON") from error


def _read_tsv(path: Path) -> Iterator[Mapping[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8") from error
