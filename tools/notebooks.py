"""Execute chapters and store their text outputs, without pictures.

    python tools/notebooks.py store book/06_backpropagation.ipynb

Streams and `text/plain` are stored: what a person reads in a diff and what nbval compares.
Metadata and cell ids come out the same on every machine.
"""

import hashlib
import sys
from collections import Counter
from pathlib import Path

import nbformat
from nbclient import NotebookClient

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def execute(notebook, folder):
    """Run every cell in a fresh kernel whose working directory is `folder`."""
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        coalesce_streams=True,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )
    return client.execute()


def plain(output):
    """Return an output reduced to its text, or None if it has no text."""
    if (
        output.output_type == "error"
    ):  # its cell expects it; a traceback holds paths of this machine
        return nbformat.from_dict({**output, "traceback": []})
    if output.output_type == "stream":
        return output
    if "text/plain" not in output.data:
        return None
    text = {"text/plain": output.data["text/plain"]}
    return nbformat.from_dict({**output, "data": text, "metadata": {}})


def name_cells(cells):
    """Derive each cell's id from its source, so that the id moves with the cell."""
    seen = Counter()
    for cell in cells:
        name = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:8]
        seen[name] += 1
        cell["id"] = name if seen[name] == 1 else f"{name}-{seen[name]}"


def normalise(notebook):
    """Reduce a notebook to what its author wrote and the text that its cells print."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if cell.cell_type == "code":
            cell.outputs = [kept for kept in map(plain, cell.outputs) if kept is not None]
    name_cells(notebook.cells)
    return notebook


def store(path):
    """Execute the notebook at `path` and write it back."""
    notebook = normalise(execute(nbformat.read(path, as_version=4), Path(path).resolve().parent))
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


def main(words):
    """Store each notebook that the command line names."""
    if len(words) < 2 or words[0] != "store":
        sys.exit(__doc__)
    for path in words[1:]:
        print(f"Executing {path} …", flush=True)
        store(path)


if __name__ == "__main__":
    main(sys.argv[1:])
