"""A take is judged: its frame is kept as a picture, it is rejected, swept from the disk, and brought back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton

from kling_desktop.domain.tasks import Pick
from kling_desktop.ui.sweep.sweep_dialog import SweepDialog
from tests.journeys.conftest import Start


async def test_a_take_is_judged_swept_and_brought_back(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        creator.program.preferences.change(export_folder=tmp_path)
        creator.asks(creator.clip_id("dawn-lake"), "A paper boat drifts into the picture")
        await creator.sees(lambda: creator.newest(), "the task in the list")
        take = await creator.sees_take()
        assert take.clip is not None
        file = take.clip.file
        assert file is not None
        creator.clicks_row(0)
        viewer, table = creator.viewer, creator.tasks.table
        await creator.sees(lambda: viewer.duration_seconds, "the film")
        await creator.sees(lambda: viewer.seams, "its seam")
        await creator.sees(lambda: viewer.transport.strip.stills.there, "its thumbnails")
        truth = creator.ask("seams")[take.clip.id]["seams"][-1]["frame"]
        assert abs(viewer.seams[-1].frame - truth) <= 1

        viewer.setFocus()
        creator.presses(viewer.picture, Qt.Key.Key_Down)
        at_seam = viewer.seams[0].seconds
        await creator.sees(lambda: abs(viewer.position_seconds - at_seam) < 0.02, "the first new frame")
        creator.presses(viewer.picture, Qt.Key.Key_C)
        picture = tmp_path / f"{file.stem}_f{viewer.seams[0].frame + 1:05}.png"
        await creator.sees(lambda: picture.name in creator.banners(), "the word that the picture is saved")
        assert QImage(str(picture)).size() == viewer.picture.image.size()

        table.setFocus()
        creator.presses(table, Qt.Key.Key_4)
        creator.presses(table, Qt.Key.Key_X)
        await creator.sees(lambda: (now := creator.newest()) and now.pick is Pick.REJECTED and now.stars == 4, "it")
        creator.window.cull.commands["sweep"].trigger()
        dialog = await creator.sees(lambda: creator.window.findChild(SweepDialog), "what would be swept")
        assert dialog.count.text().startswith("1 rejected take · 1 file · ")
        assert file.exists()
        creator.clicks(dialog.sweep)
        await creator.sees(lambda: "in the trash" in creator.banners(), "the word that it is swept")
        assert not file.exists()
        undo = [b for b in creator.viewer.picture.findChildren(QPushButton) if b.text() == "Undo" and b.isVisible()]
        creator.clicks(undo[-1])
        await creator.sees(lambda: (now := creator.newest()) and now.clip and now.clip.file == file, "the file again")
        assert file.exists()
    async with start() as creator:
        again = creator.newest()
        assert again is not None
        assert (again.pick, again.stars) == (Pick.REJECTED, 4)
