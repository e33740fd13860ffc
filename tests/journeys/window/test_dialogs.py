"""Every dialog: each control has a name and a role; in a language 40 % longer no text is cut or left in English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from kling_desktop.domain.accounts import SANDBOX, Profile
from kling_desktop.domain.units import UnitSums
from kling_desktop.ui import i18n
from kling_desktop.ui.accounts.keys_dialog import KeysDialog
from kling_desktop.ui.budget.budget_dialog import BudgetDialog
from kling_desktop.ui.budget.ledger_model import LedgerModel
from kling_desktop.ui.help.cheat_sheet import CheatSheet
from kling_desktop.ui.help.help_dialog import HelpDialog
from kling_desktop.ui.help.help_pages import about, getting_started, why_refused
from kling_desktop.ui.help.report_dialog import ReportDialog
from kling_desktop.ui.history.history_dialog import HistoryDialog
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.menu.menu_keys import menu_commands
from kling_desktop.ui.search.entries import Entry, Kind
from kling_desktop.ui.search.palette import Palette
from kling_desktop.ui.settings.keys_page import KeysPage
from kling_desktop.ui.settings.settings_dialog import SettingsDialog
from tests.harness.tasks import held_back
from tests.harness.words.longer_words import Longer, is_cut, is_english, is_inner, is_of_qt, text_of
from tests.ui.budget.test_budget_dialog import Entries

Made = Callable[[QWidget], QDialog]

_CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)


def _connect(parent: QWidget, step: int) -> QDialog:
    dialog = KeysDialog(lambda text: None, parent)
    dialog.edit(Profile("Kling"), has_credentials=True)
    if step:
        dialog.show_connected(
            i18n.tr("The keys work. No resource pack is active, so Kling will refuse paid tasks."), []
        )
    return dialog


def _budget(parent: QWidget) -> QDialog:
    dialog = BudgetDialog(LedgerModel(Entries(), lambda id: i18n.tr("No film")), parent)
    dialog.show_sums(UnitSums(Decimal(10), Decimal(2), Decimal(4), Decimal(1)))
    dialog.show_waiting([held_back(1, "[Snow falls]")])
    return dialog


def _settings(parent: QWidget, page: int) -> QDialog:
    dialog = SettingsDialog(parent)
    dialog.add_page(i18n.tr("Keys"), KeysPage(KeyMap(menu_commands()), dialog), "key")
    dialog.export.show_choices("", Path("films"))
    dialog.accounts.show_profiles((SANDBOX,), SANDBOX)
    dialog.topics.setCurrentRow(page)
    return dialog


def _palette(parent: QWidget) -> QDialog:
    entry = Entry(Kind.COMMAND, "x", i18n.tr("Clear the queue"), lambda: None, "Ctrl+X")
    palette = Palette((lambda _: [entry],), dict, parent)
    palette.ask()
    return palette


_DIALOGS: dict[str, Made] = {
    "connect-1": lambda parent: _connect(parent, 0),
    "connect-2": lambda parent: _connect(parent, 1),
    "budget": _budget,
    "settings-general": lambda parent: _settings(parent, 0),
    "settings-takes": lambda parent: _settings(parent, 1),
    "settings-playback": lambda parent: _settings(parent, 2),
    "settings-accounts": lambda parent: _settings(parent, 3),
    "settings-budget": lambda parent: _settings(parent, 4),
    "settings-export": lambda parent: _settings(parent, 5),
    "settings-notices": lambda parent: _settings(parent, 6),
    "settings-callbacks": lambda parent: _settings(parent, 7),
    "settings-keys": lambda parent: _settings(parent, 8),
    "search": _palette,
    "report": lambda parent: ReportDialog(parent),
    "history": lambda parent: HistoryDialog(parent),
    "keys": lambda parent: CheatSheet(KeyMap(menu_commands()), parent),
    "start": lambda parent: HelpDialog(getting_started(KeyMap(menu_commands())), parent),
    "refused": lambda parent: HelpDialog(why_refused(), parent),
    "about": lambda parent: HelpDialog(about(Path("libraries")), parent),
}


@pytest.fixture
def longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_sentences", Longer())


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QMainWindow]:
    made = QMainWindow()
    made.resize(1280, 900)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()


def _shown(made: Made, window: QWidget, qtbot: QtBot) -> QDialog:
    dialog = made(window)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


@pytest.mark.parametrize("made", _DIALOGS.values(), ids=_DIALOGS)
def test_every_control_has_a_name_and_a_role(made: Made, window: QMainWindow, qtbot: QtBot) -> None:
    dialog = _shown(made, window, qtbot)
    found = [wrong for widget in _in_sight(dialog, _CONTROLS) for wrong in _unnamed(widget)]
    assert found == []


def _unnamed(widget: QWidget) -> list[str]:
    told = QAccessible.queryAccessibleInterface(widget)
    role = told.role()
    if role in (QAccessible.Role.Client, QAccessible.Role.NoRole):
        return [f"{widget} has no role"]
    name = told.text(QAccessible.Text.Name)
    return [] if name.strip() else [f"{type(widget).__name__} in {type(widget.parentWidget()).__name__} has no name"]


@pytest.mark.usefixtures("longer")
@pytest.mark.parametrize("made", _DIALOGS.values(), ids=_DIALOGS)
def test_longer_words_are_neither_cut_nor_left_in_english(made: Made, window: QMainWindow, qtbot: QtBot) -> None:
    dialog = _shown(made, window, qtbot)
    said = [widget for widget in _in_sight(dialog, (QLabel, QPushButton)) if not is_of_qt(widget)]
    assert [text for text in map(text_of, said) if is_english(text)] == []
    assert [text_of(widget) for widget in said if is_cut(widget)] == []
    assert not is_english(dialog.windowTitle().replace("Kling Desktop", ""))


def _in_sight(dialog: QDialog, kinds: tuple[type[QWidget], ...]) -> list[QWidget]:
    own = [widget for kind in kinds for widget in dialog.findChildren(kind)]
    return [widget for widget in own if widget.isVisible() and not is_inner(widget)]


def test_a_cut_word_and_an_english_one_are_seen(qtbot: QtBot) -> None:
    label = QLabel("Words that do not fit")
    qtbot.addWidget(label)
    label.setFixedWidth(20)
    label.show()
    assert is_cut(label)
    assert is_english("Close")
    assert not is_english("[Close~~]")
    bare = QPushButton()
    qtbot.addWidget(bare)
    assert _unnamed(bare)
