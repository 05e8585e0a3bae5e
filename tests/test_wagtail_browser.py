"""An editor at work: a real Wagtail project on this machine, and a real browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="`chromium` is not installed")
# Wagtail compares the form with what it held two seconds after it was connected, and may connect it twice: what is
# typed before the last of these comparisons begins, it takes for what was there.
WATCHED = """window.connected = window.compared = 0;
document.addEventListener('w-unsaved:ready', (event) => { window.connected += 1; });
document.addEventListener('w-unsaved:watch-edits', (event) => { window.compared += 1; });"""
IS_WATCHED = "window.compared && window.compared >= window.connected"
SHOTS = os.environ.get("QA_SHOTS")  # a folder for screenshots, to look at


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of the project's server."""
    tmp_path = tmp_path_factory.mktemp("site")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "QA_SITE_FOLDER": str(tmp_path)}
    command = [sys.executable, str(ROOT / "tests" / "wagtail_site" / "start.py")]
    with (tmp_path / "errors.txt").open("w+b") as errors:
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, cwd=tmp_path)
        try:
            found = (re.search(rb"http://127\.0\.0\.1:\d+", line) for line in server.stdout)
            address = next((match[0].decode() for match in found if match), None)
            assert address, (tmp_path / "errors.txt").read_text(encoding="utf-8")
            yield address
        finally:
            server.terminate()
            server.wait(20)
            server.stdout.close()
        assert "Traceback" not in (tmp_path / "errors.txt").read_text(encoding="utf-8")


@pytest.fixture
def page(site):
    """A browser window; the page must neither complain nor ask anybody else for anything."""
    from playwright.sync_api import sync_playwright

    complaints, asked = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page(base_url=site, viewport={"width": 1300, "height": 950})
        opened.set_default_timeout(60_000)
        opened.add_init_script(WATCHED)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("request", lambda request: asked.append(request.url))
        yield opened
        browser.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []


def shoot(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def publish(page):
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.locator("button[name=action-publish]").click()


def repair(page, button):
    """Press a button of ours that changes the draft, and wait until the page has come back with it."""
    page.evaluate("window.old = true")
    button.click()
    page.wait_for_function(
        "!window.old && document.querySelector('.qa-summary') || document.querySelector('#qa-status')?.textContent"
    )
    assert page.inner_text("#qa-status") == ""


def log_in(page):
    page.goto("/admin/login/")
    page.fill("[name=username]", "publisher")
    page.fill("[name=password]", "publisher")
    page.click("button[type=submit]")


def test_a_new_page_is_checked_as_soon_as_wagtail_has_saved_it(page):
    log_in(page)
    page.goto("/admin/pages/add/articles/articlepage/2/")
    page.wait_for_function(IS_WATCHED)
    page.locator("[name=title]").press_sequentially("Il y a 50 XNUMX mots de plus")
    page.keyboard.press("Tab")
    page.wait_for_selector("[data-contentpath=title] .qa-finding")
    repair(page, page.locator("[data-contentpath=title] .qa-finding button").first)
    assert page.input_value("[name=title]") == "Il y a 50\u202f000 mots de plus"


def test_an_editor_publishes_the_sample_article_once_it_is_repaired(page, site):
    log_in(page)
    page.goto("/admin/pages/3/edit/")
    page.wait_for_selector(".qa-summary")

    publish(page)
    page.wait_for_selector(".qa-summary")
    assert "was not published" in page.inner_text(".messages")
    assert "This draft cannot be published." in page.inner_text(".qa-summary")
    assert "50 XNUMX" in page.inner_text("[data-contentpath=title] .qa-findings")
    point = page.locator("[data-contentpath=content] [data-contentpath=points] .qa-findings")
    assert "50 XNUMX soldats" in point.inner_text()
    beside = page.locator("[data-contentpath=body] .qa-finding")
    before = beside.count()
    assert before > 10
    shoot(page, "refused")
    beside.first.scroll_into_view_if_needed()
    shoot(page, "findings")
    assert barriers(page) == []
    assert page.request.get(f"{site}/sample/").status == 404

    page.wait_for_function(IS_WATCHED)
    page.fill("[name=intro]", "")
    page.locator("[name=intro]").press_sequentially("Elle ouvre la la porte.", delay=40)  # Wagtail saves by itself
    page.wait_for_selector("[data-contentpath=intro] .qa-finding:has-text('is written twice')")
    title = page.locator("[data-contentpath=title] .qa-finding button").first
    page.fill("[name=intro]", "Elle ouvre la porte.")
    repair(page, title)  # at once: it waits until that is saved
    assert page.input_value("[name=title]").count("XNUMX") == 0
    assert page.input_value("[name=intro]") == "Elle ouvre la porte."
    repair(page, page.get_by_role("button", name="Apply the safe repairs"))
    assert page.locator(".qa-finding", has_text="XNUMX").count() == 0
    repair(page, page.get_by_role("button", name="Apply all repairs"))
    shoot(page, "repaired")
    left = page.locator("[data-contentpath=body] .qa-finding")
    assert left.count() < before
    if left.count():
        name = left.first.get_attribute("data-qa-fingerprint")
        left.first.get_by_role("button", name=re.compile("^Ignore")).click()
        page.wait_for_selector(f"details [data-qa-fingerprint='{name}']", state="attached")

    assert "cannot be published" not in page.inner_text(".qa-summary")
    publish(page)
    page.wait_for_selector(".messages .success")
    assert "has been published" in page.inner_text(".messages")
    shoot(page, "published")
    live = page.request.get(f"{site}/sample/").text()
    assert "50\u202f000 soldats" in live
    assert "XNUMX" not in live


def barriers(page):
    """What axe finds wrong with what we show."""
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for selector in (".qa-summary", ".qa-findings"):
        found += Axe().run(page, context=selector).response["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
