"""How long the window's thread keeps everything else waiting, and what of a core it takes meanwhile."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 1
LONG_MS = 16.0


@dataclass
class Turns:
    """Milliseconds between two beats of a timer that is due each millisecond."""

    waited: list[float] = field(default_factory=list)
    """By the clock: what the machine's other programs take is in it."""
    worked: list[float] = field(default_factory=list)
    """Of the processor, by this thread alone."""

    @property
    def long(self) -> int:
        """How many kept the loop longer than a picture of a screen lasts, by the clock."""
        return sum(turn > LONG_MS for turn in self.waited)

    @property
    def long_by_work(self) -> int:
        """The same, by the work of the thread: what remains of them on a machine with nothing else to do."""
        return sum(turn > LONG_MS for turn in self.worked)

    def words(self) -> str:
        waited = statistics.quantiles(self.waited, n=1000)
        return (
            f"{self.long} of {len(self.waited)} turns over {LONG_MS:.0f} ms ({self.long_by_work} by own work), "
            f"p99 {waited[989]:.1f} ms, p99.9 {waited[998]:.1f} ms, longest {max(self.waited):.1f} ms "
            f"({max(self.worked):.1f} by own work)"
        )


class Heartbeat(QObject):
    """Notes the turns of the loop from `begin` on, until `end`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._turns = Turns()
        self._clock = self._work = 0.0

    def begin(self) -> None:
        self._turns = Turns()
        self._clock, self._work = time.perf_counter(), time.thread_time()
        self._timer.start()

    def end(self) -> Turns:
        self._timer.stop()
        return self._turns

    def _beat(self) -> None:
        clock, work = time.perf_counter(), time.thread_time()
        self._turns.waited.append((clock - self._clock) * 1000)
        self._turns.worked.append((work - self._work) * 1000)
        self._clock, self._work = clock, work
