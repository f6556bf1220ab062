"""Typeset formulas with KaTeX at build time, and subset its fonts to the glyphs in use."""

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
# Jupyter Book shows the log of every library; fontTools would report each table of each font.
getLogger("fontTools").setLevel("WARNING")

# A formula that KaTeX cannot parse must fail the build; by default KaTeX prints it in red.
_KATEX_OPTIONS = {"throwOnError": True, "strict": "error", "macros": {}}

# Seconds that a busy machine may take to start node or to render a formula.
_TIMEOUT = 60.0


def _katex_folder(app: Sphinx) -> Path:
    """Return the folder in which npm installed KaTeX."""
    folder = Path(app.srcdir) / "node_modules" / "katex" / "dist"
    if not folder.is_dir():
        raise ExtensionError(
            f"KaTeX is not installed in {folder}: run `make book`, which installs it (npm ci)"
        )
    return folder


def _prepare(app: Sphinx) -> None:
    """Make sphinxcontrib.katex use the local Node.js and KaTeX, and write KaTeX's style sheet."""
    dist = _katex_folder(app)
    katex.NODEJS_BINARY = node_binary()
    katex.KATEX_DEFAULT_OPTIONS = _KATEX_OPTIONS
    server = katex.KaTeXServer
    server.katex_path = str(dist / "katex.min.js")
    server.start_server_process = _start_server
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = _TIMEOUT
    static = Path(app.outdir) / "_static" / "katex"
    (static / "fonts").mkdir(parents=True, exist_ok=True)
    css = (dist / "katex.min.css").read_text(encoding="utf-8")
    static.joinpath("katex.css").write_text(_only_woff2(css), encoding="utf-8")
    app.add_css_file("katex/katex.css")


def _start_server(folder: Path, timeout: float) -> tuple[subprocess.Popen, socket.socket]:
    """Start the KaTeX server on a Unix socket, and connect as soon as it listens.

    The original function connects once the socket file exists, which fails on a slow machine. Its
    network socket would wait, but sends an answer in two packets, the second one 40 ms late.
    """
    address = folder / "katex.sock"
    process = subprocess.Popen(katex.KaTeXServer.build_command(socket=address), cwd=folder)
    end = time.monotonic() + timeout
    while True:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.connect(str(address))
        except OSError:
            line.close()
            if time.monotonic() > end or process.poll() is not None:
                raise ExtensionError(
                    f"KaTeX did not start within {timeout:g} s: check that {node_binary()} runs"
                ) from None
            time.sleep(0.01)
        else:
            return process, line


def _only_woff2(css: str) -> str:
    """Remove the older formats from KaTeX's font rules: all current browsers read woff2."""
    return re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)', "", css)


def _render(latex: str, node: nodes.Node, display: bool) -> str:
    """Return a formula as HTML and MathML; warn about a formula that KaTeX cannot parse."""
    try:
        return _render_by_katex(latex, display)
    except katex.KaTeXError as error:
        log.warning("KaTeX: %s in the formula %r", error, latex, location=node)
        return f"<code>{escape(latex)}</code>"


@cache
def _render_by_katex(latex: str, display: bool) -> str:
    """Return the HTML of a formula, cached because many formulas are repeated."""
    return _minify(katex.render_latex(latex, {"displayMode": display}))


def _minify(html: str) -> str:
    """Remove what no reader sees, 7 kB per chapter.

    That is the LaTeX source in the MathML, and digits of lengths below a tenth of a pixel.
    """
    html = re.sub(r"<annotation .*?</annotation>", "", html, flags=re.DOTALL)
    return re.sub(r"\d*\.\d{3,}(?=em)", lambda length: f"{float(length[0]):.2f}", html)


def _visit_inline(self, node: nodes.math) -> None:
    self.body.append(_render(node.astext(), node, display=False))
    raise nodes.SkipNode


def _visit_display(self, node: nodes.math_block) -> None:
    """Write a displayed formula in a box, with its number and the link to its proof."""
    self.body.append('<div class="nn-eq"><div class="nn-eq-body">')
    self.body.append(_render(node.astext(), node, display=True))
    self.body.append("</div>")
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(
            f'<span class="nn-eq-number">({number}){ledger.proof_link(self, node, number)}'
        )
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def _font_rules(css: str) -> list[tuple[frozenset[str], str]]:
    """Return the font for each set of classes in KaTeX's rules: ({"mathbf"}, "KaTeX_Main-Bold")."""
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


class _GlyphCollector(HTMLParser):
    """Collects, for each font, the characters that KaTeX's visible spans may show in it.

    A font gets all characters below the classes that select it, and the upright main font gets
    every character: some glyphs too many, but none too few.
    """

    def __init__(self, rules: list[tuple[frozenset[str], str]]) -> None:
        """Start outside any formula."""
        super().__init__()
        self.rules = rules
        self.used: dict[str, set[str]] = defaultdict(set)
        self._classes: list[frozenset[str]] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        """Enter a span of a formula, which inherits the classes of its parents."""
        classes = frozenset((dict(attrs).get("class") or "").split())
        if tag == "span" and (self._classes or "katex-html" in classes):
            self._classes.append(classes.union(*self._classes[-1:]))

    def handle_endtag(self, tag: str) -> None:
        """Leave a span."""
        if tag == "span" and self._classes:
            self._classes.pop()

    def handle_data(self, data: str) -> None:
        """Record the characters of a formula."""
        if self._classes:
            self.used["KaTeX_Main-Regular"].update(data)
            for classes, font in self.rules:
                if classes <= self._classes[-1]:
                    self.used[font].update(data)


def _used_glyphs(folder: Path, css: str) -> dict[str, set[str]]:
    """Return for each font the characters that the formulas of the built pages may show in it."""
    found = _GlyphCollector(_font_rules(css))
    for page in sorted(folder.rglob("*.html")):
        found.feed(page.read_text(encoding="utf-8"))
        found.close()
        found.reset()
    return found.used


def _subset_font(font: Path, characters: set[str]) -> bytes:
    """Return the font with only the glyphs of these characters, as woff2."""
    options = subset.Options(flavor="woff2", hinting=False, layout_features=[])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=map(ord, characters))
    face = TTFont(font)
    subsetter.subset(face)
    face.flavor = "woff2"
    output = BytesIO()
    face.save(output)
    return output.getvalue()


def _write_fonts(app: Sphinx, error: Exception | None) -> None:
    """Write subsets of KaTeX's fonts, which are most of the weight of a first visit."""
    if error:
        return
    static = Path(app.outdir) / "_static" / "katex"
    used = _used_glyphs(
        Path(app.outdir) / "book", (static / "katex.css").read_text(encoding="utf-8")
    )
    for font in (_katex_folder(app) / "fonts").glob("*.woff2"):
        static.joinpath("fonts", font.name).write_bytes(_subset_font(font, used[font.stem] | {" "}))


def setup(app: Sphinx) -> None:
    """Register the renderer `book` (html_math_renderer in _config.yml) and what it needs."""
    app.add_html_math_renderer("book", (_visit_inline, None), (_visit_display, None))
    app.connect("builder-inited", _prepare)
    app.connect("build-finished", _write_fonts)
