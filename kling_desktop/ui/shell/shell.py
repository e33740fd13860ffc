"""The frame of the window: lays out bar, rail, centre, panel and film, folds them, and remembers how they were left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from kling_desktop.ui.shell.drawer import Drawer
from kling_desktop.ui.shell.folding import FILM, MINIMUM, STRIP, Arrangement, Wishes, arrange, from_text, to_text
from kling_desktop.ui.shell.rail_strip import RailPage, RailStrip
from kling_desktop.ui.theme import fonts

_MENU_HEIGHT = 24


@dataclass(frozen=True, slots=True)
class Panels:
    """What the shell lays out."""

    bar: QWidget
    """Over all, as wide as the window."""
    rail: QWidget
    centre: QWidget
    """Head, stage, filmstrip and transport, one under the other."""
    panel: QWidget
    film: QWidget
    """The film with its cards."""
    film_bar: QWidget
    """The film as a bar of 40 pixels, for low windows."""


class Shell(QWidget):
    """Bar above, rail, centre and panel side by side, the film below; splitters between them."""

    arranged = Signal(object)
    """An `Arrangement`: bar and panel fold their own insides by it."""
    rail_page_asked = Signal(int)
    """A page of the rail is wanted, by its number; the rail is open now."""

    def __init__(self, panels: Panels, rail_pages: Sequence[RailPage], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panels = panels
        self._wishes = Wishes()
        self._now = arrange(*MINIMUM, self._wishes)
        self._moving = False
        self._page: QWidget | None = None
        self.strip = RailStrip(rail_pages)
        self.drawer = Drawer(self)
        self._rail_place = QWidget()
        self._film_place = QStackedWidget()
        self._across = QSplitter(Qt.Orientation.Horizontal)
        self._down = QSplitter(Qt.Orientation.Vertical)
        self._lay_out()
        self.strip.asked.connect(self.open_page)
        self._across.splitterMoved.connect(self._remember_widths)
        self._down.splitterMoved.connect(self._remember_height)
        # Twice the menu: in letters of another script it is a little higher, and the window must still fit.
        self.setMinimumSize(MINIMUM[0], MINIMUM[1] - 2 * _MENU_HEIGHT)

    @property
    def arrangement(self) -> Arrangement:
        """How the panels stand now."""
        return self._now

    def state_text(self) -> str:
        """How the creator has left the panels, as text for the settings."""
        return to_text(self._wishes)

    def restore_state(self, text: str) -> None:
        """Be as the panels were left. A text that is not understood changes nothing."""
        kept = from_text(text)
        if kept is not None:
            self._wish(kept)

    def reset_layout(self) -> None:
        """Everything as it comes."""
        self._wish(Wishes())

    def toggle_rail(self) -> None:
        """Fold the rail to a strip or unfold it; in a narrow window open it over the stage or close it."""
        wide = not self._arranged(Wishes()).rail_strip
        if wide:
            self._wish(replace(self._wishes, rail_folded=not self._wishes.rail_folded))
        elif self.drawer.opened:
            self.drawer.close()
        else:
            self._open_drawer()

    def open_page(self, page: int) -> None:
        """Show a page of the rail; where the rail is a strip, over the stage."""
        self.rail_page_asked.emit(page)
        if self._now.rail_strip and not self.drawer.opened:
            self._open_drawer()

    def toggle_panel(self) -> None:
        """Fold the panel at the right away, or bring it back."""
        self._wish(replace(self._wishes, panel_folded=not self._wishes.panel_folded))

    def toggle_film(self) -> None:
        """Fold the film to a bar, or show its cards, in a low window too."""
        folded = not self._now.film_bar
        by_itself = self._arranged(Wishes()).film_bar
        self._wish(replace(self._wishes, film_folded=None if folded == by_itself else folded))

    def lay_over(self, page: QWidget | None) -> None:
        """Let a page stand in the place of everything under the bar; None brings that back."""
        column = self.layout()
        if self._page is not None and self._page is not page:
            self._page.hide()
        self._page = page
        if page is not None and isinstance(column, QVBoxLayout):
            self.drawer.close()
            column.addWidget(page, 1)
            page.show()
        self._down.setVisible(page is None)

    def cycle(self, steps: int) -> None:
        """Give the focus to the panel that stands so many further, to what had it there last."""
        order = [place for place in self._focus_order() if place.isVisible()]
        focused = QApplication.focusWidget()
        at = next(
            (n for n, place in enumerate(order) if focused and (place is focused or place.isAncestorOf(focused))), -1
        )
        first = at if at >= 0 else (-1 if steps > 0 else 0)
        for step in range(1, len(order) + 1):
            if _focus_into(order[(first + steps * step) % len(order)]):
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self.isVisible():
            self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()

    def _lay_out(self) -> None:
        inside = QHBoxLayout(self._rail_place)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.strip)
        inside.addWidget(self._panels.rail, 1)
        self._film_place.addWidget(self._panels.film)
        self._film_place.addWidget(self._panels.film_bar)
        for widget in (self._rail_place, self._panels.centre, self._panels.panel):
            self._across.addWidget(widget)
        for part in (self._across, self._film_place):
            self._down.addWidget(part)
        for splitter, main in ((self._across, 1), (self._down, 0)):
            splitter.setHandleWidth(0)  # Qt lets it be grabbed over the panels' own hairlines
            splitter.setChildrenCollapsible(False)
            splitter.setStretchFactor(main, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._panels.bar)
        column.addWidget(self._down, 1)

    def _room(self) -> QSize:
        """Size of the whole window: the menu bar counts."""
        return QSize(self.width(), self.window().height())

    def _arranged(self, wishes: Wishes) -> Arrangement:
        """As the rules have it: larger letters fold as a smaller window does, and need longer panels."""
        return arrange(self._room().width(), self._room().height(), wishes, fonts.scale() / 100)

    def _wish(self, wishes: Wishes) -> None:
        self._wishes = wishes
        self._arrange()

    def _arrange(self) -> None:
        if self._moving:
            return
        self._now = self._arranged(self._wishes)
        self._moving = True
        self._place_rail()
        self._place_film()
        focused = QApplication.focusWidget()
        self._panels.panel.setVisible(self._now.panel > 0)
        rail = fonts.scaled(STRIP) if self._now.rail_strip else self._now.rail
        self._across.setSizes([rail, max(1, self.width() - rail - self._now.panel), self._now.panel])
        body = self.height() - self._panels.bar.sizeHint().height()
        self._down.setSizes([max(1, body - self._now.film), self._now.film])
        self._moving = False
        if focused is not None and self.isAncestorOf(focused) and not focused.isVisible():
            _focus_into(self._panels.centre)
        self.arranged.emit(self._now)

    def _place_rail(self) -> None:
        strip, rail = self._now.rail_strip, self._panels.rail
        self.strip.setVisible(strip)
        self._rail_place.setMinimumWidth(fonts.scaled(STRIP) if strip else 1)
        self._rail_place.setMaximumWidth(fonts.scaled(STRIP) if strip else 16777215)
        if strip and self.drawer.opened:
            self.drawer.move(self._drawer_box())
            return
        self.drawer.close()
        layout = self._rail_place.layout()
        if rail.parentWidget() is not self._rail_place and layout is not None:
            layout.addWidget(rail)
        rail.setVisible(not strip)

    def _place_film(self) -> None:
        bar, height = self._now.film_bar, self._now.film
        self._film_place.setCurrentWidget(self._panels.film_bar if bar else self._panels.film)
        self._film_place.setMinimumHeight(height if bar else fonts.scaled(FILM))
        self._film_place.setMaximumHeight(height if bar else 16777215)

    def _open_drawer(self) -> None:
        self.drawer.open(self._panels.rail, self._drawer_box())
        _focus_into(self._panels.rail)

    def _drawer_box(self) -> QRect:
        corner = self._across.mapTo(self, self._across.rect().topLeft())
        return QRect(corner.x() + fonts.scaled(STRIP), corner.y(), self._now.rail, self._across.height())

    def _remember_widths(self) -> None:
        if self._moving or not self.width():
            return
        rail, _, panel = self._across.sizes()
        if not self._now.rail_strip:
            self._wishes = replace(self._wishes, rail_share=rail / self.width())
        if self._now.panel:
            self._wishes = replace(self._wishes, panel_share=panel / self.width())

    def _remember_height(self) -> None:
        if not self._moving and not self._now.film_bar and self._room().height():
            self._wishes = replace(self._wishes, film_share=self._down.sizes()[1] / self._room().height())

    def _focus_order(self) -> tuple[QWidget, ...]:
        rail = self._panels.rail if self.drawer.opened else self._rail_place
        return rail, self._panels.centre, self._panels.panel, self._film_place


def _focus_into(place: QWidget) -> bool:
    """Give the focus to what had it last inside, or else to the first that takes it. False when nothing does."""
    last = place.focusWidget()
    if last is not None and last is not place and last.isVisible() and last.isEnabled():
        last.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True
    following: QWidget | None = place
    for _ in range(2000):  # the chain is a ring; a bound, should it be broken
        if following is None:
            break
        if _holds(place, following) and _takes_focus(following):
            following.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        following = following.nextInFocusChain()
        if following is place:
            break
    return False


def _holds(place: QWidget, widget: QWidget) -> bool:
    return place is widget or place.isAncestorOf(widget)


def _takes_focus(widget: QWidget) -> bool:
    tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(tab) and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None
