"""Ask the bot one turn over HTTP, or to forget; every way it can fail becomes one of two errors."""

from __future__ import annotations

import httpx

from bot.reply import BotRefused, BotUnavailable, Reply, Turn, TurnResult

TURN_PATH = "/webhooks/gateway/turn"
FORGET_PATH = "/webhooks/gateway/forget"
HEALTH_PATH = "/webhooks/gateway/health"


class RasaClient:
    """The bot as the gateway sees it. Close it with `aclose`, or use it as an async context manager."""

    def __init__(
        self, base_url: str, *, timeout_s: float = 12.0, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Prepare to ask the bot at `base_url`; `timeout_s` bounds a whole turn. `transport` is for tests."""
        self._http = httpx.AsyncClient(
            base_url=base_url,
            timeout=httpx.Timeout(timeout_s, connect=min(2.0, timeout_s)),
            transport=transport,
            trust_env=False,  # what people write goes to the bot beside us, never through a proxy
        )

    async def ask(self, turn: Turn) -> TurnResult:
        """Return what the bot says to one turn.

        Raises BotUnavailable where the same turn may succeed later (no connection, too slow, 5xx, an answer that is
        empty or unreadable) and BotRefused where it never will (4xx).
        """
        response = await self._request("POST", TURN_PATH, json=_turn_to_wire(turn))
        try:
            return _read_result(response.json())
        except ValueError as error:
            # An answer we cannot read comes from a bot of another version, as during an upgrade: worth another try.
            raise BotUnavailable(f"the bot's answer is unreadable: {error}") from error

    async def forget(self, conversation: str) -> None:
        """Return when nothing of a conversation is in the bot's memory, whatever turn was under way.

        Raises BotUnavailable or BotRefused as `ask` does.
        """
        await self._request("POST", FORGET_PATH, json={"conversation": conversation})

    async def check(self) -> None:
        """Return when the bot can answer turns. Raises BotUnavailable or BotRefused as `ask` does."""
        await self._request("GET", HEALTH_PATH)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> RasaClient:  # noqa: PYI034 - Self is Python 3.11
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _request(self, method: str, path: str, *, json: dict[str, object] | None = None) -> httpx.Response:
        try:
            response = await self._http.request(method, path, json=json)
        except httpx.HTTPError as error:
            raise BotUnavailable(f"the bot does not answer: {type(error).__name__}") from error
        if response.is_success:
            return response
        reason = f"the bot answered {response.status_code}"
        if response.is_client_error and response.status_code != httpx.codes.TOO_MANY_REQUESTS:
            raise BotRefused(reason)
        raise BotUnavailable(reason)


def _turn_to_wire(turn: Turn) -> dict[str, object]:
    return {
        "conversation": turn.conversation,
        "message_id": turn.message_id,
        "text": turn.text,
        "channel": turn.channel,
        "lang": turn.lang,
        "as_of": turn.as_of.isoformat() if turn.as_of else None,
        "sources": list(turn.sources),
    }


def _read_result(wire: object) -> TurnResult:
    if not isinstance(wire, dict) or not isinstance(wire.get("replies"), list):
        raise ValueError("no list of replies")  # noqa: TRY004 - one error for all that is unreadable
    if not all(isinstance(reply, dict) for reply in wire["replies"]):
        raise ValueError("a reply is no object")
    intent, snapshot = wire.get("intent"), wire.get("snapshot")
    return TurnResult(
        replies=tuple(Reply.from_wire(reply) for reply in wire["replies"]),
        intent=intent if isinstance(intent, str) else None,
        snapshot=snapshot if isinstance(snapshot, str) else None,
    )
