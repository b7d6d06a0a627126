"""The bot process: `python -m bot` serves Rasa on loopback with our settings, `python -m bot train` builds its model.

GOVCHAT_BOT_PORT     port on 127.0.0.1 (5005)
GOVCHAT_ACTIONS_URL  address of the action server (http://127.0.0.1:5055)
GOVCHAT_RUN_DIR      folder of what is written while running: tracker.db (var)
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

MODELS = Path("models")
MODEL_NAME = "govchat"


def main() -> int:
    """Run the command; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Rasa with our settings, on loopback.")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("serve", help="answer turns (the default)")
    commands.add_parser("train", help=f"train {MODELS / MODEL_NAME}.tar.gz from config.yml, domain.yml and data/")
    command = parser.parse_args().command or "serve"
    quieten()
    return train() if command == "train" else serve()


def quieten() -> None:
    """Turn off telemetry and the warnings of Rasa's old libraries; must run before rasa is imported."""
    logging.captureWarnings(True)  # sanic sets a filter of its own on import, so filters would not last
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    for name, value in {
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "LOG_LEVEL": "WARNING",
        "LOG_LEVEL_LIBRARIES": "ERROR",
    }.items():
        os.environ.setdefault(name, value)


def train() -> int:
    """Train from the files in the working directory; return the exit code."""
    import rasa.api

    _configure_logs()
    # Rasa's cache does not see a change in our components' code, so everything is trained again: two minutes.
    result = rasa.api.train(
        domain="domain.yml",
        config="config.yml",
        training_files="data",
        output=str(MODELS),
        fixed_model_name=MODEL_NAME,
        force_training=True,
    )
    return int(result.code)


def serve() -> int:
    """Serve the newest model until SIGINT or SIGTERM; return the exit code."""
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints
    from rasa.model import get_latest_model
    from rasa.utils.endpoints import EndpointConfig

    model = get_latest_model(str(MODELS))
    if model is None:
        print(f"No model in {MODELS}/. Train one first: python -m bot train", file=sys.stderr)
        return 1
    _configure_logs()
    os.umask(0o077)  # what people wrote is nobody else's to read on this machine
    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    if url := os.environ.get("GOVCHAT_ACTIONS_URL"):
        endpoints.action = EndpointConfig(url=f"{url.rstrip('/')}/webhook")
    if folder := os.environ.get("GOVCHAT_RUN_DIR"):
        endpoints.tracker_store.kwargs["path"] = str(Path(folder) / "tracker.db")
    serve_application(
        model_path=model,
        interface="127.0.0.1",
        port=int(os.environ.get("GOVCHAT_BOT_PORT", "5005")),
        credentials="credentials.yml",
        endpoints=endpoints,
        enable_api=False,
    )
    return 0


def _configure_logs() -> None:
    from rasa.utils.log_utils import configure_structlog

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    configure_structlog(logging.WARNING)


if __name__ == "__main__":
    sys.exit(main())
