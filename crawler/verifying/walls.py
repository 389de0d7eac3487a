"""Whether a page that came with 200 is a wall in front of the page: a challenge, a captcha, a check of the
browser. It says nothing of what stands behind it.

Positive signs alone: few links or little text make no wall, for small brands have small pages.
1. A header by which the vendor says so.
2. What stands in a vendor's challenge page and not in the pages that it lets through. Left out on purpose,
   because served pages carry them too: Cloudflare's /cdn-cgi/challenge-platform/ and Turnstile, Akamai's
   sensor script, DataDome's tag and its header `x-datadome: protected`, Imperva's resource as a script,
   PerimeterX's `_pxAppId`, a captcha in a newsletter form.
3. On a page of few words: the sentences that such pages have.
4. A page that sends its reader on (meta refresh) or shows nothing at all before its scripts have run.

Sources (read 2026-11): developers.cloudflare.com, "Detect a Challenge Page response" (`cf-mitigated`);
docs.aws.amazon.com/waf, "CAPTCHA and Challenge action behavior" (`x-amzn-waf-action`);
challenge pages of Akamai (`bm-verify`, `sec-if-cpt-container`), DataDome (`captcha-delivery.com`), Imperva
(`main-iframe`), Kasada (`KPSDK`) and PerimeterX (`px-captcha`) in the tests of public repositories;
github.com/FlareSolverr (titles and ids).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from crawler.markup import FORBIDDEN, HIDDEN, LONGEST_STYLE

SAID = {"cf-mitigated": ("challenge", "Cloudflare"), "x-amzn-waf-action": ("challenge captcha", "AWS WAF")}
# By where it stands: an element's id; the address of a script, frame or refresh; the words of a script.
IDS = {
    "challenge-form": "Cloudflare", "cf-challenge-running": "Cloudflare", "trk_jschal_js": "Cloudflare",
    "cf-please-wait": "Cloudflare", "link-ddg": "DDoS-Guard", "px-captcha": "PerimeterX",
    "sec-if-cpt-container": "Akamai", "sec-cpt-if": "Akamai",
}  # fmt: skip
ADDRESSES = {
    "captcha-delivery.com/": "DataDome", "bm-verify=": "Akamai", "/_sec/cp_challenge/": "Akamai",
    "/sgcaptcha/": "SiteGround", "/.well-known/sgcaptcha": "SiteGround",
}  # fmt: skip
IMPERVA_FRAME = "_incapsula_resource"  # as a frame; served pages have it as a script
SCRIPTS = {
    "_cf_chl_opt": "Cloudflare", "captcha-delivery.com": "DataDome", "KPSDK.": "Kasada",
    "gokuProps": "AWS WAF", "triggerInterstitialChallenge": "Akamai",
}  # fmt: skip
WORDS = re.compile(
    r"checking (?:if the site connection|your browser)|checking you are (?:not )?(?:a )?(?:human|robot|bot)"
    r"|verif(?:y|ying) (?:that )?you(?:'re| are) (?:a )?(?:human|not a (?:robot|bot))"
    r"|are you a (?:robot|human)|robot or human|you(?:'re| are) not a robot|pardon our interruption"
    r"|unusual (?:traffic|activity) from your|request unsuccessful\. incapsula|ddos protection by"
    r"|enable (?:js|javascript) and (?:cookies|disable any ad ?blocker)|attention required! \| cloudflare"
    r"|(?:human|bot|browser|security) verification required|access to this page has been denied"
    r"|you don't have permission to access|powered and protected by akamai",
    re.IGNORECASE,
)
TITLES = frozenset({"just a moment...", "access denied", "ddos-guard", "you have been blocked", "captcha"})
# Of all that is shown. The challenge pages in the sources have 10 to 900; a shop's front page has thousands.
FEW_LETTERS = 1_500
UNREAD = frozenset({"script", "style", "template", "noscript", "head"})


def wall(headers: Mapping[str, str], html: str) -> str:
    """What the wall is, in words; "" where nothing says that it is one. `headers` by lower-case name. Any
    string will do; libxml2 reads it, in linear time."""
    for name, (values, vendor) in SAID.items():
        if headers.get(name, "").strip().lower() in values.split():
            return f"{vendor} answers with a challenge ({name}: {headers[name].strip()[:40]})"
    page = _read(html)
    shown = " ".join("".join(page.shown).split())
    if len(shown) > FEW_LETTERS:
        return ""
    if page.vendor:
        return f"a challenge of {page.vendor} stands before the page ({page.mark})"
    title = " ".join(page.title.split())
    if title.lower() in TITLES or (found := WORDS.search(f"{title}\n{shown}")):
        quote = title if title.lower() in TITLES or not found else found[0]
        return f"a check of the browser stands before the page (“{quote[:80]}”)"
    if page.refresh and not page.links:
        return f"the page only sends its reader on (meta refresh to {page.refresh[:80]})"
    if page.scripts and not shown and not page.links:
        return "the page shows nothing without its scripts"
    return ""


@dataclass(slots=True)
class _Page:
    shown: list[str] = field(default_factory=list)
    title: str = ""
    vendor: str = ""
    mark: str = ""
    refresh: str = ""
    links: int = 0  # that are shown, outside noscript
    scripts: int = 0

    def met(self, vendor: str, mark: str) -> None:
        if not self.vendor:
            self.vendor, self.mark = vendor, mark


def _read(html: str) -> _Page:
    page = _Page()
    parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True)
    root = etree.fromstring(html.translate(FORBIDDEN).encode("utf-8", "replace") or b"<p>", parser)
    if root is None:
        return page
    unseen = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = str(element.tag).lower()
        hides = _hides(tag, element)
        if event == "start":
            _marks(page, tag, element)
            unseen += hides
            page.links += tag in ("a", "area") and not unseen and element.get("href") is not None
        else:
            unseen -= hides
        words = element.text if event == "start" else element.tail
        if words and not unseen:
            page.shown.append(words)
            page.shown.append(" ")
    return page


def _hides(tag: str, element: Any) -> bool:
    style = str(element.get("style") or "")[:LONGEST_STYLE]
    return tag in UNREAD or element.get("hidden") is not None or bool(style and HIDDEN.search(style))


def _marks(page: _Page, tag: str, element: Any) -> None:
    if vendor := IDS.get(str(element.get("id") or "").lower()):
        page.met(vendor, f'id="{element.get("id")}"')
    if tag == "title" and not page.title:
        page.title = str(element.text or "")[:300]
    if tag == "script":
        page.scripts += 1
        _met(page, SCRIPTS, str(element.text or ""))
    if tag in ("script", "iframe", "form", "meta"):
        _met(page, ADDRESSES, _address(page, tag, element))


def _address(page: _Page, tag: str, element: Any) -> str:
    """Where a script, frame, form or refresh leads."""
    address = str(element.get("src") or element.get("action") or "")[:4000]
    if tag == "iframe" and IMPERVA_FRAME in address.lower():
        page.met("Imperva", "a frame of _Incapsula_Resource")
    if tag == "meta" and str(element.get("http-equiv") or "").lower() == "refresh":
        address = str(element.get("content") or "")[:4000].partition("=")[2].strip(" '\"")
        page.refresh = address
    return address


def _met(page: _Page, marks: Mapping[str, str], text: str) -> None:
    for part, vendor in marks.items():
        if part in text:
            page.met(vendor, part)
