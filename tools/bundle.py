"""Bundle the scripts of the book into _build/assets, where JupyterLab's widget finds its own."""

from nnbook.site.scripts import bundle_assets

if __name__ == "__main__":
    bundle_assets()
