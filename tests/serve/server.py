"""A server of its own process on a free port of the loopback, and what a test asks it."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]


class Server:
    """`qa serve` as a user starts it; `with Server("--workers", "1") as server: server.post(…)`."""

    def __init__(self, *arguments, config="", **environment):
        self.folder = tempfile.TemporaryDirectory()
        (Path(self.folder.name) / "qa.toml").write_text(config, encoding="utf-8")
        self._errors = Path(self.folder.name) / "log"
        self._arguments, self._environment = arguments, environment

    def __enter__(self):
        environment = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT), **self._environment}
        command = [sys.executable, "-m", "qa", "serve", "--port", "0", *self._arguments]
        with self._errors.open("wb") as errors:
            self.process = subprocess.Popen(
                command, cwd=self.folder.name, env=environment, stdout=subprocess.PIPE, stderr=errors
            )
        assert select.select([self.process.stdout], [], [], 60)[0], self.log()
        self.url = self.process.stdout.readline().decode().strip()
        assert self.url.startswith("http://127.0.0.1:"), self.log()
        self.port = int(self.url.rpartition(":")[2])
        self.client = httpx.Client(base_url=self.url, timeout=60, trust_env=False)
        self.wait(lambda: self.client.get("/readyz").status_code == 200)
        return self

    def __exit__(self, *_):
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.status = self.process.wait(30)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.folder.cleanup()

    def post(self, path, value=None, **more):
        return self.client.post(path, content=json.dumps(value).encode(), **more) if value is not None else (
            self.client.post(path, **more)
        )  # fmt: skip

    def log(self):
        return self._errors.read_text(encoding="utf-8")

    def events(self):
        """The lines of the log."""
        return [json.loads(line) for line in self.log().splitlines()]

    def workers(self):
        """The process ids of the workers, by the kernel's account."""
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True)
        return [int(pid) for pid in found.stdout.split()]

    def metric(self, name):
        return sum(
            float(value)
            for value in re.findall(rf"^{name}(?:\{{.*\}})? (\S+)$", self.client.get("/metrics").text, re.MULTILINE)
        )

    @staticmethod
    def wait(condition, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it did not come to pass"
            time.sleep(0.05)
