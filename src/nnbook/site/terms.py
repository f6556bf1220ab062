"""Link the bold terms of the chapters to the glossary, and its entries to the chapters."""

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging

from nnbook.site.numbering import chapter

log = logging.getLogger(__name__)

_PAGE = "book/glossary"


def _key(node: nodes.Node) -> str:
    """Return the text of a term in lower case, with single spaces."""
    return " ".join(node.astext().lower().split())


def _collect(app: Sphinx, doctree: nodes.document) -> None:
    """Record where a chapter defines its terms, and give each definition an id."""
    docname = app.env.docname
    places = app.env.nn_terms = getattr(app.env, "nn_terms", {})
    for outdated in [term for term, (page, _) in places.items() if page == docname]:
        del places[outdated]
    if not chapter(docname):
        return
    for strong in list(doctree.findall(nodes.strong)):
        name = nodes.make_id(f"defined-{strong.astext()}")
        strong["ids"].append(name)
        places.setdefault(_key(strong), (docname, name))
        # an invisible index entry, so that the search lists the definition of a term first
        entry = ("single", strong.astext(), name, "main", None)
        strong.parent.insert(strong.parent.index(strong), addnodes.index(entries=[entry]))


def _entries(app: Sphinx) -> dict[str, str]:
    """Return the anchors of the glossary by term."""
    objects = app.env.get_domain("std").objects
    return {
        " ".join(name.lower().split()): anchor
        for (kind, name), (page, anchor) in objects.items()
        if kind == "term" and page == _PAGE
    }


def _link(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link bold terms of a chapter to the glossary, and entries of the glossary to chapters."""
    if chapter(docname):
        known, page = _entries(app), app.builder.get_relative_uri(docname, _PAGE)
        for strong in list(doctree.findall(nodes.strong)):
            if anchor := known.get(_key(strong)):
                uri = f"{page}#{anchor}"
                inside = nodes.reference("", "", *strong.children, internal=True, refuri=uri)
                strong.children = []
                strong += inside
    if docname == _PAGE:
        for item in doctree.findall(nodes.definition_list_item):
            _link_back(app, item)


def _link_back(app: Sphinx, item: nodes.definition_list_item) -> None:
    """Add to an entry of the glossary a link to its definition in a chapter."""
    terms = [child for child in item.children if isinstance(child, nodes.term)]
    found = [app.env.nn_terms[_key(t)] for t in terms if _key(t) in app.env.nn_terms]
    if not found:
        log.warning(
            "no chapter sets the term %r in bold to define it", terms[0].astext(), location=item
        )
        return
    page, name = found[0]
    uri = f"{app.builder.get_relative_uri(_PAGE, page)}#{name}"
    last = item.children[-1].children[-1]
    last += nodes.Text(" ")
    last += nodes.reference("", f"Chapter {chapter(page)}", internal=True, refuri=uri)
    last += nodes.Text(".")


def setup(app: Sphinx) -> None:
    """Register the two passes."""
    app.connect("doctree-read", _collect)
    app.connect("doctree-resolved", _link)
