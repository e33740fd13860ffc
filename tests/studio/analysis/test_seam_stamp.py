"""Kept seams hold for the same file and version, as long as no parent is at hand that was not looked at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kling_desktop.domain.clips import Clip
from kling_desktop.studio.analysis.chain import Link
from kling_desktop.studio.analysis.seam_stamp import SeamStamp


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Of a parent and of its child."""
    parent, child = tmp_path / "parent.mp4", tmp_path / "child.mp4"
    for file in (parent, child):
        file.write_bytes(b"film")
    return parent, child


def link(parent: Path | None) -> Link:
    return Link(1, "parent", 5.0, 0.05, parent, "A boat comes")


def test_it_is_kept_as_text(files: tuple[Path, Path]) -> None:
    parent, child = files
    stamp = SeamStamp.now(Clip("child", file=child), (link(None), link(parent)))
    assert SeamStamp.read(str(stamp)) == stamp
    assert stamp.at_hand == "01"


@pytest.mark.parametrize("text", ["", "known 11 0a1b", "0a1b2c", "11 0a1b"])
def test_other_stamps_are_none(text: str) -> None:
    assert SeamStamp.read(text) is None


def test_it_serves_until_a_parent_comes_back(files: tuple[Path, Path]) -> None:
    parent, child = files
    clip = Clip("child", file=child)
    with_parent, without = SeamStamp.now(clip, (link(parent),)), SeamStamp.now(clip, (link(None),))
    assert with_parent.serves(without)
    assert not without.serves(with_parent)
    child.write_bytes(b"another film")
    assert not with_parent.serves(SeamStamp.now(clip, (link(parent),)))


def test_places_hold_for_another_version_while_the_parent_is_away(files: tuple[Path, Path]) -> None:
    parent, child = files
    clip = Clip("child", file=child)
    older = replace(SeamStamp.now(clip, (link(parent),)), version=1)
    assert not older.places(SeamStamp.now(clip, (link(parent),)))
    parent.unlink()
    now = SeamStamp.now(clip, (link(parent),))
    assert older.places(now)
    assert not older.serves(now)
