"""A scan comes to the same files whatever happens to it."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from functools import partial

import archive_files as make
import pyarrow.parquet as pq
import pytest
from archive_files import FINDINGS, OPTIONS, PAGES, contents, here, rows, scanned

import qa
from qa import files
from qa.archive import pool, store
from qa.archive.inputs import Reading
from qa.archive.judge import Judge
from qa.archive.memo import Memo, Recent
from qa.archive.plan import Limits, Shard
from qa.archive.pool import Deaths, Queue, Task
from qa.archive.record import Record
from qa.archive.run import Wish, discard, scan
from qa.archive.schema import SCHEMA, block_hash
from qa.checker import Options
from qa.errors import QaError


def processes(tasks, setup, poisoned, tick, jobs=2):
    return pool.run(tasks, setup, jobs, poisoned=poisoned, tick=tick)


@pytest.fixture
def archive(tmp_path):
    """Three inputs with 35 records."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_bytes(make.jsonl(PAGES * 2) + b"{broken\n")
    (folder / "b.parquet").write_bytes(make.parquet())
    (folder / "c.warc.gz").write_bytes(make.compressed(make.warc(), ".gz"))
    for page in PAGES[:6]:
        (folder / f"{page['id']}.html").write_text(make.html(page))
    return folder


def test_shards_hold_the_documented_schema(archive, tmp_path):
    found = scanned(archive, out=tmp_path / "out")
    assert len(found) == 35
    for path in (tmp_path / "out" / "shards").iterdir():
        assert pq.read_schema(path).equals(SCHEMA)
        manifest = json.loads((tmp_path / "out" / "manifest" / f"{path.stem}.json").read_text())
        assert manifest["records"] == pq.read_metadata(path).num_rows
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    assert [each["format"] for each in run["inputs"]] == ["pages", "jsonl", "parquet", "warc"]
    assert run["plan"][1] == {
        "records": 15,
        "bytes": len(make.jsonl(PAGES * 2)) + 8,
        "damage": None,
        "shards": [3, 3, 3, 3, 3],
    }
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "run.json",
        "shards",
        "manifest",
        "quarantine.jsonl",
    }


def test_the_files_do_not_depend_on_the_processes(archive, tmp_path):
    for name, engine in (("here", here), ("one", partial(processes, jobs=1)), ("three", partial(processes, jobs=3))):
        scanned(archive, out=tmp_path / name, engine=engine)
    assert contents(tmp_path / "here") == contents(tmp_path / "one") == contents(tmp_path / "three")


def test_what_is_done_is_not_done_again(archive, tmp_path):
    def none(tasks, setup, poisoned, tick):
        raise AssertionError("nothing was left to do")

    scanned(archive, out=tmp_path / "out")
    before = contents(tmp_path / "out")
    scanned(archive, out=tmp_path / "out", engine=none)
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize("damage", ["corrupt", "truncate", "remove", "manifest", "other manifest"])
def test_a_damaged_shard_is_done_again(archive, tmp_path, damage):
    scanned(archive, out=tmp_path / "out")
    before = contents(tmp_path / "out")
    first, second = sorted((tmp_path / "out" / "shards").iterdir())[2:4]
    manifest = tmp_path / "out" / "manifest" / f"{first.stem}.json"
    data = first.read_bytes()
    if damage == "corrupt":
        first.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:])
    elif damage == "truncate":
        first.write_bytes(data[:-1])
    elif damage == "remove":
        first.unlink()
    elif damage == "manifest":
        manifest.write_bytes(manifest.read_bytes()[:-9])
    else:
        manifest.write_bytes((manifest.parent / f"{second.stem}.json").read_bytes())
    done = []

    def watched(tasks, *rest):
        done.extend(task.shard.id for task in tasks)
        return here(tasks, *rest)

    scanned(archive, out=tmp_path / "out", engine=watched)
    assert done == [first.stem]
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"options": Options(language="fr")}, r"other options \(select: "),
        ({"limits": Limits(records=4)}, r"other limits \(records: 3 instead of 4\)"),
        ({"reading": Reading({"text": "text"})}, r"other reading \(columns: "),
        ({"grow": True}, r"a\.jsonl has changed since"),
        ({"more": True}, r"in has changed since|new\.jsonl was not part of it"),
        ({"fewer": True}, r"b\.parquet was part of it"),
    ],
)
def test_another_run_is_refused_and_never_mixed_in(archive, tmp_path, change, said):
    scanned(archive, out=tmp_path / "out")
    before = contents(tmp_path / "out")
    if change.pop("grow", False):
        with (archive / "a.jsonl").open("ab") as file:
            file.write(make.jsonl(PAGES[:1]))
    if change.pop("more", False):
        (archive / "new.jsonl").write_bytes(make.jsonl())
    if change.pop("fewer", False):
        (archive / "b.parquet").unlink()
    with pytest.raises(QaError, match=said):
        scanned(archive, out=tmp_path / "out", **change)
    assert contents(tmp_path / "out") == before
    (tmp_path / "out" / "report.html").write_text("mine")
    discard(str(tmp_path / "out"))
    assert contents(tmp_path / "out") == {"report.html": b"mine"}
    assert scanned(archive, out=tmp_path / "out", **change)


