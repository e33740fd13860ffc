"""Lets the creator choose an earlier plan, whose hops are to be planned once more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kling_desktop.domain.plans import Plan
from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.theme.room import roomy

_SHOWN = 3
"""So many of a plan's hops are read out."""


class EarlierPlans(QDialog):
    """A list, newest first; Enter or a double click takes the current plan."""

    chosen = Signal(str)
    """Id of a plan."""

    def __init__(self, plans: Sequence[Plan], parent: QWidget) -> None:
        """`plans` have at least one hop with words each."""
        super().__init__(parent)
        self.setWindowTitle(tr("Use an earlier plan"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words = tr("Its hops are planned behind those that are there. Change their words before you run them.")
        note = QLabel(words, self)
        note.setWordWrap(True)
        note.setProperty("quiet", True)
        self.plans = QListWidget(self)
        self.plans.setAccessibleName(tr("Earlier plans"))
        self.plans.setWordWrap(True)
        self.plans.setSpacing(2)
        for plan in plans:
            item = QListWidgetItem(_words(plan))
            item.setData(Qt.ItemDataRole.UserRole, plan.id)
            self.plans.addItem(item)
        self.plans.setCurrentRow(0)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Plan these hops"))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        for widget in (note, self.plans, self.buttons):
            column.addWidget(widget)
        self.buttons.accepted.connect(self._take)
        self.buttons.rejected.connect(self.reject)
        self.plans.itemActivated.connect(lambda _: self._take())
        self.plans.setFocus(Qt.FocusReason.OtherFocusReason)
        self.resize(roomy(self, 520, 420))

    def _take(self) -> None:
        item = self.plans.currentItem()
        if item is not None:
            self.chosen.emit(str(item.data(Qt.ItemDataRole.UserRole)))
            self.accept()


def _words(plan: Plan) -> str:
    """When it was made, how many hops it has, and how the first of them begin."""
    said = [" ".join(hop.prompt.split()) for hop in plan.hops if hop.prompt.strip()]
    count = tr_count(len(plan.hops), "{n} hop", "{n} hops")
    more = " …" if len(said) > _SHOWN else ""
    return (
        f"{plan.name or formatting.ago(plan.made_at, datetime.now(UTC))} · {count}\n{' · '.join(said[:_SHOWN])}{more}"
    )
