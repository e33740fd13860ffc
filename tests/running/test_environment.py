"""Whatever the environment names, there is a local time to tell and a size for the window."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kling_desktop.running.environment import settle_scale, settle_time_zone

_ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _zone_as_before() -> Iterator[None]:
    yield
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("TZ", raising=False)
        time.tzset()


def _named(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()


@pytest.mark.skipif(os.name == "nt", reason="file names are Unicode there")
@pytest.mark.parametrize("locale", ["C", "zh_CN.GBK"])
def test_the_program_names_files_in_utf8_whatever_the_locale(tmp_path: Path, locale: str) -> None:
    """Started with every way out of the locale's own names shut off; Qt, FFmpeg and Python must mean the same file."""
    if locale != "C":
        _make_locale(tmp_path, locale)
    folder = tmp_path / "dätä 数据"
    folder.mkdir()
    told = "import os, sys; from kling_desktop.__main__ import main; sys.argv.insert(1, '--version')"
    told += "\ntry: main()\nexcept SystemExit: pass"
    told += "\nnamed = sys.argv[-1]; print(sys.getfilesystemencoding(), os.environ['PYTHONUTF8'])"
    told += "\nprint(ascii(named), os.path.isdir(named))"
    shut = {"LC_ALL": locale, "LOCPATH": str(tmp_path), "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-c", told, str(folder)],
        env={**os.environ, **shut},
        capture_output=True,
        check=True,
        cwd=_ROOT,
    )
    assert done.stdout.decode().splitlines()[-2:] == ["utf-8 1", f"{str(folder)!a} True"]


def _make_locale(folder: Path, locale: str) -> None:
    """As a Chinese system of long ago has it."""
    language, _, letters = locale.partition(".")
    maker = shutil.which("localedef")
    if maker is None or not Path("/usr/share/i18n/locales", language).is_file():
        pytest.skip("locales cannot be made here")
    subprocess.run([maker, "-i", language, "-f", letters, folder / locale], check=True)


@pytest.mark.expects_log("cannot be used")
@pytest.mark.parametrize("zone", ["<+99>-99", "<-99>99", "XXX24"])
def test_a_zone_a_day_off_is_none(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _named(zone, monkeypatch)
    settle_time_zone()
    assert datetime.now().astimezone().utcoffset() == timedelta()


@pytest.mark.parametrize(("zone", "hours"), [("XXX-14", 14), ("XXX23:59", -23.983), ("Nowhere/Land", 0)])
def test_any_other_stays(zone: str, hours: float, monkeypatch: pytest.MonkeyPatch) -> None:
    _named(zone, monkeypatch)
    settle_time_zone()
    offset = datetime.now().astimezone().utcoffset()
    assert offset is not None
    assert offset.total_seconds() / 3600 == pytest.approx(hours, abs=0.01)


@pytest.mark.expects_log("is no factor")
@pytest.mark.parametrize("factor", ["nan", "0", "-1", "inf", "1e30", "two", "0.01"])
def test_a_factor_that_gives_no_window_is_left_out(factor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_SCALE_FACTOR", factor)
    settle_scale()
    assert "QT_SCALE_FACTOR" not in os.environ


@pytest.mark.parametrize("factor", ["", "1", "1.25", "4"])
def test_any_other_factor_is_qt_s_to_use(factor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_SCALE_FACTOR", factor)
    settle_scale()
    assert os.environ["QT_SCALE_FACTOR"] == factor