def test_a_full_disk_stops_the_scan_and_the_next_one_goes_on(archive, tmp_path, monkeypatch):
    scanned(archive, out=tmp_path / "whole")
    fsync, left = os.fsync, [10]

    def full(descriptor):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(QaError, match=r"cannot write .*: no space left on device"):
        scanned(archive, out=tmp_path / "out")
    partial_ = contents(tmp_path / "out")
    assert 0 < len(partial_) < len(contents(tmp_path / "whole"))
    assert not any(name.endswith(".part") for name in partial_)
    monkeypatch.undo()
    scanned(archive, out=tmp_path / "out")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_results_may_lie_in_the_folder_that_is_scanned(archive):
    (archive / "picture.png").write_bytes(b"")
    scanned(archive, out=archive / "out")
    before = contents(archive / "out")
    scanned(archive, out=archive / "out")
    assert contents(archive / "out") == before
    assert json.loads(before["run.json"])["left_out"] == {"files": 1, "first": [str(archive / "picture.png")]}


def test_two_scans_do_not_write_to_one_folder(archive, tmp_path):
    (tmp_path / "out").mkdir()
    with (
        store.locked(str(tmp_path / "out")),
        pytest.raises(QaError, match="another scan is writing to"),
    ):
        scanned(archive, out=tmp_path / "out")


def test_inputs_and_results_may_lie_where_fsspec_reaches(archive, tmp_path):
    import fsspec

    memory = fsspec.filesystem("memory")
    for name in ("a.jsonl", "b.parquet", "c.warc.gz"):
        memory.pipe_file(f"/bucket/in/{name}", (archive / name).read_bytes())
    memory.pipe_file("/bucket/in/site/page.html", make.html(PAGES[2]).encode())
    wish = Wish(("memory://bucket/in",), "memory://bucket/out", OPTIONS, limits=Limits(records=3))
    try:
        first = scan(wish, here)
        assert (first.records, first.quarantined, first.findings) == (30, 1, 4 * sum(FINDINGS) + 2)
        assert memory.cat_file("/bucket/out/quarantine.jsonl").count(b"\n") == 1
        assert scan(wish, None) == first  # nothing is left to do
        memory.pipe_file("/bucket/in/a.jsonl", make.jsonl())
        with pytest.raises(QaError, match="has changed since"):
            scan(wish, here)
    finally:
        memory.rm("/bucket", recursive=True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl.zst", make.compressed(make.jsonl(), ".zst")),
        ("a.csv.xz", make.compressed(make.table(), ".xz")),
        ("a.parquet", make.parquet()),
        ("a.warc.gz", make.compressed(make.warc(), ".gz")),
        ("a.wxr", make.wxr()),
        ("page.html", make.html(PAGES[2]).encode()),
    ],
)
def test_storage_that_fails_is_no_damage_and_quarantines_nothing(name, data, monkeypatch):
    """Each read of the input fails once, as the packages of file systems fail: with errors of all kinds."""
    import fsspec
    from fsspec.implementations.memory import MemoryFile

    class Broken(Exception):
        pass

    def found(out):
        return {path.removeprefix(out): memory.cat_file(path) for path in memory.find(out)}

    def read(self, *size):
        left[0] -= 1
        if left[0] == 0:
            raise errors[0]("the line\nis dead")
        return whole(self, *size)

    memory, whole, left, errors = fsspec.filesystem("memory"), MemoryFile.read, [0], [Broken, OSError]
    wish = Wish(("memory://bucket/in",), "memory://bucket/out", OPTIONS, limits=Limits(records=3))
    memory.pipe_file(f"/bucket/in/{name}", data)
    monkeypatch.setattr(store, "_BUFFER", 1000)
    monkeypatch.setattr(MemoryFile, "read", read, raising=False)
    try:
        scan(wish, here)
        expected, reads = found("/bucket/out"), -left[0]
        assert reads > 1
        for number in range(1, reads + 1):
            discard(wish.out)
            left[0] = number
            errors.reverse()
            with pytest.raises(store.Unreachable, match=rf"cannot reach memory:///bucket/in/{name}: the line is dead"):
                scan(wish, here)
            scan(wish, here)
            assert found("/bucket/out") == expected
    finally:
        memory.rm("/bucket", recursive=True)


