"""One Viber bot against Viber: token, webhook, events. Source: `channels.viber.account`."""

from __future__ import annotations

from channels.agency import ViberBot
from channels.doctor.check import Check, State
from channels.doctor.tools import Tools
from channels.doctor.webhooks import examine_viber_webhook
from channels.errors import Reaction, SendError
from channels.viber.account import WEBHOOK, BotInfo, read_bot

REMEDIES = {
    Reaction.RENEW_TOKEN: "copy the token again: Viber, More, Settings, Bots, Edit Info, Your app key",
    Reaction.STOP_CHANNEL: "Viber stopped the bot: partners.viber.com or Viber's support say why",
}


async def examine_viber(tools: Tools, bot: ViberBot) -> list[Check]:
    """Look at one bot from its token to its webhook."""
    subject = f"viber:{bot.account}"
    try:
        info = await read_bot(tools.http, api_url=tools.configuration.settings.viber_api_url, auth_token=bot.auth_token)
    except SendError as error:
        remedy = REMEDIES.get(error.reaction)
        checks = [Check(subject, "token", State.FAILS, f"{error}; {remedy}" if remedy else str(error))]
    else:
        said = f"Viber takes it: bot {info.name or 'without a name'}, {info.id or 'without an id'}"
        checks = [Check(subject, "token", State.OK, said), _webhook(tools, subject, info)]
    return [*checks, *await examine_viber_webhook(tools, bot)]


def _webhook(tools: Tools, subject: str, info: BotInfo) -> Check:
    name, settings = "webhook", tools.configuration.settings
    if settings.public_url is None:
        return Check(subject, name, State.CHECK_BY_HAND, "GOVCHAT_PUBLIC_URL is not set: nothing to compare with")
    url = f"{settings.public_url}{WEBHOOK}"
    if info.is_set(url):
        return Check(subject, name, State.OK, f"callbacks go to {url}")
    found = f"callbacks go to {info.webhook or 'nowhere'}, with {', '.join(sorted(info.event_types)) or 'no events'}"
    return Check(subject, name, State.FAILS, f"{found}: run `python -m channels setup viber`")
