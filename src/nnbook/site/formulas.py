"""Formulas: KaTeX at build time, no script on the page, fonts cut to the glyphs in use."""

import re
import socket
import subprocess
import time
from collections import defaultdict
from functools import cache
from html import escape
from html.parser import HTMLParser
from io import BytesIO
from logging import getLogger
from pathlib import Path

import sphinxcontrib.katex as katex
from docutils import nodes
from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from nnbook.site import ledger
from nnbook.site.scripts import node_binary

log = logging.getLogger(__name__)
# Jupyter Book lets every library report its progress; the subsetter does so for each table.
getLogger("fontTools").setLevel("WARNING")

# A formula that KaTeX cannot read must fail the build; KaTeX's default prints it in red.
KATEX_OPTIONS = {"throwOnError": True, "strict": "error", "macros": {}}

# Seconds that a busy machine may take to start node or to set a formula.
PATIENCE = 60.0


def katex_folder(app: Sphinx) -> Path:
    """Return where npm put KaTeX; say what to do when it is not there."""
    folder = Path(app.srcdir) / "node_modules" / "katex" / "dist"
    if not folder.is_dir():
        raise ExtensionError("KaTeX is missing: run `make book`, which installs it (npm ci).")
    return folder


def prepare(app: Sphinx) -> None:
    """Point sphinxcontrib.katex at the local node and KaTeX, and write its style sheet."""
    dist = katex_folder(app)
    katex.NODEJS_BINARY = node_binary()
    katex.KATEX_DEFAULT_OPTIONS = KATEX_OPTIONS
    server = katex.KaTeXServer
    server.katex_path = str(dist / "katex.min.js")
    server.start_server_process = start_server
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = PATIENCE
    static = Path(app.outdir) / "_static" / "katex"
    (static / "fonts").mkdir(parents=True, exist_ok=True)
    css = (dist / "katex.min.css").read_text(encoding="utf-8")
    static.joinpath("katex.css").write_text(only_woff2(css), encoding="utf-8")
    app.add_css_file("katex/katex.css")


def start_server(folder: Path, patience: float) -> tuple[subprocess.Popen, socket.socket]:
    """Start KaTeX behind a file socket, and connect as soon as it listens.

    Its own start takes the file for a listener, and fails where a machine is slow. Its network
    socket waits, but its answers come in two pieces, and the second one 40 ms late.
    """
    address = folder / "katex.sock"
    process = subprocess.Popen(katex.KaTeXServer.build_command(socket=address), cwd=folder)
    end = time.monotonic() + patience
    while True:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.connect(str(address))
        except OSError:
            line.close()
            if time.monotonic() > end or process.poll() is not None:
                raise ExtensionError("KaTeX does not answer: is node able to run?") from None
            time.sleep(0.01)
        else:
            return process, line


def only_woff2(css: str) -> str:
    """Drop the older formats from KaTeX's font rules: every browser in use reads woff2."""
    return re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)', "", css)


def rendered(latex: str, node: nodes.Node, display: bool) -> str:
    """Return KaTeX's HTML and MathML; a formula it cannot read becomes a warning of the build."""
    try:
        return set_by_katex(latex, display)
    except katex.KaTeXError as error:
        log.warning("KaTeX: %s, in %r", error, latex, location=node)
        return f"<code>{escape(latex)}</code>"


@cache
def set_by_katex(latex: str, display: bool) -> str:
    """Return the HTML of a formula; most stand on a page many times."""
    return lean(katex.render_latex(latex, {"displayMode": display}))


def lean(html: str) -> str:
    """Drop what no reader sees: 7 kB of a chapter.

    That is the LaTeX source inside the MathML, and the digits of a length after a tenth of a pixel.
    """
    html = re.sub(r"<annotation .*?</annotation>", "", html, flags=re.DOTALL)
    return re.sub(r"\d*\.\d{3,}(?=em)", lambda length: f"{float(length[0]):.2f}", html)


def visit_inline(self, node: nodes.math) -> None:
    """Set a formula in the line."""
    self.body.append(rendered(node.astext(), node, display=False))
    raise nodes.SkipNode


