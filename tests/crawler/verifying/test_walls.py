"""Walls that answer 200, built after challenge pages that public repositories keep as test cases; small
or plain pages, and pages that carry the same vendors' scripts, which are none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.plan import CrawlPlan
from crawler.verifying.looking import Looker
from crawler.verifying.polite import Polite
from crawler.verifying.walls import wall
from storage.crawled import AccountState
from storage.records import Account
from storage.verification import Look, Outcome
from tests.crawler.site import Reply, Site

SHOP = "<p>" + "Coats, dresses, bags and shoes for everyone, at a price. " * 40 + '</p><a href="/new">New</a>'
WALLS = {
    "Cloudflare": (
        "<title>Just a moment...</title><noscript>Enable JavaScript and cookies to continue</noscript>"
        "<script>window._cf_chl_opt={cvId:'3'}</script>"
    ),
    "Cloudflare's older": (
        '<form id="challenge-form" action="/?__cf_chl_f_tk=x"><a href="https://www.cloudflare.com/5xx">c</a>'
    ),
    "Akamai's interstitial": (
        '<meta http-equiv="refresh" content="5; URL=\'/?bm-verify=AAQAAAAN\'"><title>&nbsp;</title>'
        "<script>function triggerInterstitialChallenge(){}</script><iframe src='/interstitial/ic.html'>"
    ),
    "Akamai's behaviour": (
        '<div id="sec-if-cpt-container"><p>Powered and protected by</p><a href="https://akamai.com">A</a></div>'
    ),
    "Akamai's refusal": (
        "<TITLE>Access Denied</TITLE><H1>Access Denied</H1>You don't have permission to access this server."
        '<a href="https://errors.edgesuite.net/18.x">https://errors.edgesuite.net/18.x</a>'
    ),
    "DataDome": (
        '<title>hm.com</title><p id="cmsg">Please enable JS and disable any ad blocker</p>'
        '<script>var dd={"rt":"c"}</script><script src="https://ct.captcha-delivery.com/c.js"></script>'
    ),
    "PerimeterX": (
        "<title>Access to this page has been denied</title><div id='px-captcha'></div>"
        "<a href='https://www.perimeterx.com/whywasiblocked'>PerimeterX</a>"
    ),
    "Imperva": (
        '<iframe id="main-iframe" src="/_Incapsula_Resource?CWUDNSAI=9">Request unsuccessful. Incapsula'
        " incident ID: 1-2</iframe>"
    ),
    "Kasada": '<body><script>window.KPSDK={};KPSDK.now=0</script><script src="/149e9513/ips.js"></script>',
    "words": '<h1>Checking your browser before accessing shop.example</h1><a href="/help">Help</a>',
    "robot": '<h1>Robot or human?</h1><a href="/terms">Terms</a><a href="/privacy">Privacy</a>',
    "sent on": '<meta http-equiv="refresh" content="0; url=/check?x=1">',
    "scripts alone": '<noscript><a href="//x.example/">Why?</a></noscript><script src="/a.js"></script>',
}
NONE = {
    "a plain small page": '<h1>H&M</h1><a href="/press">Press</a>',
    "no more than an imprint": "<p>Studio Ann, Stockholm</p><a href='mailto:a@b.example'>Mail</a>",
    "pictures as links": '<a href="/women"><img src="w.jpg"></a><script src="/shop.js"></script>',
    "a form with a captcha": (
        f'{SHOP}<div class="g-recaptcha"></div><script src="https://www.google.com/recaptcha/api.js"></script>'
    ),
    "a small form with a captcha": (
        '<a href="/">Home</a><form>Mail <div class="cf-turnstile"></div></form>'
        '<script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>'
    ),
    "scripts of vendors": (
        '<a href="/new">New</a><script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'
        '<script src="/_Incapsula_Resource?SWJIYLWA=7"></script><script src="/akam/13/x"></script>'
        "<script>window._pxAppId='PX1'</script><script src='https://js.datadome.co/tags.js'></script>"
    ),
    "an article on walls": (
        f"{SHOP}<pre>checking your browser; _cf_chl_opt; captcha-delivery.com</pre>"
    ),
    "a page that reloads itself": f'<meta http-equiv="refresh" content="900">{SHOP}',
    "a splash with a link": '<meta http-equiv="refresh" content="5; url=/en"><a href="/en">English</a>',
    "access to be had": "<h1>Access denied? Write to us</h1><a href='/help'>Help</a>",
}  # fmt: skip


@pytest.mark.parametrize("html", WALLS.values(), ids=WALLS)
def test_a_wall_is_known(html: str) -> None:
    assert wall({}, html)


@pytest.mark.parametrize("html", NONE.values(), ids=NONE)
def test_a_page_is_no_wall(html: str) -> None:
    assert wall({"x-datadome": "protected", "server": "cloudflare", "cf-ray": "1"}, html) == ""


@pytest.mark.parametrize(
    ("name", "value", "is_one"),
    [
        ("cf-mitigated", "challenge", True),
        ("cf-mitigated", "Challenge ", True),
        ("x-amzn-waf-action", "captcha", True),
        ("x-amzn-waf-action", "", False),
        ("cf-mitigated", "none", False),
    ],
)
def test_what_a_header_says_goes_before_the_page(name: str, value: str, is_one: bool) -> None:
    assert bool(wall({name: value}, SHOP)) is is_one


@given(st.text(max_size=300))
def test_any_page_is_survived(html: str) -> None:
    assert isinstance(wall({}, html), str)


@pytest.mark.parametrize("html", WALLS.values(), ids=WALLS)
def test_a_wall_takes_no_verification_back(site: Site, html: str) -> None:
    """The look of an account of which only the website speaks: it could not look, by name."""
    site.routes["/"] = Reply(html.encode(), headers={"Content-Type": "text/html"})
    account = Account("tiktok", "hm")
    polite = Polite("desk@example.org", (site.host,), 3.0)
    looker = Looker(polite, CrawlPlan("verify", (account,), "", Path(), allow_hosts=(site.host,)))
    looker.prepare([account.platform])
    try:
        given = looker.look(account, [site.url], AccountState()).verification
    finally:
        polite.close()
    assert given.outcome is Outcome.UNREADABLE, given.reason
    website = given.glances[0]
    assert website.look is Look.UNREADABLE
    assert "(bot_wall)" in website.reason
