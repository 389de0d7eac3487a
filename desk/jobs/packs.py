"""Fingerprints in place of pictures: a pack is made at the agency, without a store, and registered at the
newsroom."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from desk.jobs.erased import Erased, not_again
from desk.jobs.likeness import AS_REAL, of_real_people
from desk.jobs.matching import as_reference, comparable
from desk.jobs.pack_file import ROWS, STAGE_OF, Pack, PackPicture, PackTwin, packed, read_pack
from desk.jobs.pictures import FILE_LIMIT, Looked, look
from desk.output import path_text, several
from detector.hashes import pdq
from detector.matching.parts import tiles
from detector.matching.search.bank import Bank
from detector.pictures.decode import VIDEOS
from storage.errors import ConfigError, RegistryError
from storage.handed import Handed
from storage.records import Examination, Failure, Fingerprint, ReferenceImage, ReferenceKind, Twin
from storage.store import PackedPicture, Store

LOST = (
    "No picture was handed over, so a use of one cannot be laid on it, measured or shown beside it: it is"
    " told as fingerprint_only, at level 2, until a person confirms the pair. The program cannot tell a copy"
    " from another picture of the same series that looks nearly the same, and does not see what was altered"
    " or whether a mark was removed. Crops, collages and screenshots are found less often than by pictures,"
    " since local features are not handed over (docs/guides/fingerprints.md). Only a file that is the same"
    " to the byte counts as a copy."
)


# --- made at the agency -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for. `twin` "": every folder in `folder` is a twin's. `tiles`: hashes of parts too,
    which crops are found by, and from which a small grey likeness can be made (docs/benchmarks/packs.md).
    `names`: of the files, to be kept in the pack; they may carry a person's name."""

    folder: Path
    twin: str = ""
    kind: ReferenceKind = ReferenceKind.DIGITAL_TWIN
    model: str = ""
    agency: str = ""
    basis: str = ""
    attested_by: str = ""
    tiles: bool = True
    names: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """`failed`: pictures that are not in the pack, by file; `warnings` stop nothing."""

    pack: Pack
    data: bytes
    failed: tuple[Failure, ...]
    warnings: tuple[str, ...]


def make_pack(wish: Wish, advance: Callable[[], None]) -> Made:
    """Of all pictures under the folder. Raises ConfigError where it is none, or no twin is said;
    RegistryError, kind "no_picture", where not one can be read."""
    if not wish.folder.is_dir():
        raise _usage(f"{path_text(wish.folder)}: a folder of pictures is expected", "DIR")
    pictures: dict[tuple[str, str], PackPicture] = {}
    failed: list[Failure] = []
    warnings: list[str] = []
    wanted = {stage: number for stage, number in comparable().items() if stage in ROWS}
    if not wish.tiles:
        del wanted[tiles.ALGORITHM]
    for looked in look(_folders(wish), tuple(f"fingerprint:{stage}" for stage in wanted)):
        advance()
        failure = _failure(looked)
        if looked.path.is_symlink():  # what lies elsewhere was not meant to be handed over
            failure = Failure("link", "a symbolic link: put the file itself there", path_text(looked.path))
        if failure is not None or looked.examination is None:
            failed.append(failure or Failure("not_examined", "could not be looked at", str(looked.path)))
            continue
        warnings += _doubts(looked.path, looked.examination)
        twin = wish.twin or path_text(looked.path.relative_to(wish.folder).parts[0]).strip()
        one = _picture(twin, looked.examination, _name(looked.path, wish))
        if (twin, one.sha256) in pictures:
            warnings.append(f"{path_text(looked.path)}: the same bytes are in the pack already")
        pictures.setdefault((twin, one.sha256), one)
    if not pictures:
        reasons = "".join(f"\n  {one.where}: {one.message} ({one.kind})" for one in failed)
        raise RegistryError(f"no pack was made: no picture could be read{reasons}", kind="no_picture")
    pack = Pack(
        made_by=f"twinwatch {version('twinwatch')}",
        made_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        algorithms=wanted,
        twins=tuple(
            PackTwin(name, wish.kind, wish.model, wish.agency)
            for name in dict.fromkeys(twin for twin, _ in pictures)
        ),
        pictures=tuple(pictures.values()),
        basis=wish.basis,
        attested_by=wish.attested_by,
    )
    return Made(pack, packed(pack), tuple(failed), tuple(warnings))


def _folders(wish: Wish) -> Sequence[Path]:
    if wish.twin:
        return [wish.folder]
    inside = [one for one in sorted(wish.folder.iterdir()) if not one.name.startswith(".")]
    folders = [one for one in inside if one.is_dir() and not one.is_symlink()]
    if loose := [one for one in inside if one.is_file()]:
        raise _usage(
            f"{several(len(loose), 'file')} in {path_text(wish.folder)} belong to no twin: say --twin NAME, "
            "or give every twin a folder of its own",
            "--twin",
        )
    if not folders:
        raise _usage(f"{path_text(wish.folder)}: there is nothing in it", "DIR")
    return folders


