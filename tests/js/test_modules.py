"""The pure parts of the scripts, tested in node without a browser."""

import subprocess
from pathlib import Path

import pytest

from nnbook.site.scripts import node_binary

# Nothing of the packages runs here that coverage could see.
pytestmark = pytest.mark.no_cover

FILES = sorted(Path(__file__).parent.glob("*.test.js"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_modules_do_what_their_tests_say(file):
    command = [node_binary(), "--test", "--test-reporter=spec", file]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_tests():
    assert len(FILES) > 3
