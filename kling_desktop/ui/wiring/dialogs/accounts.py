"""Connects the account button, the keys dialog and the banners to the studio: who pays, and what stops the queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from kling_desktop.domain.accounts import SANDBOX, Credentials, Pack, Profile, Region
from kling_desktop.domain.tasks import Trouble
from kling_desktop.domain.units import CapScope
from kling_desktop.errors import KeyringAwaited, KeyringTrouble, KlingDesktopError, QuestionRefused, Remedy, kind_of
from kling_desktop.studio.feed import Fact, KeysChecked, KeysKept, ProfileTroubled
from kling_desktop.studio.films.budget import Budget
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.ui import formatting
from kling_desktop.ui.accounts.account_menu import shown_name
from kling_desktop.ui.bar.chip_faces import AccountState
from kling_desktop.ui.help.doctor_words import button_words
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.window import Window

if TYPE_CHECKING:
    from kling_desktop.ui.accounts.keys_dialog import KeysDialog

_NOTEWORTHY_SKEW = 20.0
"""Seconds by which clocks may differ before it is said."""

Recognise = Callable[[str], Credentials | None]


class AccountWiring(QObject):
    """Everything about profiles, keys and the state of the accounts."""

    def __init__(
        self, window: Window, studio: Studio, preferences: Preferences, recognise: Recognise, budget: Budget
    ) -> None:
        super().__init__(window)
        self._budget = budget
        self._window = window
        self._studio = studio
        self._preferences = preferences
        self._recognise = recognise
        self._dialog: KeysDialog | None = None
        self._warned_of = ""
        window.account.chosen.connect(self._choose)
        window.account.keys_asked.connect(self.open_keys)
        window.form.remedy_asked.connect(lambda remedy: self.offer(remedy, preferences.profile))
        self._show_account()

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show what happened."""
        for fact in facts:
            match fact:
                case ProfileTroubled(profile, trouble):
                    self._show_trouble(profile, trouble)
                case KeysChecked():
                    self._show_verdict(fact)
                case KeysKept():
                    self._take_in(fact)
                case _:
                    pass

    def open_keys(self, profile: Profile | None) -> None:
        """Enter or change the keys of a profile; of a new one with None."""
        if self._dialog is None:
            # Not before it is wanted: it would slow the start.
            from kling_desktop.ui.accounts.keys_dialog import KeysDialog

            self._dialog = KeysDialog(self._recognise, self._window)
            self._dialog.test_asked.connect(self._test)
            self._dialog.save_asked.connect(self._save)
            self._dialog.forget_asked.connect(self._forget)
        self._warned_of = ""
        if profile is None or profile.region is Region.SANDBOX:
            self._show_dialog(self._dialog, Profile(self._free_name()), has_keys=False, trouble=None)
        else:
            self._studio.background.run(self._show_known(self._dialog, profile))

    async def _show_known(self, dialog: KeysDialog, profile: Profile) -> None:
        """Whether there are keys, only the keyring knows; it may ask to be unlocked first."""

        def show_awaited() -> None:
            self._show_dialog(dialog, profile, has_keys=False, trouble=KeyringAwaited().trouble)

        trouble, has_keys = None, False
        try:
            has_keys = await self._studio.keys.known(profile.name, show_awaited)
        except KeyringTrouble as error:
            trouble = error.trouble
        if not dialog.isVisible():
            self._show_dialog(dialog, profile, has_keys=has_keys, trouble=trouble)
        elif dialog.is_about(profile.name):
            dialog.show_answer(has_keys, trouble)

    def _show_dialog(self, dialog: KeysDialog, profile: Profile, *, has_keys: bool, trouble: Trouble | None) -> None:
        dialog.edit(profile, has_keys)
        if has_keys:
            dialog.caps.show_caps(self._budget.caps(profile.name), self._preferences.unit_price)
        dialog.show_keyring(trouble)
        dialog.open()

    def _free_name(self) -> str:
        """A name for a new profile, so that nobody need think of one."""
        taken = {profile.name for profile in self._preferences.profiles}
        return next(name for number in count(1) if (name := f"Kling {number}" if number > 1 else "Kling") not in taken)

    def _choose(self, profile: Profile) -> None:
        self._preferences.choose(profile)
        self._show_account()

    def _show_account(self) -> None:
        active = self._preferences.profile
        self._window.account.show_profiles(self._preferences.profiles, active)
        state = AccountState.SANDBOX if active == SANDBOX else AccountState.READY
        self._window.bar.show_account(shown_name(active), None, state)

    # --- keys ---

    def _test(self, profile: Profile, credentials: Credentials | None) -> None:
        if self._dialog:
            self._dialog.show_busy(True)
        self._studio.background.run(self._studio.keys.check(profile, credentials))

    def _show_verdict(self, fact: KeysChecked) -> None:
        if self._dialog is None:
            return
        self._dialog.show_busy(False)
        if fact.trouble:
            error = kind_of(fact.trouble)
            verdict = f"{tr(error.title)}. {formatting.answer_to_asker(error)}"
            self._dialog.show_verdict(False, verdict, _details(fact.trouble))
        else:
            self._dialog.show_connected(_good_news(fact.packs), _rows(fact))

    def _save(self, profile: Profile, credentials: Credentials | None, session_only: bool) -> None:
        if credentials is None:  # the stored keys stay; only the profile was changed
            self._take_in(KeysKept(profile, None, session_only=False))
            return
        if self._is_risky(profile.name):
            return
        self._studio.background.run(self._studio.keys.save(profile, credentials, session_only=session_only))

    def _is_risky(self, name: str) -> bool:
        """Whether takes are being made with the keys of this name, and the creator has not heard of it yet.

        Kling tells an account nothing of the tasks of another: with the wrong keys they would seem lost.
        """
        running = self._studio.at_kling(name)
        if not running or self._warned_of == name or self._dialog is None:
            return False
        self._warned_of = name
        words = tr_count(
            running,
            "{n} take is being made with the keys of this name.",
            "{n} takes are being made with the keys of this name.",
        )
        advice = tr("Press Connect again if the new keys belong to the same account; else choose another name.")
        self._dialog.show_verdict(False, f"{words} {advice}")
        return True

    def _hear_late(self, fact: KeysKept) -> None:
        """The keyring has answered at last; what was kept for this session went on meanwhile."""
        name = fact.profile.name
        if self._dialog and self._dialog.isVisible() and self._dialog.is_about(name):
            self._dialog.show_keyring(fact.trouble)
            if fact.trouble is None:
                self._dialog.accept()
        if fact.trouble is None:
            self._window.notices.toast(tr("The keys of {name} are in the system's keyring now.", name=name))
        else:
            why = tr(kind_of(fact.trouble).title)
            self._window.notices.toast(tr("The keys of {name} hold for this session only: {why}.", name=name, why=why))

    def _take_in(self, fact: KeysKept) -> None:
        if fact.is_late:
            self._hear_late(fact)
            return
        self._preferences.keep(fact.profile)
        self._studio.lines.reopen(fact.profile.name)
        self._window.account.chosen.emit(fact.profile)  # as if by hand: its budget and its queue are shown as well
        if self._dialog:
            self._keep_cap(fact.profile.name, self._dialog.caps.units(CapScope.DAY))
            self._dialog.show_keyring(fact.trouble)
            if fact.trouble is None:
                self._dialog.accept()
        if fact.trouble is None:
            self._window.notices.toast(tr("Connected: new takes go to {name}.", name=fact.profile.name))

    def _keep_cap(self, name: str, units: Decimal | None) -> None:
        if units is None:
            self._budget.drop_cap(name, CapScope.DAY)
        else:
            self._budget.set_cap(name, CapScope.DAY, units)

    def _forget(self, profile_name: str) -> None:
        self._preferences.drop(profile_name)
        self._window.account.chosen.emit(self._preferences.profile)
        self._studio.background.run(self._forget_keys(profile_name))

    async def _forget_keys(self, profile_name: str) -> None:
        try:
            await self._studio.keys.forget(profile_name)
        except KeyringTrouble as error:
            why = tr(kind_of(error.trouble).title)
            words = tr("The keys of {name} may still be in the system's keyring: {why}.", name=profile_name, why=why)
            self._window.notices.toast(words)

    # --- what stops a queue ---

    def _show_trouble(self, profile: Profile, trouble: Trouble | None) -> None:
        key = f"profile {profile.name}"
        if trouble is None:
            self._window.notices.hide_banner(key)
            return
        error = kind_of(trouble)
        self._window.notices.show_banner(
            key,
            f"{shown_name(profile)}: {tr(error.title)}. {tr(error.advice)}{_words_of(error, trouble)}",
            _label(error.remedy),
            lambda: self.offer(error.remedy, profile),
            level="warning",
        )

    def offer(self, remedy: Remedy, profile: Profile) -> None:
        """Do what an error about this account offers."""
        match remedy:
            case Remedy.CHECK_KEYS | Remedy.CHECK_CLOCK:
                self.open_keys(profile)
            case Remedy.OPEN_CONSOLE:
                from kling_desktop.ui.accounts.profile_entry import CONSOLE, CONSOLES

                QDesktopServices.openUrl(QUrl(CONSOLES.get(profile.region, CONSOLE)))
                self._studio.lines.reopen(profile.name)
            case _:
                self._studio.lines.reopen(profile.name)


