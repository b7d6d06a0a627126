"""The fake Graph API: several Pages and apps, their people, and the Messenger Platform's calls."""

from __future__ import annotations

from channels.testing.graph.people import MessengerOfficer, MessengerPhone
from channels.testing.graph.platform import FakeGraph
from channels.testing.graph.world import INBOX_APP_ID, FacebookPage, MetaApp, PageToken, PageUser

__all__ = [
    "INBOX_APP_ID",
    "FacebookPage",
    "FakeGraph",
    "MessengerOfficer",
    "MessengerPhone",
    "MetaApp",
    "PageToken",
    "PageUser",
]
