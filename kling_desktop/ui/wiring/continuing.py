"""Connects the options of a new clip to the studio: which frame or picture it begins with, and which it ends with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from kling_desktop.domain.analysis import LastFrame
from kling_desktop.domain.takes import TakeState, Way
from kling_desktop.errors import KlingDesktopError
from kling_desktop.studio.files.pictures import KeptPicture, Pictures
from kling_desktop.studio.films.joining.continuation import Continuation
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.window import Window

if TYPE_CHECKING:
    from kling_desktop.ui.extend.options.frame_chooser import FrameChooser
    from kling_desktop.ui.seams.join_dialog import JoinDialog


class ContinuingWiring(QObject):
    """Everything about the first and the last picture of a new clip."""

    def __init__(
        self, window: Window, studio: Studio, tree: Tree, continuation: Continuation, pictures: Pictures
    ) -> None:
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._tree = tree
        self._continuation = continuation
        self._pictures = pictures
        window.tree.tree.join_asked.connect(self.adjust)
        window.film.cards.join_asked.connect(self.adjust)
        self._options = window.form.fields.generation
        self._options.frame_asked.connect(self._choose_frame)
        self._options.end_frame_asked.connect(lambda: self._choose(tr("End frame"), self._take_end))
        self._first = window.form.fields.picture
        self._first.wanted.connect(lambda: self._choose(tr("First frame"), self._first.show_picture))
        self._first.given.connect(lambda given: studio.background.run(self._keep_first(given)))

    def _choose_frame(self) -> None:
        from kling_desktop.ui.extend.options.frame_chooser import FrameChooser  # most starts never show it

        chooser = FrameChooser(self._window)
        chooser.chosen.connect(self._take)
        chooser.open()
        self._studio.background.run(self._offer(chooser, self._window.form.extension().video_id))

    async def _offer(self, chooser: FrameChooser, clip_id: str) -> None:
        """The dialog may be closed before its frames are read."""
        gone: list[bool] = []
        chooser.destroyed.connect(lambda: gone.append(True))
        try:
            offered = await self._continuation.last_frames(clip_id)
        except KlingDesktopError as error:
            if not gone:
                chooser.fail(f"{tr(error.title)}. {tr(error.advice)}")
            return
        if not gone:
            chooser.show_frames(offered)

    # --- the join ---

    def adjust(self, take_id: str) -> None:
        """Let the creator change how this take is joined."""
        state = self._tree.take(take_id)
        if state is None or state.take.way is not Way.CONTINUE:
            self._window.notices.toast(tr("Kling made this take in one piece: there is no join to adjust."))
            return
        from kling_desktop.ui.seams.join_dialog import JoinDialog  # most starts never show it

        dialog = JoinDialog(self._window)
        dialog.changed.connect(lambda trim, matched: self._continuation.rejoin(state, trim, matched))
        dialog.show()
        dialog.activateWindow()
        self._studio.background.run(self._show_join(dialog, state))

    async def _show_join(self, dialog: JoinDialog, state: TakeState) -> None:
        gone: list[bool] = []
        dialog.destroyed.connect(lambda: gone.append(True))
        try:
            join = await self._continuation.join(state)
        except KlingDesktopError as error:
            if not gone:
                dialog.fail(f"{tr(error.title)}. {tr(error.advice)}")
            return
        if not gone:
            dialog.show_join(join)

    def _take(self, choice: LastFrame) -> None:
        self._options.show_cut(choice.end, choice.cut_frames)

    # --- pictures that are given ---

    def _choose(self, title: str, take: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self._window, title, "")
        dialog.setNameFilters([tr("Pictures (*.png *.jpg *.jpeg)"), tr("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda chosen: take(Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    async def _keep_first(self, given: Path) -> None:
        try:
            kept = await self._pictures.keep(given)
        except KlingDesktopError as error:
            self._first.show_trouble(given, error.trouble)
        else:
            self._first.show_kept(given, kept)

    def _take_end(self, given: Path) -> None:
        self._studio.background.run(self._keep_end(given))

    async def _keep_end(self, given: Path) -> None:
        try:
            kept: KeptPicture = await self._pictures.keep(given)
        except KlingDesktopError as error:
            text = f"{given.name}: {tr(error.title)}. {tr(error.advice)}"
            self._window.notices.show_banner("end frame", text, level="error")
        else:
            self._window.notices.hide_banner("end frame")
            self._options.show_end_frame(kept.file)
