"""How Zalo delivers a webhook. Source: reference/zalo-oa.md sections 3 and 4, read 2026-11-29."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.testing.delivery import Parcel, Sent
from channels.testing.signing import sign_zalo, zalo_json
from channels.testing.zalo.world import ZaloApp

RETRIES_AFTER_S = (30.0, 300.0, 900.0, 1_800.0, 3_600.0)
"""Seconds after the first attempt; after the last of them the app is unsubscribed. Whether they are counted from the
first attempt or from the one before is not said: the shorter ladder is the harder one."""


@dataclass(frozen=True, slots=True)
class ZaloCourier:
    """One event a request, an answer within two seconds, five retries with their number in a header."""

    apps: Mapping[str, ZaloApp]
    deadline_s: float = 2.0

    def cut(self, parcels: Sequence[Parcel]) -> list[list[Parcel]]:
        """See `Courier.cut`."""
        return [[parcel] for parcel in parcels]

    def pack(self, parcels: Sequence[Parcel]) -> Sent:
        """See `Courier.pack`."""
        [parcel] = parcels
        body = zalo_json(parcel.event)
        headers = sign_zalo(body, app_id=parcel.app_id, secret_key=self.apps[parcel.app_id].oa_secret_key)
        if parcel.tries:
            headers["num_retry"] = str(parcel.tries)
        return body, headers

    def next_try(self, parcel: Parcel, *, tried_at: datetime, failing_since: datetime) -> datetime | None:  # noqa: ARG002
        """See `Courier.next_try`."""
        if parcel.tries > len(RETRIES_AFTER_S):
            return None
        return (parcel.first_tried_at or tried_at) + timedelta(seconds=RETRIES_AFTER_S[parcel.tries - 1])
