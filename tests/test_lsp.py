"""The language server, driven by a real client over standard input and output."""

from __future__ import annotations

import ast
import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

from qa.lsp import actions
from qa.lsp.positions import Positions, changed
from qa.lsp.reading import Draft, check
from qa.rewrite import apply
from qa.text import Span

ROOT = Path(__file__).parents[1]
ENCODINGS = [each.value for each in types.PositionEncodingKind]
CONFIG = 'lang = "fr"\n'
WRONG = "Il ouvre la la porte 😀 et et sort.\n"


class Session:
    """An editor with one folder, talking to a server of its own."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client, self.folder = client, folder
        self.encoding = ""  # once it is agreed
        self.shown: list[types.PublishDiagnosticsParams] = []
        self.watched: list[str] = []  # patterns of files whose changes the server wants to hear of
        self._news = asyncio.Event()
        client.protocol.fm.features.pop(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.shown.append(params)
            self._news.set()

        @client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def registered(params: types.RegistrationParams) -> None:
            for each in params.registrations:
                self.watched += [watcher["globPattern"] for watcher in each.register_options["watchers"]]

    async def until(self, condition):
        """Wait for diagnostics that are as expected."""
        async with asyncio.timeout(20):
            while not self.shown or not condition(self.shown[-1].diagnostics):
                self._news.clear()
                await self._news.wait()
        return self.shown[-1].diagnostics

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    async def open(self, name: str, text: str, language: str = "markdown"):
        item = types.TextDocumentItem(self.uri(name), language, 1, text)
        seen = len(self.shown)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.until(lambda _: len(self.shown) > seen)

    def type(self, name: str, version: int, *changes: types.TextDocumentContentChangeEvent) -> None:
        document = types.VersionedTextDocumentIdentifier(version, self.uri(name))
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, list(changes)))

    async def actions(self, name: str, range: types.Range, only: list[str] | None = None) -> list[types.CodeAction]:
        document = types.TextDocumentIdentifier(self.uri(name))
        params = types.CodeActionParams(document, range, types.CodeActionContext([], only))
        return await self.client.text_document_code_action_async(params)

    async def leave(self) -> None:
        """Close all documents, and wait until the server has nothing more to say."""
        document = types.TextDocumentIdentifier(self.uri("a.md"))
        for uri in {each.uri for each in self.shown}:
            self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
        await self.client.text_document_hover_async(types.HoverParams(document, types.Position(0, 0)))

    def applied(self, name: str, text: str, action: types.CodeAction) -> str:
        """The text after an action, as an editor carries it out."""
        positions = Positions(text, self.encoding)
        edits = [
            actions.Edit(positions.span(each.range), each.new_text) for each in action.edit.changes[self.uri(name)]
        ]
        return apply(text, edits)


def editing(encodings=None):
    """What an editor can do: that of a real one, with the position encodings under test."""
    capabilities = client_capabilities("visual-studio-code")
    capabilities.general.position_encodings = encodings
    return capabilities


class Editors:
    """Editors by what they were started with: a server takes a second to start, so tests share them."""

    def __init__(self, folder: Path) -> None:
        self.runner = asyncio.Runner()
        self._folder = folder
        self._started: dict[object, Session] = {}

    def get(self, encodings: list[str] | None, debounce: int, fresh: bool) -> Session:
        key = (tuple(encodings or ()), debounce, fresh)
        if key not in self._started:
            folder = self._folder / str(len(self._started))
            folder.mkdir()
            self._started[key] = self.runner.run(started(folder, encodings, debounce))
        return self._started[key]

    def close(self) -> None:
        for editor in self._started.values():
            self.runner.run(editor.client.shutdown_session())
            assert editor.client._server.returncode == 0
            self.runner.run(editor.client.stop())
        self.runner.close()


async def started(folder: Path, encodings: list[str] | None, debounce: int) -> Session:
    client = make_test_lsp_client()
    editor = Session(client, folder)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    arguments = ["-m", "qa", "lsp", "--debounce", str(debounce)]
    await client.start_io(sys.executable, *arguments, cwd=str(folder), env=environment)
    folders = [types.WorkspaceFolder(folder.as_uri(), "work")]
    result = await client.initialize_session(types.InitializeParams(editing(encodings), workspace_folders=folders))
    editor.encoding = result.capabilities.position_encoding
    return editor


@pytest.fixture(scope="module")
def editors(tmp_path_factory):
    editors = Editors(tmp_path_factory.mktemp("editors"))
    yield editors
    editors.close()


@pytest.fixture
def session(editors, request):
    """Run a coroutine function with an editor, in a folder of the test's own below the editor's."""

    def run(scenario, *, encodings=None, config=CONFIG, debounce=300):
        editor = editors.get(encodings, debounce, config is None)
        root = editor.folder
        if config is not None:
            editor.folder = root / str(abs(hash(request.node.name)))
            editor.folder.mkdir()
            (editor.folder / "qa.toml").write_text(config, encoding="utf-8")
        editor.shown.clear()
        try:
            editors.runner.run(asyncio.wait_for(scenario(editor), 60))
            editors.runner.run(editor.leave())
        finally:
            editor.folder = root

    return run


def place(line, start, end):
    return types.Range(types.Position(line, start), types.Position(line, end))


def test_findings_appear_where_they_are_and_go_when_they_are_repaired(session):
    async def scenario(editor):
        found = await editor.open("a.md", f"# Titre\n\n{WRONG}")
        assert [each.code for each in found] == ["repeated-word", "repeated-word"]
        first, second = found
        assert (first.source, first.severity) == ("qa", types.DiagnosticSeverity.Error)
        assert first.range == place(2, 9, 14)
        assert second.range == place(2, 24, 29)  # the emoji counts two units of UTF-16
        editor.type("a.md", 2, types.TextDocumentContentChangePartial(place(2, 26, 29), ""))
        left = await editor.until(lambda found: len(found) == 1)
        assert left[0].range == first.range
        assert editor.shown[-1].version == 2

    session(scenario)


@pytest.mark.parametrize(
    ("offered", "chosen", "start"),
    [(None, "utf-16", 24), (["utf-8", "utf-16"], "utf-8", 26)],
)
def test_positions_are_counted_as_agreed(session, offered, chosen, start):
    async def scenario(editor):
        assert editor.encoding == chosen
        found = await editor.open("a.md", WRONG)
        assert found[1].range == place(0, start, start + 5)
        offers = await editor.actions("a.md", found[1].range)
        assert editor.applied("a.md", WRONG, offers[0]) == "Il ouvre la la porte 😀 et sort.\n"
        editor.type("a.md", 2, types.TextDocumentContentChangePartial(place(0, start + 2, start + 5), ""))
        await editor.until(lambda found: len(found) == 1)

    session(scenario, encodings=offered)


def test_nothing_is_checked_while_somebody_types(session):
    async def scenario(editor):
        await editor.open("a.md", "")
        seen = len(editor.shown)
        for version, letter in enumerate("Elle ouvre la la porte", 2):
            at = place(0, version - 2, version - 2)
            editor.type("a.md", version, types.TextDocumentContentChangePartial(at, letter))
        await editor.until(lambda found: len(found) == 1)
        assert len(editor.shown) < seen + 5  # 22 keys; a busy machine may pause once

    session(scenario)


def test_an_answer_does_not_wait_for_the_pause(session):
    async def scenario(editor):
        await editor.open("a.md", "")
        editor.type("a.md", 2, types.TextDocumentContentChangeWholeDocument(WRONG))
        offers = await editor.actions("a.md", place(0, 10, 10))
        assert editor.applied("a.md", WRONG, offers[0]).startswith("Il ouvre la porte")
        assert offers[0].is_preferred

    session(scenario, debounce=60_000)


def test_a_finding_is_ignored_by_a_comment_where_the_syntax_has_one(session):
    async def scenario(editor):
        found = await editor.open("a.md", WRONG)
        (offer,) = [each for each in await editor.actions("a.md", found[0].range) if each.title.startswith("Ignore")]
        text = editor.applied("a.md", WRONG, offer)
        assert text == WRONG.replace("\n", " <!-- qa: ignore repeated-word -->\n")
        editor.type("a.md", 2, types.TextDocumentContentChangeWholeDocument(text))
        await editor.until(lambda found: not found)
        found = await editor.open("b.txt", WRONG, "plaintext")
        assert not [each for each in await editor.actions("b.txt", found[0].range) if each.title.startswith("Ignore")]

    session(scenario)


@pytest.mark.parametrize("config", [None, CONFIG, '[[overrides]]\npaths = ["*.md"]\nlang = "fr"\nwords = []\n'])
def test_a_word_is_added_to_the_configuration_and_counts_at_once(session, config):
    async def scenario(editor):
        text = "Nous avons ouvert la la porte hier soir avec tous nos amis et la famille de mon frère.\n"
        found = await editor.open("a.md", text)
        assert [each.code for each in found] == ["repeated-word"]
        offers = await editor.actions("a.md", found[0].range)
        (offer,) = [each for each in offers if each.command]
        assert offer.title == "Add “la la” to the word list"
        # lsprotocol takes an action with a command for a command, whose name it then makes of the whole object.
        command = ast.literal_eval(offer.command)
        parameters = types.ExecuteCommandParams(command["command"], command["arguments"])
        await editor.client.workspace_execute_command_async(parameters)
        await editor.until(lambda found: not found)
        assert '"la la"' in (editor.folder / "qa.toml").read_text(encoding="utf-8")

    session(scenario, config=config)


def test_a_word_goes_to_the_word_list_where_there_is_one(session):
    async def scenario(editor):
        listed = editor.folder / "words.txt"
        listed.write_text("# ours\nTrumpet", encoding="utf-8")
        await editor.open("a.md", WRONG)
        await editor.client.workspace_execute_command_async(
            types.ExecuteCommandParams("qa.addWord", [editor.uri("a.md"), "et et"])
        )
        await editor.until(lambda found: len(found) == 1)
        assert listed.read_text(encoding="utf-8") == "# ours\nTrumpet\net et\n"

    session(scenario, config=f'{CONFIG}words-file = "words.txt"\n')


def test_a_changed_configuration_holds_at_once_and_a_broken_one_is_told(session):
    async def scenario(editor):
        await editor.open("a.md", WRONG)
        assert editor.watched == ["**/{qa.toml,pyproject.toml}"]
        event = types.FileEvent(editor.uri("qa.toml"), types.FileChangeType.Changed)

        def change(text):
            (editor.folder / "qa.toml").write_text(text, encoding="utf-8")
            editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

        change(f'{CONFIG}ignore = ["repeated-word"]\n')
        await editor.until(lambda found: not found)
        change(CONFIG)
        await editor.until(lambda found: len(found) == 2)
        change('lnag = "fr"\n')
        await editor.until(lambda found: not found)
        assert "did you mean 'lang'?" in editor.client.messages[-1].message

    session(scenario)


def test_the_explanation_of_a_finding(session):
    async def scenario(editor):
        await editor.open("a.md", WRONG)
        document = types.TextDocumentIdentifier(editor.uri("a.md"))
        hover = await editor.client.text_document_hover_async(types.HoverParams(document, types.Position(0, 11)))
        assert "**repeated-word**" in hover.contents.value
        assert "` la `" in hover.contents.value
        assert hover.range == place(0, 9, 14)
        nothing = await editor.client.text_document_hover_async(types.HoverParams(document, types.Position(0, 1)))
        assert nothing is None

    session(scenario)


def test_all_safe_repairs_at_once(session):
    async def scenario(editor):
        text = "Il y a 50 XNUMX habitants.\n\nIl y en avait 30 XNUMX hier.\n"
        await editor.open("a.md", text)
        everywhere = types.Range(types.Position(0, 0), types.Position(3, 0))
        (offer,) = await editor.actions("a.md", everywhere, only=[types.CodeActionKind.SourceFixAll])
        assert editor.applied("a.md", text, offer) == text.replace(" XNUMX", "\u202f000")
        assert not await editor.actions("a.md", everywhere, only=[types.CodeActionKind.Refactor])

    session(scenario)


def test_a_document_without_a_file_is_read_as_the_editor_calls_it(session):
    async def scenario(editor):
        item = types.TextDocumentItem(
            "untitled:Untitled-1", "html", 1, "<p>Il ouvre la&nbsp;porte la <b>la</b> nuit.</p>"
        )
        editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        found = await editor.until(lambda found: bool(found))
        assert found[0].code == "repeated-word"
        document = types.TextDocumentIdentifier(item.uri)
        editor.client.text_document_did_close(types.DidCloseTextDocumentParams(document))
        await editor.until(lambda found: not found)

    session(scenario)


def test_without_the_extra_one_sentence_says_so(tmp_path):
    (tmp_path / "pygls.py").write_text("raise ModuleNotFoundError(\"No module named 'pygls'\", name='pygls')\n")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-m", "qa", "lsp"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr == "qa: qa lsp needs pygls, which is not installed: pip install 'mtqa[lsp]'\n"


TEXTS = st.text(st.sampled_from("aé€😀\n\r\u2028\u0085\x0c"), max_size=30)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=TEXTS, data=st.data())
def test_positions_lead_back(encoding, text, data):
    offset = data.draw(st.integers(0, len(text)))
    positions = Positions(text, encoding)
    if text[offset - 1 : offset + 1] != "\r\n":  # a place between the two has no name of its own
        assert positions.offset(positions.position(offset)) == offset


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=TEXTS, new=TEXTS, data=st.data())
def test_a_change_of_a_range_is_the_change_of_the_text(encoding, text, new, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if "\r\n" not in (text[start - 1 : start + 1], text[end - 1 : end + 1]):
        change = types.TextDocumentContentChangePartial(Positions(text, encoding).range(Span(start, end)), new)
        assert changed(text, [change], encoding) == text[:start] + new + text[end:]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_position_beyond_its_line_is_the_end_of_the_line(encoding):
    positions = Positions("é\r\nb", encoding)
    assert positions.offset(types.Position(0, 99)) == 1
    assert positions.offset(types.Position(1, 99)) == 4
    assert positions.offset(types.Position(7, 0)) == 4


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.md", "# La la porte\n\nUn.\n", "# La la porte <!-- qa: ignore repeated-word -->\n\nUn.\n"),
        ("a.md", "Un mot\nla la porte\r\n", "Un mot\nla la porte <!-- qa: ignore repeated-word -->\r\n"),
        (
            "a.md",
            "| a | b |\n|---|---|\n| la la | c |\n",
            "| a | b |\n|---|---|\n| la la <!-- qa: ignore repeated-word --> | c |\n",
        ),
        (
            "a.txt",  # Markdown by its content
            "# Un\n\n**La la porte** est [ici](https://example.org).\n",
            "# Un\n\n**La la porte** est [ici](https://example.org). <!-- qa: ignore repeated-word -->\n",
        ),
        ("a.html", "<p>Un.</p><p>Et la la.</p>", "<p>Un.</p><p>Et la la. <!-- qa: ignore repeated-word --></p>"),
        (
            "a.html",
            '<p>Un <img alt="Voir la la porte" src="a.png"> deux.</p>',
            None,
        ),
    ],
)
def test_where_the_comment_goes(name, text, expected, tmp_path):
    (tmp_path / "qa.toml").write_text(CONFIG, encoding="utf-8")
    reading = check(Draft(tmp_path / name, text), tmp_path)
    (diagnostic,) = reading.diagnostics
    offer = actions.ignore_here(reading, diagnostic)
    if expected is not None:
        assert offer is not None
        assert apply(text, offer.edits) == expected
    if offer is not None:
        after = check(Draft(tmp_path / name, apply(text, offer.edits)), tmp_path)
        assert after.diagnostics == ()
