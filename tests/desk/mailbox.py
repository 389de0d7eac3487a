"""A mail server on loopback that keeps what it gets: SMTP as far as a sender needs it (RFC 5321)."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class Mailbox(socketserver.ThreadingTCPServer):
    """`refusing`: it takes nothing (554)."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.raw: list[bytes] = []
        self.refusing = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(one, policy=policy.default) for one in self.raw]

    @property
    def texts(self) -> list[str]:
        """Subject and all parts, decoded."""
        return ["\n".join([str(one["subject"]), *_parts(one)]) for one in self.letters]


def _parts(letter: EmailMessage) -> Iterator[str]:
    for part in letter.walk():
        if part.get_content_maintype() == "text":
            yield str(part.get_content())


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        mailbox = self.server
        assert isinstance(mailbox, Mailbox)
        self._say("220 mailbox.example")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb in (b"EHLO", b"HELO", b"RSET", b"RCPT", b"MAIL", b"NOOP"):
                self._say("554 no" if mailbox.refusing and verb == b"MAIL" else "250 ok")
            elif verb == b"DATA":
                self._say("354 go on")
                mailbox.raw.append(b"".join(self._lines()))
                self._say("250 kept")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("502 not here")

    def _lines(self) -> Iterator[bytes]:
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            yield line[1:] if line.startswith(b"..") else line

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            made.shutdown()
            thread.join()