def test_a_record_that_takes_too_long_is_quarantined(tmp_path):
    slow = {"id": "slow", "text": "Les petit maisons est belle, et la porte sont fermé. " * 300_000}
    (tmp_path / "a.jsonl").write_bytes(make.jsonl([*PAGES[:2], slow, *PAGES[2:5]]))
    wish = {"options": Options(language="fr"), "limits": Limits(records=4, seconds=2.5), "engine": processes}
    found = scanned(tmp_path / "a.jsonl", out=tmp_path / "out", **wish)
    assert [row["status"] for row in found] == ["checked"] * 2 + ["quarantined"] + ["checked"] * 3
    assert found[2]["reason"] == "time limit: more than 2.5 s of processor time"
    assert found[2]["record"] == f"{tmp_path / 'a.jsonl'}#2"
    assert (tmp_path / "out" / "quarantine.jsonl").read_text().count("\n") == 1
    assert not (tmp_path / "out" / "poison").exists()


TASK = Task(Shard("000000-0000000000", "a", "jsonl", "", 0, 9))


def test_the_time_limit_condemns_a_record_and_other_deaths_after_three():
    deaths = Deaths(2.0)
    task = Task(TASK.shard)
    assert deaths.verdict(task, 4, -signal.SIGPROF)
    assert not deaths.verdict(task, 5, -signal.SIGKILL)
    assert not deaths.verdict(task, 5, -signal.SIGSEGV)
    assert task.poison == {4: "time limit: more than 2 s of processor time"}
    assert deaths.verdict(task, 5, -signal.SIGSEGV)
    assert task.poison[5] == "it ended the process 3 times (SIGSEGV)"
    assert not deaths.verdict(task, -1, 1)
    assert not deaths.verdict(task, -1, 1)
    with pytest.raises(QaError, match=r"end by themselves \(exit code 1\)"):
        deaths.verdict(task, -1, 1)


def test_a_task_of_ray_says_what_it_met(tmp_path):
    """The function that runs on the nodes, without a cluster; `python -m qa.devtools archive-bench` has one."""
    from qa.archive import ray_engine
    from qa.archive.run import MANIFEST, SHARDS
    from qa.archive.shard import Done, Setup

    slow = {"id": "slow", "text": "Les petit maisons est belle, et la porte sont fermé. " * 300_000}
    (tmp_path / "a.jsonl").write_bytes(make.jsonl([PAGES[0], slow, PAGES[2]]))
    for name in (SHARDS, MANIFEST):
        (tmp_path / "out" / name).mkdir(parents=True)
    shard = Shard("000000-0000000000", str(tmp_path / "a.jsonl"), "jsonl", "", 0, 3)
    setup = Setup(str(tmp_path / "out"), "run", Options(language="fr"), seconds=2.5)
    try:
        met = ray_engine._do(Task(shard), setup)
        assert isinstance(met, Task)
        assert list(met.poison) == [1]
        done = ray_engine._do(met, setup)
        assert isinstance(done, Done)
        assert (done.records, done.quarantined) == (3, 1)
        lost = ray_engine._do(Task(Shard("000000-0000000003", "gone.jsonl", "jsonl", "", 0, 3)), setup)
        assert isinstance(lost, QaError)
        assert str(lost).startswith("gone.jsonl")
    finally:
        ray_engine._KEPT.popitem()[1].stop()


