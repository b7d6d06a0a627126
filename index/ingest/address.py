"""Which addresses may be opened: https, a host of the list by its exact name, and public network addresses (pure).

An address is never interpreted twice: it is taken apart once, strictly, and put together again from the allowed host
and the cleaned rest, so that no two libraries can read different hosts out of it. The host is compared with the list as
a whole, which leaves no room for users, ports, numbers in any notation, look-alike letters or suffixes.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import quote

from index.ingest.errors import Refused

LONGEST = 2_048
"""Characters of an address; official sites stay far below."""

_PARTS = re.compile(r"https://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?", re.I)
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_LOCAL = (".local", ".localhost", ".internal", ".lan", ".home", ".corp", ".intranet", ".arpa", ".onion")
_KEPT = "!$%&'()*+,;=:@/?-._~[]|"  # what may stand in path and query as it is
_UNICAST = ipaddress.ip_network("2000::/3")  # the only IPv6 addresses given to anybody (RFC 4291, section 2.4)
_UNKNOWN_TO_PYTHON = tuple(  # special in the registries (read 2026-11), ordinary to Python 3.11
    map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20"))
)
_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))  # NAT64; IPv4-compatible (RFC 4291)


def is_host(name: str) -> bool:
    """Whether a name can stand on a list of allowed hosts: lower-case DNS letters, a dot, no number, not local."""
    return _HOST.fullmatch(name) is not None and not name.endswith(_LOCAL)


def checked(url: str, hosts: Collection[str]) -> str:
    """The address in the one form that is opened: https, host in lower case, no fragment, other letters as UTF-8 %XX.

    Raises `Refused` for everything that is not an https address of one of `hosts`.
    """
    if not url or len(url) > LONGEST:
        raise Refused(url, f"an address has 1 to {LONGEST} characters")
    if not url.isprintable() or any(letter.isspace() for letter in url) or "\\" in url:
        raise Refused(url, "blanks, control characters or backslashes in the address")
    parts = _PARTS.fullmatch(url)
    if parts is None:
        raise Refused(url, "not an https address")
    authority, path, query = parts.group(1).lower(), parts.group(2), parts.group(3) or ""
    host = authority.removesuffix(":443")
    if not authority.isascii() or host not in hosts:
        raise Refused(url, "its host is not on the list of this source")
    return f"https://{host}{quote(path, safe=_KEPT) or '/'}{quote(query, safe=_KEPT)}"


def host_of(checked_url: str) -> str:
    """The host of an address that `checked` gave."""
    return checked_url.split("/", 3)[2]


def is_public(address: str) -> bool:
    """Whether a network address is an ordinary public one, also where an IPv4 address hides in an IPv6 one.

    Sources: the IANA special-purpose registries as Python's `ipaddress` has them; IPv4-mapped (RFC 4291), 6to4
    (RFC 3056), Teredo (RFC 4380) and NAT64 (RFC 6052) are opened and what is inside counts as well.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if any(ip in network for network in _UNKNOWN_TO_PYTHON):
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast and not ip.is_reserved
    if ip.scope_id is not None:
        return False
    inside = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    inside += [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) for network in _TRANSLATED if ip in network]
    hidden = [one for one in inside if one is not None]
    if hidden:
        return all(is_public(str(one)) for one in hidden)
    return ip in _UNICAST and ip.is_global
