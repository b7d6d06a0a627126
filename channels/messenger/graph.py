"""Calls to the Graph API on behalf of one Page, other than sends.

Source: reference/messenger.md sections 1, 9 and 10, read 2026-11-29.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from channels.agency import MessengerPage
from channels.errors import ChannelError
from channels.messenger.send import appsecret_proof, versioned
from channels.platform_call import NoAnswer, read_answer
from channels.privacy import mask


class GraphError(ChannelError):
    """A call brought no answer to work with; the message holds neither token nor secret."""


class GraphUnreachable(GraphError):
    """No answer, or one that is not the platform's: another day may bring another."""


class GraphRefused(GraphError):
    """The platform answered with an error object."""

    def __init__(self, code: int, subcode: int | None, words: str) -> None:
        super().__init__(f"Meta's error {code}{f'/{subcode}' if subcode else ''}: {words}")
        self.code = code
        self.subcode = subcode


@dataclass(frozen=True, slots=True, kw_only=True)
class PageGraph:
    """One Page's door to the Graph API: the version pinned, the token in a header, its proof on every call."""

    page: MessengerPage
    http: httpx.AsyncClient
    api_url: str

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        """Return the object at `path` ("me", "<page id>/subscribed_apps") as the Page. Raises GraphError."""
        return await self._call("GET", path, query, self.page.page_token)

    async def post(self, path: str, body: Mapping[str, object] | None = None, **query: str) -> dict[str, Any]:
        """Change something as the Page and return the answer. Raises GraphError."""
        return await self._call("POST", path, query, self.page.page_token, body)

    async def get_as_app(self, path: str, **query: str) -> dict[str, Any]:
        """Return the object at `path` as the app; only for a Page whose `app_id` is known. Raises GraphError."""
        return await self._call("GET", path, query, f"{self.page.app_id}|{self.page.app_secrets[0]}")

    async def _call(
        self, method: str, path: str, query: Mapping[str, str], token: str, body: Mapping[str, object] | None = None
    ) -> dict[str, Any]:
        try:
            response = await self.http.request(
                method,
                f"{versioned(self.api_url)}/{path}",
                params={**query, "appsecret_proof": appsecret_proof(token, self.page.app_secrets[0])},
                json=body,
                headers={b"authorization": f"Bearer {token}".encode()},
            )
        except httpx.HTTPError as error:
            raise GraphUnreachable(f"Meta's Graph API cannot be reached: {type(error).__name__}") from None
        return _object(response)


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = read_answer(response.content)
    except NoAnswer as fault:
        raise GraphUnreachable(f"Meta's Graph API answered {response.status_code} {fault}") from None
    error = answer.get("error")
    if isinstance(error, dict):
        code, subcode = error.get("code"), error.get("error_subcode")
        raise GraphRefused(
            code if isinstance(code, int) else 0,
            subcode if isinstance(subcode, int) else None,
            mask(str(error.get("message", ""))),
        )
    if not response.is_success:
        raise GraphUnreachable(f"Meta's Graph API answered {response.status_code} without an error object")
    return answer
