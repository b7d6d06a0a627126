"""Requests as the platforms would send them: bodies of the documented shape and their signature headers."""

from __future__ import annotations

import json

from channels.messenger.verify import PREFIX, signature
from channels.zalo.verify import mac


def sign_zalo(body: bytes, *, app_id: str, secret_key: str, timestamp: str | None = None) -> dict[str, str]:
    """Return the headers of a genuine Zalo request; `timestamp` is read from the body where it is not given."""
    stamp = timestamp if timestamp is not None else str(json.loads(body)["timestamp"])
    return {
        "X-ZEvent-Signature": f"mac={mac(app_id=app_id, body=body, timestamp=stamp, secret_key=secret_key)}",
        "Content-Type": "application/json",
    }


def sign_messenger(body: bytes, *, app_secret: str) -> dict[str, str]:
    """Return the headers of a genuine Messenger request."""
    return {"X-Hub-Signature-256": PREFIX + signature(body, app_secret), "Content-Type": "application/json"}


def zalo_event(
    text: str, *, app_id: str, oa_id: str, user_id: str, message_id: str, timestamp_ms: int, event: str | None = None
) -> bytes:
    """Return the body of one message to the OA, real characters on the wire as Zalo writes them."""
    fields = {
        "app_id": app_id,
        "sender": {"id": user_id},
        "user_id_by_app": f"8{user_id[1:]}",
        "recipient": {"id": oa_id},
        "event_name": event or "user_send_text",
        "message": {"text": text, "msg_id": message_id},
        "timestamp": str(timestamp_ms),
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def messenger_event(text: str, *, page_id: str, user_id: str, message_id: str, timestamp_ms: int) -> bytes:
    """Return the body of one message to the Page, escaped characters on the wire as Meta writes them."""
    item = {
        "sender": {"id": user_id},
        "recipient": {"id": page_id},
        "timestamp": timestamp_ms,
        "message": {"mid": message_id, "text": text},
    }
    fields = {"object": "page", "entry": [{"id": page_id, "time": timestamp_ms, "messaging": [item]}]}
    return json.dumps(fields, separators=(",", ":")).encode()
