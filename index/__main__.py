"""Commands of the index: `python -m index --help` lists them; index/commands holds them.

Exit status: 0 done (files that could not be read are named on stderr), 1 not done (one line on stderr says why),
2 wrong arguments.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from functools import partial
from os import cpu_count

from pydantic import ValidationError

from index import opening
from index.commands import documents, quality, snapshots
from index.embedder import Embedder
from index.encoder.errors import EncoderError
from index.errors import IndexProblem
from index.settings import IndexSettings

OpenEncoder = Callable[[IndexSettings], Embedder]


def main(arguments: Sequence[str] | None = None, *, open_encoder: OpenEncoder | None = None) -> int:
    """Run one command; returns the exit status. `open_encoder` replaces the encoder that the settings name."""
    chosen = _parser().parse_args(arguments)
    chosen.open_encoder = open_encoder or partial(opening.open_encoder, threads=cpu_count() or 1)
    try:
        chosen.run(chosen, IndexSettings())
    except ValidationError as error:
        for fault in error.errors():
            name = "GOVCHAT_" + "_".join(str(part) for part in fault["loc"]).upper()
            print(f"error: {name}: {fault['msg']}", file=sys.stderr)
    except (IndexProblem, EncoderError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
    else:
        return 0
    return 1


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m index", description="Documents in, answers out.")
    commands = parser.add_subparsers(title="commands", required=True)
    for part in (documents, snapshots, quality):
        part.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
