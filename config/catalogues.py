"""The translations that ship with the apps: what the sources say, gathered into their catalogues.

A catalogue is a ``.po`` that people edit and the ``.mo`` that Django reads. Both are kept, so that
a checkout speaks like an installed wheel; no gettext is needed to make them.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
APPS = ("tasks", "comments", "timers")
#: What marks a text, and which of its arguments are texts.
MARKS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}


class Shipped(Catalog):
    """A catalogue whose head is the same in each run: no date, no tool's version."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
        ]


def texts_of(app: str) -> Catalog:
    """Every text that an app marks, in the order of its sources."""
    texts = Catalog(charset="utf-8")
    for path in sorted((ROOT / app).rglob("*")):
        if path.suffix not in {".py", ".html"}:
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            source = templatize(source)
        for _line, text, _comments, _context in extract("python", BytesIO(source.encode()), MARKS):
            texts.add(text)
    return texts


def catalogues() -> list[Path]:
    """The ``.po`` of every app in every language that there is."""
    return [path for app in APPS for path in sorted(ROOT.glob(f"{app}/locale/*/*/django.po"))]


def language_of(path: Path) -> str:
    """The language of a catalogue."""
    return path.parents[1].name


def catalogue_files() -> dict[Path, bytes]:
    """What each file of each catalogue should hold; what nobody says any more is gone."""
    files = {}
    for path in catalogues():
        catalogue = read(path)
        catalogue.update(texts_of(path.relative_to(ROOT).parts[0]), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        files[path], files[path.with_suffix(".mo")] = written(catalogue), compiled(catalogue)
    return files


def read(path: Path) -> Catalog:
    """A catalogue as it is."""
    catalogue = Shipped(locale=language_of(path), charset="utf-8", fuzzy=False, header_comment="")
    for message in read_po(BytesIO(path.read_bytes()), charset="utf-8"):
        if message.id:
            catalogue[message.id] = message
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """What people edit of a catalogue."""
    text = BytesIO()
    write_po(text, catalogue, width=0, no_location=True)
    return text.getvalue().strip() + b"\n"


def compiled(catalogue: Catalog) -> bytes:
    """What Django reads of a catalogue."""
    machine = BytesIO()
    write_mo(machine, catalogue)
    return machine.getvalue()
