"""The surroundings: proxies of every kind, entries that nobody can read, certificates that are not there."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from pathlib import Path

import httpx
import pytest

from kling_desktop.domain.accounts import KeyPair
from kling_desktop.kling import environment
from kling_desktop.kling.client import Kling
from kling_desktop.kling.environment import is_loopback, new_tls, proxies_of_system
from kling_desktop.kling.wire import ApiRoutes, MediaRoutes
from tests.harness.servers.odd_server import OddServer, response

_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    environment.name_once.cache_clear()


class Socks:
    """A SOCKS5 proxy that takes anyone in and connects every name to one port of this computer."""

    def __init__(self, port: int) -> None:
        self.asked: list[str] = []
        self._port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Socks:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            methods = connection.recv(2)[1]
            connection.recv(methods)
            connection.sendall(b"\x05\x00")
            kind = connection.recv(4)[3]
            length = connection.recv(1)[0] if kind == 3 else 4
            self.asked.append(connection.recv(length).decode("latin-1"))
            connection.recv(2)
            connection.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
            with socket.create_connection(("127.0.0.1", self._port)) as beyond:
                there = threading.Thread(target=_pump, args=(connection, beyond), daemon=True)
                there.start()
                _pump(beyond, connection)
                there.join(5)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks"])
def test_a_socks_proxy_is_gone_through(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with OddServer(lambda _: [response(b"hello")]) as server, Socks(server.port) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"{scheme}://{proxy.address}")
        with httpx.Client(transport=MediaRoutes(), trust_env=False) as client:
            assert client.get("http://films.example/a").content == b"hello"
        assert proxy.asked == ["films.example"]


@pytest.mark.parametrize("name", ["ALL_PROXY", "HTTP_PROXY", "all_proxy"])
async def test_this_computer_is_never_asked_for_through_a_proxy(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = b'{"code":0,"message":"","request_id":"","data":{"task_id":"1"}}'
    with OddServer(lambda _: [response(body)]) as server, Socks(server.port) as proxy:
        monkeypatch.setenv(name, f"socks5://{proxy.address}")
        kling = Kling(server.url, KeyPair("a", "b"))
        try:
            assert (await kling.query("1")).kling_id == "1"
        finally:
            await kling.close()
        assert proxy.asked == []
        assert "authorization" in server.heard[0].headers


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("[::1]", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("kling.localhost", True),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - a name, no binding
        ("::ffff:10.0.0.1", False),
    ],
)
def test_what_can_only_mean_this_computer(host: str, here: bool) -> None:
    assert is_loopback(host) is here


@pytest.mark.parametrize(
    "proxy",
    [
        "nonsense://u:hidden@127.0.0.1:9",
        "http://",
        "http://host:99999",
        "http://host:0",
        "http://u:hidden@host:-1",
        f"http://{'a' * 64}:80",
        "http://[::1",
        "socks4://u:hidden@127.0.0.1:9",
    ],
)
@pytest.mark.expects_log("the proxy for all addresses that this system names cannot be used")
def test_a_proxy_that_nobody_can_use_is_passed_over_and_named_once(
    proxy: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    monkeypatch.setenv("HTTPS_PROXY", "127.0.0.1:3128")
    for _ in range(2):
        proxies = proxies_of_system()
        assert proxies.proxy_for(httpx.URL("http://films.example")) is None
        assert proxies.proxy_for(httpx.URL("https://films.example")) == "http://127.0.0.1:3128"
    assert len(caplog.records) == 1
    assert "hidden" not in caplog.text


@pytest.mark.parametrize("entry", ["[::1]:x", "10.0.0.0/99", "http://[bad", "host:port", "a b/c"])
@pytest.mark.expects_log("an entry of no_proxy that this system names")
def test_an_unreadable_entry_of_no_proxy_costs_the_others_nothing(entry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv("NO_PROXY", f"{entry}, inner.example, 10.0.0.0/8, other.example:8443")
    proxies = proxies_of_system()
    ways = {
        url: proxies.proxy_for(httpx.URL(url))
        for url in (
            "https://inner.example",
            "https://films.inner.example",
            "https://winner.example",
            "https://10.20.30.40",
            "https://11.0.0.1",
            "https://other.example:8443",
            "https://other.example",
        )
    }
    assert [url for url, way in ways.items() if way is None] == [
        "https://inner.example",
        "https://films.inner.example",
        "https://10.20.30.40",
        "https://other.example:8443",
    ]


@pytest.mark.parametrize(
    "entries",
    ["kling.example:443", "other.example kling.example", "other.example;kling.example", "\tkling.example\n"],
)
def test_an_entry_of_no_proxy_counts_however_the_list_is_written(entries: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv("NO_PROXY", entries)
    proxies = proxies_of_system()
    assert proxies.proxy_for(httpx.URL("https://kling.example/v1")) is None
    assert proxies.proxy_for(httpx.URL("https://kling.example:8443/v1")) == (
        "http://127.0.0.1:3128" if ":443" in entries else None
    )


def test_a_star_means_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv("NO_PROXY", "*")
    assert proxies_of_system().proxy_for(httpx.URL("https://kling.example")) is None


@pytest.mark.parametrize(("name", "content"), [("SSL_CERT_FILE", None), ("SSL_CERT_FILE", "x"), ("SSL_CERT_DIR", None)])
@pytest.mark.expects_log("SSL_CERT_.* that this system names")
def test_certificates_that_are_not_there_are_passed_over(
    name: str, content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "certificates.pem"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv(name, str(file))
    assert new_tls().cert_store_stats()["x509_ca"] > 50


@pytest.mark.expects_log("SSL_CERT_.* that this system names")
def test_certificates_that_nobody_could_read_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without certificates would have nobody trusted; a pipe would be waited for for ever."""
    pipe, empty = tmp_path / "pipe", tmp_path / "empty"
    os.mkfifo(pipe)
    empty.mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(pipe))
    monkeypatch.setenv("SSL_CERT_DIR", f"{empty}{os.pathsep}{pipe}")
    assert new_tls().cert_store_stats()["x509_ca"] > 50
    (empty / "9d66eef0.0").write_text("")
    monkeypatch.delenv("SSL_CERT_FILE")
    assert new_tls().cert_store_stats()["x509_ca"] == 0, "a folder's own are read when they are asked for"


async def test_both_clients_are_made_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "::1,fe80::1%eth0")
    await ApiRoutes().aclose()
    MediaRoutes().close()
