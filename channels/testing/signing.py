"""Requests as the platforms would send them: bodies of the documented shape and their signature headers.

Written from reference/zalo-oa.md section 3, reference/messenger.md section 3 and Viber's documentation of callbacks
(read 2026-11-29), and on purpose not from the code that checks them: an error there must not be shared here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any


def sign_zalo(body: bytes, *, app_id: str, secret_key: str, timestamp: str | None = None) -> dict[str, str]:
    """Return the headers of a genuine Zalo request; `timestamp` is read from the body where it is not given."""
    stamp = timestamp if timestamp is not None else str(json.loads(body)["timestamp"])
    mac = hashlib.sha256(app_id.encode() + body + stamp.encode() + secret_key.encode()).hexdigest()
    return {
        "X-ZEvent-Signature": f"mac={mac}",
        "X-ZEvent-Server": "OA OpenAPI",
        "User-Agent": "ZaloWebhook",
        "Content-Type": "application/json",
    }


def sign_messenger(body: bytes, *, app_secret: str) -> dict[str, str]:
    """Return the headers of a genuine Messenger request, the legacy one too."""
    key = app_secret.encode()
    return {
        "X-Hub-Signature-256": f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}",
        "X-Hub-Signature": f"sha1={hmac.new(key, body, hashlib.sha1).hexdigest()}",
        "Content-Type": "application/json",
    }


def sign_viber(body: bytes, *, auth_token: str) -> dict[str, str]:
    """Return the headers of a genuine callback of a Viber bot."""
    signature = hmac.new(auth_token.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Viber-Content-Signature": signature, "Content-Type": "application/json"}


def proof(token: str, app_secret: str) -> str:
    """Return the `appsecret_proof` of either platform: whoever holds the token also knows the app secret."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def zalo_json(fields: Mapping[str, Any]) -> bytes:
    """Return a body with real characters on the wire, as Zalo writes it."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def messenger_json(fields: Mapping[str, Any]) -> bytes:
    """Return a body with escaped characters on the wire, as Meta writes it."""
    return json.dumps(fields, separators=(",", ":")).encode()


def zalo_event(
    text: str, *, app_id: str, oa_id: str, user_id: str, message_id: str, timestamp_ms: int, event: str | None = None
) -> bytes:
    """Return the body of one message to the OA."""
    fields = {
        "app_id": app_id,
        "sender": {"id": user_id},
        "user_id_by_app": f"8{user_id[1:]}",
        "recipient": {"id": oa_id},
        "event_name": event or "user_send_text",
        "message": {"text": text, "msg_id": message_id},
        "timestamp": str(timestamp_ms),
    }
    return zalo_json(fields)


def messenger_event(text: str, *, page_id: str, user_id: str, message_id: str, timestamp_ms: int) -> bytes:
    """Return the body of one message to the Page."""
    item = {
        "sender": {"id": user_id},
        "recipient": {"id": page_id},
        "timestamp": timestamp_ms,
        "message": {"mid": message_id, "text": text},
    }
    return messenger_json({"object": "page", "entry": [{"id": page_id, "time": timestamp_ms, "messaging": [item]}]})


def viber_event(text: str, *, user_id: str, message_token: int, timestamp_ms: int) -> bytes:
    """Return the body of one message to a bot, which it does not name."""
    fields = {
        "event": "message",
        "timestamp": timestamp_ms,
        "message_token": message_token,
        "sender": {"id": user_id, "language": "vi", "country": "VN", "api_version": 10},
        "message": {"type": "text", "text": text},
    }
    return json.dumps(fields, ensure_ascii=False).encode()
