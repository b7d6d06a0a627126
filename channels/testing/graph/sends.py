"""`POST /{page}/messages` on the fake: whether a message or a typing sign goes out, and its echo."""

from __future__ import annotations

from typing import Any

from channels.testing.faults import RateLimit
from channels.testing.graph.calls import Asked, Bearer, GraphFault
from channels.testing.graph.messages import is_heavy, message_fault, without_long_titles
from channels.testing.graph.scene import GraphScene
from channels.testing.graph.world import Code, PageUser
from channels.testing.ledger import Author, Refusal

SENDER_ACTIONS = frozenset({"typing_on", "typing_off", "mark_seen", "react", "unreact"})


class SendLimits:
    """Rates of the Send API (reference/messenger.md section 8, official); None lifts one."""

    def __init__(self) -> None:
        self.light = RateLimit(300, 1)  # a second and Page: text, links, reactions, stickers
        self.heavy = RateLimit(10, 1)  # a second and Page: audio, video
        self.a_day = RateLimit(None, 86_400)  # a day and app, beyond 200 for each person that it can write to
        self.daily_per_person: int | None = 200

    def check(self, scene: GraphScene, caller: Bearer, message: Any) -> None:
        """Count a send. Raises GraphFault: 613 for the Page's rate, 4 for the app's quota of a day."""
        now = scene.clock.now()
        rate = self.heavy if isinstance(message, dict) and is_heavy(message) else self.light
        if rate.take(caller.page.page_id, now) < 0:
            raise GraphFault(613, None, "Calls to this api have exceeded the rate limit")
        sent = self.a_day.count(caller.app.app_id, now)
        if self.daily_per_person is None or scene.knows_everybody:  # who writes to strangers has engaged nobody
            return
        if sent > self.daily_per_person * scene.engaged(caller.app.app_id):
            raise GraphFault(4, None, "Application request limit reached")


async def send(
    scene: GraphScene, caller: Bearer, asked: Asked, *, limits: SendLimits, ordered_error: Code | None
) -> dict[str, str]:
    """Put a message into its conversation and return the answer. Raises GraphFault, and keeps the refusal.

    `ordered_error` is an error that a test wants to see.
    """
    recipient = asked.given.get("recipient")
    psid = str(recipient.get("id", "")) if isinstance(recipient, dict) else ""
    try:
        user = _judge(scene, caller, asked, psid, limits, ordered_error)
    except GraphFault as fault:
        page_id = caller.page.page_id
        refusal = Refusal(page_id, psid, scene.clock.now(), fault.code, fault.subcode, fault.reason)
        scene.ledger.refused.append(refusal)
        raise
    action = asked.given.get("sender_action")
    if action is not None:
        user.typing = action == "typing_on" or (user.typing and action != "typing_off")
        user.has_seen_mark = user.has_seen_mark or action == "mark_seen"
        return {"recipient_id": psid}
    shown, cut_titles = without_long_titles(asked.given["message"])
    app_id = caller.app.app_id
    message_id = scene.write(user, Author.APP, shown, app_id=app_id, cut_titles=cut_titles)
    echoes = scene.echo(user, message_id, shown, app_id=app_id)
    if scene.echo_first:
        await scene.delivery.deliver_now(echoes)
    return {"recipient_id": psid, "message_id": message_id}


def _judge(
    scene: GraphScene,
    caller: Bearer,
    asked: Asked,
    psid: str,
    limits: SendLimits,
    ordered_error: Code | None,
) -> PageUser:
    if ordered_error is not None:
        raise GraphFault(*ordered_error, "told to fail")
    message, action = asked.given.get("message"), asked.given.get("sender_action")
    limits.check(scene, caller, message)
    if caller.page.send_error is not None:
        raise GraphFault(*caller.page.send_error, "The Page may not send")
    user = scene.known(caller.page.page_id, psid)
    if user is None:
        raise GraphFault(100, 2018001, "No matching user found")
    if user.send_error is not None:
        raise GraphFault(*user.send_error, "This person isn't available right now")
    if user.owner not in (None, caller.app.app_id):
        raise GraphFault(10, 2018300, "Another app is controlling this thread now")
    is_stranger = scene.knows_everybody and user.last_action_at is None
    if not is_stranger and not user.is_open(scene.clock.now()):
        raise GraphFault(10, 2018278, "This message is sent outside of allowed window")
    if fault := _fault(asked, message, action):
        raise GraphFault(100, None, fault)
    return user


def _fault(asked: Asked, message: object, action: object) -> str | None:
    if action is not None:
        return None if action in SENDER_ACTIONS and message is None else "sender_action is sent alone"
    if asked.given.get("messaging_type") != "RESPONSE":
        return "Invalid parameter: messaging_type"
    return message_fault(message) if isinstance(message, dict) else "Invalid parameter: message"
