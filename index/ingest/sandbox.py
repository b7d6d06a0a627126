"""Parsing in a process of its own: a page may exhaust or crash its parser, never the one that asks.

One long-lived child holds the parsing libraries and forks for each page (`index.ingest.parsers.__main__`); it is
replaced after any failure. What it answers is JSON, checked against the nouns, and ends with a secret of that page, so
a parser that a page has taken over can lie about that page and do nothing else.
"""

from __future__ import annotations

import atexit
import json
import os
import secrets
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Self

from index.errors import UnreadableSource
from index.ingest.parsers.page import PARSER_NAMES, Page, Parsed
from index.ingest.parsers.wire import MOST_BYTES, pack_page, unpack_answer

_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = (sys.executable, "-m", "index.ingest.parsers")
_START_S = 60.0  # importing the parsing libraries on a busy machine; they take about 1 s on an idle one
_READ_BYTES = 1 << 20
_SECRET_BYTES = 16


@dataclass(frozen=True, slots=True)
class Limits:
    """What parsing one page may cost. Chosen with room: a PDF of 500 full pages takes 14 s (2 shared cores)."""

    cpu_s: int = 60
    wall_s: int = 120
    memory_bytes: int = 1 << 30  # address space, the libraries' own 200 MB included
    input_bytes: int = 64 << 20
    output_bytes: int = MOST_BYTES
    file_bytes: int = 0  # size of any file it writes
    may_start_programs: bool = False


READING = Limits()
"""For every parser but `pdf_ocr`."""
MACHINE_READING = Limits(cpu_s=600, wall_s=900, memory_bytes=4 << 30, file_bytes=256 << 20, may_start_programs=True)
"""For `pdf_ocr`, which runs another program for each page of a scan."""


class Sandbox:
    """A parsing child and the road to it. One page at a time; safe to share between threads; close it at the end.

    `command` starts the child; another one is for tests.
    """

    def __init__(self, command: Sequence[str] = _COMMAND) -> None:
        self._command = command
        self._child: _Child | None = None
        self._lock = Lock()
        self._is_interrupted = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def parse(self, parser: str, page: Page, *, limits: Limits | None = None) -> Parsed:
        """What `parser` makes of `page`; by default under the limits meant for that parser.

        Raises `UnreadableSource` when the page is none of that kind, or when parsing it took too long, took too much
        memory, gave too much, or crashed. Raises `ValueError` for a parser that does not exist, and `InterruptedError`
        after `interrupt`.
        """
        if parser not in PARSER_NAMES:
            raise ValueError(f"no parser is called {parser!r}; there are {', '.join(PARSER_NAMES)}")
        limits = limits or (MACHINE_READING if parser == "pdf_ocr" else READING)
        if len(page.body) > limits.input_bytes:
            raise UnreadableSource(page.where, f"larger than {limits.input_bytes >> 20} MB")
        with self._lock:
            try:
                return unpack_answer(self._running().ask(parser, page, limits))
            except UnreadableSource:  # the parser's own word: the child is sound
                raise
            except _Lost as lost:
                self._stop()
                if self._is_interrupted:
                    raise InterruptedError("no more pages are read") from lost
                raise UnreadableSource(page.where, str(lost)) from lost
            except ValueError as error:
                self._stop()
                raise UnreadableSource(page.where, "the parser's answer is none: a crash, or a hostile page") from error
            except BaseException:
                self._stop()
                raise

    def interrupt(self) -> None:
        """End the page that another thread has read, now; it was not read, and no other will be."""
        self._is_interrupted = True
        if (child := self._child) is not None:
            child.kill()

    def close(self) -> None:
        """End the child; the next page starts another."""
        with self._lock:
            self._stop()

    def _running(self) -> _Child:
        if self._child is None:
            self._child = _Child(self._command)
        if self._is_interrupted:  # looked at after the child is known to who interrupts
            raise InterruptedError("no more pages are read")
        return self._child

    def _stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None


def parse_safely(parser: str, page: Page, *, limits: Limits | None = None) -> Parsed:
    """`Sandbox.parse` in one sandbox that the whole process shares and that ends with it."""
    return _shared().parse(parser, page, limits=limits)


@cache
def _shared() -> Sandbox:
    sandbox = Sandbox()
    atexit.register(sandbox.close)
    return sandbox


class _Lost(Exception):
    """The child gave no answer; the message says why, in words for the person who supplied the page."""


class _Child:
    """The running child; unusable after `_Lost`."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what a library prints may hold words of the page
            env={"PYTHONPATH": str(_ROOT), "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},  # no secrets
            cwd="/",
            start_new_session=True,
        )
        try:
            self._take(1, time.monotonic() + _START_S)
        except _Lost as lost:
            self.stop()
            raise _Lost("the parsing child does not start: python -m index.ingest.parsers says why") from lost

    def ask(self, parser: str, page: Page, limits: Limits) -> bytes:
        header, body = pack_page(page)
        secret = secrets.token_bytes(_SECRET_BYTES)
        facts = {"parser": parser, "header_bytes": len(header), "body_bytes": len(body), "secret": secret.hex()}
        request = json.dumps(asdict(limits) | facts).encode()
        deadline = time.monotonic() + limits.wall_s
        self._give(struct.pack(">I", len(request)) + request + header + body, deadline)
        answer = None
        mark = self._take(1, deadline)
        if mark == b"R":
            size = struct.unpack(">Q", self._take(8, deadline))[0]
            if size > limits.output_bytes:
                raise _Lost(f"gives more text than {limits.output_bytes >> 20} MB")
            answer = self._take(size, deadline)
            mark = self._take(1, deadline)
        if mark == b"E" and self._take(_SECRET_BYTES, deadline) != secret:
            raise _Lost("the page before it left an answer of its own; ask again")
        status = struct.unpack(">I", self._take(4, deadline))[0] if mark == b"E" else None
        if status != 0 or answer is None:
            raise _Lost(_reason(status))
        return answer

    def kill(self) -> None:
        """End the child, whatever it does; `stop` is still to be called."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def stop(self) -> None:
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._process.wait()

    def _give(self, data: bytes, deadline: float) -> None:
        """Send all of `data` before `deadline`: a child that waits for a page it has not ended reads nothing."""
        if self._process.stdin is None:
            raise _Lost("the parsing child has no input")
        pipe, rest = self._process.stdin.fileno(), memoryview(data)
        os.set_blocking(pipe, False)
        try:
            while rest:
                _, ready, _ = select.select([], [pipe], [], max(0.0, deadline - time.monotonic()))
                if not ready:
                    raise _Lost("takes too long to read")
                rest = rest[os.write(pipe, rest) :]
        except BrokenPipeError as error:
            raise _Lost("the parsing child ended before it read the page") from error

    def _take(self, size: int, deadline: float) -> bytes:
        """Exactly `size` bytes of what the child says, before `deadline` (of the monotonic clock)."""
        if self._process.stdout is None:
            raise _Lost("the parsing child has no output")
        pipe = self._process.stdout.fileno()
        taken = bytearray()
        while len(taken) < size:
            ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise _Lost("takes too long to read")
            part = os.read(pipe, min(_READ_BYTES, size - len(taken)))
            if not part:
                raise _Lost("the parsing child crashed")
            taken += part
        return bytes(taken)


def _reason(status: int | None) -> str:
    if status is None or not os.WIFSIGNALED(status):
        return "the parser crashed"
    number = os.WTERMSIG(status)
    if number in (signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL):
        return "takes too long to read"
    return f"the parser crashed ({signal.Signals(number).name})"
