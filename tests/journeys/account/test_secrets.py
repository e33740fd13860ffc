"""No key and no token is anywhere but in memory and in the request that signs in: a whole journey, then a search."""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kling_desktop.ui.help.report_dialog import ReportDialog
from tests.journeys.conftest import Start

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox

_TOKEN = re.compile(rb"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}|[Bb]earer\s+[\w.-]{8,}")


def places(data_dir: Path, said: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Everything that outlives the journey or was seen by others: files, the words handed out, command lines."""
    for file in data_dir.rglob("*"):
        if file.is_file():
            yield str(file.relative_to(data_dir)), file.read_bytes()
    yield from ((name, text.encode()) for name, text in said.items())
    if sys.platform == "linux":
        for process in Path("/proc").glob("[0-9]*"):
            yield from _command_line(process)


def _command_line(process: Path) -> Iterator[tuple[str, bytes]]:
    try:
        yield f"command line of {process.name}", (process / "cmdline").read_bytes()
    except OSError:  # it has ended meanwhile
        return


def leaks(found: Iterator[tuple[str, bytes]], secrets: list[str]) -> list[str]:
    """Where a secret stands, as it is, in base64 or as SQLite might keep it; and where any token stands."""
    wanted = [form for secret in secrets for form in (secret.encode(), secret.encode("utf-16-le"), _base64(secret))]
    return [name for name, data in found if any(form in data for form in wanted) or _TOKEN.search(data)]


def _base64(secret: str) -> bytes:
    return base64.b64encode(secret.encode()).rstrip(b"=")[:-2]


@pytest.mark.parametrize("kind", ["pair", "key"])
async def test_a_whole_journey_leaves_no_secret_behind(
    start: Start, sandbox: Sandbox, data_dir: Path, kind: str
) -> None:
    only_key = {"KLING_ACCESS_KEY": "", "KLING_SECRET_KEY": "", "KLING_API_KEY": sandbox.api_key}
    secrets = [sandbox.secret_key, sandbox.api_key]
    async with start(**(only_key if kind == "key" else {})) as creator:
        creator.asks(creator.clip_id("dawn-lake"), "Lanterns rise")
        await creator.sees_take()
        creator.clicks_row(0)
        await creator.sees(lambda: creator.viewer.duration_seconds > 0, "the film")
        creator.asks(creator.clip_id("dawn-lake"), "something forbidden")
        await creator.sees(lambda: creator.window.doctor.isVisible(), "the doctor")
        creator.window.menu_bar.report_asked.emit()
        dialog = await creator.sees(lambda: creator.window.findChild(ReportDialog), "the report")
        await creator.sees(dialog.save.isEnabled, "the text of the report")
        said = {
            "report": dialog.text.toPlainText(),
            "details": creator.window.doctor.details.toPlainText(),
            "notices": creator.banners(),
            "requests": json.dumps(creator.ask("requests")),
        }
        assert creator.ask("violations") == []
        assert leaks(places(data_dir, said), secrets) == []
    assert leaks(places(data_dir, said), secrets) == []


@pytest.mark.parametrize("form", ["plain", "wide", "base64"])
def test_the_search_finds_what_is_planted(tmp_path: Path, form: str) -> None:
    secret = "kT4vWq9ZxYb2NmC8"  # noqa: S105 - planted, to be found
    planted = {
        "plain": secret.encode(),
        "wide": secret.encode("utf-16-le"),
        "base64": base64.b64encode(secret.encode()),
    }
    (tmp_path / "library.sqlite3-wal").write_bytes(b"\x00\x01" + planted[form] + b"\xff")
    assert leaks(places(tmp_path, {}), [secret]) == ["library.sqlite3-wal"]


@pytest.mark.parametrize("token", ["Bearer abcdefgh.ijkl", "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJha18xIn0.4vDwE3pQ4vDwE3pQ"])
def test_the_search_finds_any_token(tmp_path: Path, token: str) -> None:
    assert leaks(places(tmp_path, {"report": token}), []) == ["report"]
