"""Writes the encoder as an ordinary sentence-transformers folder: pruned BERT, mean pooling, unit vectors, prompts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
from transformers.utils import logging

from index.embedder import E5_PROMPTS
from index.encoder.tokenizer import MAX_TOKENS
from index.encoder.weights import Vocabulary, Weights

PROMPTS = {
    **E5_PROMPTS,
    "document": E5_PROMPTS["passage"],
}  # `document` is sentence-transformers' own word for a passage

_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps transformers' own progress bars of a second or less from tearing ours."""
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def build_bert(weights: Weights, kept: NDArray[np.int64], vocabulary: Vocabulary) -> BertModel:
    """The BERT encoder in float32, with only the `kept` rows of its word embeddings."""
    shape = weights.shape
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        hidden_act="gelu",
        pad_token_id=vocabulary.pad,
    )
    model = BertModel(config)
    names = dict(_EMBEDDINGS)
    for layer in range(shape.layers):
        for part, module in _LAYER_PARTS.items():
            names[f"l{layer}.{part}.w"] = f"encoder.layer.{layer}.{module}.weight"
            names[f"l{layer}.{part}.b"] = f"encoder.layer.{layer}.{module}.bias"
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for ours, theirs in names.items():
            values = weights.tensors[ours]
            if ours == "emb.word":
                values = values.reshape(shape.vocabulary, shape.hidden)[kept]
            parameter = parameters.pop(theirs)
            parameter.copy_(torch.from_numpy(values.reshape(parameter.shape)))
        for unused in parameters.values():  # BERT's pooler, which this model does without: zero rather than random
            unused.zero_()
    return model.eval()


def write_folder(folder: Path, *, model: BertModel, tokenizer: Tokenizer, vocabulary: Vocabulary) -> None:
    """Writes what `SentenceTransformer(folder)` loads, prompts included."""
    pieces = vocabulary.pieces
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=pieces[vocabulary.bos],
        cls_token=pieces[vocabulary.bos],
        eos_token=pieces[vocabulary.eos],
        sep_token=pieces[vocabulary.eos],
        pad_token=pieces[vocabulary.pad],
        unk_token=pieces[vocabulary.unk],
        model_max_length=MAX_TOKENS,
    )
    with TemporaryDirectory() as bare, _quiet():
        model.save_pretrained(bare)
        fast.save_pretrained(bare)
        transformer = Transformer(bare, max_seq_length=MAX_TOKENS)
        modules = [transformer, Pooling(model.config.hidden_size, pooling_mode="mean"), Normalize()]
        SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu").save_pretrained(
            str(folder), create_model_card=False
        )
