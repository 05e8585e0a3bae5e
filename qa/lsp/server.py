"""`qa lsp`: the wiring of the language server.

Documents are checked in a thread, one at a time, when nobody has typed for a moment; a question about a finding is
answered from the text as it is then, checked at once where that has not happened yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.uris import to_fs_path

from qa import __version__
from qa.errors import QaError
from qa.finding import Diagnostic, Severity
from qa.lsp import actions, words
from qa.lsp.positions import Positions, changed
from qa.lsp.reading import Draft, Reading, check
from qa.suppress import UNUSED
from qa.text import Span

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.qa"
ADD_WORD = "qa.addWord"
_CONFIGURATION = "**/{qa.toml,pyproject.toml}"
_SEVERITY = {
    Severity.CRITICAL: types.DiagnosticSeverity.Error,
    Severity.MAJOR: types.DiagnosticSeverity.Error,
    Severity.MINOR: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Hint,
}


class _Protocol(LanguageServerProtocol):
    """Keeps pygls from following the texts: `Server` does (see `qa.lsp.positions`)."""

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Any:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None


class Server(LanguageServer):
    """The open documents, what was found in each, and the checks to come."""

    def __init__(self, debounce: float) -> None:
        super().__init__("qa", __version__, protocol_cls=_Protocol)
        self.debounce = debounce  # seconds without typing before a document is checked
        self._drafts: dict[str, Draft] = {}
        self._readings: dict[str, Reading] = {}
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._checking = asyncio.Lock()
        self._told: set[str] = set()  # problems that the user has been shown

    @property
    def folder(self) -> Path:
        """The folder the editor works in."""
        folders = [folder.uri for folder in self.workspace.folders.values()]
        path = to_fs_path(folders[0]) if folders else self.workspace.root_path
        return Path(path) if path else Path.cwd()

    def positions(self, text: str) -> Positions:
        """The places of a text as this client counts them."""
        return Positions(text, self.workspace.position_encoding or types.PositionEncodingKind.Utf16)

    def open(self, item: types.TextDocumentItem) -> None:
        """Follow a document, and check it at once."""
        path = to_fs_path(item.uri) if item.uri.startswith("file:") else None
        # A document that has no file yet lies, as it were, in the working folder.
        where = Path(path) if path else self.folder / "untitled"
        self._drafts[item.uri] = Draft(where, item.text, item.language_id, item.version)
        self.schedule(item.uri, 0)

    def change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Take over what was typed, and check when no more comes."""
        uri, draft = params.text_document.uri, self._drafts.get(params.text_document.uri)
        if draft is not None:
            encoding = self.workspace.position_encoding or types.PositionEncodingKind.Utf16
            text = changed(draft.text, params.content_changes, encoding)
            self._drafts[uri] = replace(draft, text=text, version=params.text_document.version)
            self.schedule(uri, self.debounce)

    def close(self, uri: str) -> None:
        """Forget a document."""
        self._drafts.pop(uri, None)
        self._readings.pop(uri, None)
        if task := self._waiting.pop(uri, None):
            task.cancel()
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def recheck(self) -> None:
        """Check all open documents: the configuration may have changed."""
        self._readings.clear()
        self._told.clear()
        for uri in self._drafts:
            self.schedule(uri, 0)

    def schedule(self, uri: str, delay: float) -> None:
        """Check a document after `delay` seconds, unless it is scheduled anew before."""
        if task := self._waiting.pop(uri, None):
            task.cancel()
        self._waiting[uri] = asyncio.get_running_loop().create_task(self._check_later(uri, delay))

    async def _check_later(self, uri: str, delay: float) -> None:
        await asyncio.sleep(delay)
        await self.reading(uri)

    async def reading(self, uri: str) -> Reading | None:
        """The document as it is now, checked and its findings shown; None where it is not open."""
        async with self._checking:
            draft = self._drafts.get(uri)
            known = self._readings.get(uri)
            if draft is None or (known is not None and known.draft is draft):
                return known
            found = await asyncio.to_thread(check, draft, self.folder)
            if self._drafts.get(uri) is draft:
                self._readings[uri] = found
                self._publish(uri, found)
            return found

    def _publish(self, uri: str, reading: Reading) -> None:
        if reading.problem is not None and reading.problem not in self._told:
            self._told.add(reading.problem)
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"qa: {reading.problem}"))
        positions = self.positions(reading.draft.text)
        found = [shown(each, positions) for each in reading.diagnostics]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, reading.draft.version))