def _words_of(error: type[KlingDesktopError], trouble: Trouble) -> str:
    """Kling's own words, where our sentence says no more than that there are some."""
    said = issubclass(error, QuestionRefused) and trouble.message
    return " " + tr("Kling says: {words}", words=trouble.message) if said else ""


def _label(remedy: Remedy) -> str:
    return tr("Try now") if remedy in (Remedy.WAIT, Remedy.TRY_AGAIN, Remedy.NONE) else button_words(remedy)


def _good_news(packs: Sequence[Pack]) -> str:
    online = [pack for pack in packs if pack.status == "online"]
    if not online:
        return tr("The keys work. No resource pack is active, so Kling will refuse paid tasks.")
    units = sum((pack.remaining_units for pack in online), start=online[0].remaining_units * 0)
    return tr(
        "The keys work. {units} units are left, by Kling's last count (up to 12 hours old).",
        units=formatting.units(units),
    )


def _rows(fact: KeysChecked) -> list[tuple[bool, str, str]]:
    """What Kling told of the account: sound or worth a look, name, words."""
    online = [pack for pack in fact.packs if pack.status == "online"]
    units = [_pack_words(pack) for pack in online] or [tr("none: no resource pack is active")]
    clock = _clock_words(fact.clock_skew_seconds)
    return [
        (True, tr("Region"), region_words(fact.profile)),
        *((bool(online), tr("Units"), words) for words in units),
        (not clock, tr("Clock"), clock or tr("This computer's clock is right.")),
    ]


def _pack_words(pack: Pack) -> str:
    left, total = f"{pack.remaining_units:g}", f"{pack.total_units:g}"
    if pack.expires_at is None:
        return tr("{left} of {total}", left=left, total=total)
    return tr("{left} of {total}, until {day}", left=left, total=total, day=f"{pack.expires_at:%Y-%m-%d}")


def region_words(profile: Profile) -> str:
    """Where an account lives."""
    words = {
        Region.SINGAPORE: tr("Singapore"),
        Region.BEIJING: tr("Beijing"),
        Region.GLOBAL: "api.klingai.com",
        Region.SANDBOX: tr("Sandbox"),
    }
    return words.get(profile.region, profile.base_url)


def _clock_words(skew_seconds: float | None) -> str:
    if skew_seconds is None or abs(skew_seconds) < _NOTEWORTHY_SKEW:
        return ""
    if skew_seconds > 0:
        return tr("This computer is {seconds} s fast; allowed for.", seconds=round(skew_seconds))
    return tr("This computer is {seconds} s slow; allowed for.", seconds=-round(skew_seconds))


def _details(trouble: Trouble) -> str:
    parts = (str(trouble.code or ""), trouble.message, trouble.request_id)
    return " · ".join(part for part in parts if part)
