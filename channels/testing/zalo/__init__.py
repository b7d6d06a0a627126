"""The fake Zalo: several Official Accounts and apps, their people, the OpenAPI and the OAuth host."""

from __future__ import annotations

from channels.testing.zalo.people import ZaloOfficer, ZaloPhone
from channels.testing.zalo.platform import FakeZalo
from channels.testing.zalo.tokens import Grant
from channels.testing.zalo.world import OfficialAccount, ZaloApp, ZaloUser

__all__ = ["FakeZalo", "Grant", "OfficialAccount", "ZaloApp", "ZaloOfficer", "ZaloPhone", "ZaloUser"]
