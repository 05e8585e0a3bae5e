"""The Wagtail app, on every way by which a page is published."""

from __future__ import annotations

import io
import json
import os
from datetime import timedelta

import django
import pytest

GOOD = "<p>Elle ouvre la porte et sort sans un mot de la maison de son frère.</p>"
BAD = "<p>Il y a 50 XNUMX soldats dans la ville, et ils ne savent pas encore où aller.</p>"
DOUBTFUL = "<p>Elle ouvre la la porte et sort sans un mot de la maison de son frère.</p>"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The project, set up once in this process."""
    os.environ["QA_SITE_FOLDER"] = str(tmp_path_factory.mktemp("site"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.wagtail_site.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment()
    call_command("migrate", run_syncdb=True, verbosity=0)
    from tests.wagtail_site.populate import populate

    yield populate()
    teardown_test_environment()
    connection.close()


@pytest.fixture(autouse=True)
def home(site):
    """The home page, in a database that is put back afterwards."""
    from django.db import transaction
    from wagtail.models import Page

    with transaction.atomic():
        yield Page.objects.get(slug="home")
        transaction.set_rollback(True)


@pytest.fixture
def settings():
    """Settings of the site, by keyword."""
    from django.test import override_settings

    changed = []

    def change(**values):
        changed.append(override_settings(QA_WAGTAIL=values))
        changed[-1].enable()

    yield change
    for each in reversed(changed):
        each.disable()


@pytest.fixture
def client():
    return client_of("admin")


def client_of(name):
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get(username=name))
    return client


def draft(home, body, quotations=(), **fields):
    """A page that nobody has published yet."""
    from tests.wagtail_site.articles.models import ArticlePage, Quotation

    page = ArticlePage(title="Le titre de la page", body=body, live=False, **fields)
    page.quotations = [Quotation(text=text, link="https://example.org/la-la") for text in quotations]
    home.add_child(instance=page)
    page.save_revision()
    return type(page).objects.get(pk=page.pk)


def is_live(page):
    return type(page).objects.get(pk=page.pk).live


def form(page, **values):
    """What the browser sends for a page as it is."""
    fields = {
        "title": page.title,
        "slug": page.slug or "page",
        "intro": page.intro,
        "seo_title": "",
        "comments-TOTAL_FORMS": 0,
    }
    fields |= {f"quotations-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    fields |= {"search_description": "", "body": rich(page.body), "content-count": 0, "comments-INITIAL_FORMS": 0}
    return fields | values


def rich(html):
    from wagtail.test.utils.form_data import rich_text

    return rich_text(html)


def told(answer):
    """What the next page says at its top."""
    from django.contrib.messages import get_messages

    return " ".join(str(each) for each in get_messages(answer.wsgi_request))


# Ways to publish.  Each takes the page and gives nothing; a refusal is an exception or an answer.


def by_the_editor(page, client):
    return client.post(f"/admin/pages/{page.pk}/edit/", form(page, **{"action-publish": "yes"}))


def by_approval(page, client):
    from django.contrib.auth import get_user_model

    page.get_workflow().start(page, get_user_model().objects.get(username="editor"))
    values = {"action-workflow-action": "yes", "workflow-action-name": "approve"}
    return client.post(f"/admin/pages/{page.pk}/edit/", form(page, **values))


def by_approval_from_the_list(page, client):
    from django.contrib.auth import get_user_model

    state = page.get_workflow().start(page, get_user_model().objects.get(username="editor"))
    return client.post(
        f"/admin/pages/workflow/action/{page.pk}/approve/{state.current_task_state.pk}/", {"comment": ""}
    )


def by_bulk_action(page, client):
    return client.post(
        f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}&next=/admin/", {"include_descendants": "on"}
    )


def by_bulk_action_on_the_parent(page, client):
    parent = page.get_parent()
    return client.post(
        f"/admin/bulk/wagtailcore/page/publish/?id={parent.pk}&next=/admin/", {"include_descendants": "on"}
    )


def by_schedule(page, client):
    from django.core.management import call_command
    from django.utils import timezone

    revision = page.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.save()
    call_command("publish_scheduled", stdout=io.StringIO())


def by_the_api(page, client):
    return client.post(f"/admin/api/main/pages/{page.pk}/action/publish/")


def by_a_program(page, client):
    page.get_latest_revision().publish()


def by_the_action(page, client):
    from wagtail.actions.publish_page_revision import PublishPageRevisionAction

    PublishPageRevisionAction(page.get_latest_revision()).execute()


WAYS = [
    by_the_editor,
    by_approval,
    by_approval_from_the_list,
    by_bulk_action,
    by_bulk_action_on_the_parent,
    by_schedule,
    by_the_api,
    by_a_program,
    by_the_action,
]


def attempt(way, page, client):
    """Publish in one way; gives what came of it, an answer or an exception."""
    from django.db import transaction

    try:
        with transaction.atomic():
            return way(page, client)
    except Exception as error:
        return error


@pytest.mark.parametrize("way", WAYS)
def test_a_good_page_is_published(way, home, client):
    page = draft(home, GOOD)
    answer = attempt(way, page, client)
    assert not isinstance(answer, Exception), answer
    assert is_live(page)


@pytest.mark.parametrize("way", WAYS)
def test_a_broken_page_is_not(way, home, client):
    page = draft(home, BAD)
    answer = attempt(way, page, client)
    assert not is_live(page)
    if isinstance(answer, Exception):
        assert "1 finding of severity critical." in str(answer)
    elif way is by_the_api:
        assert answer.status_code == 400
        assert "1 finding of severity critical." in answer.json()["__all__"]
    elif answer is not None:
        assert answer.status_code == 302
        assert "was not published. 1 finding of severity critical." in told(answer)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("failure", "live"), [("block", False), ("allow", True)])
def test_when_the_checker_is_down_the_site_decides(way, failure, live, home, client, settings):
    # Port 9 of this machine: nobody listens there.
    settings(CHECKER="http://127.0.0.1:9", TIMEOUT=2, ON_FAILURE=failure)
    page = draft(home, GOOD)
    attempt(way, page, client)
    assert is_live(page) == live


def test_of_several_pages_all_are_published_or_none(home, client):
    good, bad = draft(home, GOOD), draft(home, BAD)
    answer = client.post(f"/admin/bulk/wagtailcore/page/publish/?id={good.pk}&id={bad.pk}&next=/admin/", {})
    assert answer.url == "/admin/"
    assert told(answer).count("was not published") == 1
    assert not is_live(good)
    assert not is_live(bad)


def test_a_deep_block_is_no_reason_to_refuse(home, client):
    points = [{"type": "item", "id": "x" * 250, "value": "Il y a trois mots."}]
    box = {"heading": "Un", "points": points, "style": ""}
    page = draft(home, GOOD, content=json.dumps([{"type": "box", "id": "b", "value": box}]))
    assert attempt(by_a_program, page, client) is None
    assert is_live(page)


def test_a_doubtful_page_is_published_with_a_warning(home, client, settings):
    settings(CONFIG={"gate": {"block-score": 0, "confidence": 0}})
    page = draft(home, DOUBTFUL)
    answer = by_the_editor(page, client)
    assert is_live(page)
    assert "Please look at “Le titre de la page” again. 1 finding of severity minor or worse." in told(answer)


def test_the_policy_is_the_sites(home, client, settings):
    settings(CONFIG={"gate": {"block-categories": ["repeated-word"], "confidence": 0}})
    page = draft(home, DOUBTFUL)
    by_the_editor(page, client)
    assert not is_live(page)


def test_a_refused_page_is_a_saved_draft(home, client):
    page = draft(home, GOOD)
    by_the_editor(page, client)
    page.body = BAD
    by_the_editor(page, client)
    published = type(page).objects.get(pk=page.pk)
    assert published.live
    assert "XNUMX" not in published.body
    assert "XNUMX" in published.get_latest_revision_as_object().body


def test_a_new_page_that_is_refused_does_not_stay_in_the_open(home, client):
    from tests.wagtail_site.articles.models import ArticlePage

    page = ArticlePage(title="Le titre", slug="nouveau", body=BAD)
    answer = client.post(f"/admin/pages/add/articles/articlepage/{home.pk}/", form(page, **{"action-publish": "yes"}))
    page = ArticlePage.objects.get(slug="nouveau")
    assert answer.url == f"/admin/pages/{page.pk}/edit/"
    assert not page.live


def test_a_refusal_does_not_hold_up_what_is_scheduled_later(home, client):
    bad, good = draft(home, BAD), draft(home, GOOD)
    by_schedule(bad, client)
    assert bad.get_latest_revision().approved_go_live_at is not None
    by_schedule(good, client)
    assert is_live(good)
    assert not is_live(bad)


def test_a_refused_approval_stays_open(home, client):
    page = draft(home, BAD)
    attempt(by_approval, page, client)
    assert page.current_workflow_state.status == "in_progress"


def test_scheduling_asks_as_publishing_does(home, client):
    from django.utils import timezone

    page = draft(home, BAD, go_live_at=timezone.now() + timedelta(days=1))
    assert isinstance(attempt(by_a_program, page, client), Exception)
    assert page.get_latest_revision().approved_go_live_at is None


def test_who_may_not_publish_is_told_nothing_else(home):
    from django.contrib.auth import get_user_model
    from wagtail.actions.publish_page_revision import PublishPagePermissionError

    page = draft(home, BAD)
    with pytest.raises(PublishPagePermissionError):
        page.get_latest_revision().publish(user=get_user_model().objects.get(username="editor"))


def test_a_snippet_is_refused_too(client):
    from tests.wagtail_site.articles.models import Notice

    notice = Notice.objects.create(text="Il y a 50 XNUMX soldats dans la ville ce soir.", live=False)
    answer = client.post(
        f"/admin/snippets/articles/notice/edit/{notice.pk}/", {"text": notice.text, "action-publish": "yes"}
    )
    assert answer.status_code == 302
    assert "was not published" in told(answer)
    assert not Notice.objects.get(pk=notice.pk).live


STREAM = [
    {"type": "text", "value": BAD, "id": "a"},
    {
        "type": "box",
        "id": "b",
        "value": {
            "heading": "50 XNUMX mots",
            "points": [{"type": "item", "id": "p", "value": "Il y a 30 XNUMX mots."}],
            "style": "la la",
        },
    },
    {"type": "section", "id": "c", "value": [{"type": "text", "id": "d", "value": "<p>20 XNUMX mots.</p>"}]},
    {"type": "html", "id": "e", "value": "<b>10 XNUMX mots.</b>"},
]


def test_what_is_read_of_a_page(home):
    from qa.integrations.wagtail.content import Passage, passages

    page = draft(home, GOOD, ["<p>5 XNUMX mots.</p>"], content=json.dumps(STREAM), kind="la la")
    page.wagtail_admin_comments.create(user_id=1, text="C'est la la page.", contentpath="body")
    page = page.get_latest_revision_as_object()
    assert passages(page) == [
        Passage("title", "text", "Le titre de la page"),
        Passage("body", "html", GOOD),
        Passage("content.a", "html", BAD),
        Passage("content.b.heading", "text", "50 XNUMX mots"),
        Passage("content.b.points.p", "text", "Il y a 30 XNUMX mots."),
        Passage("content.c.d", "html", "<p>20 XNUMX mots.</p>"),
        Passage("content.e", "html", "<b>10 XNUMX mots.</b>"),
        Passage("quotations.0.text", "html", "<p>5 XNUMX mots.</p>"),
    ]
    without = passages(page, ["articles.articlepage.content", "articles.quotation"])
    assert [each.path for each in without] == ["title", "body"]
    assert passages(page, ["articles.articlepage"]) == []


def test_a_text_is_put_back_where_it_was(home):
    from qa.integrations.wagtail.content import passages, put

    page = draft(home, GOOD, ["<p>5 XNUMX mots.</p>"], content=json.dumps(STREAM)).get_latest_revision_as_object()
    before = page.serializable_data()
    put(page, {})
    assert page.serializable_data() == before
    texts = {each.path: each.text.replace("XNUMX", "000") for each in passages(page)}
    put(page, texts)
    assert page.serializable_data()["content"] == before["content"].replace("XNUMX", "000")
    assert {each.path: each.text for each in passages(page)} == texts
    assert page.serializable_data()["quotations"][0]["text"] == "<p>5 000 mots.</p>"


def findings(page, client):
    answer = client.get(f"/admin/qa/pages/{page.pk}/findings/")
    assert answer.status_code == 200
    return answer.json()


def send(page, client, path, **body):
    address = f"/admin/qa/pages/{page.pk}/findings/{path}/"
    return client.post(address, json.dumps(body), content_type="application/json")


def test_the_editor_is_shown_what_a_reader_sees(home, client):
    page = draft(home, '<p data-block-key="x">Voici <b>50 XNUMX</b> soldats &amp; leurs chefs.</p>')
    report = findings(page, client)
    assert report["gate"] == "block"
    (field,) = report["fields"]
    assert field["path"] == "body"
    (finding,) = field["findings"]
    assert finding["excerpt"] == [" Voici ", "50 XNUMX", " soldats & leurs chefs. "]
    assert finding["suggestions"] == ["50\u202f000"]


def test_a_repair_is_a_new_draft(home, client):
    page = draft(home, GOOD, content=json.dumps(STREAM))
    report = findings(page, client)
    chosen = [
        each["fingerprint"] for field in report["fields"] for each in field["findings"] if "points" in field["path"]
    ]
    answer = send(page, client, "repair", revision=report["revision"], apply=chosen)
    assert answer.json() == {"repaired": 1, "refused": []}
    after = type(page).objects.get(pk=page.pk)
    assert after.latest_revision_id != report["revision"]
    content = after.get_latest_revision_as_object().serializable_data()["content"]
    assert "Il y a 30\u202f000 mots." in json.loads(content)[1]["value"]["points"][0]["value"]
    assert content.count("XNUMX") == 4
    assert send(page, client, "repair", revision=report["revision"], apply="safe").status_code == 409
    send(page, client, "repair", revision=after.latest_revision_id, apply="safe")
    assert findings(page, client)["gate"] == "pass"
    by_a_program(type(page).objects.get(pk=page.pk), client)
    assert is_live(page)


def test_what_is_ignored_stays_ignored(home, client):
    page = draft(home, BAD)
    (field,) = findings(page, client)["fields"]
    (finding,) = field["findings"]
    send(page, client, "ignore", fingerprint=finding["fingerprint"], ignored=True, text="50 XNUMX")
    page.body = GOOD + BAD
    page.save_revision()
    report = findings(page, client)
    assert report["gate"] == "pass"
    assert [each["fingerprint"] for each in report["fields"][0]["ignored"]] == [finding["fingerprint"]]
    by_the_editor(page, client)
    assert is_live(page)
    send(page, client, "ignore", fingerprint=finding["fingerprint"], ignored=False)
    assert findings(page, client)["gate"] == "block"


def test_only_who_may_edit_a_page_may_ask(home, client):
    from django.contrib.auth.models import Group

    page = draft(home, BAD)
    editor = client_of("editor")
    assert findings(page, editor)["gate"] == "block"
    Group.objects.get(name="Editors").page_permissions.all().delete()
    page.locked = True
    page.save()
    for answer in (
        editor.get(f"/admin/qa/pages/{page.pk}/findings/"),
        send(page, editor, "repair", revision=1, apply="safe"),
        send(page, editor, "ignore", fingerprint="x", ignored=True),
        send(page, client, "ignore", fingerprint="x", ignored=True),
    ):
        assert answer.status_code in (302, 403)


@pytest.mark.parametrize("body", ["", "{", '{"revision": "x"}', '{"revision": 1, "apply": "all"}', "\ud800"])
def test_nonsense_is_refused(body, home, client):
    page = draft(home, GOOD)
    for path in ("repair", "ignore"):
        address = f"/admin/qa/pages/{page.pk}/findings/{path}/"
        answer = client.post(address, body.encode("utf-8", "surrogatepass"), content_type="application/json")
        assert answer.status_code == 400


def test_a_page_is_in_the_language_of_its_locale_where_locales_mean_something(home, settings):
    from qa.integrations.wagtail.conf import settings as current
    from qa.integrations.wagtail.decision import request_for

    page = draft(home, GOOD)
    assert request_for(page, (), current()).language is None
    settings(USE_LOCALE=True)
    assert request_for(page, (), current()).language == "en"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"CHECKR": "local"}, "unknown key 'CHECKR'"),
        ({"CHECKER": "here"}, "or the address of a server"),
        ({"ON_FAILURE": "maybe"}, "'block' or 'allow'"),
        ({"TIMEOUT": 0}, "a number of seconds"),
        ({"CONFIG": {"lnag": "fr"}}, "did you mean 'lang'?"),
        ({"CHECKER": "http://127.0.0.1:9", "CONFIG": {}}, "for the local checker"),
    ],
)
def test_wrong_settings_are_told_at_start(values, said, settings):
    from django.core import checks

    settings(**values)
    (error,) = checks.run_checks()
    assert error.id == "qa_wagtail.E001"
    assert said in error.msg


def test_a_missing_middleware_is_told_at_start():
    from django.core import checks
    from django.test import override_settings

    with override_settings(MIDDLEWARE=[]):
        assert [each.id for each in checks.run_checks()] == ["qa_wagtail.W001"]


def test_the_migration_is_that_of_the_models():
    from django.core.management import call_command

    call_command("makemigrations", "qa_wagtail", check=True, dry_run=True, stdout=io.StringIO())
