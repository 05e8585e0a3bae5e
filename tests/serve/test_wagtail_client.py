"""The Wagtail app asks a server, and hears the same as from the checker in its own process."""

from __future__ import annotations

import pytest
from server import Server

from qa.integrations.wagtail.checker import CheckerDown, checker
from qa.integrations.wagtail.conf import Settings
from qa.serve.wire import CheckRequest, Content, FixRequest

FIELDS = {"title": "50 XNUMX soldats en Pologne", "body": Content(html="<p>Elle ouvre la la <b>porte</b> 🎉.</p>")}


@pytest.mark.parametrize(
    ("method", "request_"),
    [("check", CheckRequest(fields=FIELDS, language="fr")), ("fix", FixRequest(fields=FIELDS, apply="safe"))],
)
def test_the_server_answers_as_the_checker_does(method, request_, server):
    far = getattr(checker(Settings(checker=server.url)), method)(request_)
    near = getattr(checker(Settings()), method)(request_)
    assert far == near


def test_a_token_is_shown():
    with Server(QA_SERVE_TOKEN="secret") as closed:
        request = CheckRequest(text="Elle ouvre la la porte.", language="fr")
        assert checker(Settings(checker=closed.url, token="secret")).check(request).fields["text"].findings
        with pytest.raises(CheckerDown, match="does not answer"):
            checker(Settings(checker=closed.url, token="wrong")).check(request)


def test_what_takes_too_long_counts_as_down():
    with pytest.raises(CheckerDown, match=r"not finished after 1e-09 seconds"):
        checker(Settings(timeout=1e-9)).check(CheckRequest(text="Elle ouvre la la porte.", language="fr"))
