"""One WordPress and one service for all tests of the plugin."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from wordpress_site import SECRET, TOKEN, Site, missing

sys.path.insert(0, str(Path(__file__).parents[1] / "serve"))
from server import Server


def pytest_collection_modifyitems(items):
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in here:
        item.add_marker(pytest.mark.wordpress)
        if missing() and not os.environ.get("CI"):
            item.add_marker(pytest.mark.skip(reason=f"`{missing()}` is not installed"))


@pytest.fixture(scope="session")
def service():
    with Server("--workers", "1", QA_SERVE_TOKEN=TOKEN, QA_SERVE_SECRET=SECRET) as running:
        yield running


@pytest.fixture(scope="session")
def wordpress():
    with Site() as site:
        yield site
        # What PHP has to say against the plugin; that the service did not answer is what tests are about.
        said = [line for line in site.logs().splitlines() if "PHP " in line and "plugins/mtqa" in line]
        assert said == []


@pytest.fixture
def site(wordpress, service):
    """A site whose settings are those of the running service."""
    wordpress.set(url=service.url, token=TOKEN)
    return wordpress
