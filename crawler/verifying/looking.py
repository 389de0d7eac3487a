"""Looks whether an account and a brand's own website belong together: from the website to the account, from
the account's profile to the website, and at the account's own name.

What passes, what fails and what could not be seen: docs/decisions/right-account.md.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

from crawler.pages import Answer, Ask, Located
from crawler.plan import CrawlPlan
from crawler.platforms import profiles, spiders
from crawler.spider import PlatformSpider
from crawler.verifying.links import Link, Links, read_links
from crawler.verifying.polite import Asked, Polite
from crawler.verifying.profile import Profile, Profiles, Said
from crawler.verifying.walls import wall
from crawler.verifying.web import read_address, same_site
from storage.crawled import AccountState, Capture
from storage.errors import CrawlError, TwinwatchError
from storage.records import Account
from storage.verification import Direction, Glance, Look, Outcome, Verification, are_others

T = TypeVar("T")
OTHERS_NAMED = 5  # other profiles on the same platform that a page links to
# The platform says that there is no such account, or that it is somebody else's name: it was looked.
NOBODY = frozenset(
    {"handle_not_found", "handle_mismatch", "did_not_found", "no_account", "account_not_found"}
) | frozenset({"account_gone", "account_moved", "account_suspended", "account_closed", "account_mismatch"})


# The platform shows no profile to us, today or ever; all else (a server that is down) may be seen tomorrow.
NEVER_SHOWN = frozenset({"not_exposed", "token_missing", "robots_forbidden"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A retrieval that a glance rests on, with its body."""

    capture: Capture
    body: bytes


@dataclass(frozen=True, slots=True)
class Looked:
    account: Account
    verification: Verification
    kept: tuple[Kept, ...] = ()


@dataclass(slots=True)
class Looker:
    """Shared by the threads of one run: pages are asked for once, and each platform has one spider."""

    polite: Polite
    plan: CrawlPlan
    spiders: dict[str, PlatformSpider] = field(default_factory=dict)

    def prepare(self, platforms: Sequence[str]) -> None:
        """Before the threads begin."""
        known = spiders()
        for platform in {*platforms} & known.keys():
            spider: PlatformSpider = known[platform]()
            spider.plan, spider.paid = self.plan, 0
            self.spiders[platform] = spider

    def look(self, account: Account, websites: Sequence[str], known: AccountState) -> Looked:
        """Raises nothing: what keeps us from looking is what it says."""
        module = profiles().get(account.platform)
        if module is None:
            reason = f"nothing is known of profiles on {account.platform}"
            return Looked(account, _unreadable(websites, reason))
        kept: list[Kept] = []
        seen, why_not = self._profile(account, module, kept)
        if why_not and why_not.kind in NOBODY:
            gone = Glance(Direction.PROFILE, Look.ABSENT, reason=str(why_not)[:500])
            return Looked(account, _failed(websites, str(why_not), (gone,)), tuple(kept))
        ids = seen.ids if seen else ()
        stored = known.stable_id
        if stored and ids and not name_bound(stored) and are_others(ids, [stored]):
            reason = f"{account.name} leads to {ids[0]}, and what is stored is of {stored}"
            return Looked(account, replace(_failed(websites, reason, ()), ids=ids), tuple(kept))
        if not websites:
            reason = 'no website is stated to look at (website = "https://…" in the [[account]])'
            return Looked(account, replace(_unreadable((), reason), ids=ids), tuple(kept))
        glances = self._glances(account, module, websites, seen, why_not, kept)
        outcome, reason = weigh(glances)
        if outcome is Outcome.PASSED and why_not and not ids and why_not.kind not in NEVER_SHOWN:
            # Whose the name is today, nobody could see: that may be somebody else.
            outcome, reason = Outcome.UNREADABLE, f"{reason}; {why_not} ({why_not.kind})"
        found = Verification(
            outcome, datetime.now(UTC), ids, reason=reason, website=websites[0], glances=glances
        )
        return Looked(account, found, tuple(kept))

    # --- the account ----------------------------------------------------------------------------------------

    def _profile(
        self, account: Account, module: Profiles, kept: list[Kept]
    ) -> tuple[Profile | None, CrawlError | None]:
        """The profile, with the digest of its answer, or why there is none to be seen."""
        spider = self.spiders.get(account.platform)
        located = Located()
        try:
            if spider:
                # Without what earlier nights learned: the question is whose the name is today.
                located = self._steps(spider, spider.locate(account, AccountState()), [])
                answers: list[Asked] = []
                seen = self._steps(spider, module.profile(account, located), answers)
                kept += [Kept(one.capture, one.answer.body) for one in answers[-1:]]
                return replace(seen, sha256=answers[-1].capture.sha256 if answers else ""), None
            return self._steps(None, module.profile(account, located), []), None
        except TwinwatchError as error:
            named = error if isinstance(error, CrawlError) else CrawlError(str(error), kind=error.kind)
            ids = () if not located.stable_id or name_bound(located.stable_id) else (located.stable_id,)
            return (Profile(ids) if ids else None), named
        except Exception as error:  # a profile from strangers that nobody thought of
            return None, CrawlError(f"{type(error).__name__}: {str(error)[:200]}", kind="unexpected")

    def _steps(
        self, spider: PlatformSpider | None, steps: Generator[Ask, Answer, T], answers: list[Asked]
    ) -> T:
        try:
            ask = next(steps)
            while True:
                if spider is None:
                    raise CrawlError("this platform has no spider to ask with", kind="not_exposed")
                answers.append(self.polite.ask(spider, ask))
                ask = steps.send(answers[-1].answer)
        except StopIteration as stop:
            found: T = stop.value
            return found

    # --- both directions ------------------------------------------------------------------------------------

    def _glances(
        self,
        account: Account,
        module: Profiles,
        websites: Sequence[str],
        seen: Profile | None,
        why_not: CrawlError | None,
        kept: list[Kept],
    ) -> tuple[Glance, ...]:
        glances = []
        try:
            called = module.names(account) | (seen.names if seen else frozenset())
            if seen:  # the account is there: a name alone proves nothing
                glances += named_under(module.host(account), websites)
        except CrawlError as error:
            called = frozenset()
            glances.append(Glance(Direction.NAME, Look.UNREADABLE, reason=str(error)[:500]))
        for website in websites:
            glances.append(self._website(website, module, called, kept))
            if glances[-1].look is Look.FOUND:
                break
        glances.append(profile_glance(seen, why_not, websites))
        return tuple(glances)

    def _website(self, website: str, module: Profiles, called: frozenset[str], kept: list[Kept]) -> Glance:
        own = read_address(website)
        if own is None or is_profile(website):
            why = "that is no website of a brand's own" if own else "no web address"
            return Glance(Direction.WEBSITE, Look.UNREADABLE, website, reason=why)
        try:
            asked = self.polite.page(website)
        except CrawlError as error:
            return Glance(Direction.WEBSITE, Look.UNREADABLE, website, reason=f"{error} ({error.kind})"[:500])
        kept.append(Kept(asked.capture, asked.answer.body))
        return read_website(asked, website, module, called)


