"""For every test: no settings of the machine, no network but loopback, no judgement on how fast the machine is."""

from __future__ import annotations

import ipaddress
import os
import socket

import pytest
from hypothesis import HealthCheck, settings

# On two shared cores the first example of a strategy can take seconds: that says nothing about our code.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

KEPT = {"GOVCHAT_SHARED_DATA"}  # where the real documents are, for the tests that need them


@pytest.fixture(autouse=True)
def without_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GOVCHAT_") and name not in KEPT]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def nothing_but_loopback():
    connect = socket.socket.connect

    def guarded(self: socket.socket, address) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not ipaddress.ip_address(address[0]).is_loopback:
            raise PermissionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield
