"""Real programs that run an example as it stands and tell what the server answered."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.docs.markdown import DOMAINS, KEY, Block
from tests.docs.programs import path_with, required, run
from tests.docs.server import Site

#: All but notices that something will go in a later PHP.
_PHP_ERRORS = "32767 & ~8192 & ~16384"
_AFTER_PHP = """
echo json_encode(['status' => curl_getinfo($ch, CURLINFO_RESPONSE_CODE), 'body' => $response]);
"""
_AFTER_PYTHON = """
print(json.dumps({"status": response.status, "body": answer}))
"""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and the body read as JSON."""

    status: int
    body: Any


def answer_to(example: Block, site: Site, folder: Path) -> Answer:
    """Run an example, with nothing replaced but the site's address and the key."""
    text = example.text.replace(KEY, site.key)
    for domain in DOMAINS:
        text = text.replace(domain, site.url)
    return _RUNNERS[example.language](text, folder)


def _with_curl(text: str, folder: Path) -> Answer:
    curl = required("curl")
    path = path_with(folder, curl=f"exec {curl} -sS -w '\\n%{{http_code}}' \"$@\"")
    body, _, status = run(["bash", "-c", text], folder=folder, environ={"PATH": path}).rpartition(
        "\n"
    )
    return Answer(int(status), json.loads(body))


def _with_php(text: str, folder: Path) -> Answer:
    php = required("php")
    script = folder / "example.php"
    script.write_text(text + _AFTER_PHP, encoding="utf-8")
    options = ["-d", f"error_reporting={_PHP_ERRORS}", "-d", "display_errors=stderr"]
    return Answer(**json.loads(run([php, *options, str(script)], folder=folder)))


def _with_python(text: str, folder: Path) -> Answer:
    script = folder / "example.py"
    script.write_text(text + _AFTER_PYTHON, encoding="utf-8")
    return Answer(**json.loads(run([sys.executable, "-W", "error", str(script)], folder=folder)))


_RUNNERS = {"bash": _with_curl, "php": _with_php, "python": _with_python}
