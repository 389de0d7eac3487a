"""HTML from feeds: what is read of it, and that hostile HTML costs no more than its length."""

import pytest

from crawler.markup import Picture, largest_of, read_markup


@pytest.mark.parametrize(
    ("html", "text", "pictures"),
    [
        ("plain < text & more", "plain < text & more", []),
        ("<p>One &amp; <b>two</b><!-- no --> three</p>four", "One & two three\nfour", []),
        ("<p>New coat</p><p style='display:none'>AI-generated</p>", "New coat", []),
        ("<span hidden>AI</span>x<div hidden><img src=a.gif></div>", "x", []),
        ("a<b style='color:red; font-size:0px'>AI</b>c", "ac", []),
        ("<p style='Visibility: hidden !important'>AI</p>t", "t", []),
        ("<p style='opacity:0.9;font-size:0.8em'>seen</p>", "seen", []),
        ("a<script>b()</script>c<style>d</style>e<noscript><img src=x.gif></noscript>", "ace", []),
        (
            "<img src=a.jpg alt='A coat'><img src='b.jpg'>",
            "",
            [Picture("a.jpg", "A coat"), Picture("b.jpg", None)],
        ),
        (
            "<img src=pixel.gif width=1><img src='data:image/gif;base64,x' data-src=c.jpg>",
            "",
            [Picture("c.jpg", None)],
        ),
        ("<IMG SRC=a.jpg ALT>", "", [Picture("a.jpg", "")]),
        ("nul \x00 and half \ud83d", "nul � and half �", []),
        ("<p>One</p><script>x()</script><p>two<img src=a.png></p>", "One\ntwo", [Picture("a.png", None)]),
        ("", "", []),
    ],
)
def test_what_is_read(html: str, text: str, pictures: list[Picture]) -> None:
    assert read_markup(html) == (text, pictures)


@pytest.mark.parametrize(
    ("srcset", "url"),
    [
        ("a.jpg, b.jpg 2x", "b.jpg"),
        ("a 100w,b 200w", "b"),
        ("a.jpg 100w, b.jpg 300w,", "b.jpg"),
        ("a,b 2x, c 1.5x", "a,b"),
        ("data:x,y 3x, b 1x", "b"),
        ("a 1e9w", "a"),
        ("a.jpg 640w,b.jpg 320w", "a.jpg"),
        ("https://x/y?w=1,2 640w, https://x/y?w=2,3 1280w", "https://x/y?w=2,3"),
        ("a.jpg 1.2.3w, b.jpg 2w", "b.jpg"),
        ("a.jpg", "a.jpg"),
        (" , ", ""),
        ("\x85", "\x85"),
        ("a\xa0b 2x, c 1x", "a\xa0b"),
    ],
)
def test_the_largest_candidate(srcset: str, url: str) -> None:
    assert largest_of(srcset) == url


ENDLESS = (
    "<",
    "<a ",
    "<!--",
    "<?",
    "<![CDATA[",
    "<a a='",
    "&#",
    "</a",
    "<!",
    "<a/ ",
    "<div>",
    "<b>x",
    "<table>",
    "<a   ",
)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ENDLESS)
def test_an_endless_text_is_read_to_its_end(piece: str) -> None:
    """In linear time: a reader that looks ahead at every tag would take hours for it, not a second."""
    read_markup(piece * 100_000)


def test_an_endless_srcset_is_read_to_its_bound() -> None:
    assert largest_of("a" * 1_000_000 + " b 2x") == "a" * 20_000
    assert largest_of("a 1x, " * 1_000_000) == "a"
