"""What stays on this computer goes through no proxy, whoever asks the environment for one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kling_desktop.media import stills
from kling_desktop.running.loopback import spare_loopback
from tests.harness.media.films import film
from tests.harness.servers.odd_server import OddServer, response


@pytest.mark.parametrize(
    ("before", "exempt"),
    [
        ({"http_proxy": "http://proxy:8080"}, "localhost,127.0.0.1,::1"),
        (
            {"ALL_PROXY": "socks5://proxy", "NO_PROXY": "inner.example, localhost"},
            "inner.example,localhost,127.0.0.1,::1",
        ),
        ({"http_proxy": "http://proxy:8080", "no_proxy": "*"}, "*"),
        ({"NO_PROXY": "inner.example"}, None),
        ({}, None),
    ],
)
def test_this_computer_is_named_where_a_proxy_is(before: dict[str, str], exempt: str | None) -> None:
    environment = dict(before)
    spare_loopback(environment)
    assert environment.get("no_proxy") == exempt


def test_a_still_is_made_from_an_address_here_though_a_proxy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = film(tmp_path / "film.mp4", range(24)).read_bytes()
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    spare_loopback(os.environ)
    with OddServer(lambda heard: [response(content, Content_Type="video/mp4")]) as server:
        stills.poster(f"{server.url}/film.mp4", tmp_path / "still.jpg", width=320, at_seconds=0.0)
    assert (tmp_path / "still.jpg").stat().st_size > 0