def test_progress_is_shown_to_who_watches(archive, tmp_path, monkeypatch):
    import io

    from qa.cli.archive._watch import Screen

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for terminal, said in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr(sys, "stderr", terminal)
        wish = Wish((str(archive),), str(tmp_path / f"{said}"), OPTIONS, limits=Limits(records=3))
        with Screen() as screen:
            summary = scan(wish, here, screen)
            screen.tick(pool.Progress(records=0, findings=0))
        assert ("Scanning" in terminal.getvalue() and "35/35" in terminal.getvalue()) == said
        assert screen.said(summary, "out").endswith("34 checked, 0 skipped, 1 quarantined; 30 findings in out")


def test_who_reads_a_file_goes_on_with_it():
    def tasks(source, count):
        return [Task(Shard(f"{source}{number}", source, "jsonl", "", number, 1)) for number in range(count)]

    queue = Queue([*tasks("a", 2), *tasks("b", 3), *tasks("c", 1)])
    taken = [queue.next(None).shard.id, queue.next(None).shard.id]
    assert taken == ["b0", "a0"]  # the most to do first
    assert queue.next("a").shard.id == "a1"
    assert queue.next("a").shard.id == "c0"  # nobody reads it
    assert queue.next("c").shard.id == "b1"
    assert queue.next("b").shard.id == "b2"
    assert queue.next("b") is None


@pytest.mark.parametrize("code", ["fr", "de"])
def test_what_is_remembered_changes_nothing(code):
    """Paragraphs come again in other places, on other pages, and with other words around them."""
    samples = {
        "fr": [
            "Il y a 50 XNUMX habitants dans la ville, dit le maire de la ville.",
            "Elle ouvre la la porte du jardin et regarde les petit maisons.",
            "The government said that it would not change the law before summer.",
            "La voiture de the neighbour est dans la rue, avec un solution.",
            "Le chat dort sur le canapé pendant que la pluie tombe dehors.",
        ],
        "de": [
            "Er hat 50 XNUMX Einwohner in der Stadt gezählt, sagt der Bürgermeister.",
            "Sie öffnet die die Tür des Gartens und sieht den Häuser.",
            "The government said that it would not change the law before summer.",
            "Das Auto von the neighbour steht auf der Straße vor dem Haus.",
            "Die Katze schläft auf dem Sofa, während draußen der Regen fällt.",
        ],
    }[code]
    random_ = random.Random(7)
    options = Options(language=code)
    judge, forgetful = Judge(options), Judge(options, remember=False)
    found = 0
    for number in range(40):
        chosen = random_.choices(samples, k=random_.randint(1, 6))
        syntax = random_.choice(["text", "html"])
        text = "\n\n".join(chosen) if syntax == "text" else f"<h1>{number}</h1>" + "".join(f"<p>{p}" for p in chosen)
        record = Record(f"{number}", "a", text, syntax)
        row = judge.row(record)
        assert row == forgetful.row(record)
        expected = qa.check(text, syntax=syntax, options=options).diagnostics
        assert [(f["rule"], f["start"], f["suggestion"]) for f in row["findings"]] == [
            (d.rule, d.span.start, d.suggestions[0] if d.suggestions else None) for d in expected
        ]
        found += len(expected)
    assert found > 20


