"""Origins of pages, as browsers write them (RFC 6454): scheme, host, and a port that is not the scheme's own."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?|\[[0-9a-f:.]+\]")
_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def read_origin(text: str) -> str:
    """Return the origin that an operator wrote, as a browser would send it.

    Raises ValueError for anything that is no single origin (a path, a wildcard, null, names of users, letters outside
    ASCII, which browsers send as xn--…), and for http, unless it is this machine.
    """
    origin = text.strip().lower()
    scheme, separator, authority = origin.partition("://")
    host, colon, port = authority.rpartition(":") if re.search(r":[0-9]*$", authority) else (authority, "", "")
    if not separator or scheme not in _PORTS or not _HOST.fullmatch(host):
        raise ValueError("an origin is https://host or https://host:port, without path or wildcard")
    if colon and not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise ValueError("the port of an origin is a number up to 65535")
    if scheme == "http" and host not in _THIS_MACHINE:
        raise ValueError("an origin begins with https://; http is for this machine only")
    return origin_of(scheme, authority)


def read_origins(text: str) -> tuple[str, ...]:
    """Return the origins in a list separated by commas, each once. Raises ValueError as `read_origin` does."""
    return tuple(dict.fromkeys(read_origin(part) for part in text.split(",") if part.strip()))


def origin_of(scheme: str, authority: str) -> str:
    """Return the origin of what is reached at `authority`, which is a host with or without a port."""
    scheme, authority = scheme.lower(), authority.lower()
    return f"{scheme}://{authority.removesuffix(f':{_PORTS.get(scheme)}')}"


def origin_of_url(url: str) -> str:
    """Return the origin of an address that is known to be one."""
    parts = urlsplit(url)
    return origin_of(parts.scheme, parts.netloc)
