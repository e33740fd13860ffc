"""A slice of the soak: the same round again leaves no thread and no file behind, and the end of the program nothing."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.soak import Held, Work
from tests.harness.waiting import until
from tests.journeys.conftest import Start


async def test_a_round_of_work_leaves_nothing_over(start: Start, tmp_path: Path, data_dir: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    async with start() as creator:
        work = Work(creator, out, takes=1, hops=0)
        await work.round()
        before = Held.now()
        await work.round()
        await until(lambda: not Held.now().left_by_us(before), what="nothing of the round to be left")
        assert any(f"/{data_dir.name}/" in name for name in Held.now().files)  # it does see what is open
    await until(
        lambda: not any(f"/{data_dir.name}/" in name for name in Held.now().files), what="all files to be closed"
    )
    assert not {name for name in Held.now().threads if name.startswith(("download", "posters"))}
