"""Terms: where a chapter sets one in bold it leads to the glossary, and the glossary leads back."""

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging

from nnbook.site.numbering import chapter

log = logging.getLogger(__name__)

PAGE = "book/glossary"


def key(node: nodes.Node) -> str:
    """Return the text of a term as it is looked up."""
    return " ".join(node.astext().lower().split())


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Note where a chapter defines its terms, and give each place an id."""
    docname = app.env.docname
    places = app.env.nn_terms = getattr(app.env, "nn_terms", {})
    for gone in [term for term, (page, _) in places.items() if page == docname]:
        del places[gone]
    if not chapter(docname):
        return
    for strong in list(doctree.findall(nodes.strong)):
        name = nodes.make_id(f"defined-{strong.astext()}")
        strong["ids"].append(name)
        places.setdefault(key(strong), (docname, name))
        # an entry that nobody sees, for the search: what is looked for is found where it is defined
        entry = ("single", strong.astext(), name, "main", None)
        strong.parent.insert(strong.parent.index(strong), addnodes.index(entries=[entry]))


def entries(app: Sphinx) -> dict[str, str]:
    """Return term → anchor of the glossary."""
    objects = app.env.get_domain("std").objects
    return {
        " ".join(name.lower().split()): anchor
        for (kind, name), (page, anchor) in objects.items()
        if kind == "term" and page == PAGE
    }


def link(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link bold terms of a chapter to the glossary, and entries of the glossary to chapters."""
    if chapter(docname):
        known, page = entries(app), app.builder.get_relative_uri(docname, PAGE)
        for strong in list(doctree.findall(nodes.strong)):
            if anchor := known.get(key(strong)):
                uri = f"{page}#{anchor}"
                inside = nodes.reference("", "", *strong.children, internal=True, refuri=uri)
                strong.children = []
                strong += inside
    if docname == PAGE:
        for item in doctree.findall(nodes.definition_list_item):
            lead_back(app, item)


def lead_back(app: Sphinx, item: nodes.definition_list_item) -> None:
    """Add to an entry of the glossary the place where a chapter defines it."""
    terms = [child for child in item.children if isinstance(child, nodes.term)]
    found = [app.env.nn_terms[key(t)] for t in terms if key(t) in app.env.nn_terms]
    if not found:
        log.warning("no chapter defines %s", terms[0].astext(), location=item)
        return
    page, name = found[0]
    uri = f"{app.builder.get_relative_uri(PAGE, page)}#{name}"
    last = item.children[-1].children[-1]
    last += nodes.Text(" ")
    last += nodes.reference("", f"Chapter {chapter(page)}", internal=True, refuri=uri)
    last += nodes.Text(".")


def setup(app: Sphinx) -> None:
    """Register the two passes."""
    app.connect("doctree-read", collect)
    app.connect("doctree-resolved", link)
