"""Pictures that explain matches: of every kind and every shape of picture, decoded in a worker."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desk.explain import MOST_MOMENTS, Explaining, _moments, seconds_of
from desk.explained import explain, whose
from desk.panels import MARGIN, WIDTH, Side
from desk.sheet import Sheet
from detector.match_words import NEVER_HANDED, WITHOUT_PICTURE
from detector.matching.candidate import Alignment, Matrix
from storage.errors import PictureError
from storage.records import Box, Fingerprint, Match, MatchKind, PairDecision, ReferenceKind
from tests.detector.drawings import Pixels, scene
from tests.detector.files import encoded

pytestmark = pytest.mark.slow  # drawings

REFERENCE = "3fa2c81b" * 8
SAME: Matrix = (1, 0, 0, 0, 1, 0, 0, 0, 1)
AWRY: Matrix = (0.8, 0.3, 0.1, -0.3, 0.8, 0.2, 0.4, 0.3, 1)


def match(kind: MatchKind = MatchKind.COPY, algorithm: str = "pdq", **fields: object) -> Match:
    known = {"distance": 12, "threshold": 31, "twin": "Nora", "reference_kind": ReferenceKind.DIGITAL_TWIN}
    return Match(REFERENCE, kind, algorithm, **{**known, **fields})  # type: ignore[arg-type]


def side(pixels: Pixels, name: str = "found.jpg") -> Side:
    return Side(name, pixels, pixels.shape[1], pixels.shape[0])


def size(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as image:
        image.load()
        assert image.format == "PNG"
        return image.size


@pytest.fixture(scope="module")
def explaining() -> Iterator[Explaining]:
    with Explaining() as made:
        yield made


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that is written on the sheet."""
    written: list[str] = []
    real = Sheet.text

    def text(self: Sheet, words: str, *places: int, **how: object) -> int:
        written.append(words)
        return real(self, words, *places, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Sheet, "text", text)
    return written


SHAPES = [(1, 1), (16, 16), (2000, 50), (50, 2000), (5000, 2)]


@pytest.mark.parametrize(
    ("shape", "kind", "matrix"),
    [
        *((shape, MatchKind.COPY, matrix) for shape in SHAPES for matrix in (SAME, AWRY)),
        *(((64, 80), kind, matrix) for kind in MatchKind for matrix in (None, SAME)),
    ],
)
def test_every_kind_of_match_and_shape_is_drawn(
    shape: tuple[int, int], kind: MatchKind, matrix: Matrix | None
) -> None:
    alignment = Alignment(REFERENCE, kind, "", matrix=matrix) if matrix else None
    png = explain(side(scene(*shape)), side(scene(60, 80), "Nora"), match(kind), alignment)
    wide, high = size(png)
    assert wide == WIDTH
    assert 3 * MARGIN < high < 4000


def test_what_was_measured_stands_in_plain_words(words: list[str]) -> None:
    found = match(
        MatchKind.LIKELY_COPY,
        "aligned",
        distance=0.12,
        threshold=0.1,
        transform="mirrored, cropped to 62 %, inside a larger picture",
        overlap=0.62,
        inliers=143,
        agreement=0.88,
        residual=0.31,
        span=(3.0, 7.2),
        reason="only 88% of what they share is the same",
    )
    alignment = Alignment(REFERENCE, MatchKind.LIKELY_COPY, "", matrix=SAME)
    explain(side(scene(60, 80)), side(scene(60, 80), "Nora"), found, alignment)
    page = "\n".join(words)
    for said in (
        "LIKELY COPY · A PERSON HAS TO LOOK",
        "This may be a copy of a registered picture of Nora",
        "Mirrored, cropped to 62 %, inside a larger picture. Seen at 0:03–0:07 of the video.",
        "Only 88% of what they share is the same. The program does not decide this.",
        "62 %\nof the registered picture lies in this one",
        "0.88\nagreement of what they share; a copy's is 0.90 or more",
        "143\ndetails lie where they should, half of them within 0.3 px",
        "What differs",
        f"Registered picture: SHA-256 {REFERENCE}",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"algorithm": "sha256", "distance": 0, "threshold": 0}, "It is the same file, byte for byte."),
        ({}, "There is too little in them to lay the one on the other."),
        ({}, "between the PDQ fingerprints of the whole pictures, which found it; at most 31"),
        ({"algorithm": "local"}, "of details that both have, which found it; 31 are needed"),
        ({"algorithm": "some/new"}, "between some/new, which found it; at most 31"),
        ({"decided": PairDecision.CONFIRMED}, "A person looked, and confirmed it."),
        ({"kind": MatchKind.LIKELY_COPY}, "look at both pictures"),
        (
            {"kind": MatchKind.FINGERPRINT_ONLY, "reason": "no bytes"},
            "No bytes. This is a lead, and no proof.",
        ),
    ],
)
def test_where_nothing_could_be_aligned_it_says_what_is_known(
    words: list[str], fields: dict[str, object], said: str
) -> None:
    picture = side(scene(64, 64))
    explain(picture, picture, match(**fields), None)  # type: ignore[arg-type]
    page = "\n".join(words)
    assert said in page
    assert "What differs" not in page


def test_whose_picture_it_is() -> None:
    assert whose(match()) == "a registered picture of Nora"
    assert whose(match(twin="", reference_kind=None)) == "a picture collected earlier"
    human = match(reference_kind=ReferenceKind.HUMAN_ORIGINAL)
    assert whose(human) == "a photograph of the real model, registered as Nora"


