"""A film as export is told of it, out of a real library: extended and continued hops, other takes, seams, names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from kling_desktop.domain.analysis import Measure, Meter, Seam, Verdict
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.takes import ColourMap, Part
from kling_desktop.domain.tasks import Generation, Task
from kling_desktop.errors import FileTrouble
from kling_desktop.export.film import hops
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.library import Library
from kling_desktop.studio.feed import Feed
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.handing_over.handover import Handover, naming
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.films.undo import Undo
from kling_desktop.ui.seams.seam_words import in_full, title
from tests.store.films.taking import take

CLEAN = (Meter(Measure.COLOUR, 0.4, 0.1, Verdict.CLEAN),)


@dataclass
class Room:
    """A library with what hands its films over."""

    library: Library
    folder: Path
    tree: Tree
    seams: dict[str, tuple[Seam, ...]] = field(default_factory=dict)

    @property
    def handover(self) -> Handover:
        records = FilmRecords(self.library.database)
        films = Films(records, Feed(), Undo(), lambda: datetime.now(UTC))

        def newest(clip: Clip | None) -> Seam | None:
            return next(reversed(self.seams.get(clip.id, ())), None) if clip is not None else None

        return Handover(
            films, self.tree, self.library.clip, lambda clip_id: self.seams.get(clip_id, ()), newest, in_full, title
        )

    def grow(self, number: int, parent: str = "", *, continues: bool = False, seconds: str = "5") -> Task:
        """Task `t<number>` whose clip `c<number>` lies in a file; extending it adds to the parent's length."""
        task = take(number, parent)
        assert task.clip is not None
        before = self.library.clip(parent)
        lasted = before.seconds if before is not None and not continues else None
        whole = (lasted or Decimal(0)) + Decimal(seconds)
        file = self.folder / f"c{number}.mp4"
        file.write_bytes(b"film")
        clip = replace(task.clip, file=file, seconds=whole, parent_seconds=lasted)
        extension = task.extension
        if continues:
            extension = replace(extension, generation=Generation("kling-v3"))
        task = replace(task, clip=clip, extension=extension, kling_id=f"k{number}")
        self.library.put(task)
        return task


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    library = Library.open(tmp_path / "library.sqlite3")
    yield Room(library, tmp_path, Tree(FilmRecords(library.database)))
    library.close()


def seam(hop: int, seconds: float, *meters: Meter) -> Seam:
    return Seam(hop, round(seconds * 24), seconds, 1.0, meters=meters)


def test_extended_hops_are_one_part_with_seams_inside(room: Room) -> None:
    room.grow(1)
    room.grow(2, "c1")
    room.grow(3, "c2")
    room.seams["c3"] = (seam(1, 121 / 24, *CLEAN), seam(2, 241 / 24))
    (part,) = room.handover.take("t3").parts
    assert (part.clip_id, part.file.name, part.start, part.end) == ("c3", "c3.mp4", Fraction(0), None)
    assert part.prompt == "words 1"
    assert part.task_ids == ("k1", "k2", "k3")
    told = [(each.at, each.verdict, each.words, each.prompt) for each in part.seams]
    assert told == [
        (Fraction(121, 24), "clean", "clean (Colour ΔE 0.4)", "words 2"),
        (Fraction(241, 24), "", "", "words 3"),
    ]
    assert [each.title for each in part.seams] == ["Seam 1: clean", "Seam 2: not measured"]


def test_a_place_in_doubt_has_no_verdict_that_others_could_count(room: Room) -> None:
    room.grow(1)
    room.grow(2, "c1")
    room.seams["c2"] = (replace(seam(1, 5.0, *CLEAN), confidence=0.1),)
    (told,) = room.handover.take("t2").parts[0].seams
    assert (told.verdict, told.title) == ("doubtful", "Seam 1: clean · about here")


def test_seams_that_nobody_has_found_lie_where_kling_says(room: Room) -> None:
    room.grow(1)
    room.grow(2, "c1")
    room.grow(3, "c2", seconds="4.5")
    assert [each.at for each in room.handover.take("t3").parts[0].seams] == [5, 10]
    assert [each.parts[0].prompt for each in hops(room.handover.take("t3"))] == ["words 1", "words 2", "words 3"]


