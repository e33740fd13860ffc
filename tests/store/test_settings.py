"""Settings come back as they were saved; nothing that stands in the file can stop a start."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kling_desktop.domain.accounts import Profile, Region
from kling_desktop.errors import FileTrouble, SettingsUnread
from kling_desktop.store.settings import MOST_KB, Settings, load, save

BEIJING = Profile("b", Region.BEIJING)
CHOSEN = Settings(
    language="zh_CN", theme="light", text_size=150,
    library_folder=Path("/films/雪"), profile="Work", volume=0.75, loop=True,
    profiles=(Profile("Work", Region.BEIJING), Profile("Mine", Region.CUSTOM, "http://127.0.0.1:1")),
    parallel_downloads=4, speed_limit_kb=500, paused=("Work",), callbacks=True, callback_host="0.0.0.0",  # noqa: S104 - a value that is only stored
    callback_port=1, callback_path="/a", window="AdnQywAD", selected="kd-1", player_seconds=3.25,
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "settings.json"


@pytest.mark.parametrize("settings", [Settings(), CHOSEN, replace(CHOSEN, selected="half \ud83d of a pair")])
def test_settings_come_back_as_they_were_saved(path: Path, settings: Settings) -> None:
    save(path, settings)
    assert load(path) == settings


def test_a_missing_file_means_a_first_start(path: Path) -> None:
    assert load(path) == Settings()
    assert not path.exists()


@pytest.mark.expects_log("set aside as settings.damaged-")
def test_a_folder_of_that_name_is_set_aside_with_what_is_in_it(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "kept").write_text("hello")
    told: list[SettingsUnread] = []
    assert load(path, told.append) == Settings()
    assert "IsADirectoryError" in told[0].message or "PermissionError" in told[0].message  # the latter on Windows
    save(path, CHOSEN)
    assert load(path) == CHOSEN
    assert [found.read_text() for found in path.parent.glob("settings.damaged-*/kept")] == ["hello"]


@pytest.mark.expects_log("set aside as settings.damaged-")
@pytest.mark.parametrize("broken", [b"", b"{", b"[1]", b"null", b"\xff\xfe", b'{"volume": ', b"[" * 100_000])
def test_a_broken_file_is_set_aside_and_the_start_goes_on(path: Path, broken: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(broken)
    told: list[SettingsUnread] = []
    assert load(path, told.append) == Settings()
    assert len(told) == 1
    (aside,) = path.parent.iterdir()
    assert aside.name.startswith("settings.damaged-")
    assert aside.read_bytes() == broken
    save(path, CHOSEN)
    assert load(path, told.append) == CHOSEN
    assert len(told) == 1


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("language", "tlh", ""), ("theme", 3, "dark"), ("theme", None, "dark"), ("theme", ["light"], "dark"),
        ("text_size", 10, 90), ("text_size", 999, 200), ("text_size", "large", 100),
        ("library_folder", 7, None), ("volume", "loud", 0.3), ("volume", 9, 1.0), ("volume", -1, 0.0),
        ("volume", float("nan"), 0.3), ("volume", True, 0.3),
        ("volume", "0.5", 0.3), ("loop", "yes", False), ("parallel_downloads", 0, 1),
        ("parallel_downloads", 99, 8), ("parallel_downloads", 3.0, 3), ("speed_limit_kb", -5, 0),
        ("speed_limit_kb", float("inf"), 0), ("speed_limit_kb", 10**400, 0), ("player_seconds", {}, 0.0),
        ("speed_limit_kb", 1e308, MOST_KB), ("player_seconds", 1e308, 86_400.0),
        ("uses", [["a", 1e308]], (("a", 10**9),)),
        ("library_folder", "", None), ("library_folder", "takes", None), ("library_folder", "~/takes", None),
        ("export_folder", "../films", None),
        ("profiles", 5, ()), ("profiles", [{"name": "a"}], ()), ("profiles", ["a"], ()),
        ("profiles", [{"name": "a", "region": "moon"}, {"name": "b", "region": "beijing"}], (BEIJING,)),
        ("selected", None, ""), ("window", 1, ""),
    ],
)  # fmt: skip
def test_a_value_that_makes_no_sense_is_left_at_its_first_value_and_the_rest_stands(
    path: Path, name: str, value: Any, expected: Any
) -> None:
    path.parent.mkdir()
    other = "loop" if name != "loop" else "selected"
    path.write_text(json.dumps({name: value, other: True if other == "loop" else "kd-9", "from_the_future": 1}))
    assert load(path) == replace(Settings(), **{name: expected, other: True if other == "loop" else "kd-9"})
    assert path.exists()


@pytest.mark.expects_log("nor set aside")
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileTrouble):
        save(tmp_path / "file" / "settings.json", CHOSEN)
    assert load(tmp_path / "file" / "settings.json") == Settings()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_settings_in_the_encodings_of_windows_editors_are_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "settings.json").write_bytes('{"callbacks": true, "callback_path": "/kling"}'.encode(encoding))
    assert load(tmp_path / "settings.json").callbacks
    assert [file.name for file in tmp_path.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("name", ["/x\0y", "/x\ud800"])
def test_a_folder_that_no_system_call_takes_is_left_out(tmp_path: Path, name: str) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"library_folder": name, "callbacks": True}))
    assert load(tmp_path / "settings.json") == Settings(callbacks=True)


def test_what_a_newer_version_has_chosen_is_kept_for_it(path: Path) -> None:
    save(path, Settings())
    path.write_text(json.dumps({**json.loads(path.read_text()), "shutter": {"angle": 180}, "volume": 0.5}))
    save(path, replace(load(path), loop=True))
    kept = json.loads(path.read_text())
    assert (kept["shutter"], kept["volume"], kept["loop"]) == ({"angle": 180}, 0.5, True)