def _failure(looked: Looked) -> Failure | None:
    if looked.failure is not None:
        return replace(looked.failure, where=path_text(looked.path))
    if looked.examination is not None and looked.examination.format in VIDEOS:
        why = "a video: take pictures of it, one of each scene that shows the figure"
        return Failure("video", why, path_text(looked.path))
    if looked.path.stat().st_size > FILE_LIMIT:
        return Failure("too_large", f"larger than {FILE_LIMIT} bytes", path_text(looked.path))
    return None


def _doubts(path: Path, examination: Examination) -> Iterator[str]:
    if examination.too_little:
        yield f"{path_text(path)}: too little in it to be recognised again; exact copies only"
    if any(one.at for one in examination.fingerprints):
        yield f"{path_text(path)}: it moves, and only its first picture is in the pack"


def _name(path: Path, wish: Wish) -> str:
    return path_text(path.relative_to(wish.folder)) if wish.names else ""


def _picture(twin: str, examination: Examination, name: str) -> PackPicture:
    still = [one for one in examination.fingerprints if one.at is None and one.algorithm in STAGE_OF]
    quality = next((one.quality for one in still if one.algorithm == pdq.ALGORITHM), None)
    return PackPicture(
        twin=twin,
        sha256=examination.sha256,
        width=examination.width,
        height=examination.height,
        quality=quality,
        prints={one.algorithm: one.bits for one in still},
        name=name if name.isprintable() else "",
    )


def _usage(message: str, where: str) -> ConfigError:
    return ConfigError(message, kind="usage", where=where)


# --- registered at the newsroom -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Terms:
    """Who says that these are AI, and on what basis; what stands in a pack itself holds where this is "".
    `contact` attests what nobody else does."""

    twin: str = ""
    basis: str = ""
    attested_by: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import came to. `known`: registered before; `left_out` says in words what was not taken."""

    digest: str
    new: tuple[ReferenceImage, ...]
    known: tuple[ReferenceImage, ...]
    warnings: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    made_by: str = ""
    made_at: str = ""


def import_pack(store: Store, path: Path, terms: Terms) -> Brought:
    """Register what a pack holds: all of it, or nothing. Raises RegistryError: what `read_pack` raises,
    "other_versions" (nothing in it can be compared), "no_basis", "several_twins", "other_kind",
    "fingerprints_disagree" (this program has seen one of the pictures itself, and saw another)."""
    today = comparable()
    pack = read_pack(path, today)
    left_out = tuple(_foreign(pack, today))
    if not any(pack.algorithms.get(stage) == today.get(stage) for stage in ROWS):
        raise RegistryError(
            f"{path}: nothing was registered: {'; '.join(left_out)}. Ask for a new pack, of this version",
            kind="other_versions",
            where=str(path),
        )
    basis, attested_by = terms.basis or pack.basis, terms.attested_by or pack.attested_by or terms.contact
    if not basis:
        raise RegistryError(
            f"{path} does not say on what these pictures are called AI: --basis (a contract, an "
            "announcement, a URL)",
            kind="no_basis",
            where="--basis",
        )
    twins = _named(pack, terms.twin, path)
    _agree(store, pack.pictures, path)
    now = datetime.now(UTC)
    kinds = {one.name: one.kind for one in twins}
    whose = twins[0].name if terms.twin else ""
    erased = dict(_erased(store, pack.pictures, whose))
    left_out += tuple(
        f"{whose or twin}, picture {sha256[:12]}: {not_again(receipt)}"
        for (twin, sha256), receipt in erased.items()
    )
    said = ReferenceImage(
        "", "", basis=basis, attested_by=attested_by, added_at=now, source=path.name, kind=pack.twins[0].kind,
        handed=Handed.FINGERPRINTS,
    )  # fmt: skip
    pictures = [
        _to_register(one, pack, replace(said, twin=whose or one.twin, kind=kinds[whose or one.twin]))
        for one in pack.pictures
        if (one.twin, one.sha256) not in erased
    ]
    named = {one.reference.twin for one in pictures}  # no twin comes back by its name alone
    done = enrol(
        store,
        [Twin(one.name, one.kind, one.model, one.agency, added_at=now) for one in twins if one.name in named],
        pictures,
    )
    return replace(done, digest=pack.digest, left_out=left_out, made_by=pack.made_by, made_at=pack.made_at)


def _to_register(one: PackPicture, pack: Pack, said: ReferenceImage) -> PackedPicture:
    """`said`: what holds of all pictures of its twin."""
    return PackedPicture(
        reference=replace(said, sha256=one.sha256, source=one.name or said.source),
        width=one.width,
        height=one.height,
        too_little=one.quality is not None and one.quality <= (pdq.QUALITY_FLOOR or 0),
        prints=tuple(
            (STAGE_OF[name], pack.algorithms[STAGE_OF[name]], Fingerprint(name, bits, _quality(name, one)))
            for name, bits in one.prints.items()
        ),
    )


def _erased(
    store: Store, pictures: Sequence[PackPicture], whose: str
) -> Iterator[tuple[tuple[str, str], int]]:
    """Those that were erased at somebody's word, with the receipt: ((twin of the pack, SHA-256), number)."""
    erased = Erased(store)
    registered = {(one.twin, one.sha256) for one in store.references()}
    for one in pictures:
        if (whose or one.twin, one.sha256) in registered:
            continue
        if (receipt := erased.receipt(one.sha256)) is not None:
            yield (one.twin, one.sha256), receipt


