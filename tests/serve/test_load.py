"""The load test's own client: what it counts, and that every article is another."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path

import pytest

from qa.devtools import load

DATA = Path(__file__).parents[3] / "shared" / "data"


def stream(target, path=None):
    target = load.Target(target.port, path or "/v1/check", "application/json")
    return (target.request(f"Il y a {number} XNUMX soldats.") for number in itertools.count(10))


def test_clients_count_what_is_answered_and_what_is_not(server):
    good = asyncio.run(load.at_most(server.port, stream(server), seconds=0.5, clients=2))
    assert (good.errors, len(good.times) > 2, good.rate > 4) == (0, True, True)
    assert 0 < good.quantile(0.5) <= good.quantile(0.99) <= max(good.times)
    bad = asyncio.run(load.at_most(server.port, stream(server, "/v1/nothing"), seconds=0.2, clients=1))
    assert bad.errors == len(bad.times) > 0
    asyncio.run(load.counted(server.port, stream(server), 5))


def test_requests_at_a_rate_do_not_wait_for_each_other(server):
    figures = asyncio.run(load.at_rate(server.port, stream(server), seconds=0.5, rate=20))
    assert (len(figures.times), figures.errors) == (10, 0)


def test_memory_and_processor_time_include_the_workers(server):
    assert load.memory(server.process.pid) > 40
    assert load.processor(server.process.pid) > 0.1


@pytest.mark.skipif(not DATA.is_dir(), reason="the corpora are not there")
def test_no_two_articles_are_equal():
    some = list(itertools.islice(load.articles(DATA, 600), 20))
    assert len(set(some)) == 20
    assert {len(each.split()) for each in some} == {600}
    assert some == list(itertools.islice(load.articles(DATA, 600), 20))
