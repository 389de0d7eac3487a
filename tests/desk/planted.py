"""A store in which every field that the outside controls holds something that wants to run: scripts,
attributes, addresses with a script, formulas, characters that XML cannot hold or that turn text around, and a
model's name.

`planted(folder)` makes it. Whatever shows or hands on what is in it must show it as text.
"""

import zlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from storage.consent import Consent
from storage.crawled import Capture
from storage.keeping import Contest
from storage.records import (
    Account,
    ConsentVerdict,
    Event,
    EventKind,
    Extent,
    Failure,
    Labelling,
    Match,
    MatchKind,
    MediaItem,
    MediaKind,
    OriginEvidence,
    PlatformTag,
    PostVersion,
    Reading,
    ReadingState,
    ReferenceImage,
    ReferenceKind,
    Review,
    ReviewDecision,
    RuleVerdict,
    Surface,
    Twin,
    TwinVerdict,
)
from storage.store import Store
from storage.testimony import PersonReading
from tests.storage.samples import answer, sha

NOW = datetime(2026, 11, 2, 3, tzinfo=UTC)
MODEL = "Berta Berg"  # nobody; she is the model that a user of that role is in tests/desk/web/conftest.py
TWIN = "Twin M"
AGENCY = "Agency One"

SCRIPT = "<script>window.planted=1</script>"
IMAGE = '"><img src=x onerror="window.planted=1">'
QUOTED = "' onmouseover='window.planted=1' x='"
ADDRESS = "javascript:window.planted=1//https://x.example"
TEMPLATE = "{{ 7*7 }}{% raw %}${7*7}#{7*7}"
MARKUP = '#image("x.png") $x^2$ *b* `c` @everyone <!channel> [a](javascript:alert(1))'
XML = "]]></summary><entry/>&lt;&amp;<!--<?x?>"
CONTROLS = "\x00\x07\x1b[31m\u202egpj\u2066\ufffe\uffff\u0085\u2028"
FORMULA = '=HYPERLINK("http://evil.example","x")'
FORMULAS = (FORMULA, "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\uff1d1")
HARM = "".join((SCRIPT, IMAGE, QUOTED, TEMPLATE, MARKUP, XML, CONTROLS))


def harm(where: str) -> str:
    """What stands in a field of this name: a formula first, then everything else, and the model's name."""
    return f"{FORMULA} {where} {HARM} {MODEL} {ADDRESS}"


@dataclass(frozen=True, slots=True)
class Planted:
    store: Store
    findings: tuple[int, ...]


def picture(text: str) -> bytes:
    """A PNG with text chunks, an EXIF description and an XMP packet that say it."""
    told, exif = PngInfo(), Image.Exif()
    for key in ("Description", "Comment", "parameters", "Software"):
        told.add_itxt(key, text)
    told.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{text}</x:xmpmeta>")
    exif[0x010E], exif[0x013B], exif[0x8298] = "planted " + SCRIPT, SCRIPT, SCRIPT
    out = BytesIO()
    shade = zlib.crc32(text.encode("utf-8", "replace")) % 256
    Image.new("RGB", (64, 48), (shade, 99, 120)).save(out, "PNG", pnginfo=told, exif=exif)
    return out.getvalue()


def planted(folder: Path) -> Planted:
    """A store in this folder with three findings of which everything was said by somebody hostile."""
    store = Store.open(f"sqlite:///{folder}/twinwatch.db", folder / "media", create=True)
    _register(store)
    numbers = tuple(_shown(store, number, name) for number, name in enumerate(("first", "second", "third")))
    _said_by_people(store, numbers)
    store.record_problem("nightly-planted", Failure("planted", harm("message"), harm("where")))
    return Planted(store, numbers)


def _register(store: Store) -> None:
    """As a CSV of twins and terms would: every cell is somebody else's."""
    twin = Twin(TWIN, ReferenceKind.DIGITAL_TWIN, model=MODEL, agency=AGENCY, note=harm("note"), added_at=NOW)
    kept = ReferenceImage(
        TWIN,
        sha(f"ref {TWIN}"),
        twin.kind,
        basis=harm("basis"),
        attested_by=harm("attested"),
        source=f"{MODEL.lower().replace(' ', '_')}_{SCRIPT}.png",
        document=harm("document"),
        note=harm("reference note"),
    )
    store.add_twin(twin, [kept])
    store.terms.add(
        Consent(
            TWIN,
            f"{FORMULA} {SCRIPT} H&M",
            channels=("instagram",),
            territories=("SE",),
            valid_from=date(2026, 1, 1),
            label_duty=("required",),
            purposes=harm("purposes"),
            pay_note=harm("pay note"),
            clause=harm("clause"),
            document=harm("terms document"),
            document_sha256="ab" * 32,
            added_at=NOW,
        )
    )


