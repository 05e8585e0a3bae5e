"""A real WordPress in a folder of its own: Debian's files, a MariaDB without network, PHP's server on the loopback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import httpx
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
WORDPRESS = Path("/usr/share/wordpress")
PROGRAMS = ("mariadbd", "mariadb-install-db", "php")
TOKEN, SECRET = "the-token-of-the-service", "a <secret> 100%41"  # of the service
CONFIG = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{folder}/socket');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HOME', '{url}');
define('WP_SITEURL', '{url}');
define('WP_ENVIRONMENT_TYPE', 'local'); // application passwords without TLS
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true); // tests ask wp-cron.php themselves
define('WP_DEBUG', true);
define('WP_DEBUG_DISPLAY', false);
define('WP_DEBUG_LOG', '{folder}/php.log');
$table_prefix = 'wp_';
require __DIR__ . '/wp-settings.php';
"""
# Pages have the classic editor, posts that of blocks.
CLASSIC = "<?php add_filter('use_block_editor_for_post_type', fn($use, $type) => $type !== 'page', 10, 2);"
INSTALL = """
define('WP_INSTALLING', true);
require 'wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
add_filter('pre_wp_mail', '__return_true');
wp_install('Le journal', 'editor', 'editor@example.org', false, '', 'secret');
$failed = activate_plugin('mtqa/mtqa.php');
if (is_wp_error($failed)) { throw new Exception($failed->get_error_message()); }
echo json_encode(WP_Application_Passwords::create_new_application_password(1, ['name' => 'test'])[0]);
"""


def missing() -> str | None:
    """The first program or file that is not there."""
    programs = (name for name in PROGRAMS if shutil.which(name) is None)
    return next(programs, None) or (None if (WORDPRESS / "wp-load.php").exists() else str(WORDPRESS))


class Site:
    """`with Site() as site: site.rest("POST", "/wp/v2/posts", …)`; `site.browser` is logged in by cookie."""

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="qa-wp-"))  # a short name: that of a socket has at most 107 bytes
        self.processes = []
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            with suppress(ProcessLookupError):  # it came to an end by itself, and the logs say why
                os.killpg(process.pid, signal.SIGTERM)  # the group: PHP's server would leave its workers behind
        for process in reversed(self.processes):
            process.wait(60)
        shutil.rmtree(self.folder)

    def _start(self):
        self._database()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.pages = self.folder / "site"
        shutil.copytree(WORDPRESS, self.pages)
        (self.pages / "wp-config.php").write_text(CONFIG.format(folder=self.folder, url=self.url), encoding="utf-8")
        shutil.copytree(ROOT / "integrations" / "wordpress", self.pages / "wp-content" / "plugins" / "mtqa")
        (self.pages / "wp-content" / "mu-plugins").mkdir()
        (self.pages / "wp-content" / "mu-plugins" / "classic.php").write_text(CLASSIC, encoding="utf-8")
        self.password = json.loads(self._php(INSTALL))
        # What is compiled is kept for two seconds otherwise, whatever becomes of the file.
        serve = ["php", "-d", "opcache.revalidate_freq=0", "-S", f"127.0.0.1:{port}", "-t", str(self.pages)]
        # Several workers: the editor asks much at once.
        self._run(serve, "server.log", {**os.environ, "PHP_CLI_SERVER_WORKERS": "4"})
        self._wait(lambda: httpx.get(f"{self.url}/wp-login.php", timeout=60, trust_env=False).status_code == 200)
        self.client = httpx.Client(base_url=self.url, auth=("editor", self.password), timeout=60, trust_env=False)
        self.browser = httpx.Client(base_url=self.url, timeout=60, trust_env=False, follow_redirects=True)
        self.browser.get("/wp-login.php")
        page = self.browser.post("/wp-login.php", data={"log": "editor", "pwd": "secret", "testcookie": "1"})
        assert "wp-admin" in str(page.url), page.text

    def _database(self):
        data = self.folder / "data"
        user = [] if os.geteuid() else ["--user=root"]
        install = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", *user, "--skip-test-db"]
        done = subprocess.run(
            [*install, "--auth-root-authentication-method=normal"], capture_output=True, text=True, cwd=self.folder
        )
        assert done.returncode == 0, done.stdout + done.stderr
        options = [f"--datadir={data}", f"--socket={self.folder}/socket", "--skip-networking", *user]
        self._run(["mariadbd", "--no-defaults", *options, "--innodb-flush-method=nosync"], "database.log", os.environ)
        create = (
            f"$db = mysqli_init(); $db->real_connect('localhost', 'root', '', '', 0, '{self.folder}/socket');"
            "$db->query('CREATE DATABASE wordpress CHARACTER SET utf8mb4');"
        )
        self._wait(lambda: subprocess.run(["php", "-r", create], capture_output=True).returncode == 0)

    def _run(self, command, log, environment):
        with (self.folder / log).open("wb") as output:
            self.processes.append(
                subprocess.Popen(
                    command, stdout=output, stderr=output, env=environment, cwd=self.folder, start_new_session=True
                )
            )

    def _wait(self, condition, seconds=90):
        end = time.monotonic() + seconds
        while not self._holds(condition):
            assert time.monotonic() < end and self.processes[-1].poll() is None, self.logs()
            time.sleep(0.2)

    @staticmethod
    def _holds(condition):
        try:
            return condition()
        except httpx.TransportError:
            return False

    def _php(self, code):
        done = subprocess.run(["php", "-r", code], cwd=self.pages, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr + self.logs()
        return done.stdout

    def php(self, code):
        """What the code prints, run inside of WordPress."""
        return self._php(f"require 'wp-load.php'; {code}")

    def rest(self, method, path, **value):
        return self.client.request(method, "/index.php", params={"rest_route": path}, json=value or None)

    def set(self, **settings):
        """Fill in the page of settings and save it."""
        form = self.form("/wp-admin/options-general.php?page=mtqa", "options.php")
        names = ("url", "token", "secret", "timeout", "on_failure")
        page = self.browser.post(
            "/wp-admin/options.php", data=form | {f"mtqa[{name}]": settings.get(name, "") for name in names}
        )
        assert "settings-updated=true" in str(page.url), page.text

    def form(self, address, action):
        """The fields of the form with this action on a page of the administration, and what they hold."""
        tree = BeautifulSoup(self.browser.get(address).text, "html.parser")
        (form,) = tree.select(f'form[action$="{action}"]')
        inputs = [
            each for each in form.select("input[name]") if each.get("type") not in ("checkbox", "radio", "submit")
        ]
        values = {each["name"]: each.get("value", "") for each in inputs}
        values |= {each["name"]: each.get_text() for each in form.select("textarea[name]")}
        return values | {each["name"]: each["value"] for each in form.select("input[name][checked]")}

    def logs(self):
        """What database, server and PHP have written."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))
