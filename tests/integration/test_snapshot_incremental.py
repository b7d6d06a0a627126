"""From a changed file to an answer: what did not change is not embedded again."""

import json
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from index.catalogue import Catalogue
from index.embedder import Vectors
from index.ingest.run import ingest
from index.search import SearchEngine, SearchQuery
from index.snapshot import Snapshot, build
from index.testing import AsTyped

DOCUMENTS = 3_000
FIELDS = ("thuế thu nhập cá nhân", "hộ tịch", "đất đai", "bảo hiểm y tế", "giao thông đường bộ", "giáo dục mầm non")


class CountingEmbedder:
    """A vector drawn from each text, and a list of the texts."""

    name, revision, dim = "counting", "1", 32

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        self.texts += texts
        return self.embed_queries(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        rows = [np.random.default_rng(crc32(text.encode())).standard_normal(self.dim) for text in texts]
        vectors = np.array(rows, dtype=np.float32).reshape(len(texts), self.dim)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def row(number: int, second_article: str) -> str:
    field = FIELDS[number % len(FIELDS)]
    scope, force = f"Điều 1. Phạm vi\nVăn bản thứ {number} về {field}.", "Điều 3. Hiệu lực thi hành\nTừ nay."
    text = f"{scope}\nĐiều 2. Mức thu\n{second_article}\n{force}"
    facts = {"number": f"{number}/2026/NĐ-CP", "type": "Nghị định", "title": f"Về {field}", "issued_on": "2026-05-15"}
    return json.dumps({**facts, "issuing_body": "Chính phủ", "text": text, "source": "tests"}, ensure_ascii=False)


def written(folder: Path, changed: int | None = None) -> Path:
    """The corpus as files of a hundred documents; the second article of one of them may be new."""
    folder.mkdir(exist_ok=True)
    for start in range(0, DOCUMENTS, 100):
        rows = [
            row(number, "Năm mươi đồng hoa hồng." if number == changed else f"Mức {number} đồng.")
            for number in range(start + 1, start + 101)
        ]
        (folder / f"{start:05d}.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return folder


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


def test_unchanged_input_embeds_nothing_and_one_changed_document_only_its_changed_passage(
    tmp_path: Path, embedder: CountingEmbedder
) -> None:
    root = tmp_path / "index"
    catalogue = Catalogue.open(f"sqlite:///{tmp_path}/catalogue.db")
    corpus = written(tmp_path / "corpus")
    ingest([corpus], catalogue=catalogue)
    first = build(catalogue, embedder, root)
    snapshot = Snapshot.open(root, embedder)
    assert len(snapshot.passages) == 3 * DOCUMENTS
    engine = SearchEngine(snapshot=snapshot, embedder=embedder, reader=AsTyped(), catalogue=catalogue)
    embedder.texts.clear()

    report = ingest([corpus], catalogue=catalogue)
    assert len(report.unchanged) == DOCUMENTS
    assert build(catalogue, embedder, root) == first
    assert embedder.texts == []

    written(corpus, changed=1_234)
    report = ingest([corpus / "01200.jsonl"], catalogue=catalogue)
    assert (report.updated, len(report.unchanged)) == (["1234/2026/NĐ-CP@2026-05-15"], 99)
    assert build(catalogue, embedder, root) != first
    changed = [text for text in embedder.texts if "hoa hồng" in text]
    contexts = [text for text in embedder.texts if "1234/2026/NĐ-CP" in text]
    assert len(changed) == 1
    assert sorted(embedder.texts) == sorted([*changed, *contexts])
    assert len(contexts) == 1

    assert engine.reload()
    best = engine.search(SearchQuery("nam muoi dong hoa hong"))[0]
    assert best.document_id == "1234/2026/NĐ-CP@2026-05-15"
    assert best.passage.text == "Năm mươi đồng hoa hồng."
