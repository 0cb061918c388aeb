#!/usr/bin/env bash
# What a WSGI application reads of a body whose client closes the connection in the middle of it:
# a request of 3,000 bytes, of which 300 are sent.
#
# Versions: granian 2.8.7, gunicorn 27.0.1 (gthread), waitress 3.0.2, uWSGI 2.0.31; Python 3.11.
# Expected (written down after the first run): read() raises an error, as for any connection that breaks.
# Seen: granian and gunicorn return the 300 bytes and then b"", as at the end of a whole body: an
#   application that does not compare with CONTENT_LENGTH takes a cut form for a shorter one.
#   uWSGI raises OSError. waitress never calls the application.
# Source: PEP 3333 leaves it open: "the server should ... simulate an end-of-file condition".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet granian==2.8.7 gunicorn==27.0.1 waitress==3.0.2 uwsgi==2.0.31
cat >"$folder/app.py" <<'PYTHON'
import os


def application(environ, start_response):
    if environ["REQUEST_METHOD"] == "POST":
        left = int(environ["CONTENT_LENGTH"])
        count, end = 0, "end"
        try:
            while left and (chunk := environ["wsgi.input"].read(min(100, left))):
                count, left = count + len(chunk), left - len(chunk)
        except OSError:
            end = "OSError"
        with open(os.environ["SEEN"], "a") as file:
            file.write(f"{count} {end}\n")
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]
PYTHON
cat >"$folder/try.py" <<'PYTHON'
import contextlib, os, pathlib, socket, subprocess, sys, time

BIN = sys.argv[1]
COMMANDS = {
    "granian": ["granian", "--interface", "wsgi", "--log-level", "error", "--port", "PORT"],
    "gunicorn": ["gunicorn", "-k", "gthread", "--log-level", "error", "-b", "127.0.0.1:PORT"],
    "waitress": ["waitress-serve", "--listen=127.0.0.1:PORT"],
    "uwsgi": ["uwsgi", "--disable-logging", "--http-socket", "127.0.0.1:PORT", "--master", "--module"],
}
EXPECTED = {"granian": "300 end", "gunicorn": "300 end", "waitress": "", "uwsgi": "OSError"}
seen = {}
for name, command in COMMANDS.items():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [word.replace("PORT", str(port)) for word in command]
    file = pathlib.Path(f"seen-{name}")
    server = subprocess.Popen(
        [f"{BIN}/{words[0]}", *words[1:], "app:application"],
        stderr=subprocess.DEVNULL, env=os.environ | {"SEEN": str(file)},
    )
    try:
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000\r\n\r\n" + b"x" * 300)
            time.sleep(1)
        time.sleep(5)
        text = file.read_text().strip() if file.exists() else ""
        # How much uWSGI had read before differs.
        seen[name] = "OSError" if text.endswith("OSError") else text
        print(f"{name}: {text or 'the application is not called'}")
    finally:
        server.kill()
        server.wait()
sys.exit(seen != EXPECTED)
PYTHON
cd "$folder" && "$folder/venv/bin/python" try.py "$folder/venv/bin"
