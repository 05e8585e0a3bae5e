"""What goes wrong in the world: each time the right status, nothing left behind, and the next request is answered."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest
from server import Server

from qa.serve.guard import Guard, sign
from qa.serve.wire import Refusal

SLOT = "Il y a 50 XNUMX soldats en Pologne."
LONG = "\n\n".join(f"{number} {SLOT}" for number in range(12_000))  # some seconds of work
VALUE = {"text": SLOT, "language": "fr"}


@pytest.fixture(scope="module")
def small():
    """A server with one worker and tight limits."""
    arguments = ["--workers", "1", "--queue", "2", "--timeout", "20", "--max-body", "1000000"]
    with Server(*arguments) as running:
        yield running
    assert running.status == 0


@pytest.fixture(autouse=True)
def next_request_is_fine(request):
    yield
    if "small" in request.fixturenames:
        server = request.getfixturevalue("small")
        server.wait(lambda: server.client.get("/readyz").status_code == 200)
        assert server.post("/v1/check", {**VALUE, "words": [f"{time.monotonic()}"]}).json()["gate"] == "block"


def started(server, value, found):
    """A request in a thread of its own, on its way to a worker."""
    before = server.metric("qa_busy")

    def ask():
        found.append(httpx.post(f"{server.url}/v1/check", json=value, timeout=60, trust_env=False))

    thread = threading.Thread(target=ask)
    thread.start()
    server.wait(lambda: server.metric("qa_busy") > before)
    return thread


def test_a_worker_that_is_killed_is_replaced_and_its_request_refused(small):
    found = []
    thread = started(small, {"text": LONG, "language": "fr"}, found)
    [victim] = small.workers()
    os.kill(victim, signal.SIGKILL)
    thread.join(30)
    assert (found[0].status_code, found[0].json()["error"]["code"]) == (503, "worker_lost")
    assert found[0].headers["retry-after"].isdigit()
    small.wait(lambda: small.workers() not in ([], [victim]))
    assert small.metric("qa_worker_restarts_total") == 1


def test_a_worker_that_is_killed_while_it_waits_is_replaced(small):
    [victim] = small.workers()
    os.kill(victim, signal.SIGKILL)
    small.wait(lambda: small.workers() not in ([], [victim]))
    [other] = small.workers()
    assert other != victim
    assert small.post("/v1/check", VALUE).status_code == 200


def test_a_worker_that_hangs_is_ended_when_its_time_is_over():
    with Server("--workers", "1", "--timeout", "1.5") as server:
        [victim] = server.workers()
        os.kill(victim, signal.SIGSTOP)
        answer = server.post("/v1/check", VALUE)
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "too_slow")
        server.wait(lambda: server.workers() not in ([], [victim]))
        server.wait(lambda: server.client.get("/readyz").status_code == 200)
        os.kill(server.workers()[0], signal.SIGSTOP)
        answer = server.post("/v1/check", {**VALUE, "deadline_ms": 100}).json()  # at the deadline: what there is
        assert (answer["incomplete"], answer["gate"], answer["fields"]["text"]["complete"]) == (True, "warn", False)
        server.wait(lambda: server.client.get("/readyz").status_code == 200)
        assert server.post("/v1/check", VALUE).status_code == 200


def test_a_full_queue_says_when_to_come_again(small):
    found = []
    thread = started(small, {"text": LONG, "language": "fr", "deadline_ms": 2000}, found)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(small.post, "/v1/check", {**VALUE, "words": [str(n)]}) for n in range(8)]
        answers = [each.result() for each in asked]
    thread.join(30)
    statuses = sorted(each.status_code for each in answers)
    assert statuses == [200, 200] + [503] * 6
    for each in answers:
        if each.status_code == 503:
            assert (each.json()["error"]["code"], each.headers["retry-after"]) == ("busy", "1")
    assert found[0].json()["incomplete"]


def test_a_client_that_leaves_the_queue_costs_nothing(small):
    found = []
    thread = started(small, {"text": LONG, "language": "fr", "deadline_ms": 1500}, found)
    for _ in range(6):  # more than the queue holds
        with contextlib.suppress(httpx.ReadTimeout):
            httpx.post(f"{small.url}/v1/check", json={**VALUE, "words": ["a"]}, timeout=0.1, trust_env=False)
        small.wait(lambda: small.metric("qa_waiting") == 0)
    thread.join(30)
    assert found[0].status_code == 200


def test_a_client_that_leaves_while_its_text_is_checked_blocks_nobody_for_long(small):
    with contextlib.suppress(httpx.ReadTimeout):
        httpx.post(
            f"{small.url}/v1/check",
            json={"text": LONG, "language": "fr", "deadline_ms": 1000},
            timeout=0.3,
            trust_env=False,
        )
    assert small.post("/v1/check", {**VALUE, "words": ["b"]}).status_code == 200
    small.wait(lambda: small.metric("qa_busy") == 0)


def test_a_body_of_200_megabytes_is_refused_without_being_kept(small):
    before = psutil.Process(small.process.pid).memory_info().rss
    block = b"x" * 1_000_000
    head = "POST /v1/check HTTP/1.1\r\nHost: x\r\n{}\r\n\r\n"
    for length, chunked in (("Content-Length: 200000000", False), ("Transfer-Encoding: chunked", True)):
        with socket.create_connection(("127.0.0.1", small.port), timeout=30) as connection:
            connection.sendall(head.format(length).encode())
            with contextlib.suppress(ConnectionError):
                for _ in range(200):
                    connection.sendall(b"%x\r\n%b\r\n" % (len(block), block) if chunked else block)
            received = connection.recv(65536)
        assert received.startswith(b"HTTP/1.1 413"), received
        assert b"body_too_large" in received
    assert psutil.Process(small.process.pid).memory_info().rss - before < 20_000_000


def test_a_field_that_is_too_long_is_refused():
    with Server("--workers", "1", "--max-text", "100") as server:
        assert server.post("/v1/check", {"text": "é" * 100, "language": "fr"}).status_code == 200
        answer = server.post("/v1/check", {"fields": {"a": "b", "c": {"html": "é" * 101}}, "language": "fr"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "field_too_long")
        assert server.client.get("/v2/maxtextlength").text == "100"


def test_clients_that_send_letter_by_letter_are_left():
    """Slow loris: connections that never finish their head or body do not keep others from being answered."""
    with Server("--workers", "1", "--patience", "1") as server:
        crowd = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(50)]
        for number, each in enumerate(crowd):
            each.sendall(b"POST /v1/check HTTP/1.1\r\nHost: x\r\n")
            if number % 2:
                each.sendall(b"Content-Length: 100\r\n\r\n{")
        begun = time.monotonic()
        for number in range(5):
            assert server.post("/v1/check", {**VALUE, "words": [str(number)]}).status_code == 200
            for each in crowd:
                with contextlib.suppress(ConnectionError):
                    each.sendall(b"a")
            time.sleep(0.2)
        for number, each in enumerate(crowd):
            with contextlib.suppress(ConnectionResetError), each:
                received = b"".join(iter(lambda each=each: each.recv(65536), b""))
                assert received.startswith(b"HTTP/1.1 408") if number % 2 else received == b""
        assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    "payload",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET /\r\n\r\n",
        b"POST /v1/check HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 20_000,
    ],
)
def test_what_is_no_http_is_refused(small, payload):
    with socket.create_connection(("127.0.0.1", small.port), timeout=30) as connection:
        with contextlib.suppress(ConnectionError):  # it hangs up on a head that is too long
            connection.sendall(payload)
        try:
            received = connection.recv(65536)
        except ConnectionResetError:
            assert len(payload) > 65536
        else:
            assert received.startswith(b"HTTP/1.1 4"), received


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 150_000,
        "<p " * 200_000,
        "<a b='" * 100_000,
        "&amp;" * 150_000,
        "<!--" * 150_000,
        "<b><p>" * 100_000,
        "<table><tr><td>" * 50_000,
    ],
    ids=lambda html: html[:12],
)
def test_a_bomb_of_html_is_only_a_text(small, html):
    begun = time.monotonic()
    answer = small.post("/v1/check", {"html": html, "language": "fr"})
    assert answer.status_code == 200
    assert time.monotonic() - begun < 20


# ---- who may ask ----


@pytest.fixture(scope="module")
def guarded():
    with Server("--workers", "1", QA_SERVE_TOKEN="right token", QA_SERVE_SECRET="s3cret") as running:
        yield running


BODY = b'{"text": "Elle ouvre la la porte.", "language": "fr"}'


def signed(server, body=BODY, secret="s3cret", timestamp=None, sent=None, path="/v1/check"):
    timestamp = f"{time.time():.6f}" if timestamp is None else timestamp
    headers = {"x-qa-timestamp": timestamp, "x-qa-signature": sign(secret, timestamp, body)}
    return server.client.post(path, content=body if sent is None else sent, headers=headers)


def code(response):
    return response.status_code, response.json()["error"]["code"] if response.status_code != 200 else "ok"


def test_a_token_or_a_signature_opens(guarded):
    assert code(guarded.client.post("/v1/check", content=BODY)) == (401, "unauthorized")
    assert guarded.client.post("/v1/check", content=BODY).headers["www-authenticate"] == "Bearer"
    for given, expected in (
        ("Bearer right token", 200),
        ("bearer right token", 200),
        ("Bearer wrong", 401),
        ("Basic right token", 401),
    ):
        assert guarded.client.post("/v1/check", content=BODY, headers={"authorization": given}).status_code == expected
    assert code(signed(guarded)) == (200, "ok")
    assert code(signed(guarded, secret="guess")) == (401, "wrong_signature")
    assert code(signed(guarded, sent=BODY.replace(b"la la", b"la"))) == (401, "wrong_signature")
    assert code(signed(guarded, path="/v1/fix"))[0] == 400  # admitted; the body is that of a check


def test_an_old_timestamp_and_a_second_use_are_refused(guarded):
    now = time.time()
    for timestamp, expected in (
        (f"{now - 301:.3f}", "stale_timestamp"),
        (f"{now + 301:.3f}", "stale_timestamp"),
        ("nan", "stale_timestamp"),
        ("inf", "stale_timestamp"),
        ("", "wrong_timestamp"),
        ("yesterday", "wrong_timestamp"),
    ):
        assert code(signed(guarded, timestamp=timestamp)) == (401, expected)
    once = f"{now:.6f}"
    assert code(signed(guarded, timestamp=once)) == (200, "ok")
    assert code(signed(guarded, timestamp=once)) == (401, "replayed")
    assert code(signed(guarded, timestamp=f"{now + 1:.6f}")) == (200, "ok")


def test_the_other_protocol_takes_the_token_as_its_key(guarded):
    form = {"text": SLOT, "language": "fr"}
    response = guarded.client.post("/v2/check", data=form)
    assert (response.status_code, response.text) == (401, "Error: This server wants a bearer token.")
    assert guarded.client.post("/v2/check", data={**form, "apiKey": "right token", "username": "a"}).status_code == 200
    assert guarded.client.post("/v2/check", data={**form, "apiKey": "wrong"}).status_code == 401


def test_what_is_guarded_and_what_is_open(guarded):
    for path in ("/v1/policy", "/v1/rules", "/metrics"):
        assert guarded.client.get(path).status_code == 401
        assert guarded.client.get(path, headers={"authorization": "Bearer right token"}).status_code == 200
    for path in ("/", "/healthz", "/readyz", "/openapi.json", "/v2/languages"):
        assert guarded.client.get(path).status_code == 200


def test_signatures_are_forgotten_when_their_timestamps_are_too_old():
    guard = Guard(secret="s", window=0.05)

    def admit(timestamp):
        guard.admit({"x-qa-timestamp": timestamp, "x-qa-signature": sign("s", timestamp, b"a")}, b"a")

    first = f"{time.time():.6f}"
    admit(first)
    with pytest.raises(Refusal, match="used already"):
        admit(first)
    time.sleep(0.12)
    with pytest.raises(Refusal, match="off by more"):
        admit(first)
    admit(f"{time.time():.6f}")
    assert len(guard._seen) == 1


# ---- its end ----


def test_it_ends_gracefully_and_leaves_no_process():
    found = []
    with Server("--workers", "2") as server:
        workers = server.workers()
        assert len(workers) == 2
        thread = started(server, {"text": LONG, "language": "fr", "deadline_ms": 1500}, found)
        server.process.send_signal(signal.SIGTERM)
        thread.join(30)
        assert found[0].status_code == 200  # what had begun was finished
        assert server.process.wait(30) == 0
        server.wait(lambda: not any(psutil.pid_exists(pid) for pid in workers))


def test_workers_do_not_outlive_a_server_that_is_killed():
    with Server("--workers", "2") as server:
        workers = server.workers()
        server.process.kill()
        server.process.wait()
        server.wait(lambda: not any(map(alive, workers)))
        assert len(workers) == 2 and not any(map(alive, workers))


def alive(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
