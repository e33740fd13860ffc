"""Takes a profile: its name, and where the creator logs in to Kling."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from kling_desktop.domain.accounts import SANDBOX, Profile, Region
from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr

NAME_LIMIT = 60
"""Characters of a profile's name: it stands in menus, and names the secret in the keyring."""

CONSOLES = {Region.BEIJING: "https://klingai.com/dev/api-key"}
"""Where a region's keys are made; all others at `CONSOLE`."""

CONSOLE = "https://kling.ai/dev/api-key"


class ProfileEntry(QWidget):
    """A Profile, or the sentence that says why not."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit(self)
        self.name.setMaxLength(NAME_LIMIT)
        self.name.setPlaceholderText(tr("such as: Studio"))
        self.region = QComboBox(self)
        self.region.addItem(tr("kling.ai (outside mainland China)"), Region.SINGAPORE)
        self.region.addItem(tr("klingai.com (mainland China)"), Region.BEIJING)
        self.region.addItem(tr("Older accounts: api.klingai.com"), Region.GLOBAL)
        self.region.addItem(tr("Another address…"), Region.CUSTOM)
        self.address = QLineEdit(self)
        self.address.setPlaceholderText("https://")
        self.wrong = Sentence(parent=self)
        self.wrong.dress(danger=True)
        self.wrong.hide()
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setSpacing(theme.GAP)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.addRow(tr("Profile name"), self.name)
        self._form.addRow(tr("You log in at"), self.region)
        self._form.addRow(tr("Service address"), self.address)
        self._form.addRow(self.wrong)
        self.region.currentIndexChanged.connect(self._region_chosen)
        self.region.currentIndexChanged.connect(self.edited)
        self.name.textChanged.connect(self.edited)
        self.address.textChanged.connect(self.edited)
        self._region_chosen()

    def show_profile(self, profile: Profile) -> None:
        self.name.setText(profile.name)
        region = Region.CUSTOM if profile.base_url else profile.region
        self.region.setCurrentIndex(max(0, self.region.findData(region)))
        self.address.setText(profile.base_url)
        self.wrong.hide()

    def profile(self) -> Profile:
        """What stands in the fields; sound only when `complaint` is empty."""
        region = Region(self.region.currentData())
        base_url = self.address.text().strip().rstrip("/") if region is Region.CUSTOM else ""
        return Profile(self.name.text().strip(), region, base_url)

    def complaint(self) -> str:
        """What is wrong, in a sentence; "" when nothing is."""
        profile = self.profile()
        if not profile.name:
            return tr("Give the profile a name.")
        if profile.name.casefold() == SANDBOX.name.casefold():
            return tr("This name belongs to the sandbox. Choose another one.")
        if profile.region is Region.CUSTOM and not _may_have_keys(profile.base_url):
            return tr("Enter an address that begins with https:// and has no password in it.")
        return ""

    def complain(self) -> bool:
        """Show what is wrong, if anything, and go there. Returns whether something is."""
        complaint = self.complaint()
        self.wrong.setText(complaint)
        self.wrong.setVisible(bool(complaint))
        if complaint:
            named = self.profile().name and self.profile().name.casefold() != SANDBOX.name.casefold()
            (self.address if named else self.name).setFocus()
        return bool(complaint)

    def console(self) -> str:
        """Web address where this region's keys are made."""
        return CONSOLES.get(self.profile().region, CONSOLE)

    def _region_chosen(self) -> None:
        self._form.setRowVisible(self.address, self.region.currentData() == Region.CUSTOM)


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
