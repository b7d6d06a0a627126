"""The addresses at which the gateway is tried: on this machine, and through the proxy where people reach it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from channels.doctor.check import Check, State
from channels.doctor.tools import Tools


@dataclass(frozen=True, slots=True)
class Door:
    """An address of the gateway."""

    name: str  # local | public
    url: str


def doors(tools: Tools) -> list[Door]:
    """Return the door of this machine, and the public one where there is one."""
    settings = tools.configuration.settings
    found = [Door("local", tools.local_url)]
    if settings.public_url is not None and not settings.demo:
        found.append(Door("public", settings.public_url))
    return found


async def request(
    tools: Tools,
    door: Door,
    method: str,
    path: str,
    *,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
) -> httpx.Response | str:
    """Return the answer, or why there is none."""
    try:
        return await tools.http.request(method, f"{door.url}{path}", content=content, headers=headers, params=params)
    except httpx.HTTPError as error:
        return "its certificate is not trusted" if "CERTIFICATE" in str(error).upper() else type(error).__name__


def unreached(subject: str, name: str, door: Door, reason: str) -> Check:
    """Return what it means that nothing answers at a door."""
    if door.name == "public" and "certificate" not in reason:
        sentence = f"{door.url} cannot be reached from this machine ({reason}): open it from another network"
        return Check(subject, name, State.CHECK_BY_HAND, sentence)
    if door.name == "public":
        return Check(subject, name, State.FAILS, f"{door.url}: {reason}, so no platform will call and no page load")
    return Check(subject, name, State.FAILS, f"nothing answers at {door.url} ({reason}): is the gateway running?")
