"""Rasa connector `gateway`: one turn in, all replies out, failures as failures.

`POST /webhooks/gateway/turn` takes `{"conversation", "message_id", "text", "channel", "lang"?, "as_of"?, "sources"?}`
and answers 200 `{"replies": […], "intent", "snapshot"}`, 400 for a malformed request, 503 for a turn without a complete
answer.
`POST /webhooks/gateway/forget` takes `{"conversation"}` and answers 204 once nothing of it is remembered, 503 where
that failed.
`GET /webhooks/gateway/health` is 200 as soon as a model is loaded.
"""

# ruff: noqa: ARG002, ARG003 - the signatures are Rasa's

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.constants import DEFAULT_ACTION_NAMES
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, BotUttered, Event, UserUttered
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot import validator
from bot.reply import AnswerStatus, Button, Reply
from bot.tracker_store import CappedTrackerStore
from bot.turn_request import MalformedTurn, read_conversation, read_turn

logger = logging.getLogger(__name__)


class GatewayOutput(OutputChannel):
    """Collects the replies of one turn; whatever is no reply of ours raises ValueError."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.snapshot: str | None = None

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, as responses with a `channel` would use it."""
        return "gateway"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one response: a fixed one of domain.yml, or what an action sent as `{"reply", "snapshot"}`."""
        custom = message.get("custom") or {}
        if "reply" in custom:
            self.replies.append(Reply.from_wire(custom["reply"]))
            self.snapshot = custom.get("snapshot") or self.snapshot
        else:
            self.replies.append(fixed_reply(message, custom))


def fixed_reply(message: Mapping[str, Any], mark: Mapping[str, Any]) -> Reply:
    """Turn a response of domain.yml, marked `custom: {status, lang?}`, into a reply; ValueError without a mark."""
    return Reply(
        status=AnswerStatus(mark.get("status")),
        text=str(message.get("text") or ""),
        buttons=tuple(
            Button(title=str(button["title"]), text=str(button["payload"])) for button in message.get("buttons") or ()
        ),
        lang=str(mark.get("lang", "vi")),
    )


class GatewayInput(InputChannel):
    """The only way into the bot."""

    @classmethod
    def name(cls) -> str:
        """Return the part of the path after /webhooks/."""
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayInput:
        """Make the channel. Rasa calls this once at start, so the validator is put in place here."""
        validator.install()
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes; Rasa's `on_new_message` handles a message to its end."""
        routes = Blueprint("gateway")

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            ready = _is_ready(request.app)
            return json({"status": "ok" if ready else "no model"}, status=200 if ready else 503)

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            try:
                asked = read_turn(request.body)
            except MalformedTurn as error:
                return json({"error": str(error)}, status=400)
            if not _is_ready(request.app):
                return _failure("no model is loaded")
            store = request.app.ctx.agent.tracker_store
            known = await store.retrieve(asked.conversation)
            metadata = dict(asked.metadata)
            if known is not None and metadata["lang"] is None:
                metadata["lang"] = known.get_slot("lang")
            output = GatewayOutput()
            try:
                await on_new_message(
                    UserMessage(
                        text=asked.text,
                        output_channel=output,
                        sender_id=asked.conversation,
                        input_channel=self.name(),
                        message_id=asked.message_id,
                        metadata=metadata,
                    )
                )
                tracker = await store.retrieve(asked.conversation)
            except Exception as error:  # noqa: BLE001 - the route is where every failure gets its name
                # Only the kind of error: its text may hold words of the citizen.
                return _failure(f"the turn broke off: {type(error).__name__}")
            silent = silent_actions(tracker.events) if tracker else ["nothing"]
            if silent or not output.replies:
                return _failure(f"no answer from {', '.join(silent) or 'the rules'}")
            return json(
                {
                    "replies": [reply.to_wire() for reply in output.replies],
                    "intent": tracker.latest_message.intent.get("name"),
                    "snapshot": output.snapshot,
                }
            )

        @routes.post("/forget")
        async def forget(request: Request) -> HTTPResponse:
            try:
                conversation = read_conversation(request.body)
            except MalformedTurn as error:
                return json({"error": str(error)}, status=400)
            if not _is_ready(request.app):
                return _failure("no model is loaded")
            agent = request.app.ctx.agent
            try:
                async with agent.lock_store.lock(conversation):  # a turn under way saves what it has read at its end
                    _memory(agent).forget(conversation)
            except Exception as error:  # noqa: BLE001 - as above
                return _failure(f"not everything was forgotten: {type(error).__name__}")
            return empty()

        return routes


def _memory(agent: Agent) -> CappedTrackerStore:
    """Return our store out of the one that Rasa puts around it, which can only save, and swallows what fails."""
    return agent.tracker_store._tracker_store


def silent_actions(events: Iterable[Event]) -> list[str]:
    """Return the actions since the last message that said nothing or were rejected.

    Rasa swallows the errors of an action, notes it as executed and goes on. Each of our actions says something, so one
    that did not is one that failed.
    """
    silent: list[str] = []
    has_spoken = True
    for event in events:
        if isinstance(event, UserUttered):
            silent, has_spoken = [], True
        elif isinstance(event, ActionExecutionRejected) or (
            isinstance(event, ActionExecuted) and event.action_name not in DEFAULT_ACTION_NAMES
        ):
            silent.append(str(event.action_name))
            has_spoken = False
        elif isinstance(event, BotUttered) and not has_spoken:
            silent.pop()
            has_spoken = True
    return silent


def _is_ready(app: Sanic) -> bool:
    agent = getattr(app.ctx, "agent", None)
    return agent is not None and agent.is_ready()


def _failure(reason: str) -> HTTPResponse:
    logger.error("A request failed: %s.", reason)
    return json({"error": reason}, status=503)
