"""A pytest plugin: an unexpected warning, in the log or from Qt, fails the test in which it appears.

Qt's words are read from stderr, never through a Python message handler: a handler in Python and Qt's audio
thread wait for each other for ever (PySide6 6.11, `QMediaPlayer.stop()`).
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator

import pytest

from kling_desktop.domain.kling_time import KLING_TIME

QT_PATTERN = "[qt %{type}] %{category}: %{message}"

_COMPLAINT = re.compile(r"^(\[qt (warning|critical|fatal)\] |Traceback \(most recent call last\)|Error calling Python)")
"""How a line on stderr begins that somebody has to look at; the last two are errors that PySide printed and dropped."""

_HARMLESS = (
    (
        re.compile(r"pa_context_connect\(\) failed"),
        "no sound server on a test machine; Qt cannot be told to keep quiet",
    ),
    (re.compile(r"No audio device detected"), "no sound card on a test machine; films play silently"),
    (re.compile(r"No RHI backend\. Using CPU conversion"), "no graphics card on a test machine"),
    (
        re.compile(r"QFFmpeg::Demuxer received AVPacket with pts == AV_NOPTS_VALUE"),
        "Qt says so of a streamed film whose server went away: a test may end while its player still reads",
    ),
    (re.compile(r"This plugin does not support (propagateSizeHints|raise)"), "the offscreen platform has no windows"),
    (re.compile(r"qt\.qpa\.theme\.gnome: dbus reply error"), "tests have no desktop session, on purpose"),
)
"""Complaints that say nothing about the program, each with its reason."""


class Channel:
    """One source of complaints during one test, and what the test said that it expects of it."""

    def __init__(self, item: pytest.Item, marker: str) -> None:
        self._marker = marker
        self._missing = [str(mark.args[0]) for mark in item.iter_markers(marker)]
        self._expected = [re.compile(pattern) for pattern in self._missing]

    def unexpected(self, complaints: list[str]) -> list[str]:
        """The complaints that no marker of the test announced."""
        for complaint in complaints:
            self._missing = [p for p in self._missing if not re.search(p, complaint)]
        return [c for c in complaints if not any(pattern.search(c) for pattern in self._expected)]

    def absent(self) -> list[str]:
        """What was announced and never came; to be asked when the test is over."""
        return [f"{self._marker}({pattern!r}) was announced and did not come" for pattern in self._missing]


class _Ear(logging.Handler):
    """Keeps log records at WARNING and above as text."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))

    def take(self) -> list[str]:
        heard, self.heard = self.heard, []
        return heard


_ear = pytest.StashKey[_Ear]()
_log = pytest.StashKey[Channel]()
_qt = pytest.StashKey[Channel]()
_failed = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    """Before any QApplication: give Qt's lines a beginning that tells a warning from a note."""
    os.environ["QT_MESSAGE_PATTERN"] = QT_PATTERN
    os.environ["QT_LOGGING_RULES"] = "qt.multimedia*=false"  # ten lines about sound and video drivers it looked for


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    item.stash[_ear], item.stash[_log], item.stash[_qt] = (
        _Ear(),
        Channel(item, "expects_log"),
        Channel(item, "expects_qt"),
    )
    logging.getLogger().addHandler(item.stash[_ear])
    try:
        return (yield)
    finally:
        logging.getLogger().removeHandler(item.stash[_ear])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report: pytest.TestReport = yield  # type: ignore[assignment]  # pluggy sends the report, its type says None
    found = item.stash[_log].unexpected(item.stash[_ear].take())
    found += item.stash[_qt].unexpected(qt_complaints(_stderr(report, call.when)))
    if call.when == "teardown" and not item.stash.get(_failed, False):
        found += item.stash[_log].absent() + item.stash[_qt].absent()
    if report.passed and found:
        report.outcome = "failed"
        report.longrepr = "Nobody expected this:\n" + "\n".join(found)
    item.stash[_failed] = item.stash.get(_failed, False) or not report.passed
    return report  # type: ignore[return-value]  # as above


@pytest.fixture(autouse=True)
def _untold_time() -> Iterator[None]:
    """Each test begins before Kling's first answer, as a start of the program does."""
    KLING_TIME.forget()
    yield
    KLING_TIME.forget()


def _stderr(report: pytest.TestReport, when: str) -> str:
    return "\n".join(text for title, text in report.sections if title == f"Captured stderr {when}")


def qt_complaints(stderr: str) -> list[str]:
    """Lines of a stderr, a child's too, that begin as complaints of Qt or PySide and are not known to be harmless."""
    lines = [line for line in stderr.splitlines() if _COMPLAINT.match(line)]
    return [line for line in lines if not any(pattern.search(line) for pattern, _ in _HARMLESS)]
