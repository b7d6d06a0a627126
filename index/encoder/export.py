"""Exports the BERT encoder to float32 ONNX: whole, with pooling inside, and its lower layers, for single tokens."""

from __future__ import annotations

import warnings
from copy import deepcopy
from pathlib import Path

import torch
from transformers import BertModel

INPUT = "input_ids"  # int64, shape (1, tokens): one text at a time, so there is no padding and no mask
OUTPUT = "embedding"  # float32, shape (1, dim), a unit vector
TOKENS = "tokens"  # float32, shape (1, tokens, dim)

TOKEN_LAYERS = 6
"""Layers below the tokens' vectors: from here to the ninth all tell intents apart alike (docs/adr/0013)."""
_OPSET = 17


class _Pooled(torch.nn.Module):  # type: ignore[misc]  # torch is not followed by mypy
    """The mean of a text's token vectors, as a unit vector."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        states = self.bert(input_ids=input_ids).last_hidden_state
        return torch.nn.functional.normalize(states.mean(dim=1), dim=1)


class _Tokens(torch.nn.Module):  # type: ignore[misc]  # torch is not followed by mypy
    """The vectors of a text's tokens as the lower layers give them."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = deepcopy(bert)
        self.bert.encoder.layer = self.bert.encoder.layer[:TOKEN_LAYERS]

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        return self.bert(input_ids=input_ids).last_hidden_state


def export_float(model: BertModel, path: Path) -> None:
    """Writes the model as float32 ONNX for one text of any length."""
    _export(_Pooled, model, path, output=OUTPUT)


def export_float_tokens(model: BertModel, path: Path) -> None:
    """Writes the model's lower layers as float32 ONNX for one text of any length."""
    _export(_Tokens, model, path, output=TOKENS)


def _export(form: type[_Pooled | _Tokens], model: BertModel, path: Path, *, output: str) -> None:
    model.set_attn_implementation("eager")
    with warnings.catch_warnings():
        # The tracing exporter is deprecated in favour of one that needs another package; traced, this graph is exact.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            form(model),
            (torch.tensor([[0, 6, 4, 2]]),),
            str(path),
            input_names=[INPUT],
            output_names=[output],
            dynamic_axes={INPUT: {1: "tokens"}},
            opset_version=_OPSET,
            dynamo=False,
        )
