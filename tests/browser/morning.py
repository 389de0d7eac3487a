"""Steps of a morning at the desk, with or without JavaScript, in any of its languages."""

import io
import re
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from desk.web.words import Words
from storage.records import ReadingState
from tests.browser.desk import Desk
from tests.browser.pages import findings

PASSWORD = "a sentence of five words"


class Morning:
    """Of one person in one language."""

    def __init__(self, page: Page, desk: Desk, language: str) -> None:
        self.page, self.desk, self.t = page, desk, Words(language)

    def button(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=self.t(key), exact=True)

    def field(self, key: str, within: Locator | None = None) -> Locator:
        return (within or self.page.locator("body")).get_by_label(self.t(key), exact=True)

    def at(self, path: str) -> None:
        expect(self.page).to_have_url(f"{self.desk.address}{path}")
        self.read()

    def read(self) -> None:
        """The page to its end, its scripts run: its address, and its beginning, show a moment earlier."""
        self.page.wait_for_load_state("domcontentloaded")

    def enters(self) -> None:
        """By the link that the desk printed, which works once; and then with the password."""
        link = self.desk.link
        self.page.goto(link)
        self.field("link.password").fill(PASSWORD)
        self.field("link.again").fill(PASSWORD)
        self.button("link.set").click()
        self.at("/login")
        self.page.goto(link)
        expect(self.page.get_by_role("alert")).to_have_text(self.t("link.gone"))
        self.page.goto(f"{self.desk.address}/login")
        self.field("login.name").fill("administrator")
        self.field("login.password").fill("not that sentence")
        self.button("login.title").click()
        expect(self.page.get_by_role("alert")).to_have_text(self.t("login.wrong"))
        self.field("login.password").fill(PASSWORD)
        self.button("login.title").click()
        self.at("/")

    def leaves(self) -> None:
        self.page.get_by_role("button", name=self.t("desk.log_out", name="administrator")).click()
        self.at("/login")
        self.page.goto(f"{self.desk.address}/runs")
        self.at("/login")

    def press(self, key: str) -> None:
        self.read()
        self.page.keyboard.press(key)

    def numbers(self) -> list[int]:
        """Of the findings on this page, from the top."""
        self.read()
        told = "all => all.map(one => Number(one.dataset.number))"
        shown: list[int] = self.page.locator("#list .item").evaluate_all(told)  # at one moment
        return shown

    def status(self, number: int) -> str:
        with self.desk.store() as store:
            found = store.finding(number)
            assert found
            return found.status.value

    def chooses(self, *numbers: int) -> None:
        for number in numbers:
            self.page.get_by_label(self.t("inbox.choose", number=number)).check()

    def filters(self, labelling: str, *, scripts: bool = True) -> None:
        """What is asked for stands in the address, and the same address shows the same again. With scripts
        the list changes in the page as it is; without, the button asks for a page of its own."""
        form = self.page.locator("form.filters[method=get]")
        if not form.is_visible():
            self.page.locator("details.fold summary").click()
        if scripts:
            self.page.evaluate("window.stayed = true")
        form.locator("select[name=labelling]").select_option(labelling)
        if not scripts:
            self.button("inbox.show").click()
        expect(self.page).to_have_url(re.compile(f"labelling={labelling}"))
        expect(self.page.locator(f"#list .item:not(:has(.v-{labelling}))")).to_have_count(0)
        shown = self.numbers()
        assert shown
        if scripts:
            assert self.page.evaluate("window.stayed")
            self.press("j")
            expect(self.page.locator("#list .item").first).to_be_focused()
        self.page.goto(self.page.url)
        assert self.numbers() == shown
        with self.desk.store() as store:
            told = [store.finding(number) for number in shown]
        assert {one.answer.verdict.labelling.value for one in told if one} == {labelling}

    def takes_along(self) -> None:
        """What is shown as a table, and as a feed that a reader can follow without a session."""
        self.page.locator("details.taken summary").click()
        form = self.page.locator("form[action^='/export']")
        form.locator("select[name=format]").select_option("csv")
        with self.page.expect_download() as coming:
            self.button("export.take").click()
        lines = coming.value.path().read_text("utf-8-sig").splitlines()
        assert len(lines) > len(self.numbers())
        self.page.locator("form[action^='/feeds'] button").click()
        address = self.field("feed.address").input_value()
        told = self.page.request.get(address, headers={"cookie": ""})
        assert (told.status, "<feed" in told.text()) == (200, True)

    def completes(self, screenshot: Path) -> None:
        """Says what stands on the surface that the program could not read, and attaches a screenshot."""
        number, surface = self._unread()
        self.page.goto(f"{self.desk.address}/findings/{number}")
        self.page.locator("summary", has_text=self.t("complete.title")).click()
        form = self.page.locator("form[enctype]")
        form.locator("select[name=surface]").select_option(surface)
        form.locator("select[name=state]").select_option("present")
        self.field("complete.quote", form).fill("AI info")
        self.field("complete.screenshot", form).set_input_files(screenshot)
        self.button("complete.save").click()
        self.at(f"/findings/{number}")
        seen = self.page.locator("li", has_text="AI info").filter(has_text="administrator").first
        expect(seen).to_contain_text(self.t(f"surface.{surface}"))
        seen.get_by_role("link", name=self.t("complete.screenshot")).click()
        assert self.page.locator("img").evaluate("one => one.naturalWidth") > 0
        with self.desk.store() as store:
            (given,) = store.looks.given(number)
            assert (given.by, given.quote, bool(given.screenshot)) == ("administrator", "AI info", True)

    def _unread(self) -> tuple[int, str]:
        """A finding and its surface that could not be looked at; else one that was, for people see more."""
        with self.desk.store() as store:
            every = findings(store)
        for state in (ReadingState.UNREADABLE, ReadingState.ABSENT):
            for one in every:
                for reading in one.answer.readings:
                    if reading.state is state:
                        return one.id, reading.surface.value
        raise LookupError("no finding has a surface that a person can complete")

    def compares(self, number: int) -> None:
        """Both pictures, and the two laid on each other."""
        self.page.goto(f"{self.desk.address}/findings/{number}")
        for picture in self.page.locator("#pair img").all():
            assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0
        self._swipes_and_blinks()
        link = self.page.locator('a[href*="/compare/"]').first
        link.click()
        expect(self.page).to_have_url(re.compile(r"/compare/\d+\.png$"))
        assert self.page.locator("img").evaluate("one => one.naturalWidth") > 0
        self.page.go_back()
        self.at(f"/findings/{number}")

    def _swipes_and_blinks(self) -> None:
        """The registered picture above the found one: cut at a line that keys move, or shown and hidden."""
        laid = self.page.locator("#laid")
        above = laid.locator('[data-layer="registered"]')
        above.scroll_into_view_if_needed()
        for picture in laid.locator("img").all():
            assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0
        laid.get_by_label(self.t("finding.layer_swipe")).check()
        line = laid.get_by_role("slider", name=self.t("finding.layer_line"))
        line.press("Home")
        expect(above).to_have_css("clip-path", "inset(0px 0px 0px 0%)")
        line.press("ArrowRight")
        expect(above).to_have_css("clip-path", "inset(0px 0px 0px 1%)")
        laid.get_by_label(self.t("finding.layer_blink")).check()
        expect(above).to_have_css("visibility", "hidden")
        expect(above).to_have_css("visibility", "visible")
        laid.get_by_label(self.t("finding.layer_side")).check()
        expect(line).to_be_hidden()


def screenshot(folder: Path) -> Path:
    """As a person would attach one."""
    path, out = folder / "what I saw.png", io.BytesIO()
    made = Image.new("RGB", (320, 200), (250, 250, 250))
    ImageDraw.Draw(made).text((20, 20), "AI info", fill=(20, 20, 20))
    made.save(out, "PNG")
    path.write_bytes(out.getvalue())
    return path
