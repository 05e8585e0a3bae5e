"""A run: the folder of its results, and going on where an earlier attempt ended.

What a run is, `run.json` says: the signature of the checker, the options, the inputs with their identity, the plan.
A folder holds one run.  The same command on the same inputs goes on with it; anything else is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from qa.archive import store
from qa.archive.extra import needed
from qa.archive.inputs import Reading, Source, sources
from qa.archive.plan import Cuts, Limits, Shard, cut_all, shards, version_of
from qa.archive.pool import Progress, Task
from qa.archive.schema import MANIFEST, QUARANTINE, QUARANTINED, RUN, SHARDS, VERSION
from qa.archive.shard import Done, Setup, encoded, finished
from qa.checker import Options
from qa.errors import QaError
from qa.signature import model_part, signature

_NAMED = 100  # of the files that are left out
_TOGETHER = 8  # shards of earlier attempts that are looked at
POISON = "poison"  # folder of what was found to be poison in shards that are not done


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be scanned, and how."""

    inputs: tuple[str, ...]
    out: str
    options: Options = field(default_factory=Options)
    reading: Reading = field(default_factory=Reading)
    limits: Limits = field(default_factory=Limits)
    jobs: int = 1
    remember: bool = True  # do not check again what was seen before: faster, with the same outcome


@dataclass(frozen=True, slots=True)
class Run:
    """A run with its plan.  `id` stands for all that its results depend on but the inputs."""

    id: str
    out: str
    shards: tuple[Shard, ...]
    left_out: int  # files in the inputs' folders of kinds that we do not read

    @property
    def records(self) -> int:
        """How many records there are."""
        return sum(shard.count for shard in self.shards)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a scan came to: sums over the shards."""

    shards: int
    records: int
    checked: int
    quarantined: int
    findings: int
    characters: int

    @classmethod
    def of(cls, done: Sequence[Done]) -> Summary:
        """The sums."""
        names = ("records", "checked", "quarantined", "findings", "characters")
        return cls(len(done), *(sum(getattr(each, name) for each in done) for name in names))


# Does tasks: by processes of this machine, or on a cluster.
Engine = Callable[[Sequence[Task], Setup, Callable[[Task], None], Callable[[Progress], None]], Iterator[Done]]


class Watcher:
    """What a scan tells while it works; this one tells nobody."""

    def planning(self, sources: int) -> None:
        """The inputs are gone through."""

    def begun(self, run: Run, done: Sequence[Done]) -> None:
        """The plan stands; some shards are done already."""

    def tick(self, progress: Progress) -> None:
        """Shards are at work."""

    def finished(self, done: Done) -> None:
        """A shard is done."""


def scan(wish: Wish, engine: Engine, watcher: Watcher | None = None) -> Summary:
    """Do what is left to do of a run.  Raises QaError."""
    needed("pyarrow.parquet")
    watcher = watcher or Watcher()
    for folder in (wish.out, *(store.join(wish.out, name) for name in (SHARDS, MANIFEST, POISON))):
        store.make_folder(folder)
    with store.locked(wish.out):
        for folder in (wish.out, *(store.join(wish.out, name) for name in (SHARDS, MANIFEST, POISON))):
            store.sweep(folder)
        run = prepare(wish, watcher)
        done = _finished(run)
        watcher.begun(run, done)
        known = {each.shard for each in done}
        poison = set(store.names(store.join(wish.out, POISON)))
        tasks = [
            Task(shard, _poison(wish.out, shard) if f"{shard.id}.json" in poison else {})
            for shard in run.shards
            if shard.id not in known
        ]
        if tasks:
            setup = Setup(wish.out, run.id, wish.options, wish.reading, wish.limits.seconds, wish.remember)

            def poisoned(task: Task) -> None:
                store.write(_poison_file(wish.out, task.shard), encoded(task.poison))

            with closing(engine(tasks, setup, poisoned, watcher.tick)) as results:  # type: ignore[type-var]
                for each in results:
                    done.append(each)
                    watcher.finished(each)
        store.write(store.join(wish.out, QUARANTINE), _quarantine(wish.out, done))
        store.remove(store.join(wish.out, POISON))
    return Summary.of(done)


def discard(out: str) -> None:
    """Throw away what a folder holds of a scan, and nothing else.  Raises QaError."""
    if store.exists(out):
        with store.locked(out):
            for name in (RUN, QUARANTINE, MANIFEST, SHARDS, POISON):
                store.remove(store.join(out, name))


def prepare(wish: Wish, watcher: Watcher) -> Run:
    """The run of the folder: the one that is there, if it is the one wished for, or a new one.  Raises QaError."""
    found, left_out = sources(list(wish.inputs), wish.out)
    if not found:
        raise QaError("the inputs hold nothing that can be read")
    head = _head(wish, found)
    file = store.join(wish.out, RUN)
    old = store.read(file)
    if old is not None:
        stored = _parsed(old, file)
        _same(stored, head, wish.out)
        cuts = [Cuts(tuple(each["shards"]), each["bytes"], each["damage"]) for each in stored["plan"]]
    else:
        watcher.planning(len(found))
        cuts = list(cut_all(found, wish.reading, wish.limits, wish.jobs))
    planned = [shard for number, pair in enumerate(zip(found, cuts, strict=True)) for shard in shards(number, *pair)]
    if old is None:
        plan = [
            {"records": sum(each.counts), "bytes": each.size, "damage": each.damage, "shards": list(each.counts)}
            for each in cuts
        ]
        store.write(
            file, encoded({**head, "left_out": {"files": len(left_out), "first": left_out[:_NAMED]}, "plan": plan})
        )
    return Run(head["id"], wish.out, tuple(planned), len(left_out))


def _head(wish: Wish, found: Sequence[Source]) -> dict[str, Any]:
    """What makes a run the one it is."""
    what = {
        "version": VERSION,
        "signature": str(signature(model_part(wish.options))),
        "options": _plain(asdict(wish.options)),
        "reading": {**_plain(asdict(wish.reading)), "extractor": _extractor(found, wish.reading)},
        "limits": _plain(asdict(wish.limits)),
    }
    inputs = [
        {
            "path": source.path,
            "format": source.format,
            "files": len(source.files),
            "size": sum(each.size for each in source.files),
            "version": version_of(source),
        }
        for source in found
    ]
    return {**what, "id": sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:32], "inputs": inputs}


def _extractor(found: Sequence[Source], reading: Reading) -> str | None:
    """What takes the main text out of the pages of web archives: another release may take another text."""
    if reading.raw_html or not any(source.format == "warc" for source in found):
        return None
    from importlib.metadata import version

    needed("resiliparse.extract.html2text")
    return f"resiliparse {version('resiliparse')}"


def _same(stored: Mapping[str, Any], head: Mapping[str, Any], out: str) -> None:
    """Refuse to mix a run with another one."""
    advice = f"name another folder, or add --restart to throw away what is in {out}"
    for name in ("version", "signature", "options", "reading", "limits"):
        if stored.get(name) != head[name]:
            raise QaError(f"{out} holds a run with other {_difference(name, stored.get(name), head[name])}: {advice}")
    theirs, ours = ({each["path"]: each for each in run["inputs"]} for run in (stored, head))
    for path in [*theirs, *ours]:
        if theirs.get(path) != ours.get(path):
            what = "has changed since" if path in theirs and path in ours else "was not" if path in ours else "was"
            end = "" if what.startswith("has") else " part of it"
            raise QaError(f"{out} holds a run on other inputs ({path} {what}{end}): {advice}")
    if list(theirs) != list(ours):
        raise QaError(f"{out} holds a run on the same inputs in another order: {advice}")


def _difference(name: str, theirs: Any, ours: Any) -> str:
    if not isinstance(theirs, dict):
        return f"{name} ({theirs} instead of {ours})"
    key = next(key for key in ours if theirs.get(key) != ours[key])
    return f"{name} ({key}: {theirs.get(key)} instead of {ours[key]})"


def _parsed(data: bytes, file: str) -> dict[str, Any]:
    try:
        found = json.loads(data)
        found["inputs"], found["plan"]
    except (ValueError, KeyError, TypeError):
        raise QaError(f"{file} is not the description of a run: name another folder, or add --restart") from None
    return found


def _plain(value: Any) -> Any:
    """Sets in order, so that the same settings read the same."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value


