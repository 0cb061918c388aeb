"""What the stand-alone site keeps on this machine, and what it is told before settings are read."""

import argparse
import contextlib
import os
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
DEFAULT_HOST = "127.0.0.1"
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
#: Addresses that stand for every one that the machine has.
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 (recognised, not bound)


def state_dir() -> Path:
    """Where the site writes: ``STATE_DIR``, by default ``var`` in the checkout."""
    return Path(os.environ.get("STATE_DIR") or BASE_DIR / "var").absolute()


def secret_key_file() -> Path:
    """The secret that quickstart has made, for a site that was given none."""
    return state_dir() / "secret_key"


def prepare_environment(arguments: Sequence[str]) -> None:
    """See to the settings that ``manage.py ARGUMENTS`` can't be expected to be given.

    Without a ``SECRET_KEY``, quickstart makes its own and keeps it, and other commands use the one
    that it has made. Without ``ALLOWED_HOSTS``, quickstart answers on the address that it is told
    to listen on.
    """
    is_quickstart = arguments[:1] == ["quickstart"]
    if not os.environ.get("SECRET_KEY"):
        secret = _kept_secret() or (_make_secret() if is_quickstart else None)
        if secret:
            os.environ["SECRET_KEY"] = secret
    if is_quickstart and not os.environ.get("ALLOWED_HOSTS"):
        os.environ["ALLOWED_HOSTS"] = ",".join(_hosts(_host_of(arguments)))


def in_url(host: str) -> str:
    """The host as an address has it: one of IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def _kept_secret() -> str | None:
    try:
        return secret_key_file().read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None


def _make_secret() -> str:
    file = secret_key_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    secret = secrets.token_urlsafe(50)
    # Complete under its name or not there at all, also when this is interrupted; mode 0600.
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".secret_key")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as draft:
            draft.write(f"{secret}\n")
        Path(name).replace(file)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
    return secret


def _host_of(arguments: Sequence[str]) -> str:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--host", default=DEFAULT_HOST)
    known, _others = parser.parse_known_args(list(arguments))
    host: str = known.host
    return host


def _hosts(host: str) -> Sequence[str]:
    return ["*"] if host in ANY_ADDRESS else [*LOCAL_HOSTS, in_url(host)]
