"""Pages of documentation, and the examples in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
#: What an example says where a reader puts the address of a site and a key to it. The second
#: address is where ``quickstart`` serves unless told otherwise.
DOMAINS = ("https://your-domain", "http://127.0.0.1:8000")
KEY = "YOUR_API_KEY"

_FENCE = re.compile(
    r"^(?P<ticks>`{3,})(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=ticks)$", re.MULTILINE | re.DOTALL
)
_HEADING = re.compile(r"^(?P<marks>#+) (?P<heading>.+)$", re.MULTILINE)
_STATUS = re.compile(r"`(\d{3})`")
_MESSAGE = re.compile(r'"([A-Z][^"]+\.)"')


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the heading it stands under, and the prose before and after.

    The prose before is what stands since the block before it; the prose after, up to the next
    heading or the next block that is no further wording of the same request.
    """

    page: Path
    line: int
    heading: str
    language: str
    text: str
    following: str
    answer: str | None

    @property
    def is_request(self) -> bool:
        """Whether the block sends something to a site."""
        return KEY in self.text and self.language in {"bash", "php", "python"}

    @property
    def commands(self) -> list[str]:
        """The lines of a shell block that sends nothing; none of any other block."""
        return [] if self.is_request or self.language != "bash" else self.text.splitlines()

    @property
    def status(self) -> int | None:
        """The status that the prose after the block promises."""
        found = _STATUS.search(self.following)
        return int(found[1]) if found else None

    @property
    def message(self) -> str | None:
        """The message that the prose after the block promises."""
        found = _MESSAGE.search(self.following)
        return found[1] if found else None

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line} {self.language}"


@dataclass(frozen=True)
class Page:
    """A page of Markdown."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def blocks(self) -> list[Block]:
        """Its fenced blocks, in order."""
        fences = list(_FENCE.finditer(self.text))
        return [self._block(fences, index) for index in range(len(fences))]

    def requests(self, language: str | None = None) -> Iterator[Block]:
        """Its blocks that send something to a site."""
        for block in self.blocks():
            if block.is_request and language in {None, block.language}:
                yield block

    def anchors(self) -> set[str]:
        """What a link may lead to: its headings, as they are made part of an address."""
        headings = (heading for _, heading in _HEADING.findall(_without_code(self.text)))
        return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}

    def _block(self, fences: list[re.Match[str]], index: int) -> Block:
        fence = fences[index]
        headings = _HEADING.findall(_without_code(self.text[: fence.start()]))
        following, answer = "", None
        for this, after in zip(fences[index:], [*fences[index + 1 :], None], strict=True):
            following = self.text[this.end() : after.start() if after else None]
            heading = _HEADING.search(following)
            if heading:
                following = following[: heading.start()]
            elif after and following.strip() and after["language"] == "json":
                answer = after["text"]
            if heading or following.strip():
                break
        return Block(
            page=self.path,
            line=self.text.count("\n", 0, fence.start()) + 1,
            heading=headings[-1][1] if headings else "",
            language=fence["language"],
            text=fence["text"],
            following=following,
            answer=answer,
        )


def own_pages() -> list[Page]:
    """The project's own documentation."""
    return [
        Page(path)
        for path in (REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md")))
    ]


def differences(actual: Any, shown: Any, at: str = "") -> list[str]:
    """Where an answer is not as a page shows it; ``"..."`` there stands for anything."""
    if shown == "...":
        return []
    if isinstance(shown, dict) and isinstance(actual, dict):
        return [
            difference
            for name in shown | actual
            for difference in differences(actual.get(name), shown.get(name), f"{at}.{name}")
        ]
    if isinstance(shown, list) and isinstance(actual, list) and len(shown) == len(actual):
        pairs = enumerate(zip(actual, shown, strict=True))
        return [found for i, (is_, said) in pairs for found in differences(is_, said, f"{at}.{i}")]
    if type(shown) is type(actual) and shown == actual:
        return []
    return [f"{at} is {actual!r}, shown {shown!r}"]


def as_shown(text: str) -> Any:
    """The JSON of a page."""
    return json.loads(text)


def _without_code(text: str) -> str:
    return _FENCE.sub("", text)
