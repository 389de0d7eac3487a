"""A caption in each language of the lexicon that says it, and one that does not; the same words as an alt
text, a content warning and a hashtag."""

from detector.reading import read_item
from storage.records import MediaItem, MediaKind, PlatformTag, PostVersion, ReadingState, Surface

NAME = "captions"
READS = tuple(
    surface.value
    for surface in (Surface.CAPTION, Surface.HASHTAGS, Surface.ALT_TEXT, Surface.CONTENT_WARNING)
)

SAYING = {
    "da": "Dette billede er skabt med AI.",
    "de": "Dieses Bild wurde mit KI erstellt.",
    "en": "This image was created with AI.",
    "es": "Esta imagen fue creada con IA.",
    "fr": "Cette image a été créée avec l'IA.",
    "it": "Questa immagine è stata creata con l'IA.",
    "ja": "この画像はAIで作成されました。",
    "ko": "이 이미지는 AI로 제작되었습니다.",
    "nl": "Deze afbeelding is gemaakt met AI.",
    "pl": "Ten obraz został stworzony przez AI.",
    "pt": "Esta imagem foi criada com IA.",
    "sv": "Den här bilden är skapad med AI.",
    "zh": "此图片由AI生成。",
}
SILENT = "Linen, seen up close: the new season starts on Friday. #newin"
# In a language of which only the words for AI are known: neither told nor silent
OTHER = "Kuva on luotu tekoälyllä."
HASHTAG = "#AIgenerated"


def missed() -> str:
    silent = _read(SILENT)
    for surface in READS:
        if silent[surface] is not ReadingState.ABSENT:
            return f"the {surface} of an ordinary post is {silent[surface]}"
    for language, text in SAYING.items():
        said = _read(f"{text} {HASHTAG}")
        for surface in READS:
            if said[surface] is not ReadingState.PRESENT:
                return f"the {surface} that says it ({language}) is {said[surface]}"
    other = _read(OTHER)[Surface.CAPTION.value]
    if other is not ReadingState.AMBIGUOUS:
        return f"the caption in a language that is not read is {other}"
    return ""


def _read(text: str) -> dict[str, ReadingState]:
    item = MediaItem(0, MediaKind.PICTURE, "", alt=text)
    tag = PlatformTag(ReadingState.NOT_OFFERED)
    post = PostVersion("", "", "", "", None, text, tag, (item,), content_warning=text)
    return {reading.surface.value: reading.state for reading in read_item(post, item)}
