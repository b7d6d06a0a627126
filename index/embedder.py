"""Sentence encoders behind one port: the prepared ONNX model, and any sentence-transformers model."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.errors import IndexProblem

Vectors = NDArray[np.float32]  # shape (n_texts, dim), unit rows

MODEL_FILE, TOKENIZER_FILE, CARD_FILE = "model_int8.onnx", "tokenizer.json", "embedder.json"
TOKENS_MODEL_FILE = "tokens_int8.onnx"  # the lower half of the model, which gives a vector of each token
ONNX_FOLDER = "onnx"  # below the folder of a prepared encoder

_E5_NAME = re.compile(r"e5-(small|base|large)(-v2)?$")
E5_PROMPTS = {"query": "query: ", "passage": "passage: "}


class EmbedderUnavailable(IndexProblem):
    """The encoder asked for cannot be opened; the message says what to do."""


class Embedder(Protocol):
    """Turns texts into unit vectors whose dot product says how near they are in meaning.

    Any text is taken, the empty one included; what is longer than the model reads (512 tokens for the default one) is
    cut. Texts are NFC-normalised first, because models trained on composed Vietnamese read the decomposed form as
    another text. A text's vector does not depend on the texts beside it. May be used from several threads at once.
    """

    @property
    def name(self) -> str:
        """What the model is called, for manifests and logs."""

    @property
    def revision(self) -> str:
        """Identifies the exact weights: vectors of two revisions must not be mixed."""

    @property
    def dim(self) -> int:
        """Length of every vector."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found: float32, shape (len(texts), dim), unit rows, in the order given."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions: float32, shape (len(texts), dim), unit rows, in the order given."""


@dataclass(frozen=True, slots=True)
class EmbedderCard:
    """What `embedder.json` beside an exported model says of it."""

    name: str
    revision: str
    dim: int
    query_prompt: str
    passage_prompt: str

    @classmethod
    def read(cls, path: Path) -> EmbedderCard:
        """The card at `path`; raises `EmbedderUnavailable` where there is none."""
        try:
            card = json.loads(path.read_text(encoding="utf-8"))
            prompts = card["prompts"]
            return cls(card["name"], card["revision"], card["dim"], prompts["query"], prompts["passage"])
        except FileNotFoundError as error:
            raise EmbedderUnavailable(f"there is no prepared encoder in {path.parent}: run `make setup`") from error
        except (ValueError, KeyError, TypeError) as error:
            raise EmbedderUnavailable(f"{path} is damaged: delete {path.parent} and run `make setup`") from error


class OnnxEmbedder:
    """The prepared encoder of `index.encoder`, run by onnxruntime: neither torch nor transformers is imported.

    Texts are run one by one, `threads` of them at a time: padded batches of 8 and of 32 were slower on 2 cores (by 14
    and 30 % for passages of 119 tokens), and a text that is alone cannot be moved by its neighbours.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Opens the model in `folder`; raises `EmbedderUnavailable` where the folder is not a prepared one."""
        self._card = EmbedderCard.read(folder / CARD_FILE)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="encoder") if threads > 1 else None
        self._session, self._tokenizer = open_model(folder)

    @property
    def name(self) -> str:
        """See `Embedder`."""
        return self._card.name

    @property
    def revision(self) -> str:
        """See `Embedder`."""
        return self._card.revision

    @property
    def dim(self) -> int:
        """See `Embedder`."""
        return self._card.dim

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        return self._embed([self._card.passage_prompt + clean(text) for text in texts])

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        return self._embed([self._card.query_prompt + clean(text) for text in texts])

    def _embed(self, texts: Sequence[str]) -> Vectors:
        several = map if self._pool is None or len(texts) < 2 else self._pool.map
        rows = list(several(self._embed_one, texts))
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dim)

    def _embed_one(self, text: str) -> Vectors:
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        (vectors,) = self._session.run(None, {"input_ids": ids})
        return np.asarray(vectors[0], dtype=np.float32)


def open_model(folder: Path, file: str = MODEL_FILE) -> tuple[onnxruntime.InferenceSession, Tokenizer]:
    """Open the prepared model `file` in `folder`, one thread a run, and its tokenizer. Raises EmbedderUnavailable."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(str(folder / file), options, providers=["CPUExecutionProvider"])
        return session, Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    except Exception as error:  # the two libraries' errors have no other base in common
        raise EmbedderUnavailable(f"cannot open {folder}: delete it and run `make setup`. {error}") from error


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by the name of a hub or by local folder.

    Prompts come from the model's own configuration (`query`; `document` or `passage`), and for models of the E5 family
    without any, from what they were trained on. Importing torch takes 4 to 6 s and 500 MB, so it happens here and not
    before.
    """

    def __init__(self, model: str) -> None:
        """Loads the model on the processor; raises `EmbedderUnavailable` where it cannot be had."""
        try:
            from sentence_transformers import SentenceTransformer

            self._model = SentenceTransformer(model, device="cpu")
        except (ImportError, OSError, ValueError) as error:
            raise EmbedderUnavailable(f"the sentence-transformers model {model!r} cannot be loaded: {error}") from error
        self.name = model
        self.revision = _revision_of(model, getattr(self._model[0].auto_model.config, "_commit_hash", None))
        self.dim = int(self._model.get_embedding_dimension() or 0)
        self._model.prompts = prompts_for(model, self._model.prompts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        vectors = self._model.encode_document(
            [clean(text) for text in texts], normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        vectors = self._model.encode_query(
            [clean(text) for text in texts], normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def open_embedder(model: str | None, prepared: Path, *, threads: int = 1) -> Embedder:
    """The encoder that `GOVCHAT_EMBEDDING_MODEL` names, or the prepared one where it names none.

    `prepared` is the folder that `index.encoder.prepare` writes; `threads` is how many texts it embeds at a time.
    Raises `EmbedderUnavailable` with what to do about it.
    """
    if model:
        return SentenceTransformerEmbedder(model)
    return OnnxEmbedder(prepared / ONNX_FOLDER, threads=threads)


def prompts_for(model: str, stored: Mapping[str, str]) -> dict[str, str]:
    """The prompts a model stores, or those of the E5 family where it is one of it and stores none.

    Models of that family were trained with these words and mostly do not name them (model card of
    intfloat/multilingual-e5-small); the instruction-tuned ones want other words, which they store.
    """
    if any(stored.values()) or not _E5_NAME.search(model):
        return dict(stored)
    return dict(E5_PROMPTS)


def clean(text: str) -> str:
    """Text as encoders take it: NFC, and a question mark for each lone surrogate, which has no UTF-8 form."""
    return unicodedata.normalize("NFC", text).encode("utf-8", "replace").decode("utf-8")


def _revision_of(model: str, commit: str | None) -> str:
    """The hub's commit where there is one, else a digest of the folder's files (16 hexadecimal digits)."""
    folder = Path(model)
    if commit or not folder.is_dir():
        return commit or "unknown"
    digest = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()[:16]
