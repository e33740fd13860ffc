"""What was found comes back as the same values, and is stamped with the file it was found in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kling_desktop.domain.analysis import Event, HopLook, Measure, Meter, Seam, Strip, Tail, TailWarning, Verdict
from kling_desktop.domain.clips import Clip
from kling_desktop.store.library import Library
from kling_desktop.studio.analysis.findings import DRIFT, SEAMS, STRIP, TAIL, Findings, stamp_of

METERS = (Meter(Measure.COLOUR, 2.5, 0.52, Verdict.BAD), Meter(Measure.FREEZE, 0.0, 0.0, Verdict.CLEAN))


@pytest.fixture
def findings(tmp_path: Path) -> Iterator[Findings]:
    library = Library.open(tmp_path / "library.sqlite3")
    yield Findings(library)
    library.close()


def test_everything_comes_back_as_it_was(findings: Findings) -> None:
    seams = (Seam(1, 121, 5.042, 0.98, "雨 falls", METERS), Seam(2, 240, 10.0, 0.5, event=Event.FADE))
    hops = (HopLook(0, 0.0, 0.0, 0.0, 0.0), HopLook(1, 5.0, 1.5, -2.0, 3.25))
    tail, strip = Tail(Path("/a/t.jpg"), (TailWarning.FADED, TailWarning.FROZEN)), Strip(Path("/a/s.jpg"), 24)
    for kind, found in ((SEAMS, seams), (DRIFT, hops), (TAIL, tail), (STRIP, strip)):
        findings.keep("clip", kind, "stamp", found)
    assert findings.seams("clip") == seams
    assert findings.newest_seam("clip") == seams[-1]
    assert isinstance(findings.seams("clip")[0].meters[0].measure, Measure)
    assert findings.drift("clip") == hops
    assert findings.tail("clip") == tail
    assert findings.strip("clip") == strip


def test_the_newest_replaces_the_older_of_its_kind_only(findings: Findings) -> None:
    findings.keep("clip", SEAMS, "one", (Seam(1, 1, 0.1, 1.0),))
    findings.keep("clip", DRIFT, "one", ())
    findings.keep("clip", SEAMS, "two", ())
    assert (findings.stamp("clip", SEAMS), findings.stamp("clip", DRIFT)) == ("two", "one")
    assert findings.seams("clip") == ()


def test_nothing_kept_is_nothing_found(findings: Findings) -> None:
    assert not findings.seams("clip")
    assert findings.newest_seam("clip") is None
    assert not findings.drift("clip")
    assert findings.tail("clip") is None
    assert findings.strip("clip") is None
    assert findings.stamp("clip", SEAMS) == ""


def test_a_stamp_changes_with_the_file_and_with_what_else_counts(tmp_path: Path) -> None:
    file = tmp_path / "take.mp4"
    file.write_bytes(b"one")
    clip = Clip("clip", file=file)
    first = stamp_of(clip)
    assert stamp_of(clip) == first
    assert stamp_of(clip, "also") != first
    file.write_bytes(b"longer")
    assert stamp_of(clip) != first
    file.unlink()
    assert stamp_of(clip) not in (first, stamp_of(Clip("clip")))