def test_a_rule_that_asks_the_page_is_asked_on_every_page():
    """A rule that finds something only where a word stands twice on the page."""
    from types import SimpleNamespace

    from qa.language import language
    from qa.page import Page
    from qa.readers import read

    calls = []

    def own(block, page):
        calls.append("own")
        return ["own"] if "porte" in block.text else []

    def asking(block, page):
        return ["asking"] if page.vocabulary["porte"] > 1 else []

    rules = [SimpleNamespace(id="own", find=own, gate=None), SimpleNamespace(id="asking", find=asking, gate=None)]
    text = "Elle ouvre la porte du jardin, et la nuit est belle.\n\n"
    memo = Memo()
    for times in (1, 2, 1):
        page = Page(read(text + "Une porte. " * (times - 1), "text").blocks, language("fr"))
        found = [finding for block, finding in memo.find(page, rules) if block.text in text]
        assert found == (["own", "asking"] if times == 2 else ["own"])
    assert calls.count("own") == 2  # once for the paragraph, once for the short one, which is not remembered


def test_what_was_of_no_use_for_longest_is_forgotten():
    recent = Recent(2)
    recent.keep(b"a", 1)
    recent.keep(b"b", 2)
    assert recent.get(b"a") == 1
    recent.keep(b"c", 3)
    assert (recent.get(b"a"), recent.get(b"b"), recent.get(b"c")) == (1, None, 3)


def test_equal_paragraphs_have_equal_hashes():
    assert block_hash(" Elle ouvre. ") == block_hash("Elle ouvre.")
    assert block_hash("Elle ouvre") != block_hash("Elle ouvre.")
    assert len(block_hash("\ud800")) == 16


def command(*arguments, **more):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.getcwd(), "COLUMNS": "100"}
    line = [sys.executable, "-m", "qa", "archive", "scan", *map(str, arguments)]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, **more)


CHEAP = ["--lang", "fr", "--select", "number-slot,repeated-word", "--shard-records", "40", "--jobs", "2"]


def test_killed_at_any_point_it_comes_to_the_same_files(tmp_path):
    """The whole group of processes is killed; `python -m qa.devtools archive-kill` does it more often."""
    long = [{**page, "text": page["text"] + "Une phrase de plus, pour que cela dure.\n\n" * 40} for page in PAGES]
    (tmp_path / "a.jsonl").write_bytes(make.jsonl(long * 60))
    scanned(tmp_path / "a.jsonl", out=tmp_path / "whole", limits=Limits(records=40))
    random_ = random.Random(3)
    arguments = [tmp_path / "a.jsonl", "--out", tmp_path / "out", *CHEAP]
    killed = 0
    while killed < 3:
        with command(*arguments, start_new_session=True) as process:
            shards = tmp_path / "out" / "shards"
            seen = len(list(shards.iterdir())) if shards.exists() else 0
            # Some shards further, and then somewhere within.
            while process.poll() is None and (not shards.exists() or len(list(shards.iterdir())) <= seen):
                time.sleep(0.01)
            time.sleep(random_.random() * 0.1)
            if process.poll() is not None:
                break
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
    assert killed
    with command(*arguments) as process:
        said, problems = process.communicate(timeout=100)
        assert process.returncode == 0, problems
    assert said.startswith("420 pages in 11 shards")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_the_command_says_what_it_cannot_do(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(make.jsonl())
    for arguments, said in (
        (["a.docx"], "qa: a.docx: no such file or directory\n"),
        (["a.jsonl", "--column", "text"], "qa: --column text: write PART=NAME"),
        (["a.jsonl", "--engine", "spark"], "qa: --engine is processes or ray, not 'spark'\n"),
        (["a.jsonl", "--address", "auto"], "qa: --address is the address of a Ray cluster: add --engine ray\n"),
    ):
        with command(*arguments, "--out", "out", cwd=tmp_path) as process:
            _, problems = process.communicate(timeout=60)
            assert process.returncode == 2
            assert problems.startswith(said)


def test_a_missing_package_is_a_sentence(monkeypatch):
    from qa.archive.extra import needed

    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    with pytest.raises(QaError, match=r"fastwarc is not installed: pip install 'mtqa\[archive\]'"):
        needed("fastwarc.warc")


def test_rows_are_in_the_order_of_the_input(archive, tmp_path):
    scanned(archive / "a.jsonl", out=tmp_path / "out")
    found = [row["record"] for row in rows(tmp_path / "out")]
    assert found == [page["id"] for page in PAGES * 2] + [f"{archive / 'a.jsonl'}#14"]
