"""Does the gateway take what the platforms send: on this machine, and through the proxy at the public address?

Everything sent here is harmless: probes, handshakes, and signed events that hold nothing to answer.
"""

from __future__ import annotations

import json
from uuid import uuid4

import httpx

from channels.agency import MessengerPage, ViberBot, ZaloAccount
from channels.doctor.check import Check, State
from channels.doctor.doors import Door, doors, request, unreached
from channels.doctor.tools import Tools
from channels.messenger.verify import PREFIX, signature
from channels.viber.account import WEBHOOK as VIBER_PATH
from channels.viber.verify import signature as viber_signature
from channels.zalo.verify import mac

ZALO_PATH = "/webhooks/zalo"
MESSENGER_PATH = "/webhooks/messenger"


async def examine_zalo_webhook(tools: Tools, account: ZaloAccount) -> list[Check]:
    """Send the probe of registration, and an event of no known kind under the account's signature."""
    checks = []
    for door in doors(tools):
        subject, name = f"zalo:{account.oa_id}", f"webhook_{door.name}"
        probe = await request(tools, door, "POST", ZALO_PATH, content=b"{}")
        if isinstance(probe, str):
            checks.append(unreached(subject, name, door, probe))
            continue
        if probe.status_code != 200:
            sentence = (
                f"{door.url}{ZALO_PATH} answers {probe.status_code} to Zalo's probe {{}}: it cannot be registered"
            )
            checks.append(Check(subject, name, State.FAILS, sentence))
            continue
        body, headers = _zalo_event(account, int(tools.clock.now().timestamp() * 1000))
        answer = await request(tools, door, "POST", ZALO_PATH, content=body, headers=headers)
        checks.append(_judged(subject, name, door, ZALO_PATH, answer))
    return checks


async def examine_messenger_webhook(tools: Tools, page: MessengerPage) -> list[Check]:
    """Make the handshake, and send a signed batch without an item."""
    checks = []
    for door in doors(tools):
        subject, name = f"messenger:{page.page_id}", f"webhook_{door.name}"
        challenge = str(uuid4().int)[:10]
        query = {"hub.mode": "subscribe", "hub.verify_token": page.verify_token, "hub.challenge": challenge}
        handshake = await request(tools, door, "GET", MESSENGER_PATH, params=query)
        if isinstance(handshake, str):
            checks.append(unreached(subject, name, door, handshake))
            continue
        if handshake.status_code != 200 or handshake.text != challenge:
            sentence = (
                f"{door.url}{MESSENGER_PATH} answers {handshake.status_code} to Meta's handshake and not the "
                "challenge: the gateway knows another verify token; restart it after a change"
            )
            checks.append(Check(subject, name, State.FAILS, sentence))
            continue
        entry = {"id": page.page_id, "time": int(tools.clock.now().timestamp() * 1000), "messaging": []}
        body = json.dumps({"object": "page", "entry": [entry]}).encode()
        headers = {"x-hub-signature-256": PREFIX + signature(body, page.app_secrets[0])}
        answer = await request(tools, door, "POST", MESSENGER_PATH, content=body, headers=headers)
        checks.append(_judged(subject, name, door, MESSENGER_PATH, answer))
    return checks


async def examine_viber_webhook(tools: Tools, bot: ViberBot) -> list[Check]:
    """Send an event of no known kind under the bot's signature."""
    checks = []
    for door in doors(tools):
        now_ms = int(tools.clock.now().timestamp() * 1000)
        body = json.dumps({"event": "govchat_doctor", "timestamp": now_ms, "note": "ế"}, ensure_ascii=False).encode()
        headers = {"x-viber-content-signature": viber_signature(body, bot.auth_token)}
        answer = await request(tools, door, "POST", VIBER_PATH, content=body, headers=headers)
        checks.append(_judged(f"viber:{bot.account}", f"webhook_{door.name}", door, VIBER_PATH, answer))
    return checks


def _zalo_event(account: ZaloAccount, now_ms: int) -> tuple[bytes, dict[str, str]]:
    """An event that nobody knows, with a letter that a proxy would write otherwise if it rewrote bodies."""
    fields = {
        "app_id": account.app_id,
        "oa_id": account.oa_id,
        "event_name": "govchat_doctor",
        "note": "ế",
        "timestamp": str(now_ms),
    }
    body = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    signed = mac(app_id=account.app_id, body=body, timestamp=str(now_ms), secret_key=account.oa_secret_key)
    return body, {"x-zevent-signature": f"mac={signed}", "content-type": "application/json"}


def _judged(subject: str, name: str, door: Door, path: str, answer: httpx.Response | str) -> Check:
    if isinstance(answer, str):
        return unreached(subject, name, door, answer)
    if answer.status_code == 200:
        return Check(subject, name, State.OK, f"{door.url}{path} takes the platform's first call and a signed event")
    if answer.status_code == 403 and door.name == "local":
        why = "the running gateway has another secret than the settings; restart it after a change"
    elif answer.status_code == 403:
        why = "the signature does not hold: a proxy changes bodies, or another gateway answers there"
    else:
        why = "see the gateway's log, and /health/ready"
    return Check(subject, name, State.FAILS, f"{door.url}{path} answers {answer.status_code} to a signed event: {why}")