def name_bound(stable_id: str) -> bool:
    """A name in the place of an id (the fediverse's feeds): it cannot tell who has the name."""
    return stable_id.startswith("acct:")


def is_profile(url: str) -> bool:
    """A page on a platform is nobody's own website."""
    address = read_address(url)
    return bool(address) and any(
        module.named(address) for name, module in profiles().items() if name != "rss"
    )


def read_website(asked: Asked, website: str, module: Profiles, called: frozenset[str]) -> Glance:
    answer = asked.answer
    final, own = read_address(answer.url), read_address(website)

    def glance(look: Look, reason: str = "", quote: str = "") -> Glance:
        return Glance(Direction.WEBSITE, look, answer.url, quote, reason, asked.capture.sha256)

    if answer.status != 200:
        return glance(Look.UNREADABLE, f"HTTP {answer.status}")
    if final is None or own is None or not same_site(final.host, own.host):
        return glance(Look.UNREADABLE, "the website leads to another one")
    kind = answer.headers.get("content-type", "").lower()
    if "html" not in kind and not (not kind and answer.body.lstrip()[:1] == b"<"):
        return glance(Look.UNREADABLE, f"no page of HTML: {kind[:60] or 'of no stated type'}")
    html = answer.body.decode(charset_of(kind), "replace")
    links = read_links(html, answer.url)
    others: dict[str, None] = {}
    for link in links.found:
        if name := _name_in(link, module):
            if name in called:
                return glance(Look.FOUND, quote=link.quote)
            others[name] = None
    if unseen := _unseen(answer, html, links):
        return glance(Look.UNREADABLE, unseen)
    shown = ", ".join(list(others)[:OTHERS_NAMED]) if module.PLATFORM != "rss" else ""
    there = f"it links to {shown} on {module.PLATFORM}, not to this account" if shown else ""
    return glance(Look.ABSENT, there or "no link to this account on the page")


