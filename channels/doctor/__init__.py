"""`python -m channels doctor`: looks at a whole set-up and says in plain words what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from channels.doctor.check import Check, State, as_json, as_text, exit_status
from channels.doctor.gateway import examine_gateway
from channels.doctor.messenger import examine_messenger
from channels.doctor.tools import LastEvents, Tools
from channels.doctor.unconfirmed import MESSENGER, ZALO, unconfirmed
from channels.doctor.viber import examine_viber
from channels.doctor.widget import examine_widget
from channels.doctor.zalo import examine_zalo, token_endpoint

__all__ = ["Check", "LastEvents", "State", "Tools", "doctor", "examine"]


async def doctor(tools: Tools, *, tell: Callable[[str], None], writes_json: bool = False) -> int:
    """Examine everything, report it, and return the exit status: 1 when something fails, else 0."""
    checks = await examine(tools)
    tell(as_json(checks) if writes_json else as_text(checks))
    return exit_status(checks)


async def examine(tools: Tools) -> list[Check]:
    """Return every check, the gateway's first, then each account's, then what nobody has confirmed."""
    directory = tools.configuration.directory
    checks = await examine_gateway(tools)
    of_zalo = {account.oa_id: await examine_zalo(tools, account) for account in directory.zalo.values()}
    of_pages = {page.page_id: await examine_messenger(tools, page) for page in directory.messenger.values()}
    of_widgets = [await examine_widget(tools, agency) for agency in directory.agencies if agency.origins]
    of_bots = [await examine_viber(tools, bot) for bot in directory.viber.values()]
    for found in (*of_widgets, *of_zalo.values(), *of_pages.values(), *of_bots):
        checks += found
    if of_zalo:
        seen = _as_letter("l", "zalo", _first(of_zalo, "package"))
        renewing = next((account for account in directory.zalo.values() if account.app_secret), None)
        if renewing is not None:
            seen["f"] = await token_endpoint(tools, renewing)
        checks += unconfirmed("zalo", ZALO, seen)
    if of_pages:
        checks += unconfirmed("messenger", MESSENGER, _as_letter("c", "messenger", _first(of_pages, "profile")))
    return checks


def _first(of_accounts: dict[str, list[Check]], name: str) -> Check | None:
    """Return the first check of that name that went well."""
    found = (check for checks in of_accounts.values() for check in checks)
    return next((check for check in found if check.name == name and check.state is State.OK), None)


def _as_letter(letter: str, channel: str, check: Check | None) -> dict[str, Check]:
    if check is None:
        return {}
    sentence = f"seen at {check.subject}: {check.sentence}"
    return {letter: replace(check, subject=channel, name=f"unconfirmed_{letter}", sentence=sentence)}
