"""Exports the BERT encoder to ONNX with pooling inside, and quantises it to 8 bits."""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from transformers import BertModel

INPUT = "input_ids"  # int64, shape (1, tokens): one text at a time, so there is no padding and no mask
OUTPUT = "embedding"  # float32, shape (1, dim), a unit vector
_OPSET = 17


class _Pooled(torch.nn.Module):
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


def quantise(source: Path, target: Path, *, reduce_range: bool) -> None:
    """Writes `source` with 8-bit weights; activations are quantised as they come (dynamic quantisation).

    Weights have one scale for each output channel. `reduce_range` leaves one bit unused: a little less exact, but sums
    cannot saturate then, as they may on x86 processors without VNNI instructions (onnxruntime, "Quantize ONNX models").
    """
    prepared = source.with_suffix(".prepared.onnx")
    quant_pre_process(source, prepared, skip_symbolic_shape=True)
    quantize_dynamic(prepared, target, per_channel=True, reduce_range=reduce_range, weight_type=QuantType.QInt8)
    prepared.unlink()