@pytest.mark.parametrize("name", ["小绿", "हिन्दी", "נורה", "😀" * 90, "x" * 900, "\x1b[2J\n", "\udcff"])
def test_names_in_any_script(name: str) -> None:
    picture = side(scene(64, 80), name)
    assert size(explain(picture, picture, match(twin=name), None))[0] == WIDTH


def test_a_region_is_outlined_even_where_nothing_could_be_aligned() -> None:
    picture = side(np.full((200, 200, 3), 120, np.uint8))
    pngs = [
        explain(picture, picture, match(MatchKind.FINGERPRINT_ONLY, region=box), None)
        for box in (None, Box(0.2, 0.2, 0.5, 0.5), Box(0, 0, 1, 1))
    ]
    assert pngs[0] != pngs[1]
    assert pngs[0] == pngs[2]


# --- with files, in a worker --------------------------------------------------------------------------------


def test_a_mirrored_crop_is_laid_on_its_reference(
    explaining: Explaining, tmp_path: Path, words: list[str]
) -> None:
    reference, picture = tmp_path / "reference", tmp_path / "found.png"
    pixels = scene(320, 400, seed=4)
    reference.write_bytes(encoded(pixels, "PNG"))
    picture.write_bytes(encoded(np.ascontiguousarray(pixels[60:, 40::][:, ::-1]), "PNG"))
    png = explaining.png(picture, reference, match())
    assert size(png)[0] == WIDTH
    assert "Laid on each other" in words
    assert "Nothing of what they share differs clearly, once colours are fitted." in words
    assert {"found.png", "Nora", "280 × 340 px", "320 × 400 px"} <= set(words)


def test_the_frame_that_shows_it(explaining: Explaining, tmp_path: Path, words: list[str]) -> None:
    reference, moving = tmp_path / "reference-2", tmp_path / "moving.webp"
    reference.write_bytes(encoded(scene(240, 240, seed=2), "PNG"))
    frames = [Image.fromarray(scene(240, 240, seed=seed)) for seed in (1, 2)]
    frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:], duration=2000, lossless=True)
    explaining.png(moving, reference, Match("2" * 64, MatchKind.COPY, "pdq", 0, 31, span=(0.0, 3.0)))
    assert "240 × 240 px · at 0:03" in words
    assert "Laid on each other" in words


def test_of_a_film_the_frame_that_shows_it_best(
    explaining: Explaining, tmp_path: Path, words: list[str]
) -> None:
    """Covered at both ends of its span, whole in the middle: the figures are the whole one's, and so is what
    is drawn beside them."""
    reference, moving = tmp_path / "reference-3", tmp_path / "covered.webp"
    clear = scene(240, 240, seed=2)
    covered = clear.copy()
    covered[:, :150] = scene(240, 240, seed=9)[:, :150]
    reference.write_bytes(encoded(clear, "PNG"))
    frames = [Image.fromarray(pixels) for pixels in (covered, clear, covered // 2)]
    frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:], duration=2000, lossless=True)
    found = Match("4" * 64, MatchKind.COPY, "pdq", 0, 31, span=(0.0, 4.0))
    explaining.png(moving, reference, found, seconds=(0.0, 2.0, 4.0))
    assert "240 × 240 px · at 0:02" in words
    assert explaining.layers(moving, reference, found, (0.0, 2.0, 4.0)).found


def test_no_more_moments_than_can_be_laid_again_and_none_of_what_lies_between_its_spans() -> None:
    found = match(span=(0.0, 100.0), spans=((0.0, 40.0), (60.0, 100.0)))
    tried = _moments(found, [float(second) for second in range(120)])
    assert len(set(tried)) == MOST_MOMENTS
    assert (tried[0], tried[-1]) == (0.0, 100.0)
    assert not [at for at in tried if 40 < at < 60]
    assert _moments(match(), (0.0, 1.0)) == ()


def test_the_seconds_of_a_file_are_those_of_its_frames() -> None:
    prints = [Fingerprint("pdq", b"", at=at) for at in (2.0, None, 0.5, 2.0)]
    assert seconds_of(prints) == (0.5, 2.0)


@pytest.mark.slow
@pytest.mark.parametrize("data", [None, b"", b"\xff\xd8\xff\xe0 broken", b"plain words"])
def test_a_side_that_cannot_be_shown_is_a_sentence(
    explaining: Explaining, tmp_path: Path, words: list[str], data: bytes | None
) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(encoded(scene(64, 64)))
    if data is not None:
        bad.write_bytes(data)
    for picture, reference in ((good, bad), (bad, good), (good, None), (None, good)):
        words.clear()
        assert size(explaining.png(picture, reference, match()))[0] == WIDTH
        assert sum(word.startswith("No picture: ") for word in words) == 1
    for picture, reference in ((bad, bad), (None, None)):
        with pytest.raises(PictureError):
            explaining.png(picture, reference, match())


def test_a_reference_without_a_picture_is_a_sentence(
    explaining: Explaining, words: list[str], tmp_path: Path
) -> None:
    found = tmp_path / "found.png"
    found.write_bytes(encoded(scene(60, 80), "PNG"))
    alone = match(MatchKind.FINGERPRINT_ONLY, reason=WITHOUT_PICTURE)
    explaining.png(found, None, alone)
    assert NEVER_HANDED in " ".join(words)
    words.clear()
    explaining.png(found, None, match(algorithm="sha256", distance=0, threshold=0))
    assert "no longer kept" not in " ".join(words)  # the very bytes are at hand
    words.clear()
    explaining.png(found, None, match(MatchKind.FINGERPRINT_ONLY, reason="retention"))
    assert "its bytes are no longer kept" in " ".join(words)
