"""The settings by name, for whoever looks for one outside their dialog."""

from __future__ import annotations

from kling_desktop.ui.i18n import tr


def setting_names() -> dict[str, str]:
    """What each setting is called on its page, by a name that is never shown."""
    return {
        "language": tr("Language"),
        "appearance": tr("Appearance"),
        "text_size": tr("Text size"),
        "folder": tr("Folder of takes"),
        "downloads": tr("Downloads at once"),
        "speed": tr("Speed limit"),
        "imports": tr("Videos of yours"),
        "volume": tr("Volume"),
        "loop": tr("Loop"),
        "judging": tr("After judging"),
        "names": tr("Names of files"),
        "exports": tr("Folder of exports"),
        "presets": tr("Your presets"),
        "budget": tr("Spend at most"),
        "film_budget": tr("For each film at most"),
        "plan_budget": tr("For each plan at most"),
    }
