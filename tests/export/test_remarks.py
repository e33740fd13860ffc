"""What clips do not have in common is said before a film is written, and nothing is said of a film that is alike."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.formats.format import plan_of
from kling_desktop.export.remarks import (
    COARSER,
    COMBED,
    MIXED_DOWN,
    NO_SOUND,
    OWN_SHAPES,
    RATES,
    SILENT,
    SIZES,
    UNEVEN,
    remarks,
    remarks_on_several,
)
from tests.harness.media.films import film, make_film, make_uneven
from tests.media.decoded.test_fields import camcorder


def _film(*files: Path) -> ExportFilm:
    return ExportFilm("Fox", tuple(ExportPart(file) for file in files))


def test_clips_that_are_alike_need_no_words(tmp_path: Path) -> None:
    one, two = make_film(tmp_path / "one.mp4", frames=8), make_film(tmp_path / "two.mp4", frames=8)
    assert remarks(_film(one, two)) == ()
    assert remarks_on_several([plan_of(_film(one)), plan_of(_film(two))]) == ()


def test_each_difference_is_said(tmp_path: Path) -> None:
    one = make_film(tmp_path / "one.mp4", frames=8)
    faster = make_film(tmp_path / "faster.mp4", frames=8, fps=30)
    taller = make_film(tmp_path / "taller.mp4", frames=8, height=120)
    sounding = make_film(tmp_path / "sounding.mp4", frames=8, sound=True)
    uneven = make_uneven(tmp_path / "uneven.mp4", [0, 1 / 24, 2 / 24, 5 / 24, 6 / 24, 7 / 24])
    assert remarks(_film(one, faster)) == (RATES,)
    assert remarks(_film(one, taller)) == (SIZES,)
    assert remarks(_film(one, sounding)) == (SILENT,)
    assert remarks(_film(uneven)) == (UNEVEN,)
    assert remarks(_film(one, sounding), sounds=False) == (NO_SOUND,), "and nothing of the parts that have none"
    assert remarks(_film(one), sounds=False) == ()
    cut = replace(_film(one, faster), parts=(ExportPart(one, end=Fraction(1, 6)), ExportPart(faster)))
    assert remarks(cut) == (RATES,)
    assert remarks_on_several([plan_of(_film(one)), plan_of(_film(faster))]) == (OWN_SHAPES,)


def test_what_a_clip_has_more_of_than_is_written_is_said(tmp_path: Path) -> None:
    deep = film(tmp_path / "deep.mp4", range(4), pixels="yuv420p10le")
    assert remarks(_film(deep)) == (COARSER,)
    assert remarks(_film(camcorder(tmp_path / "camcorder.mp4"))) == (COMBED,)
    round_about = tmp_path / "round.mkv"
    with av.open(str(make_film(tmp_path / "one.mp4", frames=4))) as source, av.open(str(round_about), "w") as target:
        picture = target.add_stream_from_template(source.streams.video[0])
        sound = target.add_stream("pcm_s16le", rate=8000, layout="5.1")
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = picture
                target.mux(packet)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 6 * 1000), np.int16), format="s16", layout="5.1")
        silence.sample_rate, silence.pts = 8000, 0
        target.mux(sound.encode(silence))
    assert remarks(_film(round_about)) == (MIXED_DOWN,)
