"""Counts of syllables in row, read from data/ngrams, as the probabilities that accent restoration needs."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from index.text.unicode import normalise

START, END = "<s>", "</s>"

SHARES = {"law": 0.25, "general": 0.25, "own": 0.5}
"""Share of each collection of counts in the mixture: official texts, general prose, and our own questions and answers.

Chosen on a quarter of data/ngrams/own_sentences.txt left out of the counts: own 0.3 to 0.6 differ by 0.3 points.
"""

ORDER_SHARES = (0.12, 0.33, 0.55)
"""Share of single syllables, pairs and triples in a probability (linear interpolation, Jelinek and Mercer 1980)."""

_ORDERS = ("uni", "bi", "tri")
_Counts = Counter[tuple[str, ...]]
_SYLLABLE = re.compile(r"[^\W\d_]+")
_ENTITY = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")  # Rasa's marks: [bộ nội vụ](issuing_body)
_RUN = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")


class BadCounts(ValueError):
    """A table of counts cannot be read; the message names the file and the line. Fetch or mend the file."""


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Interpolated parts of P(w | u v): the sum of what stands under (w), (v, w) and (u, v, w)."""

    single: dict[str, float]
    pair: dict[tuple[str, str], float]
    triple: dict[tuple[str, str, str], float]


def read_probabilities(folder: Path) -> Probabilities:
    """Mix the tables of `folder`, law_uni.tsv.gz to own_tri.tsv.gz; an absent collection's share goes to the others.

    Raises OSError and BadCounts.
    """
    present = {name: share for name, share in SHARES.items() if (folder / f"{name}_uni.tsv.gz").exists()}
    if not present:
        raise BadCounts(f"{folder}: no *_uni.tsv.gz")
    mixed = Probabilities({}, {}, {})
    for name, share in present.items():
        singles, pairs, triples = (_read(folder / f"{name}_{order}.tsv.gz", n) for n, order in enumerate(_ORDERS, 1))
        _add(mixed, share / sum(present.values()), singles, pairs, triples)
    return mixed


def count_sentences(
    sources: Sequence[Path], folder: Path, *, name: str, written_out: Callable[[str], str] = str
) -> None:
    """Count accented Vietnamese of our own into the three tables of `name` below `folder`.

    Reads plain text (one sentence a line), the examples of Rasa's YAML, the texts of data/corpus and the names of
    data/communes.jsonl, each name once; `written_out` undoes short forms, as it is done before a text is restored.
    Lines that are for the most part without accents are left out. Runs of syllables end at punctuation and digits, as
    in the other tables. Raises OSError, and ValueError where JSON is malformed.
    """
    counts: tuple[_Counts, _Counts, _Counts] = (Counter(), Counter(), Counter())
    for sentence in chain.from_iterable(map(_sentences, sources)):
        plain = written_out(normalise(sentence)).lower()
        syllables = _SYLLABLE.findall(plain)
        if 2 * sum(not syllable.isascii() for syllable in syllables) < len(syllables):
            continue
        for run in _RUN.findall(plain):
            marked = [START, *run.split(), END]
            counts[0].update((syllable,) for syllable in marked[1:-1])
            counts[1].update(pairwise(marked))
            counts[2].update(zip(marked, marked[1:], marked[2:], strict=False))  # each shorter by one
    for order, table in zip(_ORDERS, counts, strict=True):
        rows = sorted(table.items(), key=lambda row: (-row[1], row[0]))
        text = "".join(f"{' '.join(ngram)}\t{count}\n" for ngram, count in rows)
        (folder / f"{name}_{order}.tsv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def _sentences(path: Path) -> Iterator[str]:
    names: dict[str, None] = {}
    for line in path.read_text("utf-8").splitlines():
        if path.suffix == ".jsonl":
            row = json.loads(line)
            if "title" in row:
                yield from (row["title"], row["summary"], *row["aliases"])
            else:
                names |= _names(row)
        elif path.suffix == ".yml":
            example = line.strip()
            if example.startswith("- ") and not example.endswith(":"):
                yield _ENTITY.sub(r"\1", example[2:])
        elif not line.startswith("#"):
            yield line
    yield from names


def _names(commune: Mapping[str, Any]) -> dict[str, None]:
    """Return the names in a row of data/communes.jsonl, in order, each once."""
    names = {f"{commune['kind']} {commune['name']}": None}
    for origin in commune["formed_from"]:
        names[f"{origin['district']}, {origin['province']}"] = None
        names.update(dict.fromkeys([*origin.get("communes", ()), *origin.get("parts", ())]))
    return names


def _read(path: Path, size: int) -> _Counts:
    counts: _Counts = Counter()
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
            ngram = tuple(row[0].split(" ")) if row else ()
            if len(row) != 2 or len(ngram) != size or not row[1].isdigit():
                raise BadCounts(f"{path}:{number}: {size} syllables, a tab and a count expected")
            counts[tuple(map(normalise, ngram))] += int(row[1])
    return counts


def _add(mixed: Probabilities, share: float, singles: _Counts, pairs: _Counts, triples: _Counts) -> None:
    one, two, three = (share * part for part in ORDER_SHARES)
    total = sum(singles.values())
    for (word,), count in singles.items():
        mixed.single[word] = mixed.single.get(word, 0.0) + one * count / total
    # What follows a syllable or a pair is summed from the table itself, because rare rows were left out of it.
    after_one: Counter[str] = Counter()
    for (first, _), count in pairs.items():
        after_one[first] += count
    for (first, second), count in pairs.items():
        before = max(after_one[first], singles[(first,)])
        mixed.pair[first, second] = mixed.pair.get((first, second), 0.0) + two * count / before
    after_two: Counter[tuple[str, str]] = Counter()
    for (first, second, _), count in triples.items():
        after_two[first, second] += count
    for (first, second, third), count in triples.items():
        before = max(after_two[first, second], pairs[first, second])
        triple = (first, second, third)
        mixed.triple[triple] = mixed.triple.get(triple, 0.0) + three * count / before
