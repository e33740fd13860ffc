"""The file of a joined film carries what an export carries, since it can be dragged into another program."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.formats.format import Order, plan_of
from kling_desktop.export.formats.stream_copy import StreamCopy
from kling_desktop.export.papers import xmp
from kling_desktop.export.papers.carriers import AIGC, read_papers
from kling_desktop.export.papers.joined import papers_for
from kling_desktop.media.film.render import render
from kling_desktop.media.frame_times import frame_times
from kling_desktop.media.writing.read_back import tags_of
from tests.export.films import joined

MARK = '{"Label":"1","ContentProducer":"Kling","ProduceID":"7001"}'


def test_the_marks_of_its_clips_and_what_made_it_are_in_it(tmp_path: Path) -> None:
    film = joined(tmp_path)
    first, second = film.parts
    tags = {AIGC: MARK, "comment": "hello"}
    StreamCopy().write(Order(ExportFilm("x", (replace(first, end=None),)), tmp_path / "marked.mp4", tags=tags))
    gone = ExportPart(tmp_path / "gone.mp4", clip_id="7009")
    film = replace(film, parts=(replace(first, file=tmp_path / "marked.mp4"), replace(second, alternates=(gone,))))
    carried, finish = papers_for(film)
    file = render(plan_of(film), tmp_path / "film.mp4", tags=carried, finish=finish)
    found = tags_of(file)
    assert (found[AIGC], found["comment"]) == (MARK, "hello")
    assert found["digital_source_type"] == xmp.digital_source_type(film)
    assert xmp.read_packet(xmp.extract(file))[AIGC] == MARK
    papers = read_papers(file)
    assert papers is not None
    assert [part.prompt for part in papers.film.parts] == [part.prompt for part in film.parts]
    assert frame_times(file).count == plan_of(film).frames
