"""What a page did while it was looked at: what it asked for, what failed, what the console says."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, Response, Route


class Watch:
    """On all pages of a context. What goes elsewhere than to `address` is stopped and remembered."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.remote: list[str] = []
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.dialogs: list[str] = []
        context.route("**/*", self._routed)
        context.on("page", self._opened)

    def _routed(self, route: Route) -> None:
        self.asked.append(route.request.url)
        if route.request.url.startswith((f"{self.address}/", "data:")):
            route.continue_()
        else:
            self.remote.append(route.request.url)
            route.abort()

    def _opened(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(f"error in a script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        page.on("dialog", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        # That something answered 4xx is told by the answer itself, with its address. A picture that is opened
        # by itself stands in a page of the browser's own, and its policy forbids that page its style.
        told = "the server responded with a status" in message.text
        alone = message.location["url"].split("?")[0].endswith((".jpg", ".png"))
        if message.type in ("error", "warning") and not told and not alone:
            self.wrong.append(f"console: {message.text}")

    def _asked(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page was left while a picture was on its way
            self.wrong.append(f"failed: {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        document = response.request.is_navigation_request()
        if response.status >= 500 or (response.status >= 400 and not document):
            self.wrong.append(f"{response.status}: {response.url}")
