"""LibreOffice Writer's own client of LanguageTool's protocol, driven without a screen."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

PYTHON = "/usr/bin/python3"  # the bridge is installed for this one
SETTING = (
    '<item oor:path="/org.openoffice.Office.Linguistic/GrammarChecking/LanguageTool">'
    '<prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
)


def missing():
    if shutil.which("soffice") is None:
        return "libreoffice-writer-nogui"
    if subprocess.run([PYTHON, "-c", "import uno"], capture_output=True).returncode:
        return "python3-uno"
    return None


@pytest.mark.skipif(missing() is not None and not os.environ.get("CI"), reason=f"{missing()} is not installed")
def test_writer_shows_what_the_server_finds(server, tmp_path):
    profile = tmp_path / "profile"
    (profile / "user").mkdir(parents=True)
    settings = SETTING.format("BaseURL", f"{server.url}/v2") + SETTING.format("IsEnabled", "true")
    (profile / "user" / "registrymodifications.xcu").write_text(
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{settings}</oor:items>', encoding="utf-8"
    )
    pipe = f"qa{os.getpid()}"
    office = ["soffice", "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
    text = "🎉 Il y a 50 XNUMX soldats & plus, 100% sûrs. Elle ouvre la la porte."
    with subprocess.Popen(
        [*office, f"--accept=pipe,name={pipe};urp"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            asked = [PYTHON, str(Path(__file__).with_name("libreoffice.py")), pipe, text]
            environment = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1"}
            done = subprocess.run(asked, capture_output=True, text=True, timeout=120, env=environment)
            assert done.returncode == 0, done.stderr
            process.wait(30)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # the office is a child of the command
    units = text.encode("utf-16-le")
    found = [
        (units[2 * start : 2 * (start + length)].decode("utf-16-le"), repairs)
        for start, length, repairs in json.loads(done.stdout)
    ]
    assert found == [("50 XNUMX", ["50\u202f000"]), ("la la", ["la"])]
