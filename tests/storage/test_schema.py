"""The database's shape: migrations reach it from everywhere, and it is what the tables say."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from storage.database import make_engine, parse
from storage.errors import StoreError
from storage.records import Examination, Fingerprint
from storage.schema import configuration, current_revision, revisions, upgrade_engine
from storage.store import Store, upgrade
from storage.tables.every import METADATA
from tests.storage.samples import HM, post, sha

HEAD = revisions()[-1]


@pytest.fixture
def engine(empty_database: str) -> Engine:
    return make_engine(parse(empty_database))


def test_the_files_names_say_the_revisions() -> None:
    walked = ScriptDirectory.from_config(configuration()).walk_revisions()
    assert revisions() == tuple(one.revision for one in walked)[::-1]


@pytest.mark.slow  # every revision there ever was
@pytest.mark.parametrize("start", ["", *revisions()])
def test_every_revision_is_upgraded_and_matches_the_tables(engine: Engine, start: str) -> None:
    if start:
        upgrade_engine(engine, start)
    assert upgrade_engine(engine) == (start, HEAD)
    assert upgrade_engine(engine) == (HEAD, HEAD)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


FIRST_SHAPE = (
    "INSERT INTO files (sha256, collected, format, size, width, height, too_little, staged, stages, failures,"
    " matched) VALUES (:sha256, :collected, 'jpeg', 1, 1, 1, false, 'x', '{}', '{}', 'm')"
)
PRINT = (
    "INSERT INTO fingerprints (id, sha256, stage, algorithm, bits) VALUES (:id, :sha256, 's', 'pdq', :bits)"
)
REFERENCE = (
    "INSERT INTO reference_images (id, twin_id, sha256, kind, basis, attested_by, source, disputed)"
    " VALUES (1, 1, :sha256, 'digital_twin', 'b', '', '', false)"
)
TWIN = (
    "INSERT INTO twins (id, name, kind, model, agency, note) VALUES (1, 'Anna', 'digital_twin', '', '', '')"
)


def test_what_the_first_shape_held_is_numbered_and_enrolled(
    engine: Engine, empty_database: str, tmp_path: Path
) -> None:
    upgrade_engine(engine, "0001")
    names = [sha(name) for name in ("late", "early", "none", "ref")]
    late, early, none, ref = names
    with engine.begin() as connection:
        for sha256 in names:
            connection.execute(text(FIRST_SHAPE), {"sha256": sha256, "collected": sha256 != ref})
        for number, sha256 in enumerate([late, early, ref, late], start=101):
            connection.execute(text(PRINT), {"id": number, "sha256": sha256, "bits": bytes([number])})
        connection.execute(text(TWIN))
        connection.execute(text(REFERENCE), {"sha256": ref})
    upgrade_engine(engine)
    engine.dispose()
    store = Store.open(empty_database, tmp_path / "media", create=False)
    streamed = list(store.stored_fingerprints())
    assert [sha256 for _, sha256, _ in streamed] == [early, late]
    more = {file.sha256: file.stages for file in store.files_to_examine({}, {"fingerprint:tiles": "1"})}
    assert more == {ref: ("fingerprint:tiles",)}
    store.save_examination(Examination(none, "", 1, 1, (Fingerprint("pdq", b"x"),), (), False, {}))
    assert [sha256 for _, sha256, _ in store.stored_fingerprints(streamed[-1][0])] == [none]
    assert len(store.references()) == 1
    store.close()


def test_the_way_back_leaves_nothing(engine: Engine) -> None:
    upgrade_engine(engine)
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
        assert current_revision(connection) == ""
    engine.dispose()


def test_a_kill_in_the_middle_leaves_the_earlier_shape(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = command.upgrade

    def upgrade_and_die(config: Config, target: str) -> None:
        real(config, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", upgrade_and_die)
    with pytest.raises(KeyboardInterrupt):
        upgrade_engine(engine)
    monkeypatch.setattr(command, "upgrade", real)
    with engine.connect() as connection:
        assert current_revision(connection) == ""
    assert upgrade_engine(engine) == ("", HEAD)
    engine.dispose()


def test_a_missing_database_is_made_only_where_asked(empty_database: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        Store.open(empty_database, tmp_path / "media", create=False)
    assert caught.value.kind == "no_database"
    Store.open(empty_database, tmp_path / "media", create=True).close()
    Store.open(empty_database, tmp_path / "media", create=False).close()


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize(("revision", "kind"), [("9999", "newer_database")])
def test_a_database_of_another_program_version(
    empty_database: str, engine: Engine, tmp_path: Path, revision: str, kind: str, create: bool
) -> None:
    upgrade(empty_database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": revision})
    engine.dispose()
    with pytest.raises(StoreError) as caught:
        Store.open(empty_database, tmp_path / "media", create=create)
    assert caught.value.kind == kind
    with pytest.raises(StoreError) as caught:
        upgrade(empty_database)
    assert caught.value.kind == "newer_database"


def test_an_old_database_asks_for_the_upgrade(
    empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(empty_database)
    monkeypatch.setattr("storage.schema.revisions", lambda: (HEAD, "9999"))
    with pytest.raises(StoreError, match="db upgrade") as caught:
        Store.open(empty_database, tmp_path / "media", create=True)
    assert caught.value.kind == "old_database"


def test_folders_are_made_on_the_way(tmp_path: Path) -> None:
    path = tmp_path / "not" / "yet" / "there.db"
    opened = Store.open(f"sqlite:///{path}", tmp_path / "media", create=True)
    assert path.exists()
    opened.close()


def test_memory_is_a_database_too(tmp_path: Path) -> None:
    opened = Store.open("sqlite://", tmp_path / "media", create=True)
    opened.save_post(HM, post())
    with opened.rehearsal() as rehearsed:
        rehearsed.save_post(HM, post("p2"))
    assert opened.counts()["posts"] == 1
    opened.close()


STRANGE = {
    "no URL": "twinwatch.db",
    "no dialect": "mongo://x/y",
    "another dialect": "mysql://x/y",
    "a text file": "sqlite:///{folder}/text.db",
    "another program's": "sqlite:///{folder}/songs.db",
    "a folder below a file": "sqlite:///{folder}/text.db/x.db",
    "nobody listens": "postgresql://nobody:secret@127.0.0.1:9/none?connect_timeout=2",
}


@pytest.mark.parametrize("url", STRANGE.values(), ids=STRANGE.keys())
def test_what_is_no_database_is_named(tmp_path: Path, url: str) -> None:
    (tmp_path / "text.db").write_bytes(b"not a database " * 100)
    songs = sqlite3.connect(tmp_path / "songs.db")
    songs.execute("CREATE TABLE songs (id INTEGER)")
    songs.close()
    with pytest.raises(StoreError) as caught:
        Store.open(url.format(folder=tmp_path), tmp_path / "media", create=True)
    assert caught.value.kind == "database"
    assert "secret" not in f"{caught.value} {caught.value.where}"
