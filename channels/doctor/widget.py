"""The pages that embed the widget: does the gateway know them, do its files come through the proxy, is there a notice?

Nothing is written: what is asked here a browser asks before it sends anything.
"""

from __future__ import annotations

from channels.agency import Agency
from channels.doctor.check import Check, State
from channels.doctor.doors import Door, doors, request, unreached
from channels.doctor.tools import Tools
from channels.web.routes import API
from channels.web.widget import LOADER

LOADER_PATH = f"/widget/v1/{LOADER}"


async def examine_widget(tools: Tools, agency: Agency) -> list[Check]:
    """Look at the widget of one agency whose pages may embed it."""
    subject = f"widget:{agency.id}"
    checks: list[Check] = []
    for door in doors(tools):
        checks += [await _files(tools, subject, door), await _origins(tools, subject, door, agency)]
    return [*checks, _notice(subject, agency), _proxies(tools, subject)]


async def _files(tools: Tools, subject: str, door: Door) -> Check:
    name, url = f"files_{door.name}", f"{door.url}{LOADER_PATH}"
    answer = await request(tools, door, "GET", LOADER_PATH)
    if isinstance(answer, str):
        return unreached(subject, name, door, answer)
    if answer.status_code == 200 and answer.headers.get("access-control-allow-origin") == "*":
        return Check(subject, name, State.OK, f"{url} is there, for every page")
    why = "the proxy must hand /widget/ to the gateway, and leave its headers as they are"
    return Check(subject, name, State.FAILS, f"{url} answers {answer.status_code}, not the file for every page: {why}")


async def _origins(tools: Tools, subject: str, door: Door, agency: Agency) -> Check:
    """A browser asks for each origin before it sends (Fetch standard, CORS); proxies like to answer that themselves."""
    name, unknown = f"origins_{door.name}", []
    for origin in agency.origins:
        headers = {"origin": origin, "access-control-request-method": "POST"}
        answer = await request(tools, door, "OPTIONS", f"{API}/messages", headers=headers)
        if isinstance(answer, str):
            return unreached(subject, name, door, answer)
        if answer.headers.get("access-control-allow-origin") != origin:
            unknown.append(origin)
    if not unknown:
        return Check(subject, name, State.OK, f"known to the gateway at {door.url}: {', '.join(agency.origins)}")
    why = "restart it after a change of origins"
    if door.name == "public":
        why += f"; the proxy must hand OPTIONS of {API}/ to the gateway, and leave its headers as they are"
    sentence = f"the gateway at {door.url} does not know {', '.join(unknown)}: {why}"
    return Check(subject, name, State.FAILS, sentence)


def _notice(subject: str, agency: Agency) -> Check:
    if agency.privacy_url is None:
        sentence = "privacy_url is not set: people are shown no notice about personal data (Law 91/2025/QH15)"
        return Check(subject, "privacy", State.CHECK_BY_HAND, sentence)
    wanted = "required" if agency.requires_consent else "asked for only where a tag says so"
    version = agency.privacy_version or "without a version"
    return Check(subject, "privacy", State.OK, f"the notice is {agency.privacy_url} ({version}), consent is {wanted}")


def _proxies(tools: Tools, subject: str) -> Check:
    """The gateway listens on this machine only, so under a public address a proxy stands in front."""
    settings = tools.configuration.settings
    if settings.public_url is None or settings.demo or settings.proxy_count:
        return Check(subject, "proxies", State.OK, f"people are told apart behind {settings.proxy_count} proxies")
    sentence = (
        "GOVCHAT_PROXY_COUNT is 0: behind the proxy all people count as one, and get 60 messages a minute together"
    )
    return Check(subject, "proxies", State.FAILS, sentence)
