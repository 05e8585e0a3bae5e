"""The plugin in a real WordPress: nothing that the gate blocks goes live, by whichever way."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import TOKEN

ROOT = Path(__file__).parents[2]
SAMPLE = (ROOT / "samples" / "trump-poutine.fr.txt").read_text(encoding="utf-8")
BROKEN = "<!-- wp:paragraph --><p>Il y a 50 XNUMX soldats dans le pays.</p><!-- /wp:paragraph -->"
CLEAN = "<!-- wp:paragraph --><p>Il y a 50 000 soldats dans le pays.</p><!-- /wp:paragraph -->"


def blocks(text):
    paragraphs = (f"<!-- wp:paragraph -->\n<p>{line}</p>\n<!-- /wp:paragraph -->" for line in text.splitlines() if line)
    return "\n\n".join(paragraphs)


def post(site, content, status="draft", **more):
    """A new post, which must be accepted."""
    answer = site.rest("POST", "/wp/v2/posts", title="Les soldats", content=content, status=status, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def update(site, number, kind="posts", **values):
    return site.rest("POST", f"/wp/v2/{kind}/{number}", **values)


def read(site, number, kind="posts"):
    return site.client.get("/index.php", params={"rest_route": f"/wp/v2/{kind}/{number}", "context": "edit"}).json()


def notices(site):
    """What the next page of the administration says."""
    page = BeautifulSoup(site.browser.get("/wp-admin/index.php").text, "html.parser")
    return [each.get_text(" ") for each in page.select(".notice.mtqa")]


@pytest.fixture
def down(site):
    """The same site, with nobody at the address of the service."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        yield lambda **settings: site.set(url=f"http://127.0.0.1:{unused.getsockname()[1]}", **settings)


def test_the_sample_article_is_refused_repaired_and_published(site, service):
    content = blocks(SAMPLE)
    refused = site.rest("POST", "/wp/v2/posts", title="Trump appelle Poutine", content=content, status="publish")
    assert refused.status_code == 422
    answer = refused.json()
    assert answer["code"] == "mtqa_blocked"
    assert answer["message"].startswith("This page was not published. ")
    assert re.search(r"“50 XNUMX” → “50\s000”: This number lost digits", answer["message"])
    assert "<" not in answer["message"]
    assert {"field", "fingerprint", "start"} <= set(answer["data"]["findings"][0])
    assert answer["data"]["gate"] == "block" and answer["data"]["down"] is False

    document = {"html": content, "language": "fr"}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for _ in range(3):
        found = service.post("/v1/check", document, headers=headers).json()["fields"]["text"]["findings"]
        wanted = [each["fingerprint"] for each in found if each["suggestions"] and each["safety"] != "show"]
        fixed = service.post("/v1/fix", document | {"apply": wanted}, headers=headers).json()
        document["html"] = fixed["fields"]["text"]["text"]
    published = post(site, document["html"], "publish")
    assert published["status"] == "publish"
    assert "50 000 soldats" in read(site, published["id"])["content"]["raw"]


def test_a_draft_may_be_broken_until_it_is_published(site):
    draft = post(site, BROKEN)
    for status in ("publish", "future"):
        more = {"date": "2100-01-01T00:00:00"} if status == "future" else {}
        assert update(site, draft["id"], status=status, **more).status_code == 422
        assert read(site, draft["id"])["status"] == "draft"
    assert update(site, draft["id"], status="publish", content=CLEAN).json()["status"] == "publish"
