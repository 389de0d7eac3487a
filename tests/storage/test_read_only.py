"""A store on a disk that is mounted read-only: an archive, or a copy that was handed on."""

from contextlib import closing
from pathlib import Path

import pytest

from storage import database
from storage.errors import StoreError
from storage.store import Store
from tests.storage.samples import reference, twin


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Written, closed, and from then on on such a disk."""
    with closing(opened(tmp_path, create=True)) as store:
        store.add_twin(twin(), [reference()])
    monkeypatch.setattr(database, "on_read_only_disk", lambda _: True)
    return tmp_path


def opened(folder: Path, *, create: bool = False) -> Store:
    return Store.open(f"sqlite:///{folder / 'twinwatch.db'}", folder / "media", create=create)


def test_it_is_read_and_nothing_is_written_beside_it(folder: Path) -> None:
    before = sorted(folder.iterdir())
    with closing(opened(folder)) as store:
        assert [one.name for one in store.twins()] == ["Anna"]
        assert sorted(folder.iterdir()) == before


def test_what_would_change_it_is_refused_by_name(folder: Path) -> None:
    with (
        closing(opened(folder)) as store,
        pytest.raises(StoreError, match="nothing in it changed") as refused,
    ):
        store.add_twin(twin(), [reference()])
    assert refused.value.kind == "read_only"


def test_changes_that_lie_beside_it_are_not_passed_over(folder: Path) -> None:
    (folder / "twinwatch.db-wal").write_bytes(b"the last night")
    with pytest.raises(StoreError, match=r"twinwatch\.db-wal: copy both files"):
        opened(folder)


def test_a_writable_disk_is_none() -> None:
    assert not database.on_read_only_disk(Path(__file__))
