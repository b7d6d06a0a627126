"""What can go wrong while the encoder is prepared.

EncoderError
├── WeightsUnavailable    the package could not be had: check the network or the package index, and run again
├── WeightsDamaged        the bytes are not the pinned ones: delete the cached file, and run again
└── ExportDisagrees       the served form does not match the model it came from: do not use this machine's export
"""

from __future__ import annotations

from index.errors import IndexProblem


class EncoderError(IndexProblem):
    """The encoder could not be prepared; the message says what to do."""


class WeightsUnavailable(EncoderError):
    """The package with the weights could not be downloaded."""


class WeightsDamaged(EncoderError):
    """A file is not the pinned one, or is cut short."""


class ExportDisagrees(EncoderError):
    """The exported model ranks texts differently from the model it was exported from."""
