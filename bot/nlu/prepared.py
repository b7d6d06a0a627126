"""Where the files lie that `make setup` prepares for the NLU, as the services' settings name them."""

from __future__ import annotations

import os
from pathlib import Path

from index.embedder import ONNX_FOLDER


def restorer_file() -> Path:
    """Return the compiled accent restorer: GOVCHAT_RESTORER_FILE, else var/restorer.npz."""
    return Path(os.environ.get("GOVCHAT_RESTORER_FILE") or "var/restorer.npz")


def encoder_folder() -> Path:
    """Return the prepared sentence encoder below GOVCHAT_ENCODER_DIR, else var/encoder."""
    return Path(os.environ.get("GOVCHAT_ENCODER_DIR") or "var/encoder") / ONNX_FOLDER
