#!/usr/bin/env bash
# What WSGI servers do with a body that the application does not read, on a connection that both
# sides keep open: POST, answered at once, then GET on the same connection, ten times.
#
# Versions: granian 2.8.7, gunicorn 27.0.1 (gthread), waitress 3.0.2, uWSGI 2.0.31; Python 3.11.
# Expected: each server reads the rest of the body, or says "Connection: close" in its response.
# Seen: only waitress does: 0 of 10 lost. gunicorn reads 60 kB, 0 lost, and closes without a word at
#   200 kB, 10 lost. granian closes without a word, 9 or 10 lost (7 of 20 with a kilobyte). uWSGI's
#   --http-socket closes after each response without a word, 10 lost.
# Source: PEP 3333 says nothing of it; RFC 9112, 9.3 asks a server to read the body or to close.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet granian==2.8.7 gunicorn==27.0.1 waitress==3.0.2 uwsgi==2.0.31
cat >"$folder/app.py" <<'PYTHON'
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]
PYTHON
cat >"$folder/try.py" <<'PYTHON'
import contextlib, http.client, socket, subprocess, sys, time

BIN = sys.argv[1]
COMMANDS = {
    "granian": ["granian", "--interface", "wsgi", "--log-level", "error", "--port", "PORT"],
    "gunicorn": ["gunicorn", "-k", "gthread", "--log-level", "error", "-b", "127.0.0.1:PORT"],
    "waitress": ["waitress-serve", "--listen=127.0.0.1:PORT"],
    "uwsgi": ["uwsgi", "--disable-logging", "--http-socket", "127.0.0.1:PORT", "--master", "--module"],
}
#: Whether any of the next requests is lost.
EXPECTED = {
    ("granian", 60_000): True, ("granian", 200_000): True,
    ("gunicorn", 60_000): False, ("gunicorn", 200_000): True,
    ("waitress", 60_000): False, ("waitress", 200_000): False,
    ("uwsgi", 60_000): True, ("uwsgi", 200_000): True,
}


def lost(port, size):
    count = 0
    for _ in range(10):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with contextlib.closing(connection):
            try:
                connection.request("POST", "/", b"x" * size)
                connection.getresponse().read()
                if connection.sock is not None:  # the response did not say "close"
                    connection.auto_open = False
                connection.request("GET", "/")
                connection.getresponse().read()
            except (OSError, http.client.HTTPException):
                count += 1
    return count


seen = {}
for name, command in COMMANDS.items():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [word.replace("PORT", str(port)) for word in command]
    server = subprocess.Popen([f"{BIN}/{words[0]}", *words[1:], "app:application"], stderr=subprocess.DEVNULL)
    try:
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        for size in (60_000, 200_000):
            count = lost(port, size)
            seen[name, size] = count > 0
            print(f"{name}: {size:,} bytes unread, {count} of 10 next requests lost")
    finally:
        server.kill()
        server.wait()
sys.exit(seen != EXPECTED)
PYTHON
cd "$folder" && "$folder/venv/bin/python" try.py "$folder/venv/bin"