def _unseen(answer: Answer, html: str, links: Links) -> str:
    """Why a page without the link may still have it, "" where all of it was seen."""
    if links.cut:
        return "the page is nested too deep to be read to its end"
    if stands := wall(answer.headers, html):
        return f"{stands} (bot_wall)"
    return "" if links.anchors else "the page shows no link at all without its scripts"


def _name_in(link: Link, module: Profiles) -> str:
    address = read_address(link.url)
    return module.named(address) if address else ""


def charset_of(content_type: str) -> str:
    name = content_type.partition("charset=")[2].split(";")[0].strip(" \"'")
    try:
        return name if name and "x".encode(name) else "utf-8"
    except (LookupError, UnicodeError, ValueError):
        return "utf-8"


def named_under(host: str, websites: Sequence[str]) -> list[Glance]:
    """The account's own name is a domain of the brand. A name elsewhere says nothing against it."""
    for website in websites:
        own = read_address(website)
        if own and host and not is_profile(website) and same_site(host, own.host):
            quote = f"{host} is of {own.host}"
            return [Glance(Direction.NAME, Look.FOUND, website, quote)]
    return []


def profile_glance(seen: Profile | None, why_not: CrawlError | None, websites: Sequence[str]) -> Glance:
    if why_not or seen is None:
        reason = f"{why_not} ({why_not.kind})" if why_not else "not seen"
        return Glance(Direction.PROFILE, Look.UNREADABLE, reason=reason[:500])
    hosts = [own.host for own in map(read_address, websites) if own]
    for said in seen.said:
        if any(same_site(_host(said), host) for host in hosts):
            return Glance(Direction.PROFILE, Look.FOUND, seen.where, said.quote[:300], sha256=seen.sha256)
    fields = [said.quote for said in seen.said if said.field and _host(said)]
    if fields:
        reason = f"the profile names another website: {'; '.join(fields)[:300]}"
        return Glance(Direction.PROFILE, Look.ELSEWHERE, seen.where, reason=reason, sha256=seen.sha256)
    if seen.partial:
        return Glance(Direction.PROFILE, Look.UNREADABLE, seen.where, reason=seen.partial, sha256=seen.sha256)
    reason = "the profile names no website of the brand"
    return Glance(Direction.PROFILE, Look.ABSENT, seen.where, reason=reason, sha256=seen.sha256)


def _host(said: Said) -> str:
    address = read_address(said.url)
    return address.host if address else ""


# --- what it comes to ---------------------------------------------------------------------------------------


def weigh(glances: Sequence[Glance]) -> tuple[Outcome, str]:
    """The brand's own word decides: its website's link, or a name under its domain. What a profile says of
    itself can only speak against it: anybody can write a brand's address into a profile."""
    by = {direction: [one for one in glances if one.direction is direction] for direction in Direction}
    profile = by[Direction.PROFILE][-1].look
    if any(one.look is Look.FOUND for one in by[Direction.NAME]):
        return Outcome.PASSED, f"its name is the brand's own domain: {by[Direction.NAME][0].quote}"
    site = next((one for one in by[Direction.WEBSITE] if one.look is Look.FOUND), None)
    if site and profile is Look.ELSEWHERE:
        return Outcome.FAILED, f"{site.where} links to it, but {by[Direction.PROFILE][-1].reason}"
    if site:
        both = {
            Look.FOUND: "links to it, and its profile names that website",
            Look.ABSENT: "links to it (its profile names no website)",
        }
        words = both.get(profile, "links to it (its profile could not be looked at)")
        return Outcome.PASSED, f"{site.where} {words}"
    unseen = next((one for one in by[Direction.WEBSITE] if one.look is Look.UNREADABLE), None)
    named = ", while its profile names the website, which anybody can write" if profile is Look.FOUND else ""
    if unseen:
        return Outcome.UNREADABLE, f"{unseen.where} could not be looked at: {unseen.reason}{named}"
    absent = by[Direction.WEBSITE][-1]
    return Outcome.FAILED, f"{absent.where} does not link to it: {absent.reason}{named}"


def _failed(websites: Sequence[str], reason: str, glances: tuple[Glance, ...]) -> Verification:
    website = websites[0] if websites else ""
    return Verification(Outcome.FAILED, datetime.now(UTC), reason=reason, website=website, glances=glances)


def _unreadable(websites: Sequence[str], reason: str) -> Verification:
    website = websites[0] if websites else ""
    return Verification(Outcome.UNREADABLE, datetime.now(UTC), reason=reason, website=website)
