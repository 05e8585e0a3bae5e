"""The block editor in a real browser: publishing is locked while the text is what the gate blocks."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="`chromium` is not installed")
SHOTS = os.environ.get("QA_SHOTS")  # a folder for screenshots, to look at


@pytest.fixture
def editor(site):
    """The editor with a new post; no script of it may fail."""
    from playwright.sync_api import sync_playwright

    complaints = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(base_url=site.url, viewport={"width": 1300, "height": 900})
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/wp-login.php")
        page.fill("#user_login", "editor")
        page.fill("#user_pass", "secret")
        page.click("#wp-submit")
        page.wait_for_url("**/wp-admin/**")
        page.goto("/wp-admin/post-new.php")
        page.wait_for_function("window.wp?.data?.select('core/editor')?.getCurrentPostId()")
        page.evaluate("wp.data.dispatch('core/preferences').set('core/edit-post', 'welcomeGuide', false)")
        yield page
        browser.close()
    assert complaints == []


def shoot(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"wordpress-{name}.png"))


def write(page, *paragraphs):
    page.locator(".editor-post-title__input").fill("Les soldats")
    page.locator(".editor-post-title__input").press("Enter")
    for paragraph in paragraphs:
        page.keyboard.type(paragraph)
        page.keyboard.press("Enter")


def test_an_editor_repairs_and_ignores_and_then_publishes(editor):
    write(editor, "Il y a 50 XNUMX soldats dans le pays.", "On compte 20 XNUMX chevaux dans la ville.")
    notice = editor.locator(".components-notice.is-error", has_text="This page cannot be published.")
    notice.wait_for()
    toggle = editor.locator(".editor-post-publish-panel__toggle")
    toggle.click()
    publish = editor.locator(".editor-post-publish-panel .editor-post-publish-button")
    assert publish.get_attribute("aria-disabled") == "true"
    editor.locator(".editor-post-publish-panel", has_text="Machine translation: 2").wait_for()
    shoot(editor, "locked")
    editor.locator(".editor-post-publish-panel").get_by_role("button", name="Cancel").click()

    # The draft can be saved, broken as it is.
    editor.locator(".editor-post-save-draft").click()
    editor.locator(".editor-post-saved-state.is-saved").wait_for()

    notice.get_by_role("button", name="Show the findings").click()
    panel = editor.locator(".components-panel__body", has_text="Machine translation: 2")
    if "is-opened" not in panel.get_attribute("class"):
        panel.get_by_role("button", name="Machine translation").click()
    shoot(editor, "findings")
    panel.get_by_role("button", name="Replace with “50").click()
    panel = editor.locator(".components-panel__body", has_text="Machine translation: 1")
    panel.wait_for()
    content = editor.evaluate("wp.data.select('core/editor').getEditedPostContent()")
    assert "50\N{NARROW NO-BREAK SPACE}000 soldats" in content and "20 XNUMX chevaux" in content
    panel.get_by_role("button", name="Ignore").click()
    notice.wait_for(state="detached")
    panel = editor.locator(".components-panel__body", has_text="Machine translation: 0")
    panel.get_by_role("button", name="Report again").click()
    notice.wait_for()
    editor.get_by_role("button", name="Ignore").click()
    notice.wait_for(state="detached")
    shoot(editor, "ignored")

    toggle.click()
    assert publish.get_attribute("aria-disabled") != "true"
    shoot(editor, "free")
    publish.click()
    editor.wait_for_function("wp.data.select('core/editor').getCurrentPost().status === 'publish'")


def test_a_text_without_findings_is_left_alone(editor):
    write(editor, "Il y a 50 000 soldats dans le pays.")
    with editor.expect_response(lambda response: "check" in response.url) as checked:
        editor.keyboard.type("Tout va bien.")
    assert checked.value.json()["gate"] == "pass"
    assert not editor.evaluate("wp.data.select('core/editor').isPostSavingLocked()")
    assert editor.locator(".components-notice").count() == 0
