"""The review page in a real browser: by keyboard, under its content security policy, without barriers."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from server import ROOT

sync = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="`chromium` is not installed")
SHOTS = os.environ.get("QA_SHOTS")  # a folder for screenshots, to look at

ARTICLE = (ROOT / "samples" / "trump-poutine.fr.txt").read_text(encoding="utf-8")
HTML = '<p class="a"  >Il y a 50 XNUMX soldats <b>en</b> Pologne 🎉.\r\n</p >\r\n<p>Elle ouvre la la porte.\r\n'


@pytest.fixture(scope="module")
def browser():
    """Not for the whole session: while it runs, its event loop keeps others in this thread from running."""
    with sync.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def page(browser, server):
    context = browser.new_context(base_url=server.url, viewport={"width": 1200, "height": 850})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    complaints, asked = [], []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto("/")
    opened.wait_for_selector("#language option[value=fr]", state="attached")
    yield opened
    assert complaints == []
    assert [url for url in asked if not url.startswith((server.url, "blob:"))] == []
    context.close()


def shoot(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def barriers(page):
    """What axe finds on the page as it is."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


def review(page, text):
    page.fill("#source", text)
    page.select_option("#language", "fr")
    page.click("text=Check >> visible=true")
    page.wait_for_selector("mark")


def drop(page, name, content):
    page.evaluate(
        """([name, content]) => {
          const carried = new DataTransfer();
          carried.items.add(new File([new TextEncoder().encode(content)], name));
          const target = document.getElementById("source");
          target.dispatchEvent(new DragEvent("dragover", { dataTransfer: carried, bubbles: true, cancelable: true }));
          target.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
        }""",
        [name, content],
    )
    sync.expect(page.locator("#status")).to_contain_text("is ready")


def downloaded(page):
    with page.expect_download() as waiting:
        page.click("#download")
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes().decode("utf-8")


def test_an_article_is_reviewed_by_keyboard(page):
    shoot(page, "1-entry")
    assert barriers(page) == []
    review(page, ARTICLE)
    assert page.inner_text("#gate") == "Blocked"
    assert page.locator("mark").count() == 25
    assert page.evaluate("document.activeElement.id") == "finding-0"
    shoot(page, "2-findings")
    assert barriers(page) == []
    page.keyboard.press("n")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "finding-2"
    page.keyboard.press("p")
    assert page.evaluate("document.activeElement.id") == "finding-1"
    page.keyboard.press("a")  # accepts and goes on to the next that is open
    assert page.evaluate("document.activeElement.id") == "finding-2"
    page.keyboard.press("r")
    assert page.locator("mark.accepted").count() == 1
    assert page.locator("mark.rejected").count() == 1
    assert page.inner_text("#count") == "25 findings, 23 open"
    page.keyboard.press("p")
    page.keyboard.press("u")
    assert page.locator("mark.rejected").count() == 0
    page.keyboard.press("r")
    shoot(page, "3-decided")
    assert barriers(page) == []
    name, text = downloaded(page)
    accepted = page.inner_text("mark.accepted")
    assert (name, text) == ("repaired.txt", ARTICLE.replace("50 XNUMX", accepted, 2).replace(accepted, "50 XNUMX", 1))


def test_all_is_accepted_copied_and_checked_again(page):
    review(page, ARTICLE)
    for _ in range(25):
        page.keyboard.press("1")
    assert page.inner_text("#status").startswith("Everything is decided.")
    page.click("#copy")
    sync.expect(page.locator("#status")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "XNUMX" not in copied
    assert page.inner_text("#text").strip() == copied.strip()
    page.click("#again")
    sync.expect(page.locator("#gate")).not_to_have_text("Blocked")
    shoot(page, "4-again")
    assert barriers(page) == []


def test_a_dropped_html_file_keeps_its_markup_and_line_ends(page):
    drop(page, "page.html", "\ufeff" + HTML)
    assert page.input_value("#syntax") == "html"
    page.select_option("#language", "fr")
    page.click("text=Check >> visible=true")
    page.wait_for_selector("mark")
    shoot(page, "5-html")
    assert barriers(page) == []
    assert page.locator("#text .tag").first.inner_text() == '<p class="a"  >'
    page.click("#safe")
    assert downloaded(page) == ("page.html", "\ufeff" + HTML.replace("50 XNUMX", "50\u202f000"))


def test_what_was_rejected_is_not_asked_again(page):
    review(page, "Elle ouvre la la porte.\n\nIl y a 50 XNUMX soldats.")
    page.keyboard.press("r")
    page.keyboard.press("a")
    page.click("#again")
    sync.expect(page.locator("#gate")).to_have_text("May be published")
    assert page.locator("mark").count() == 0
    assert page.locator("#panel").is_hidden()


def test_text_that_looks_like_markup_is_only_text(page):
    attack = (
        "Elle ouvre la la porte. <img src=x onerror=\"document.title='gone'\"><script>document.title='gone'</script>"
    )
    review(page, attack)
    assert page.locator("#text img, #text script").count() == 0
    assert attack in page.inner_text("#text")
    assert page.title() == "qa: review a translation"


def test_a_narrow_window_and_the_dark_have_no_barriers(page):
    page.set_viewport_size({"width": 400, "height": 800})
    page.emulate_media(color_scheme="dark")
    review(page, ARTICLE)
    shoot(page, "6-narrow-dark")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_page_of_the_api_is_drawn(page):
    page.goto("/docs")
    page.wait_for_selector("#FieldReport")
    shoot(page, "7-docs")
    assert "POST /v1/fix" in page.inner_text("#api")
    assert barriers(page) == []


def test_pages_allow_nothing_from_elsewhere(server):
    for path in ("/", "/docs", "/static/review.js"):
        policy = server.client.get(path).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy


def test_a_server_that_wants_a_token_is_given_it(browser):
    from server import Server

    with Server("--workers", "1", QA_SERVE_TOKEN="right") as guarded:
        opened = browser.new_page(base_url=guarded.url)
        opened.goto("/")
        opened.fill("#source", "Elle ouvre la la porte.")
        opened.click("text=Check >> visible=true")
        opened.wait_for_selector("#token")
        assert opened.inner_text("#status") == "This server wants a bearer token."
        opened.fill("#token", "right")
        opened.click("text=Check >> visible=true")
        opened.wait_for_selector("#review:not([hidden])")
        opened.close()