def test_a_continued_hop_is_a_part_with_its_colours(room: Room) -> None:
    room.grow(1)
    room.grow(2, "c1")
    room.grow(3, "c2", continues=True)
    colour = ColourMap((0.98, 0.0, 0.01))
    noted = (Part("c2", Fraction(0), Fraction(9)), Part("c3", Fraction(1, 24), None, colour))
    room.tree.note_parts("t3", noted)
    room.seams["c3"] = (seam(1, 5.0), seam(2, 9.0, Meter(Measure.MOTION, 3.0, 0.7, Verdict.BAD)))  # in film time
    first, second = room.handover.take("t3").parts
    assert (first.clip_id, first.end, [each.at for each in first.seams]) == ("c2", Fraction(9), [Fraction(5)])
    assert (second.start, second.colour, second.prompt) == (Fraction(1, 24), colour, "words 3")
    assert [(each.at, each.verdict, each.prompt) for each in second.seams] == [(Fraction(1, 24), "bad", "words 3")]
    assert dict(second.form) == {"way": "continue", "model": "kling-v3", "mode": "std", "seconds": "5"}
    assert len(hops(room.handover.take("t3"))) == 3


def test_extending_a_continued_take_keeps_what_came_before_it(room: Room) -> None:
    room.grow(1)
    room.grow(2, "c1", continues=True)
    colour = ColourMap((0.98, 0.0, 0.01))
    room.tree.note_parts("t2", (Part("c1"), Part("c2", Fraction(1, 24), None, colour)))
    room.grow(3, "c2")
    first, second = room.handover.take("t3").parts
    assert (first.clip_id, second.clip_id, second.start, second.colour) == ("c1", "c3", Fraction(1, 24), colour)
    assert [(each.at, each.prompt) for each in second.seams] == [(Fraction(1, 24), "words 2"), (5, "words 3")]


def test_a_continued_take_that_was_split_off_is_handed_over_with_what_it_is_joined_to(room: Room) -> None:
    room.grow(1)
    room.grow(2, "c1", continues=True)
    room.grow(3, "c2", continues=True)
    records = FilmRecords(room.library.database)
    branch = records.split("t3", "Branch", datetime.now(UTC))
    film = room.handover.film(branch.id)
    assert (film.name, [part.clip_id for part in film.parts]) == ("Branch", ["c1", "c2", "c3"])
    assert [part.prompt for part in film.parts] == ["words 1", "words 2", "words 3"]
    assert [state.take.id for state, _ in room.handover.holders("t3")] == ["t1", "t2", "t3"]


def test_other_takes_of_the_hop_go_with_it(room: Room) -> None:
    room.grow(1)
    room.grow(2, "c1")
    room.grow(3, "c1")
    room.grow(4, "c2", continues=True)
    room.grow(5, "c2", continues=True)
    room.tree.note_parts("t5", (Part("c2"), Part("c5", Fraction(2, 24))))
    first, second = room.handover.take("t4").parts
    assert [(each.clip_id, each.start) for each in first.alternates] == [("c3", Fraction(0))]
    assert [(each.clip_id, each.start) for each in second.alternates] == [("c5", Fraction(2, 24))]


def test_a_take_that_is_alone_is_not_asked_for_others(room: Room) -> None:
    """Each film that is joined carries its papers: of a hundred hops that was a hundred questions for each of them."""
    room.grow(1)
    room.grow(2, "c1", continues=True)
    asked = list[str]()
    room.library.database.connection.set_trace_callback(asked.append)
    room.handover.take("t2")
    room.library.database.connection.set_trace_callback(None)
    assert not [statement for statement in asked if "row_number" in statement]


def test_an_archive_has_every_clip_of_the_tree(room: Room) -> None:
    for number, parent in ((1, ""), (2, "c1"), (3, "c1"), (4, "c3")):
        room.grow(number, parent)
    film_id = FilmRecords(room.library.database).films(0, 1)[0].id
    (part,) = room.handover.whole(film_id).parts
    assert part.clip_id == "c4"
    assert sorted(each.clip_id for each in part.alternates) == ["c1", "c2", "c3"]


def test_a_file_that_is_not_here_is_named(room: Room) -> None:
    room.grow(1)
    room.library.put(take(2, "c1"))
    with pytest.raises(FileTrouble, match="clip c2 is not here"):
        room.handover.take("t2")
    with pytest.raises(FileTrouble, match="missing"):
        room.handover.take("nobody")


def test_names_tell_the_take(room: Room) -> None:
    room.grow(1)
    room.grow(2, "c1")
    state = room.tree.take("t2")
    assert state is not None
    values = naming(state, "Lantern Lake")
    named = (values["project"], values["hop"], values["take"], values["len"], values["video_id"], values["title"])
    assert named == ("Lantern Lake", 1, 1, "10", "c2", "words 2")