def visit_display(self, node: nodes.math_block) -> None:
    """Set a displayed formula in a box of its own, with its number and the mark of its proof."""
    self.body.append('<div class="nn-eq"><div class="nn-eq-body">')
    self.body.append(rendered(node.astext(), node, display=True))
    self.body.append("</div>")
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="nn-eq-number">({number}){ledger.mark(self, node, number)}')
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def faces(css: str) -> list[tuple[frozenset[str], str]]:
    """Return which font KaTeX's rules ask for: [({"mathbf"}, "KaTeX_Main-Bold"), …]."""
    found = []
    for selectors, style in re.findall(
        r"([^{}]+)\{([^{}]*font-(?:family|weight|style):[^{}]*)\}", css
    ):
        family = re.search(r"font-family:(KaTeX_\w+)", style)
        bold = "Bold" if "font-weight:700" in style else ""
        slant = "Italic" if "font-style:italic" in style else ""
        font = f"{family[1] if family else 'KaTeX_Main'}-{bold + slant or 'Regular'}"
        for selector in selectors.split(","):
            classes = frozenset(re.findall(r"\.([\w-]+)", selector)) - {"katex"}
            if classes:
                found.append((classes, font))
    return found


class Glyphs(HTMLParser):
    """Collects, for each font, the characters that KaTeX's visible spans may show in it.

    A font gets what stands anywhere under the classes that ask for it: a few glyphs too many,
    and none too few. The upright main font gets all.
    """

    def __init__(self, rules: list[tuple[frozenset[str], str]]) -> None:
        """Start outside of any formula."""
        super().__init__()
        self.rules = rules
        self.used: dict[str, set[str]] = defaultdict(set)
        self._classes: list[frozenset[str]] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        """Enter a span of a formula: what its parents are, it is too."""
        classes = frozenset((dict(attrs).get("class") or "").split())
        if tag == "span" and (self._classes or "katex-html" in classes):
            self._classes.append(classes.union(*self._classes[-1:]))

    def handle_endtag(self, tag: str) -> None:
        """Leave a span."""
        if tag == "span" and self._classes:
            self._classes.pop()

    def handle_data(self, data: str) -> None:
        """Keep the characters of a formula."""
        if self._classes:
            self.used["KaTeX_Main-Regular"].update(data)
            for classes, font in self.rules:
                if classes <= self._classes[-1]:
                    self.used[font].update(data)


def glyphs_in(folder: Path, css: str) -> dict[str, set[str]]:
    """Return font → every character that a formula of the built pages may show in it."""
    found = Glyphs(faces(css))
    for page in sorted(folder.rglob("*.html")):
        found.feed(page.read_text(encoding="utf-8"))
        found.close()
        found.reset()
    return found.used


def cut(font: Path, characters: set[str]) -> bytes:
    """Return the font with the glyphs of these characters only, as woff2."""
    options = subset.Options(flavor="woff2", hinting=False, layout_features=[])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=map(ord, characters))
    face = TTFont(font)
    cutter.subset(face)
    face.flavor = "woff2"
    packed = BytesIO()
    face.save(packed)
    return packed.getvalue()


def write_fonts(app: Sphinx, failure: Exception | None) -> None:
    """Write KaTeX's fonts, cut to what the pages show: that is most of a first visit."""
    if failure:
        return
    static = Path(app.outdir) / "_static" / "katex"
    used = glyphs_in(Path(app.outdir) / "book", (static / "katex.css").read_text(encoding="utf-8"))
    for font in (katex_folder(app) / "fonts").glob("*.woff2"):
        static.joinpath("fonts", font.name).write_bytes(cut(font, used[font.stem] | {" "}))


def setup(app: Sphinx) -> None:
    """Make `book` the renderer of formulas (html_math_renderer in _config.yml)."""
    app.add_html_math_renderer("book", (visit_inline, None), (visit_display, None))
    app.connect("builder-inited", prepare)
    app.connect("build-finished", write_fonts)
