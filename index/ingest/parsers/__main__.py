"""The parsing child: reads pages from its input, parses each in a fork of its own under limits, writes the answers.

Started by `index.ingest.sandbox` only. The libraries are imported once; every page gets a fresh process that holds
nothing but its own bytes, may open no more memory, files, processes or time than allowed, and ends with its answer.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import signal
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import lxml

from index.errors import UnreadableSource
from index.ingest.parsers.page import Page, Parsed
from index.ingest.parsers.registry import PARSERS
from index.ingest.parsers.wire import pack_answer, unpack_page

_NOBODY = 65_534
_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000  # CLONE_NEWNET, CLONE_NEWUSER of unshare(2)
_FILES = 64


def main() -> None:
    """Answer pages until the input ends."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(0, 1)  # what a library prints goes nowhere
    _leave_the_network()
    gc.freeze()  # forks share what the libraries made
    os.write(answers, b"H")  # the libraries are here
    while head := requests.read(4):
        request = json.loads(_exactly(requests, struct.unpack(">I", head)[0]))
        header = _exactly(requests, request["header_bytes"])
        body = _exactly(requests, request["body_bytes"])
        child = os.fork()
        if child == 0:
            requests.close()
            _answer(request, unpack_page(header, body), answers)
        _, status = os.waitpid(child, 0)
        os.write(answers, b"E" + bytes.fromhex(request["secret"]) + struct.pack(">I", status))


def _answer(request: dict[str, int | str], page: Page, answers: int) -> None:
    """Parse, write one answer, end the process."""
    try:
        _limit(request)
        payload = pack_answer(_parse(str(request["parser"]), page))
        frame = b"R" + struct.pack(">Q", len(payload)) + payload
        while frame:
            frame = frame[os.write(answers, frame) :]
    finally:
        os._exit(0)


def _parse(parser: str, page: Page) -> Parsed | UnreadableSource:
    try:
        return PARSERS[parser](page)
    except UnreadableSource as problem:
        return problem
    except MemoryError:
        return UnreadableSource(page.where, "needs more memory than a page may")
    except RecursionError:
        return UnreadableSource(page.where, "nested too deep")
    except Exception as error:  # noqa: BLE001 - whatever a library does with hostile bytes is one refused page
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_globals.get('__name__')}:{place.tb_lineno}" if place else "unknown"
        return UnreadableSource(page.where, f"the {parser} parser failed: {type(error).__name__} at {where}")


def _limit(request: dict[str, int | str]) -> None:
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    signal.alarm(int(request["wall_s"]) + 1)
    cpu = int(request["cpu_s"])
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    for name, most in (
        (resource.RLIMIT_AS, int(request["memory_bytes"])),
        (resource.RLIMIT_FSIZE, int(request["file_bytes"])),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))
    if os.geteuid() == 0 and _libraries_are_public():  # root is above the limit on processes
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    if not request["may_start_programs"]:
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _libraries_are_public() -> bool:
    """Whether another user can import what is not imported yet: not so where Python lives in root's home."""
    places = [Path(os.__file__), Path(lxml.__file__), Path(__file__)]
    return all(folder.stat().st_mode & 0o005 == 0o005 for place in places for folder in place.resolve().parents)


def _leave_the_network() -> None:
    """Parsers need no network; where the kernel lets us, there is none."""
    with suppress(OSError, AttributeError):
        kernel = ctypes.CDLL(None)
        if kernel.unshare(_NEW_NETWORK) != 0:
            kernel.unshare(_NEW_USER | _NEW_NETWORK)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        sys.exit("the asking process went away")
    return data


if __name__ == "__main__":
    main()
