"""A creator begins in the library: the sample film, a clip of the account, names and labels of films."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog

from kling_desktop.domain.takes import Label
from kling_desktop.ui.library.library_page import LibraryPage
from tests.harness.media.films import film
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.extending.dropping import drops


def _page(creator: Creator) -> LibraryPage:
    page = creator.window.findChild(LibraryPage, "library")
    assert isinstance(page, LibraryPage)
    return page


def _library(creator: Creator) -> QAction:
    creator.window.bar.film.menu().aboutToShow.emit()
    return next(action for action in creator.window.film_menu.actions() if action.text() == "Library")


async def test_a_clip_of_the_account_is_opened_and_its_film_named(start: Start) -> None:
    async with start() as creator:
        page = _page(creator)
        assert not page.isVisible()
        library = _library(creator)
        library.trigger()
        await creator.sees(page.isVisible, "the library")
        assert page.sample.isVisible()
        await creator.sees(lambda: page.cards.total >= 10, "the clips of the account")
        page.segments.chosen.emit(1)
        able = page.cards.count
        assert 0 < able < page.cards.total
        page.segments.chosen.emit(0)
        row = page.cards.row_of(creator.clip_id("night-harbour"))
        page.clip_view.setCurrentIndex(page.cards.index(row))
        creator.presses(page.clip_view, Qt.Key.Key_Return)
        await creator.sees(lambda: not page.isVisible() and creator.window.form.isVisible(), "the form")
        assert creator.form.extension().video_id == creator.clip_id("night-harbour")
        await creator.sees(lambda: creator.window.tree.tree.model().rowCount() == 1, "the tree with its root")
        library.trigger()
        await creator.sees(lambda: page.films.rowCount() == 1, "its film")
        assert not page.sample.isVisible()  # with an account and a film, the ways in have done their work
        creator.presses(page.film_view, Qt.Key.Key_F2)
        asked = await creator.sees(lambda: creator.window.findChild(QInputDialog), "the question for a name")
        asked.setTextValue("Harbour")
        asked.accept()
        await creator.sees(lambda: (card := page.current_film()) and card.name == "Harbour", "the new name")
        creator.window.film_menu.aboutToShow.emit()
        acts = {action.text(): action for action in creator.window.film_menu.actions()}
        acts["Archive"].trigger()
        await creator.sees(lambda: page.films.rowCount() == 0, "the film to be out of the way")
        page.archive.chosen.emit(1)
        await creator.sees(lambda: page.films.rowCount() == 1, "it among the archived ones")


async def test_the_sample_film_is_opened_and_soon_plays_from_the_disk(start: Start) -> None:
    async with start(KLING_ACCESS_KEY="", KLING_SECRET_KEY="") as creator:
        page = _page(creator)
        _library(creator).trigger()
        await creator.sees(page.sample.isVisible, "the way in")
        creator.clicks(page.sample)
        await creator.sees(lambda: creator.window.tree.tree.model().rowCount() == 1, "its film")
        assert creator.form.isVisible()
        await creator.sees(lambda: (clip := creator.viewer.clip) and clip.file, "the stage to play it from the disk")
        kept = creator.viewer.clip
        assert kept is not None
        assert creator.form.extension().video_id == kept.id


async def test_what_the_library_says_of_a_film_that_was_brought_in(start: Start) -> None:
    async with start() as creator:
        page = _page(creator)
        assert page.current_film() is None
        mine = film(creator.program.data_dir / "Pond.mp4")
        drops(creator.window, mine)
        await creator.sees(lambda: creator.window.tree.tree.model().rowCount() == 1, "its film")
        _library(creator).trigger()
        await creator.sees(lambda: page.films.rowCount() == 1, "the film")
        card = await creator.sees(page.current_film, "its card")
        assert (card.name, card.counts, card.length) == ("Pond", "0 hops · 1 take", "0:01.0 of 3:00")
        assert card.label == Label.NONE.value


async def test_the_form_goes_on_from_the_film_that_is_open(start: Start) -> None:
    async with start() as creator:
        page, form = _page(creator), creator.form
        for name, pictures in (("Pond", range(24)), ("Wood", range(30))):
            drops(creator.window, film(creator.program.data_dir / f"{name}.mp4", pictures))
            await creator.sees(partial(_is_open, creator, name), "its film")
        wood = form.extension().video_id
        creator.writes("The wind rises")
        _library(creator).trigger()
        pond = next(index for index in range(2) if (card := page.films.card(index)) and card.name == "Pond")
        page.film_view.setCurrentIndex(page.films.index(pond))
        creator.presses(page.film_view, Qt.Key.Key_Return)
        await creator.sees(lambda: form.extension().video_id not in ("", wood), "the end of the other film in the form")
        assert form.extension().prompt == "The wind rises", "words that were not sent are not lost"
        form.submit()
        await creator.sees(lambda: form.sent, "the words to be safe")
        creator.window.film_menu.aboutToShow.emit()
        next(act for act in creator.window.film_menu.actions() if act.text() == "Wood").trigger()
        await creator.sees(lambda: form.extension().video_id == wood, "the first film's clip")
        assert (form.extension().prompt, form.button.isEnabled()) == ("", False), "its words are not sent here as well"


def _is_open(creator: Creator, name: str) -> bool:
    return name in creator.window.bar.film.said()


async def test_what_is_said_is_seen_on_the_library_s_page_too(start: Start) -> None:
    async with start() as creator:
        notices = creator.window.notices
        page = _page(creator)
        notices.show_banner("disk", "The disk is full", level="warning")
        _library(creator).trigger()
        await creator.sees(page.isVisible, "the library")
        assert notices.isVisible()
        assert page.isAncestorOf(notices)
        creator.leaves_library()
        await creator.sees(lambda: not page.isVisible(), "the stage")
        assert notices.isVisible()
        assert creator.window.viewer.isAncestorOf(notices)
