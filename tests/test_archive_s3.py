"""Archives and runs in a bucket of a server that speaks S3 on this machine, reached as a user reaches them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from urllib.request import urlopen

import archive_files as make
import pytest
from archive_files import PAGES, contents, here, scanned

from qa.archive.plan import Limits
from qa.archive.report import export
from qa.archive.report.figures import figures
from qa.archive.run import Wish, scan
from qa.cli import app
from qa.errors import QaError

boto3 = pytest.importorskip("boto3")
pytest.importorskip("moto")
pytest.importorskip("s3fs")

BROKEN = {"id": "broken", "language": "fr", "text": "Il y avait 50 XNUMX habitants dans la ville.\n\n"}
INPUTS = {
    "a.jsonl.zst": make.compressed(make.jsonl(PAGES * 12) + b"{broken\n", ".zst"),
    "b.parquet": make.parquet([*PAGES, {**PAGES[0], **BROKEN}]),
    "c.warc.gz": make.compressed(make.warc(), ".gz"),
    "site/page.html": make.html({"text": BROKEN["text"]}).encode(),
    "site/sitemap.xml": b"<urlset/>",
    "site/": b"",  # as consoles make them, to show a folder
}
FEW = Limits()  # shards
CHEAP = ["--lang", "fr", "--select", "number-slot,repeated-word"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A server with the inputs in the bucket `press`, and the environment by which it is reached."""
    home = tmp_path_factory.mktemp("home")
    log = home / "log"
    with (
        log.open("wb") as file,
        subprocess.Popen(
            [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", "0"], stdout=file, stderr=file
        ) as server,
    ):
        try:
            limit = time.monotonic() + 60
            while not (found := re.search(r"Running on (http://\S+:\d+)\s", log.read_text())):
                assert server.poll() is None and time.monotonic() < limit, log.read_text()
                time.sleep(0.05)
            yield {
                "AWS_ENDPOINT_URL": found[1],
                "AWS_ACCESS_KEY_ID": "somebody",
                "AWS_SECRET_ACCESS_KEY": "secret",
                "AWS_DEFAULT_REGION": "us-east-1",
                # Neither what this machine knows of the cloud, nor a question to the cloud.
                "AWS_EC2_METADATA_DISABLED": "true",
                "HOME": str(home),
            }
        finally:
            server.kill()


@pytest.fixture
def bucket(environment, monkeypatch):
    """The bucket, with nothing but the inputs in it."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with urlopen(f"{environment['AWS_ENDPOINT_URL']}/moto-api/reset", data=b""):
        pass
    bucket = boto3.resource("s3").create_bucket(Bucket="press")
    for name, data in INPUTS.items():
        bucket.put_object(Key=f"in/{name}", Body=data)
    return bucket


@pytest.fixture
def folder(tmp_path):
    """The same inputs in a folder."""
    for name, data in INPUTS.items():
        if data:
            (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "in" / name).write_bytes(data)
    return tmp_path / "in"


def objects(bucket, prefix):
    return {each.key.removeprefix(prefix): each.get()["Body"].read() for each in bucket.objects.filter(Prefix=prefix)}


def command(environment, *arguments, **more):
    line = [sys.executable, "-m", "qa", "archive", *map(str, arguments)]
    own = {"PATH": os.environ["PATH"], "PYTHONPATH": os.getcwd(), "PYTHONWARNINGS": "error", **environment}
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=own, **more)


def test_killed_in_a_bucket_a_scan_comes_to_the_files_of_an_undisturbed_one(bucket, environment, tmp_path):
    """The results lie below the inputs: what was listed when the second attempt began has become more at its end."""
    rows = scanned("s3://press/in", out=tmp_path / "whole", limits=Limits(records=6))
    whole = contents(tmp_path / "whole")
    arguments = ["scan", "s3://press/in", "--out", "s3://press/in/run", *CHEAP, "--shard-records", "6"]
    with command(environment, *arguments, "--jobs", "1", start_new_session=True) as process:
        while process.poll() is None and not list(bucket.objects.filter(Prefix="in/run/manifest/").limit(1)):
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    left = objects(bucket, "in/run/")
    assert 0 < len(left) < len(whole)
    assert all(whole[name] == data for name, data in left.items())
    with command(environment, *arguments, "--jobs", "1") as process:
        said, problems = process.communicate(timeout=100)
    assert process.returncode == 0, problems
    assert re.fullmatch(r"qa: going on: \d+ of 20 shards are done\n", problems)
    assert said.startswith(f"{len(rows)} pages in 20 shards")
    assert objects(bucket, "in/run/") == whole
    assert len(whole["quarantine.jsonl"].splitlines()) == 1
    assert json.loads(whole["run.json"])["left_out"]["first"] == ["s3://press/in/site/sitemap.xml"]


def test_it_is_the_same_archive_in_a_bucket_and_in_a_folder(bucket, folder, tmp_path):
    here_ = scanned(folder, out=tmp_path / "here", limits=FEW)
    scan(Wish((str(folder),), "s3://press/out", make.OPTIONS, limits=FEW), here)
    assert objects(bucket, "out/") == contents(tmp_path / "here")
    there = scanned("s3://press/in", out=tmp_path / "there", limits=FEW)
    assert json.loads(json.dumps(there, default=str).replace("s3://press/in", str(folder))) == json.loads(
        json.dumps(here_, default=str)
    )


def qa(*arguments):
    return app(["archive", *map(str, arguments)], standalone_mode=False)


def test_what_is_made_of_a_run_reads_and_writes_buckets(bucket, folder, tmp_path):
    scanned(folder, out=tmp_path / "run", limits=FEW)
    scan(Wish(("s3://press/in",), "s3://press/run", make.OPTIONS, limits=FEW), here)

    assert qa("report", "s3://press/run", "--json", "s3://press/r.json", "--csv", "s3://press/csv") == 0
    expected = export.as_json(figures(str(tmp_path / "run"))).replace(str(folder), "s3://press/in")
    assert json.loads(objects(bucket, "r.json")[""]) == json.loads(expected)
    assert "causes.csv" in objects(bucket, "csv/")
    assert objects(bucket, "run/report.html")[""].startswith(b"<!DOCTYPE html>")

    assert qa("diff", "s3://press/run", "s3://press/run", "--jsonl", "s3://press/diff.jsonl") == 0
    assert objects(bucket, "diff.jsonl") == {"": b""}

    assert qa("sample", "s3://press/run", "--out", "s3://press/labels", "--pages", "2", "--format", "jsonl") == 0
    labels = bucket.Object("labels/findings.jsonl")
    labels.put(Body=labels.get()["Body"].read().replace(b'"label": ""', b'"label": "right"'))
    assert qa("audit", "s3://press/labels") == 0
    assert "run/audit.json" in objects(bucket, "")

    for run, out in (("s3://press/run", "s3://press/fixed"), (tmp_path / "run", tmp_path / "fixed")):
        assert qa("fix", run, "--out", out) == 0
    copies = objects(bucket, "fixed/")
    assert sorted(copies) == ["pages/in/site/page.html", "patches.jsonl", "records.jsonl"]
    assert {name: data.replace(b"s3://press/in", str(folder).encode()) for name, data in copies.items()} == contents(
        tmp_path / "fixed"
    )


@pytest.mark.parametrize(
    ("source", "out", "said"),
    [
        ("s3://presss/in", "{}", "s3://presss/in: The specified bucket does not exist"),
        ("s3://press/on", "{}", "s3://press/on: no such file or directory"),
        ("s3://press/in", "s3://presss/run", "there is no bucket presss: make it first"),
    ],
)
def test_what_is_not_there_is_a_sentence_and_no_bucket_is_made(bucket, tmp_path, source, out, said):
    with pytest.raises(QaError) as error:
        qa("scan", source, "--out", out.format(tmp_path / "out"))
    assert str(error.value) == said
    assert [each.name for each in boto3.resource("s3").buckets.all()] == ["press"]


def test_what_a_user_has_not_set_up_is_a_sentence(bucket, environment, tmp_path):
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "s3fs.py").write_text("raise ImportError('No module named s3fs')")
    unknown = {name: value for name, value in environment.items() if "KEY" not in name}
    without = {**environment, "PYTHONPATH": os.pathsep.join((str(tmp_path / "none"), os.getcwd()))}
    tried = [(unknown, "Unable to locate credentials"), (without, "Install s3fs to access S3")]
    begun = [command(env, "scan", "s3://press/in", "--out", "s3://press/run", cwd=tmp_path) for env, _ in tried]
    outputs = [process.communicate(timeout=60) for process in begun]
    assert [(process.returncode, *output) for process, output in zip(begun, outputs, strict=True)] == [
        (2, "", f"qa: cannot reach s3://press/run: {said}\n") for _, said in tried
    ]
