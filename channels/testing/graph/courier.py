"""How Messenger delivers webhooks. Source: reference/messenger.md sections 3 to 5, read 2026-11-29."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from channels.testing.delivery import Parcel, Sent
from channels.testing.graph.world import MetaApp
from channels.testing.signing import messenger_json, sign_messenger

GAPS_S = (0.0, 10.0, 30.0, 60.0, 120.0, 240.0, 480.0, 600.0)
"""Seconds between attempts: at once, then growing; the last of them again and again. No exact figures are known."""

DISABLED_AFTER = timedelta(hours=1)
"""After so long without one success the app is unsubscribed from the Page."""


@dataclass(slots=True)
class MessengerCourier:
    """Several events a request where `batch` allows it, cut otherwise when they are sent again."""

    apps: Mapping[str, MetaApp]
    batch: int = 1  # the platform's own figure is 1,000
    deadline_s: float = 5.0

    def cut(self, parcels: Sequence[Parcel]) -> list[list[Parcel]]:
        """See `Courier.cut`."""
        size = self.batch
        if any(parcel.tries for parcel in parcels):
            size = max(1, self.batch - 1 - self.batch // 2)
        return [list(parcels[start : start + size]) for start in range(0, len(parcels), size)]

    def pack(self, parcels: Sequence[Parcel]) -> Sent:
        """See `Courier.pack`: neighbours of one Page and one kind share an entry."""
        entries = []
        for (page_id, kind), group in groupby(parcels, key=_entry_of):
            events = [parcel.event for parcel in group]
            items: list[Any] = [event["item"] for event in events]
            entries.append({"id": page_id, "time": max(event["time"] for event in events), kind: items})
        body = messenger_json({"object": "page", "entry": entries})
        return body, sign_messenger(body, app_secret=self.apps[parcels[0].app_id].secret)

    def next_try(self, parcel: Parcel, *, tried_at: datetime, failing_since: datetime) -> datetime | None:
        """See `Courier.next_try`."""
        if tried_at - failing_since >= DISABLED_AFTER:
            return None
        return tried_at + timedelta(seconds=GAPS_S[min(parcel.tries, len(GAPS_S)) - 1])


def _entry_of(parcel: Parcel) -> tuple[str, str]:
    return parcel.account, str(parcel.event["kind"])
