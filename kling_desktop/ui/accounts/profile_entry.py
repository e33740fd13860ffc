"""Takes a profile: its name, and where the creator logs in to Kling."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from kling_desktop.domain.accounts import SANDBOX, Profile, Region
from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.layouts import nest

NAME_LIMIT = 60
"""Characters of a profile's name: it stands in menus, and names the secret in the keyring."""

_REGIONS = (Region.SINGAPORE, Region.BEIJING, Region.GLOBAL, Region.CUSTOM)
"""In the order of the choices."""

CONSOLES = {Region.BEIJING: "https://klingai.com/dev/api-key"}
"""Where a region's keys are made; all others at `CONSOLE`."""

CONSOLE = "https://kling.ai/dev/api-key"


class ProfileEntry(QWidget):
    """Where one logs in, as choices under each other, and the name, which stands where the dialog wants it."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit(self)
        self.name.setMaxLength(NAME_LIMIT)
        self.name.setPlaceholderText(tr("such as: Studio"))
        self.name.setAccessibleName(tr("Profile name"))
        self.regions = QButtonGroup(self)
        self.address = QLineEdit(self)
        self.address.setPlaceholderText("https://")
        self.address.setAccessibleName(tr("Service address"))
        self.wrong = Sentence(parent=self)
        self.wrong.dress(danger=True)
        self.wrong.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.GAP)
        self._add_regions()
        self._column.addWidget(self.address)
        self._column.addWidget(self.wrong)
        self.regions.idToggled.connect(lambda _, on: self._region_chosen() if on else None)
        self.address.textChanged.connect(self.edited)
        self.choose(Region.SINGAPORE)

    @property
    def region(self) -> Region:
        """Where the creator logs in."""
        return _REGIONS[self.regions.checkedId()]

    def choose(self, region: Region) -> None:
        """Light a region; one that is not offered is the first."""
        self.regions.button(_REGIONS.index(region) if region in _REGIONS else 0).setChecked(True)

    def _add_regions(self) -> None:
        words = (
            ("kling.ai", tr("outside mainland China · Singapore")),
            ("klingai.com", tr("mainland China · Beijing")),
            ("api.klingai.com", tr("older accounts")),
            (tr("Another address…"), ""),
        )
        for number, (shown, beside) in enumerate(words):
            choice, where = QRadioButton(shown, self), QLabel(beside, self)
            choice.setAccessibleDescription(beside)
            where.setProperty("quiet", True)
            self.regions.addButton(choice, number)
            row = QHBoxLayout()
            row.addWidget(choice)
            row.addStretch(1)
            row.addWidget(where)
            nest(self._column, row)

    def show_profile(self, profile: Profile) -> None:
        self.name.setText(profile.name)
        self.choose(Region.CUSTOM if profile.base_url else profile.region)
        self.address.setText(profile.base_url)
        self.wrong.hide()

    def profile(self) -> Profile:
        """What stands in the fields; sound only when nothing is complained of."""
        region = self.region
        base_url = self.address.text().strip().rstrip("/") if region is Region.CUSTOM else ""
        return Profile(self.name.text().strip(), region, base_url)

    def complaint(self) -> str:
        """What is wrong with the name, in a sentence; "" when nothing is."""
        name = self.profile().name
        if not name:
            return tr("Give the profile a name.")
        if name.casefold() == SANDBOX.name.casefold():
            return tr("This name belongs to the sandbox. Choose another one.")
        return ""

    def complain(self) -> bool:
        """Show what is wrong with the address, if anything, and go there. Returns whether something is."""
        profile = self.profile()
        is_wrong = profile.region is Region.CUSTOM and not _may_have_keys(profile.base_url)
        self.wrong.setText(tr("Enter an address that begins with https:// and has no password in it."))
        self.wrong.setVisible(is_wrong)
        if is_wrong:
            self.address.setFocus()
        return is_wrong

    def console(self) -> str:
        """Web address where this region's keys are made."""
        return CONSOLES.get(self.profile().region, CONSOLE)

    def _region_chosen(self) -> None:
        self.address.setVisible(self.region is Region.CUSTOM)
        self.edited.emit()


def _may_have_keys(address: str) -> bool:
    """Whether keys may be sent there: encrypted, or to this computer; a bare host without path or password."""
    try:
        parts = urlsplit(address)
        bare = bool(parts.hostname) and not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
        sound = bare and parts.port != 0
    except ValueError:
        return False
    here = parts.hostname in ("127.0.0.1", "::1", "localhost")
    return sound and (parts.scheme == "https" or (parts.scheme == "http" and here))
