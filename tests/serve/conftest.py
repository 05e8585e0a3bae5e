"""One server for all tests that do not break theirs."""

from __future__ import annotations

import pytest
from server import Server


@pytest.fixture(scope="session")
def server():
    with Server("--workers", "1") as running:
        yield running
    assert running.status == 0