def _shown(store: Store, number: int, name: str) -> int:
    formula = FORMULAS[number]
    account = Account("instagram", f"{name}{SCRIPT}", retailer=f"{formula} {SCRIPT}{IMAGE}", country="SE")
    data = picture(harm(name))
    said = harm("caption")
    found = store.media.put(data)
    item = MediaItem(
        0,
        MediaKind.PICTURE,
        url=ADDRESS,
        native_id=SCRIPT,
        alt=harm("alt"),
        claimed_type=f"image/png{SCRIPT}",
        sha256=found,
        format="png",
        size=len(data),
    )
    post = PostVersion(
        platform=account.platform,
        handle=account.handle,
        post_id=f"{name}{QUOTED}{SCRIPT}",
        url=ADDRESS if number == 0 else f'https://shop.example/{name}?a=<b>&c="d"',
        posted_at=NOW,
        text=said,
        platform_tag=PlatformTag(ReadingState.UNREADABLE, raw=SCRIPT, reason=harm("reason")),
        media=(item,),
        hashtags=(harm("tag"),),
        content_warning=harm("warning"),
        seen_at=NOW,
        raw_sha256="",
    )
    capture = Capture(
        ADDRESS, f"https://x.example/{SCRIPT}", NOW, 200, (("server", SCRIPT),), "ef" * 32, 10, "x/1"
    )
    store.save_post(account, post, [capture])
    return _judged(store, post.post_id, said, found)


def _judged(store: Store, post_id: str, said: str, sha256: str) -> int:
    match = Match(
        sha(f"ref {TWIN}"), MatchKind.COPY, "pdq", 4, 31, twin=TWIN, reference_kind=ReferenceKind.DIGITAL_TWIN
    )
    store.save_matches(sha256, "m", [match])
    item = next(one for one in store.all_items() if one.version.post.post_id == post_id)
    told = answer(level=4, labelling=Labelling.UNLABELLED, matches=(match,))
    readings = tuple(
        Reading(surface, ReadingState.AMBIGUOUS, quote=said, reason=said, field=SCRIPT) for surface in Surface
    )
    evidence = (OriginEvidence("exif", SCRIPT, said, Extent.WHOLE, 4),)
    verdict = replace(
        told.verdict,
        twin=TWIN,
        consent=ConsentVerdict.OUT_OF_SCOPE,
        twins=(TwinVerdict(TWIN, ConsentVerdict.OUT_OF_SCOPE, (said,)),),
        reasons=(said, said),
        rules=(
            RuleVerdict(
                "licence-1", Labelling.UNLABELLED, said, said, f"licence of {TWIN} to {said}", "high"
            ),
            RuleVerdict("own-rule", Labelling.UNLABELLED, said, said, said, "high", said, said, "en", SCRIPT),
        ),
    )
    events = (Event(EventKind.LABEL_REMOVED, NOW, said),)
    made = replace(told, verdict=verdict, readings=readings, evidence=evidence, events=events)
    number, _ = store.save_answer(item, "j", made, NOW)
    return number


def _said_by_people(store: Store, numbers: tuple[int, ...]) -> None:
    note = harm("note")
    store.add_review(Review(numbers[0], ReviewDecision.LOOK_AGAIN, SCRIPT, NOW, note))
    store.add_review(Review(numbers[0], ReviewDecision.UNDO, "ann", NOW, note))
    seen = PersonReading(numbers[1], Surface.PLATFORM_TAG, ReadingState.PRESENT, SCRIPT, NOW, note, note)
    store.looks.add(seen)
    store.contests.add(Contest(TWIN, "", SCRIPT, NOW, note))
    store.contests.add(Contest(TWIN, "", SCRIPT, NOW, note, undone=True))
