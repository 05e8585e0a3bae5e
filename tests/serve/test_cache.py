"""What is kept and what is not: answers by their requests."""

from __future__ import annotations

from qa.serve.cache import Cache
from qa.serve.worker import Job, Reply


def job(text, kind="check", query=b""):
    return Job(kind, text.encode(), query)


def test_answers_are_kept_by_all_that_they_depend_on():
    keys = {Cache.key(each) for each in (job("a"), job("b"), job("a", "fix"), job("a", "v2"), job("a", "v2", b"q"))}
    assert len(keys) == 5
    assert Cache.key(job("a")) == Cache.key(Job("check", b"a", deadline=3.0))


def test_the_answers_used_last_are_kept_within_the_bound():
    cache = Cache(800)
    for name in "abcdefgh":
        cache.put(name.encode(), Reply(200, b"x" * 100))
    assert cache.get(b"a") is not None
    cache.put(b"i", Reply(200, b"x" * 100))
    assert [name for name in "abcdefghi" if cache.get(name.encode()) is None] == ["b"]


def test_refusals_parts_and_giants_are_not_kept():
    cache = Cache(800)
    for reply in (Reply(400, b"x"), Reply(200, b"x", incomplete=True), Reply(200, b"x" * 101)):
        cache.put(b"a", reply)
        assert cache.get(b"a") is None
