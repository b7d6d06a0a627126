"""Exports the BERT encoder to float32 ONNX, with pooling inside."""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from transformers import BertModel

INPUT = "input_ids"  # int64, shape (1, tokens): one text at a time, so there is no padding and no mask
OUTPUT = "embedding"  # float32, shape (1, dim), a unit vector
_OPSET = 17


class _Pooled(torch.nn.Module):  # type: ignore[misc]  # torch is not followed by mypy
    """The mean of a text's token vectors, as a unit vector."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        states = self.bert(input_ids=input_ids).last_hidden_state
        return torch.nn.functional.normalize(states.mean(dim=1), dim=1)


def export_float(model: BertModel, path: Path) -> None:
    """Writes the model as float32 ONNX for one text of any length."""
    model.set_attn_implementation("eager")
    with warnings.catch_warnings():
        # The tracing exporter is deprecated in favour of one that needs another package; traced, this graph is exact.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Pooled(model),
            (torch.tensor([[0, 6, 4, 2]]),),
            str(path),
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamic_axes={INPUT: {1: "tokens"}},
            opset_version=_OPSET,
            dynamo=False,
        )
