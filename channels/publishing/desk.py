"""Answers POST /api/v1/documents and GET /api/v1/documents/<id>."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from sanic import HTTPResponse, Request

from channels.errors import BadRequest, StoreUnavailable
from channels.metrics import GatewayMetrics
from channels.ports import Clock
from channels.publishing.parse import parse
from channels.publishing.publishers import Publishers
from channels.publishing.spool import Spool
from channels.responses import error_answer, json_answer


class PublishingDesk:
    """Takes announcements of publishers with a key; they are on disk before the 202."""

    def __init__(self, *, publishers: Publishers, spool: Spool, clock: Clock, metrics: GatewayMetrics) -> None:
        self._publishers = publishers
        self._spool = spool
        self._clock = clock
        self._metrics = metrics

    @property
    def missing(self) -> tuple[str, ...]:
        """Settings without which nobody can publish; empty when somebody can."""
        return () if self._publishers else ("GOVCHAT_PUBLISHERS_FILE",)

    async def announce(self, request: Request) -> HTTPResponse:
        """Store one announcement: 202 with its id, or an error object with the status that openapi.json gives it."""
        response = await self._announce(request)
        self._metrics.announcements.labels(str(response.status)).inc()
        return response

    async def state(self, request: Request, announcement_id: str) -> HTTPResponse:
        """Tell a publisher what became of its announcement."""
        try:
            publisher = self._publishers.identify(request.headers.get("authorization"))
        except BadRequest as error:
            return error_answer(error.http_status, error.code, str(error))
        found = await asyncio.to_thread(self._spool.state, announcement_id, publisher=publisher)
        if found is None:
            return error_answer(404, "not_found", "you have announced nothing under this id")
        return json_answer(found)

    async def _announce(self, request: Request) -> HTTPResponse:
        try:
            publisher = self._publishers.identify(request.headers.get("authorization"))
            announcement = parse(request.body)
        except BadRequest as error:
            return error_answer(error.http_status, error.code, str(error))
        if await asyncio.to_thread(self._spool.is_full):
            return error_answer(429, "too_many_pending", "too many announcements wait; send it again later")
        announcement_id = uuid4().hex
        try:
            await asyncio.to_thread(
                self._spool.put,
                {"publisher": publisher, **announcement},
                announcement_id=announcement_id,
                received_at=self._clock.now(),
            )
        except StoreUnavailable:
            return error_answer(503, "store_unavailable", "the announcement could not be stored, please send it again")
        return json_answer(
            {"id": announcement_id, "state": "accepted", "status_url": f"/api/v1/documents/{announcement_id}"},
            status=202,
        )
