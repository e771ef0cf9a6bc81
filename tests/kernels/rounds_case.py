"""A part of an epoch on threads, without a team."""

import threading

import numpy as np

from symvec.kernels.blocks import Text
from symvec.kernels.rounds import Schedule
from symvec.training import memory
from symvec.training.schedules import TURNS


def run_epoch(
    train,
    corpus,
    planned,
    settings,
    tables,
    threads,
    control,
    after=lambda: None,
    rounds=(0, 1 << 40),
):
    """Run a part of an epoch on threads of our own by a kernel; return the totals."""
    first, stop = rounds
    schedule = Schedule(planned.bounds, first, settings.seed, 0, 1, 0.05, 0.01, stop)
    text = Text(corpus.ids, planned.keep_thresholds, planned.objective, planned.shares)
    changes = memory.changes(planned, TURNS[settings.schedule].records(threads, planned.records))
    touches = memory.touches(len(tables.inputs), planned, threads=threads)
    totals = np.zeros((threads, 2))
    running = [
        threading.Thread(
            target=train,
            args=(
                thread, threads, control, tables, text,
                (memory.block_space(planned), memory.tile_space(planned, settings)),
                planned.shape, schedule, changes, touches, totals,
            ),
        )
        for thread in range(threads)
    ]  # fmt: skip
    for thread in running:
        thread.start()
    after()
    for thread in running:
        thread.join(60)
        assert not thread.is_alive()
    assert not touches.inputs.any()
    assert not touches.outputs.any()
    return totals.sum(axis=0)
