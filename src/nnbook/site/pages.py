"""Light pages: no script that is not used, a description, and the link to the notebook."""

import re
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.util.osutil import relative_uri

from nnbook.ledger.cache import fingerprint
from nnbook.site.numbering import chapter
from nnbook.site.scripts import PAGE_SCRIPTS, bundle_assets
from nnbook.site.scripts import STYLES as OUR_STYLES

HERE = Path(__file__).parent

# Jupyter Book brings the scripts and styles of a dozen extensions; a page needs these.
STYLES = {"pygments.css", "styles/furo.css", "book.css"}
SCRIPTS = {"scripts/furo.js", "book.js"}
# names, operators, punctuation, spaces: text like the rest, so no element is needed
PLAIN_TOKEN = re.compile(r'<span class="(?:n|nn|o|p|w)">([^<]*)</span>')
# The settings of sphinx-thebe, which no page uses.
THEBE = re.compile(
    r'<script type="text/x-thebe-config">.*?</script>|<script>kernelName = .*?</script>', re.DOTALL
)
SEARCH_SCRIPTS = {"documentation_options.js", "doctools.js", "sphinx_highlight.js"}


def configure(app: Sphinx, config: Config) -> None:
    """Set what _config.yml cannot say: scripts, dark code style, templates, the cache's key."""
    try:
        config.html_static_path = [str(bundle_assets())]
    except FileNotFoundError as error:
        raise ExtensionError(str(error)) from None
    config.pygments_dark_style = "a11y-high-contrast-dark"
    config.templates_path.append(str(HERE / "templates"))
    # jupyter-cache looks at the cells only; a change in the package must run them again
    build = Path(app.outdir).parent
    config.nb_execution_cache_path = str(
        build / ".jupyter_cache" / fingerprint("nnmaths", "nnbook")
    )


def lighten(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Keep the scripts, styles and elements that this page uses."""
    body = context.get("body") or ""
    styles, scripts = set(STYLES), set(SCRIPTS)
    if pagename == "search":
        scripts |= SEARCH_SCRIPTS
    if 'class="katex"' in body:
        styles.add("katex/katex.css")
    if '<figure class="picture"' in body or '<figure class="explorer' in body:
        styles.add("explorer.css")
    if '<figure class="explorer"' in body:
        scripts.add("frames.js")
    if '<figure class="explorer live"' in body:
        scripts.add("live.js")
    context["css_files"] = kept(context["css_files"], styles)
    context["script_files"] = kept(context["script_files"], scripts)
    context["body"] = PLAIN_TOKEN.sub(r"\1", THEBE.sub("", body))


def mend(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Fix two incomplete ARIA roles in the HTML of Sphinx and docutils."""
    tree = context["furo_navigation_tree"]
    context["furo_navigation_tree"] = tree.replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )
    body = context.get("body") or ""
    # WAI-ARIA deprecates doc-biblioentry in favour of listitem
    context["body"] = body.replace('role="doc-biblioentry"', 'role="listitem"')


def kept(files: list, names: set[str]) -> list:
    """Return the files that bear one of these names, in their order."""
    return [file for file in files if _static_name(file) in names]


def _static_name(file: Any) -> str:
    """Return a style's or script's name under _static, and "" for a script in the page itself."""
    return (file.filename or "").split("_static/")[-1].split("?")[0]


def describe(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Add a description and, in a chapter, its number and the link to its notebook."""
    if doctree is not None and 'name="description"' not in (context.get("metatags") or ""):
        text = escape(opening(doctree), quote=True)
        context["metatags"] = (
            f'{context.get("metatags", "")}<meta name="description" content="{text}">'
        )
    context["chapter"] = chapter(pagename)
    source = context.get("sourcename", "")
    if source.endswith(".ipynb"):
        here = app.builder.get_target_uri(pagename)
        context["notebook"] = relative_uri(here, f"_sources/{source}")
        context["how_to_run"] = app.builder.get_relative_uri(pagename, "book/index") + "#run"


def opening(doctree: nodes.document, length: int = 155) -> str:
    """Return the first paragraph of a page, truncated at a word boundary."""
    first = next(iter(doctree.findall(nodes.paragraph)), None)
    words = " ".join(first.astext().split()) if first is not None else ""
    return words if len(words) <= length else words[:length].rsplit(" ", 1)[0] + " …"


def setup(app: Sphinx) -> None:
    """Register the style sheets, the scripts, and what is done with each page."""
    app.connect("config-inited", configure, priority=1)
    for style in OUR_STYLES:
        app.add_css_file(style, priority=900)
    for script in PAGE_SCRIPTS:
        app.add_js_file(script, priority=900, loading_method="defer")
    app.connect("html-page-context", describe)
    app.connect("html-page-context", lighten, priority=900)
    app.connect("html-page-context", mend, priority=900)
