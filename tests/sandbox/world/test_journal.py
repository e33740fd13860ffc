"""The sandbox's state file: the last line about a thing wins, a torn one is left out, a rewrite is whole."""

from __future__ import annotations

from pathlib import Path

from kling_desktop.sandbox.world.journal import Journal


def test_the_last_word_about_a_thing_counts(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "state" / "j")
    journal.rewrite([{"what": "task", "id": "1", "n": 0}, {"what": "task", "id": "2", "n": 0}])
    journal.append({"what": "task", "id": "1", "n": 1, "text": "雪\nzwei"})
    journal.close()
    again = Journal(tmp_path / "state" / "j")
    assert again.read() == [
        {"what": "task", "id": "1", "n": 1, "text": "雪\nzwei"},
        {"what": "task", "id": "2", "n": 0},
    ]


def test_a_torn_end_and_strange_lines_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "j"
    file.write_bytes(b'{"what":"task","id":"1"}\n7\n\xff\xfe\n{"what":"task","id"')
    assert Journal(file).read() == [{"what": "task", "id": "1"}]
    assert Journal(tmp_path / "none").read() == []


def test_a_rewrite_leaves_no_second_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    journal.append({"what": "a", "id": "1"})
    journal.rewrite([{"what": "b", "id": "1"}])
    journal.append({"what": "c", "id": "1"})
    journal.close()
    assert [record["what"] for record in Journal(tmp_path / "j").read()] == ["b", "c"]
    assert [path.name for path in tmp_path.iterdir()] == ["j"]