def shown(diagnostic: Diagnostic, positions: Positions) -> types.Diagnostic:
    """A finding as the protocol has it."""
    return types.Diagnostic(
        range=positions.range(diagnostic.span),
        message=diagnostic.message,
        severity=_SEVERITY[diagnostic.severity],
        code=diagnostic.rule,
        source="qa",
        tags=[types.DiagnosticTag.Unnecessary] if diagnostic.rule == UNUSED else None,
    )


def code_actions(reading: Reading, uri: str, span: Span, positions: Positions) -> list[types.CodeAction]:
    """What is offered for the findings that touch a span."""
    draft, found = reading.draft, list[types.CodeAction]()

    def action(offer: actions.Offer, kind: str, diagnostic: Diagnostic | None = None) -> types.CodeAction:
        edits = [types.TextEdit(positions.range(each.span), each.text) for each in offer.edits]
        return types.CodeAction(
            title=offer.title,
            kind=kind,
            diagnostics=[shown(diagnostic, positions)] if diagnostic else None,
            is_preferred=offer.preferred or None,
            edit=types.WorkspaceEdit(changes={uri: edits}),
        )

    for each in reading.diagnostics:
        if not (each.span.start <= span.end and span.start <= each.span.end):
            continue
        found += [action(offer, types.CodeActionKind.QuickFix, each) for offer in actions.repairs(each)]
        if offer := actions.ignore_here(reading, each):
            found.append(action(offer, types.CodeActionKind.QuickFix, each))
        if word := actions.word_of(draft.text, each):
            title = f"Add “{actions.shorten(word)}” to the word list"
            command = types.Command(title, ADD_WORD, arguments=[uri, word])
            here = [shown(each, positions)]
            found.append(types.CodeAction(title, types.CodeActionKind.QuickFix, here, command=command))
    return found


def make(debounce: float) -> Server:
    """A server that checks a document `debounce` seconds after the last key."""
    server = Server(debounce)

    @server.feature(types.INITIALIZED)
    async def initialized(ls: Server, params: types.InitializedParams) -> None:
        workspace = ls.client_capabilities.workspace
        watching = workspace and workspace.did_change_watched_files
        if watching and watching.dynamic_registration:
            options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_CONFIGURATION)])
            registration = types.Registration("qa", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await ls.client_register_capability_async(types.RegistrationParams([registration]))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
        ls.open(params.text_document)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
        ls.change(params)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
        ls.recheck()  # it may have been a configuration, a word list or a baseline

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
        ls.close(params.text_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def watched(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
        ls.recheck()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configured(ls: Server, params: types.DidChangeConfigurationParams) -> None:
        ls.recheck()

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL]),
    )
    async def code_action(ls: Server, params: types.CodeActionParams) -> Sequence[types.CodeAction]:
        uri = params.text_document.uri
        reading = await ls.reading(uri)
        if reading is None:
            return []
        positions = ls.positions(reading.draft.text)
        wanted = params.context.only
        found = list[types.CodeAction]()
        if wanted is None or _includes(wanted, types.CodeActionKind.QuickFix):
            found += code_actions(reading, uri, positions.span(params.range), positions)
        # All repairs together take a while to try: only for who asks for them.
        if (
            wanted is not None
            and _includes(wanted, FIX_ALL)
            and (offer := await asyncio.to_thread(actions.fix_all, reading))
        ):
            edits = [types.TextEdit(positions.range(each.span), each.text) for each in offer.edits]
            found.append(types.CodeAction(offer.title, FIX_ALL, edit=types.WorkspaceEdit(changes={uri: edits})))
        return found

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
        reading = await ls.reading(params.text_document.uri)
        if reading is None:
            return None
        positions = ls.positions(reading.draft.text)
        at = positions.offset(params.position)
        here = [each for each in reading.diagnostics if each.span.start <= at <= each.span.end]
        if not here:
            return None
        text = "\n\n---\n\n".join(map(actions.explanation, here))
        content = types.MarkupContent(types.MarkupKind.Markdown, text)
        return types.Hover(content, positions.range(here[0].span))

    @server.command(ADD_WORD)
    async def add_word(ls: Server, uri: str, word: str) -> None:
        draft = ls._drafts.get(uri)
        if draft is None:
            return
        try:
            written = words.add(word, draft.path, ls.folder)
        except QaError as error:
            ls.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"qa: {error}"))
            return
        ls.window_show_message(types.ShowMessageParams(types.MessageType.Info, f"qa: “{word}” was added to {written}"))
        ls.recheck()

    return server


def _includes(wanted: Sequence[types.CodeActionKind | str], kind: str) -> bool:
    """Whether one of the kinds that are asked for, which are prefixes, includes `kind`."""
    names = [str(getattr(each, "value", each)) for each in wanted]
    kind = str(getattr(kind, "value", kind))
    return any(not name or kind == name or kind.startswith(f"{name}.") for name in names)
