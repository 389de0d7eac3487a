"""doctor's words on erasures that were interrupted, on receipts, on holds and on what retention took."""

from collections.abc import Iterator

from desk.jobs.diagnosis import Health, State
from desk.output import several
from storage.store import Store


def taken_out_health(store: Store) -> Iterator[Health]:
    open_ones = store.erasures.unfinished()
    if open_ones:
        names = ", ".join(f"{one.twin} (begun {one.at:%Y-%m-%d %H:%M})" for one in open_ones)
        mend = (
            f'twinwatch twins withdraw "{open_ones[0].twin}" --erase --reason … --yes: it goes on from there'
        )
        yield Health("erasure", State.FAIL, f"unfinished: {names}", mend)
    receipts, breaks = store.erasures.receipts(), list(store.erasures.breaks())
    if breaks:
        yield Health("receipts", State.FAIL, "; ".join(breaks), "compare with the files that were handed on")
    elif receipts:
        yield Health(
            "receipts", State.OK, f"{several(len(receipts), 'receipt')}, each follows the one before"
        )
    if standing := store.holds.all(standing=True):
        yield Health("holds", State.OK, f"{several(len(standing), 'legal hold')} (`twinwatch hold list`)")
    removed = store.retention.removals()
    if removed:
        size = sum(one.size for one in removed) / 1024**2
        purged = sum(not one.erased for one in removed)
        erased = len(removed) - purged
        found = f"bytes that retention took: {purged} files, {size:.1f} MiB; that were erased: {erased} files"
        yield Health("retention", State.OK, f"{found}. None of them is missed")