def _quality(algorithm: str, picture: PackPicture) -> int | None:
    """As the hash itself measures it: PDQ does, the others do not."""
    return picture.quality if STAGE_OF[algorithm] == pdq.ALGORITHM else None


def enrol(store: Store, twins: Sequence[Twin], pictures: Sequence[PackedPicture]) -> Brought:
    """In one transaction. Raises RegistryError, kind "other_kind"."""
    registered = {(one.twin, one.sha256) for one in store.references() if one.withdrawn_at is None}
    warnings = tuple(_warnings(store, pictures))
    store.packs.register(
        [(twin, [one for one in pictures if one.reference.twin == twin.name]) for twin in twins]
    )
    references = [one.reference for one in pictures]
    new = tuple(one for one in references if (one.twin, one.sha256) not in registered)
    known = tuple(one for one in references if (one.twin, one.sha256) in registered)
    return Brought("", new, known, warnings)


def _foreign(pack: Pack, today: Mapping[str, str]) -> Iterator[str]:
    """By name, what another version made: its bits stand for something else."""
    for stage, number in sorted(pack.algorithms.items()):
        if stage not in ROWS:
            yield f"{stage} {number} is not compared by this program"
        elif number != today[stage]:
            yield f"{stage} was made by version {number}, and this program compares version {today[stage]}"


def _named(pack: Pack, twin: str, path: Path) -> tuple[PackTwin, ...]:
    if not twin:
        return pack.twins
    if len(pack.twins) > 1:
        raise RegistryError(
            f"{path} holds {len(pack.twins)} twins ({', '.join(one.name for one in pack.twins[:5])} …): "
            "--twin would make one of them",
            kind="several_twins",
            where="--twin",
        )
    return (replace(pack.twins[0], name=twin),)


def _agree(store: Store, pictures: Sequence[PackPicture], path: Path) -> None:
    """Whoever makes a pack could give a picture the fingerprints of another one. What was seen here says so;
    versions and processors may differ by a few bits."""
    known = store.fingerprints(sorted({one.sha256 for one in pictures}))
    for place, one in enumerate(pictures):
        seen = next((each for each in known.get(one.sha256, ()) if each.algorithm == pdq.ALGORITHM), None)
        said = one.prints.get(pdq.ALGORITHM)
        if seen is None or said is None or not (_telling(seen.quality) and _telling(one.quality)):
            continue
        apart = (int.from_bytes(seen.bits) ^ int.from_bytes(said)).bit_count()
        if apart > (pdq.COPY or 0):
            raise RegistryError(
                f"{path}: nothing was registered: pictures[{place}] ({one.sha256[:12]}) is known here, and "
                f"its fingerprints in the pack are those of another picture ({apart} bits apart)",
                kind="fingerprints_disagree",
                where=one.sha256,
            )


def _telling(quality: int | None) -> bool:
    return quality is None or quality > (pdq.QUALITY_FLOOR or 0)


def _warnings(store: Store, pictures: Sequence[PackedPicture]) -> Iterator[str]:
    unattested = [one for one in pictures if not one.reference.attested_by]
    if any(one.reference.kind is not ReferenceKind.HUMAN_ORIGINAL for one in unattested):
        yield (
            "nobody attests these pictures, so that they count as level 2 at most even once a person has "
            "confirmed a match; set [crawl] contact or give --attested-by"
        )
    for one in pictures:
        if one.too_little:
            yield f"{_which(one)}: too little in it to be recognised again; exact copies only"
    yield from _like_others(store, pictures)


def _which(one: PackedPicture) -> str:
    return f"{one.reference.twin}, picture {one.reference.sha256[:12]}"


def _like_others(store: Store, pictures: Iterable[PackedPicture]) -> Iterator[str]:
    """By hashes alone: a picture of another twin, or one that must never match."""
    real = of_real_people(store)
    entries = store.packs.entries(comparable())
    sought = [(as_reference(negative), prints) for negative, prints in store.bank.negative_entries()]
    bank = Bank([*entries, *sought])
    whose: dict[str, set[str]] = {}
    for reference, _ in [*entries, *sought]:
        whose.setdefault(reference.sha256, set()).add(reference.twin)
    for one in pictures:
        near = bank.candidates([each for _, _, each in one.prints], one.reference.sha256)
        others = {twin for candidate in near for twin in whose.get(candidate.reference, ())}
        for other in sorted(others - {one.reference.twin}):
            if other.startswith("\0"):
                yield f"{_which(one)}: looks like a picture that must never match (negative {other[1:]})"
            else:
                not_ai = AS_REAL if other in real else ""
                yield f"{_which(one)}: looks like a picture registered for {other}{not_ai}"
