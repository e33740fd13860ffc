"""What is being written is known as one export's own: nothing of another's goes, and nothing of its own stays."""

from __future__ import annotations

import os
import time
from contextlib import closing
from pathlib import Path

from kling_desktop.export.original import copy_within
from kling_desktop.export.placing import hidden, keep_fresh, new_mark, parts_in, remove_leftovers, remove_old_leftovers

MARK = "0123abcd"


def _written_two_days_ago(part: Path) -> None:
    os.utime(part, (time.time() - 2 * 86_400,) * 2)


def test_what_a_killed_run_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / f".{MARK}00000000.part").write_text("half")
    (tmp_path / f".{MARK}11111111.part").mkdir()
    others = {".somebody.part", f".{MARK}.part", ".89abcdef.part", f".{new_mark()}{MARK}.part"}
    for name in others:
        (tmp_path / name).write_text("not ours")
        _written_two_days_ago(tmp_path / name)  # on hold for as long
    assert remove_leftovers(tmp_path, "") == 0
    assert remove_leftovers(tmp_path, MARK) == 2
    assert {file.name for file in tmp_path.iterdir()} == others


def test_all_that_an_export_writes_has_its_mark(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"1234")
    with hidden(tmp_path / "out/fox.mp4", MARK) as part, closing(copy_within(tmp_path / "source", part)) as copying:
        next(copying)
        names = [each.name for each in part.parent.iterdir()]
        assert names
        assert all(name.startswith(f".{MARK}") for name in names)
        assert remove_leftovers(part.parent, MARK) == len(names)


def test_what_lies_for_a_day_is_removed_unless_an_export_holds_it(tmp_path: Path) -> None:
    for name in (f".{MARK}00000000.part", ".89abcdef.part", f".{new_mark()}11111111.part", ".somebody.part"):
        (tmp_path / name).write_text("half")
        _written_two_days_ago(tmp_path / name)
    keep_fresh(tmp_path, MARK)
    keep_fresh(tmp_path / "gone", MARK)
    remove_old_leftovers(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {f".{MARK}00000000.part", ".somebody.part"}
    assert len(parts_in(tmp_path)) == 1