def _finished(run: Run) -> list[Done]:
    """What earlier attempts have done.  Some are looked at together: in an object store each takes its time."""
    named = set(store.names(store.join(run.out, MANIFEST)))
    begun = [shard for shard in run.shards if f"{shard.id}.json" in named]
    with ThreadPoolExecutor(_TOGETHER) as threads:
        found = threads.map(lambda shard: finished(shard, run.id, run.out), begun)
        return [each for each in found if each is not None]


def _poison_file(out: str, shard: Shard) -> str:
    return store.join(out, POISON, f"{shard.id}.json")


def _poison(out: str, shard: Shard) -> dict[int, str]:
    """What an earlier attempt found to be poison."""
    try:
        return {int(key): str(why) for key, why in json.loads(store.read(_poison_file(out, shard)) or b"{}").items()}
    except ValueError:
        return {}


def _quarantine(out: str, done: Iterable[Done]) -> bytes:
    """The records that could not be checked, a JSON object on each line, in the order of the plan."""
    parquet, compute = needed("pyarrow.parquet"), needed("pyarrow.compute")
    lines: list[str] = []
    for each in sorted(done, key=lambda each: each.shard):
        if each.quarantined:
            path = store.join(out, SHARDS, f"{each.shard}.parquet")
            with store.raw(path) as file:
                table = parquet.read_table(file, columns=["record", "source", "reason", "status"])
            rows = table.filter(compute.field("status") == QUARANTINED).drop(["status"]).to_pylist()
            lines += [json.dumps({"shard": each.shard, **row}, ensure_ascii=False) + "\n" for row in rows]
    return "".join(lines).encode()
