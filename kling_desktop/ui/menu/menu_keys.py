"""The menu bar's own commands: what each is called and its keys."""

from __future__ import annotations

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import Command


def menu_commands() -> tuple[Command, ...]:
    """All of them, in the order in which menu and cheat sheet list them."""
    return (*_of_file(), *_of_edit(), *_of_queue(), *_of_help())


def _of_file() -> tuple[Command, ...]:
    group = tr("Program")
    return (
        Command("new_film", tr("New film…"), ("Ctrl+N",), "add", group=group, repeats=False),
        Command("new_extension", tr("New extension"), ("Ctrl+Shift+N",), "extend", group=group, repeats=False),
        Command("open_video", tr("Open a video…"), ("Ctrl+O",), "file", group=group, repeats=False),
        Command("pick_clip", tr("Pick a clip…"), ("Ctrl+Alt+O",), "film", group=group, repeats=False),
        Command("library", tr("Library"), ("Ctrl+Shift+L",), "film", group=group, repeats=False),
        Command("find_takes", tr("Find my takes…"), (), "search", group=group, repeats=False),
        Command("takes_folder", tr("Open the folder of takes"), (), "folder", group=group, repeats=False),
        Command("export", tr("Export…"), ("Ctrl+Shift+S",), "save", group=group, repeats=False),
        Command("archive_film", tr("Archive film…"), (), group=group, repeats=False),
        Command("open_archive", tr("Open archive…"), (), group=group, repeats=False),
        Command("connect", tr("Connect Kling…"), (), "key", group=group, repeats=False),
        Command("budget", tr("Budget…"), (), group=group, repeats=False),
        Command("settings", tr("Settings…"), ("Ctrl+,",), "settings", group=group, repeats=False),
        Command("quit", tr("Quit"), ("Ctrl+Q",), group=group, repeats=False),
    )


def _of_edit() -> tuple[Command, ...]:
    group = tr("Edit")
    return (
        Command("undo", tr("Undo"), ("Ctrl+Z",), group=group),
        Command("redo", tr("Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), group=group),
        Command("filter", tr("Filter takes or clips"), ("Ctrl+F",), "search", group=group, repeats=False),
        Command("search", tr("Search takes and commands"), ("Ctrl+K",), "search", group=group, repeats=False),
    )


def _of_queue() -> tuple[Command, ...]:
    group = tr("Queue")
    pause = tr("Pause the queue")
    return (
        Command("pause_queue", pause, ("Ctrl+Shift+P",), "pause", switches=True, group=group, repeats=False),
        Command("clear_queue", tr("Clear the queue"), ("Ctrl+Shift+X",), group=group, repeats=False),
        Command("retry_all", tr("Retry all failed…"), ("Ctrl+Shift+R",), "retry", group=group, repeats=False),
    )


def _of_help() -> tuple[Command, ...]:
    group = tr("Help")
    return (
        Command("getting_started", tr("Getting started"), (), "info", group=group, repeats=False),
        Command("why_refused", tr("Why was this refused?"), (), "warning", group=group, repeats=False),
        Command("report", tr("Save report…"), (), "save", group=group, repeats=False),
        Command("updates", tr("Check for updates…"), (), "globe", group=group, repeats=False),
        Command("about", tr("About Kling Desktop"), (), group=group, repeats=False),
    )
