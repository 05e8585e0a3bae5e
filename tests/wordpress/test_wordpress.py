"""The plugin in a real WordPress: nothing that the gate blocks goes live, by whichever way."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import httpx
import pytest
from bs4 import BeautifulSoup
from wordpress_site import SECRET, TOKEN

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
    text = read(site, published["id"])["content"]["raw"]
    assert re.search(r"50\s000 soldats", text) and "XNUMX" not in text


def test_a_draft_may_be_broken_until_it_is_published(site):
    draft = post(site, BROKEN)
    for status in ("publish", "future"):
        more = {"date": "2100-01-01T00:00:00"} if status == "future" else {}
        assert update(site, draft["id"], status=status, **more).status_code == 422
        assert read(site, draft["id"])["status"] == "draft"
    assert update(site, draft["id"], status="publish", content=CLEAN).json()["status"] == "publish"


def test_an_ignored_finding_lets_that_post_pass_and_no_other(site):
    draft, other = post(site, BROKEN), post(site, BROKEN)
    own = f"/mtqa/v1/posts/{draft['id']}"
    (finding,) = site.rest("POST", f"{own}/check", title="Les soldats", content=BROKEN).json()["findings"]
    assert finding["text"] == "50 XNUMX"
    ignored = site.rest("POST", f"{own}/ignored", fingerprint=finding["fingerprint"])
    assert ignored.json() == {"ignored": [finding["fingerprint"]]}

    assert update(site, other["id"], status="publish").status_code == 422
    moved = BROKEN.replace("<p>", "<p>Voici ce que disent les journaux de la capitale. ")
    assert update(site, draft["id"], status="publish", content=moved).json()["status"] == "publish"

    again = site.rest("POST", f"{own}/ignored", fingerprint=finding["fingerprint"], ignored=False)
    assert again.json() == {"ignored": []}
    assert update(site, draft["id"], title="Encore les soldats").status_code == 422


def test_the_texts_as_typed_are_checked_and_repaired_for_the_editor(site):
    draft = post(site, CLEAN)
    path = f"/mtqa/v1/posts/{draft['id']}"
    found = site.rest(
        "POST", f"{path}/check", title="Les soldats", content=BROKEN, excerpt="Les 20 XNUMX soldats"
    ).json()
    assert (found["gate"], found["locked"]) == ("block", True)
    assert [(each["field"], each["text"]) for each in found["findings"]] == [
        ("content", "50 XNUMX"),
        ("excerpt", "20 XNUMX"),
    ]
    fixed = site.rest("POST", f"{path}/fix", title="Les soldats", content=BROKEN, excerpt="", apply="safe").json()
    assert list(fixed["texts"]) == ["content"]
    assert re.sub(r"(\d)[\u00a0\u202f](\d)", r"\1 \2", fixed["texts"]["content"]) == CLEAN
    # It is for who may edit the post.
    for what in ("check", "fix", "ignored"):
        request = {"rest_route": f"{path}/{what}"}
        body = {"fingerprint": "a", "apply": "safe"}
        assert httpx.post(f"{site.url}/index.php", params=request, json=body, trust_env=False).status_code == 401


def test_a_text_without_blocks_is_read_as_it_is_shown(site):
    path = f"/mtqa/v1/posts/{post(site, CLEAN)['id']}/check"
    sentence = "Elle regarde la porte qui est ouverte depuis ce matin."
    marks = '[gallery ids="12,13"]\n\n[caption id="attachment_6" width="300"]Une maison[/caption]\n\n<!--more-->'

    def told(text):
        return [each["text"] for each in site.rest("POST", path, content=text).json()["findings"]]

    assert told(sentence.replace("la porte", "la\n\nla porte")) == []  # two paragraphs
    assert told(sentence.replace("la porte", "la\nla porte")) == []  # a line break
    assert told(f"{marks}\n\n{sentence}") == []
    assert told(sentence.replace("la porte", "la la porte")) == ["la la"]


def test_a_live_post_changes_only_to_what_may_be_published(site):
    number = post(site, CLEAN, "publish")["id"]
    assert update(site, number, content=BROKEN).status_code == 422
    assert read(site, number)["content"]["raw"] == CLEAN
    # What WordPress saves by itself while somebody types does not go live.
    kept = site.rest("POST", f"/wp/v2/posts/{number}/autosaves", content=BROKEN)
    assert kept.status_code == 200 and read(site, number)["content"]["raw"] == CLEAN


def test_what_was_live_before_the_plugin_came_can_be_filed_elsewhere(site):
    number = post(site, BROKEN)["id"]
    site.php(f"global $wpdb; $wpdb->update($wpdb->posts, ['post_status' => 'publish'], ['ID' => {number}]);")
    assert update(site, number, slug="ailleurs").json()["slug"] == "ailleurs"
    assert update(site, number, title="Des soldats").status_code == 422


@pytest.mark.parametrize(
    ("settings", "accepted"),
    [
        ({"token": TOKEN}, True),
        ({"secret": SECRET}, True),
        ({"token": "another"}, False),
        ({"secret": "another"}, False),
        ({}, False),
    ],
)
def test_the_service_knows_who_asks(site, service, settings, accepted):
    site.set(url=service.url, **settings)
    for _ in range(2):  # a signature is good once
        answer = site.rest("POST", "/wp/v2/posts", title="Les soldats", content=CLEAN, status="publish")
        assert answer.status_code == (201 if accepted else 422), answer.text
        assert accepted or answer.json()["data"]["down"]


def test_without_an_answer_the_site_decides(site, down):
    down()
    refused = site.rest("POST", "/wp/v2/posts", title="Les soldats", content=CLEAN, status="publish")
    assert refused.status_code == 422
    assert "The text could not be checked: the checker gave no answer" in refused.json()["message"]
    assert refused.json()["data"]["down"] is True
    down(on_failure="allow")
    assert post(site, CLEAN, "publish")["status"] == "publish"


def test_an_answer_that_takes_too_long_is_none(site):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, and says nothing
        site.set(url=f"http://127.0.0.1:{silent.getsockname()[1]}", timeout="0.5")
        refused = site.rest("POST", "/wp/v2/posts", title="Les soldats", content=CLEAN, status="publish")
    assert refused.status_code == 422 and refused.json()["data"]["down"] is True


def submit(site, number, **values):
    """Press a button of the classic editor, which pages have here."""
    form = site.form(f"/wp-admin/post.php?post={number}&action=edit", "post.php")
    return site.browser.post("/wp-admin/post.php", data=form | values)


def test_the_classic_editor_keeps_a_refused_page_as_a_draft_and_says_why(site):
    number = site.rest("POST", "/wp/v2/pages", title="« Les » soldats", content=CLEAN).json()["id"]
    text = r"<p>Il y a 50 XNUMX soldats dans « C:\\l\'armée ».</p>"
    page = submit(site, number, content=text, publish="Publish")
    saved = read(site, number, "pages")
    assert (saved["status"], saved["content"]["raw"]) == ("draft", text)
    assert "“50 XNUMX” → “50\N{NARROW NO-BREAK SPACE}000”" in page.text
    assert "Page published" not in page.text
    assert notices(site) == []

    assert submit(site, number, content="<p>Il y a 50 000 soldats.</p>", publish="Publish").status_code == 200
    assert read(site, number, "pages")["status"] == "publish"


def test_the_classic_editor_keeps_a_refused_change_of_a_live_page_as_its_autosave(site):
    number = site.rest("POST", "/wp/v2/pages", title="Soldats", content=CLEAN, status="publish").json()["id"]
    # WordPress offers an autosave that is younger than the page, by the second.
    old = "['post_modified_gmt' => '2020-01-01 00:00:00']"
    site.php(f"global $wpdb; $wpdb->update($wpdb->posts, {old}, ['ID' => {number}]);")
    before = read(site, number, "pages")
    page = submit(site, number, content=BROKEN, save="Update")
    after = read(site, number, "pages")
    assert (after["status"], after["content"]["raw"], after["modified"]) == ("publish", CLEAN, before["modified"])
    assert "was not published" in page.text and "Page updated" not in page.text
    assert "There is an autosave of this post that is more recent" in page.text
    kept = site.client.get("/index.php", params={"rest_route": f"/wp/v2/pages/{number}/autosaves", "context": "edit"})
    assert [each["content"]["raw"] for each in kept.json()] == [BROKEN]


def test_bulk_edit_publishes_what_is_not_blocked(site):
    broken, clean = post(site, BROKEN)["id"], post(site, CLEAN)["id"]
    table = BeautifulSoup(site.browser.get("/wp-admin/edit.php").text, "html.parser")
    values = {"action": "edit", "bulk_edit": "Update", "post_type": "post", "post[]": [broken, clean]}
    values |= {"_wpnonce": table.select_one("#posts-filter #_wpnonce")["value"], "_status": "publish"}
    values |= {"post_author": "-1", "comment_status": "", "ping_status": "", "sticky": "-1", "post_format": "-1"}
    assert site.browser.get("/wp-admin/edit.php", params=values).status_code == 200
    assert (read(site, broken)["status"], read(site, clean)["status"]) == ("draft", "publish")


def test_quick_edit_publishes_nothing_that_is_blocked(site):
    number = post(site, BROKEN)["id"]
    table = BeautifulSoup(site.browser.get("/wp-admin/edit.php").text, "html.parser")
    values = {
        "action": "inline-save",
        "post_type": "post",
        "post_ID": number,
        "post_title": "Soldats",
        "screen": "edit-post",
    }
    values |= {"_inline_edit": table.select_one("#_inline_edit")["value"], "_status": "publish", "edit_date": "false"}
    assert site.browser.post("/wp-admin/admin-ajax.php", data=values).status_code == 200
    assert read(site, number)["status"] == "draft"
    (notice,) = notices(site)
    assert "“Soldats” was not published." in notice and "XNUMX" in notice
    assert notices(site) == []


def test_a_program_gets_a_draft_too(site):
    code = (
        "$id = wp_insert_post(['post_title' => 'Soldats', 'post_author' => 1, 'post_status' => 'publish',"
        f"'post_content' => '{BROKEN}']); echo get_post_status($id);"
    )
    assert site.php(code) == "draft"
    assert site.php(code.replace(BROKEN, CLEAN)) == "publish"
    number = post(site, BROKEN, "pending")["id"]  # which waits for a reviewer still
    change = f"wp_update_post(['ID' => {number}, 'post_status' => 'publish']); echo get_post_status({number});"
    assert site.php(change) == "pending"
    assert len(notices(site)) == 2


def fall_due(site, number):
    """Let the moment come that a scheduled post waits for; its status then."""
    site.php(
        f"global $wpdb; $wpdb->update($wpdb->posts, ['post_date' => '2020-01-01 00:00:00',"
        f"'post_date_gmt' => '2020-01-01 00:00:00'], ['ID' => {number}]);"
        f"wp_clear_scheduled_hook('publish_future_post', [{number}]);"
        f"wp_schedule_single_event(time() - 1, 'publish_future_post', [{number}]);"
    )
    assert site.client.get("/wp-cron.php").status_code == 200
    return site.php(f"echo get_post_status({number});")


def test_a_scheduled_post_is_checked_when_its_time_has_come(site, service, down):
    later = {"status": "future", "date": "2100-01-01T00:00:00"}
    assert fall_due(site, post(site, CLEAN, **later)["id"]) == "publish"

    down(on_failure="allow")  # so that a broken one can be scheduled at all
    number = post(site, BROKEN, **later)["id"]
    down(on_failure="block")
    assert fall_due(site, number) == "future"
    assert int(site.php(f"echo wp_next_scheduled('publish_future_post', [{number}]) - time();")) > 200

    site.set(url=service.url, token=TOKEN)
    assert fall_due(site, number) == "draft"
    assert read(site, number)["content"]["raw"] == BROKEN
    assert "“50 XNUMX”" in notices(site)[-1]


def test_the_settings_show_no_secret_of_the_configuration(site):
    configuration = site.pages / "wp-config.php"
    before = configuration.read_text(encoding="utf-8")
    site.set(url="http://127.0.0.1:1", token="wrong")
    try:
        configuration.write_text(
            before.replace("<?php", f"<?php define('MTQA_TOKEN', '{TOKEN}-x');", 1), encoding="utf-8"
        )
        page = site.browser.get("/wp-admin/options-general.php?page=mtqa").text
    finally:
        configuration.write_text(before, encoding="utf-8")
    assert "MTQA_TOKEN in wp-config.php" in page and TOKEN not in page
