"""Clips of rejected takes that others are joined to: a film that goes on from one by a new clip consists of it too."""

from __future__ import annotations

from kling_desktop.store.database import Database
from kling_desktop.store.films.tree_keys import AFTER_ALL

_NEEDED = """
    SELECT DISTINCT parent.clip_id FROM take AS parent
    JOIN task AS thrown ON thrown.id = parent.task_id AND thrown.pick = 'rejected'
    JOIN take AS child ON child.way = 'continue' AND child.id IN (
        SELECT id FROM take WHERE slot = parent.id
        UNION ALL
        SELECT split.id FROM task JOIN take AS split ON split.task_id = task.id AND split.parent_id = ''
            WHERE task.video_id = parent.clip_id)
    WHERE parent.clip_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM take AS later LEFT JOIN task ON task.id = later.task_id
        WHERE later.film_id = child.film_id AND later.path >= child.path AND later.path < child.path || :last
        AND (task.id IS NULL OR (task.status <> 'failed' AND task.pick <> 'rejected')))
    UNION
    SELECT part.clip_id FROM take AS split
    JOIN take AS holder ON holder.film_id = split.film_id
        AND holder.path >= split.path AND holder.path < split.path || :last
    JOIN part ON part.take_id = holder.id AND part.clip_id <> holder.clip_id
    JOIN task AS thrown ON thrown.clip_id = part.clip_id AND thrown.pick = 'rejected'
    LEFT JOIN task ON task.id = holder.task_id
    WHERE split.parent_id = '' AND split.way = 'continue'
        AND (task.id IS NULL OR (task.status <> 'failed' AND task.pick <> 'rejected'))"""
"""Whatever hangs below a continued take holds what was before that; an extended one holds it in a file of its own. Of
what was split off as a film its task, and how it was joined, tell what it is made of.
"""


def needed_clips(database: Database) -> set[str]:
    """Ids of the clips of rejected takes without which the film of a take that is not rejected could not be made."""
    return {str(row["clip_id"]) for row in database.rows(_NEEDED, {"last": AFTER_ALL})}
