"""What a new site has: pages to start from, people, and a workflow; and the sample article as one would paste it."""

from __future__ import annotations

import html
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from tests.wagtail_site.articles.models import ArticlePage

SAMPLE = Path(__file__).parents[2] / "samples" / "trump-poutine.fr.txt"


def populate() -> Page:
    """Fill an empty database; gives the home page.  Users are `admin`, `publisher` and
    `editor`, their passwords their names."""
    Locale.objects.create(language_code="en")
    root = Page.add_root(title="Root", slug="root")
    home = root.add_child(instance=Page(title="Home", slug="home"))
    Site.objects.create(hostname="127.0.0.1", root_page=home, is_default_site=True)
    Collection.add_root(name="Root")
    users = get_user_model().objects
    users.create_superuser("admin", "admin@example.org", "admin")
    editors = _group("Editors", home, "add_page", "change_page")
    users.create_user("editor", "editor@example.org", "editor").groups.add(editors)
    publishers = _group("Publishers", home, "add_page", "change_page", "publish_page")
    users.create_user("publisher", "publisher@example.org", "publisher").groups.add(publishers)
    workflow = Workflow.objects.create(name="Review")
    task = GroupApprovalTask.objects.create(name="A second look")
    task.groups.add(editors)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=home)
    return home


def _group(name: str, home: Page, *codenames: str) -> Group:
    group = Group.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in codenames:
        permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=group, page=home, permission=permission)
    return group


def sample() -> ArticlePage:
    """The sample article as a draft that is not saved yet."""
    title, intro, *paragraphs = [each for each in SAMPLE.read_text(encoding="utf-8").split("\n\n")[1:] if each.strip()]
    body = "".join(f"<p>{html.escape(each.strip(), quote=False)}</p>" for each in paragraphs)
    box = {"heading": "Les chiffres", "points": ["50 XNUMX soldats"], "style": ""}
    content = [("box", box)]
    return ArticlePage(title=title.strip(), slug="sample", intro=intro.strip(), body=body, content=content, live=False)
