"""`POST /v3.0/oa/message/cs` on the fake: whether a consultation message goes out, what it costs, and its echo."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from channels.testing.delivery import Parcel
from channels.testing.exchange import Call
from channels.testing.ledger import Author, Refusal
from channels.testing.zalo.messages import kind, message_fault
from channels.testing.zalo.scene import ZaloScene
from channels.testing.zalo.tokens import Grant
from channels.testing.zalo.world import Leave, ZaloUser, leave_to_write

PATH = "/v3.0/oa/message/cs"


class ApiFault(Exception):
    """The API answers with an error code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


async def send(scene: ZaloScene, grant: Grant, call: Call, *, ordered_error: int | None) -> dict[str, Any]:
    """Put a message into its conversation and return `data` of the answer. Raises ApiFault, and keeps the refusal.

    `ordered_error` is an error that a test wants to see.
    """
    try:
        body = json.loads(call.body)
        message, user_id = body["message"], str(body["recipient"]["user_id"])
    except (ValueError, KeyError, TypeError):
        raise ApiFault(-201, "Params is invalid") from None
    try:
        user, leave = _judge(scene, grant.oa_id, user_id, message, ordered_error)
    except ApiFault as fault:
        refusal = Refusal(grant.oa_id, user_id, scene.clock.now(), fault.code, None, fault.reason)
        scene.ledger.refused.append(refusal)
        raise
    message_id = scene.write(user, Author.APP, message, app_id=grant.app_id, is_free=leave.is_free)
    scene.accounts[grant.oa_id].billed += not leave.is_free
    user.welcomes += leave.quota_type == "welcome_msg"
    echoes = _echo(scene, user, message, message_id)
    if scene.echo_first:
        await scene.delivery.deliver_now(echoes)
    return {
        "message_id": message_id,
        "user_id": user_id,
        "sent_time": str(int(scene.clock.now().timestamp() * 1000)),
        "quota": {"quota_type": leave.quota_type} if leave.quota_type else {},
    }


def _judge(
    scene: ZaloScene, oa_id: str, user_id: str, message: Any, ordered_error: int | None
) -> tuple[ZaloUser, Leave]:
    if ordered_error is not None:
        raise ApiFault(ordered_error, "told to fail")
    user = scene.known(oa_id, user_id)
    if user is None:
        raise ApiFault(-201, "Params is invalid: user_id")
    leave = leave_to_write(user, scene.clock.now())
    if scene.knows_everybody and user.last_interaction_at is None and user.send_error is None:
        leave = Leave(quota_type="reply")
    if leave.error:
        raise ApiFault(leave.error, "The person cannot be written to now")
    if not isinstance(message, dict):
        raise ApiFault(-201, "Params is invalid: message")
    fault = message_fault(message, accepts_cards=scene.accounts[oa_id].accepts_cards)
    if fault is not None:
        raise ApiFault(fault[0], f"Params is invalid: {fault[1]}")
    return user, leave


def _echo(scene: ZaloScene, user: ZaloUser, message: Mapping[str, Any], message_id: str) -> list[Parcel]:
    """Queue the event that tells every app of the OA what was sent."""
    name, text = f"oa_send_{kind(message)}", str(message.get("text", ""))
    details: dict[str, Any] = {"msg_id": message_id, "text": text}
    if name == "oa_send_template":
        payload = {"zinstant_id": message_id, "text": text, "link_url": "", "checksum": ""}
        details["attachments"] = [{"type": "template", "payload": payload}]
    elif message.get("attachment"):
        details["attachments"] = [message["attachment"]]
    return scene.queue(name, user.oa_id, user.user_id, message=details)
