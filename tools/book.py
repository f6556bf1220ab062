"""Build the book where something changed, and serve it on the loopback address.

    python tools/book.py build
    python tools/book.py serve 8000
    python tools/book.py free 8000      is the port free?

It uses the standard library alone, and syntax that an old Python can read: `free` runs before
anything is installed.
"""

import contextlib
import functools
import gzip
import hashlib
import http.server
import json
import os
import shutil
import socketserver
import subprocess
import sys
import threading
import webbrowser
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
HTML = BUILD / "html"
STAMP = BUILD / ".built.json"
CHAPTERS_SEE = ("drawing", "svg", "explorers", "figures", "ledger")
# What a build was made from, in three parts.
PARTS = {
    # What the cells of a chapter use. When it changes, every output is stale; the execution cache
    # looks at the cells alone, so it does not notice.
    "code": ("src/nnmaths", *(f"src/nnbook/{part}" for part in CHAPTERS_SEE), "requirements.txt"),
    # What shapes every page. Sphinx looks at the pages alone, so it does not notice a change.
    "frame": (
        *("_config.yml", "_toc.yml", "src/nnbook/site", "book/assets", "package-lock.json"),
        ".github/explorer.png",
    ),
    "pages": ("book",),
}
COMMAND = (Path(sys.executable).with_name("jupyter-book"), "build", ".", "-W", "-n", "--keep-going")


def files(names):
    """Yield all files under the given names, in a stable order, without what tools leave behind."""
    for name in names:
        path = ROOT / name
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (
            file
            for file in inside
            if file.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(file.parts)
        )


def digest(names):
    """Return one hash of the paths and contents of all files under the given names."""
    total = hashlib.sha256()
    for file in files(names):
        total.update(str(file.relative_to(ROOT)).encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def last_build():
    """Return the digests that the last build stored; after a failed one, that of the code alone."""
    return json.loads(STAMP.read_text()) if STAMP.exists() else {}


def build():
    """Build the book if one of its parts changed; return the exit code."""
    now, last = {part: digest(names) for part, names in PARTS.items()}, last_build()
    now["frame"] += os.environ.get("BOOK_URL", "")  # the address stands on every page
    if now == last and (HTML / "index.html").exists():
        print("The book is up to date: _build/html", flush=True)
        return 0
    if now["code"] != last.get("code"):
        print("The package changed: every chapter is executed again.", flush=True)
        shutil.rmtree(BUILD / ".jupyter_cache", ignore_errors=True)
    # A failed build stores no digest of the frame, so every page and warning is seen again.
    fresh = any(now[part] != last.get(part) for part in ("code", "frame"))
    if fresh:
        shutil.rmtree(HTML, ignore_errors=True)
    return run_build(now, ["--all"] if fresh else [])


def run_build(now, options):
    """Run Jupyter Book; store on success what was built from."""
    print("Building the book …", flush=True)
    BUILD.mkdir(exist_ok=True)
    STAMP.write_text(json.dumps({"code": now["code"]}))
    done = subprocess.run([*COMMAND, *options], cwd=ROOT, check=False)
    if done.returncode:
        print("Error: the book was not built; see the messages above.", file=sys.stderr)
        return done.returncode
    STAMP.write_text(json.dumps(now))
    return 0


@functools.cache
def gzipped(path):
    """Return the kB that a file costs its reader; fonts are compressed already."""
    data = path.read_bytes()
    return (len(data) if path.suffix == ".woff2" else len(gzip.compress(data, 9))) / 1000


def weight(paths, folder=HTML):
    """Return the kB, gzipped, of some paths of the site."""
    return sum(gzipped(folder / unquote(path).lstrip("/")) for path in set(paths))


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the built pages without logging, and lets no browser keep an old one."""

    def end_headers(self):
        """Tell the browser to ask for a file again each time."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *args):
        """Log nothing."""


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """A server for one reader on this machine."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        """Stay silent: a browser tab that closes early is not an error."""


def bound(folder, port=0):
    """Return a server of a folder on the loopback address; port 0 takes any free one."""
    return Server(("127.0.0.1", port), functools.partial(Handler, directory=str(folder)))


@contextlib.contextmanager
def served(folder):
    """Serve a folder in a thread of this process; yield its address."""
    with bound(folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def server(port):
    """Return a server of the built book at this port; exit with one sentence if it is not free."""
    if not 0 <= port <= 65535:
        sys.exit(f"Error: {port} is not a valid port: choose one from 1 to 65535, as in PORT=8001.")
    try:
        return bound(HTML, port)
    except PermissionError:
        sys.exit(
            f"Error: no permission to use port {port}: choose one above 1023, as in PORT=8001."
        )
    except OSError:
        sys.exit(
            f"Error: port {port} is in use: stop what uses it, or choose another, as in"
            f" PORT={port + 1}."
        )


def has_desktop():
    """Return whether a browser window could open here."""
    return sys.platform == "darwin" or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )


def serve(port):
    """Serve the built book until Ctrl-C."""
    with server(port) as httpd:
        address = f"http://127.0.0.1:{httpd.server_address[1]}/"
        print(f"\nThe book is at {address}   (Ctrl-C stops it)", flush=True)
        if has_desktop():
            webbrowser.open(address)
        try:
            httpd.serve_forever()
        except KeyboardInterrupt:
            print("\nStopped.")


def port_number(text):
    """Return the port that the command line gives; exit with one sentence if it is not a number."""
    if not text.isdecimal():
        sys.exit(f"Error: {text!r} is not a valid port: give a number, as in PORT=8001.")
    return int(text)


def main(words):
    """Run the command that the first word names."""
    if words == ["build"]:
        sys.exit(build())
    if len(words) == 2 and words[0] == "serve":
        serve(port_number(words[1]))
    elif len(words) == 2 and words[0] == "free":
        server(port_number(words[1])).server_close()
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
