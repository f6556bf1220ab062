"""Every data set is seeded, offline, in columns, and matches its name."""

from pathlib import Path

import numpy as np
import pytest
from strategies import ROUNDING, rng

from nnmaths.datasets import (
    Data,
    circles,
    digits,
    linear_regression,
    mislabelled,
    mnist,
    moons,
    spiral,
    split,
    standardise,
    xor,
)

RANDOM = [moons, circles, spiral, linear_regression]
every_random_set = pytest.mark.parametrize("make", RANDOM, ids=lambda make: make.__name__)
PLANE = pytest.mark.parametrize("make", [moons, circles, spiral], ids=lambda make: make.__name__)


def is_in_columns(data):
    """Return whether x and y are float columns with equally many samples, each contiguous."""
    x, y = data.x, data.y
    return (
        x.ndim == y.ndim == 2
        and x.shape[1] == y.shape[1]
        and x.dtype == y.dtype == float
        and all(values.T.flags.c_contiguous for values in (x, y))
    )


def test_xor_by_hand():
    x, y = xor()
    assert x.tolist() == [[0, 0, 1, 1], [0, 1, 0, 1]]
    assert y.tolist() == [[0, 1, 1, 0]]


@pytest.mark.parametrize("data", [xor(), digits()], ids=["xor", "digits"])
def test_fixed_sets_are_in_columns(data):
    assert is_in_columns(data)


@every_random_set
def test_random_sets_are_in_columns_and_repeat_with_their_seed(make):
    data, again, other = make(30, rng(1)), make(30, rng(1)), make(30, rng(2))
    assert is_in_columns(data)
    assert data.x.shape[1] == 30
    assert (data.x == again.x).all()
    assert (data.y == again.y).all()
    assert (data.x != other.x).any()


@every_random_set
def test_random_sets_draw_from_the_generator_that_is_passed(make):
    generator = rng(1)
    first, second = make(5, generator), make(5, generator)
    assert (first.x != second.x).any()


@PLANE
@pytest.mark.parametrize("N", [1, 10, 11])
def test_the_two_classes_of_a_plane_set_have_the_same_size(make, N):
    y = make(N, rng()).y
    assert y.shape == (1, N)
    assert y.sum() == N // 2
    assert set(y.ravel()) <= {0.0, 1.0}


def test_moons_without_noise_lie_on_two_half_circles():
    x, y = moons(100, rng(1), noise=0)
    up, down = x[:, y[0] == 0], x[:, y[0] == 1]
    np.testing.assert_allclose((up**2).sum(axis=0), 1, rtol=ROUNDING)
    assert (up[1] >= 0).all()
    np.testing.assert_allclose((down[0] - 1) ** 2 + (down[1] - 0.5) ** 2, 1, rtol=ROUNDING)
    assert (down[1] <= 0.5).all()


def test_circles_without_noise_have_their_radii():
    x, y = circles(100, rng(1), noise=0, inner=0.3)
    radius = np.hypot(*x)
    np.testing.assert_allclose(radius, np.where(y[0] == 0, 1, 0.3), rtol=ROUNDING)


def test_the_arms_of_a_spiral_without_noise_are_opposite_at_each_radius():
    turns = 1.5
    x, y = spiral(100, rng(1), noise=0, turns=turns)
    radius = np.hypot(*x)
    assert radius.min() >= 0.1
    assert radius.max() <= 1
    angle = 2 * np.pi * turns * radius + np.pi * y[0]
    np.testing.assert_allclose(x, radius * [np.cos(angle), np.sin(angle)], atol=ROUNDING)


@PLANE
def test_noise_is_a_standard_deviation_in_each_coordinate(make):
    noisy, clean = make(20_000, rng(1), noise=0.1), make(20_000, rng(1), noise=0)
    # 20,000 draws: a standard deviation is uncertain by 1/√40000 = 0.5 %.
    np.testing.assert_allclose((noisy.x - clean.x).std(axis=1), 0.1, rtol=0.025)
    assert (noisy.y == clean.y).all()


def test_a_regression_without_noise_is_its_known_answer():
    line = linear_regression(20, rng(1), w=(3.0, 0.0, -1.0), b=2, noise=0)
    assert line.w.tolist() == [[3.0, 0.0, -1.0]]
    assert line.b.tolist() == [[2.0]]
    np.testing.assert_allclose(line.y, line.w @ line.x + line.b, atol=ROUNDING)


def test_least_squares_recovers_the_known_answer():
    x, y, w, b = linear_regression(10_000, rng(1))
    design = np.vstack([x, np.ones((1, x.shape[1]))])
    found = np.linalg.solve(design @ design.T, design @ y.T)
    # Noise of 0.1 on 10,000 samples: each number is uncertain by about 0.001.
    np.testing.assert_allclose(found.T, np.hstack([w, b]), atol=0.005)


def test_the_digits_are_the_known_ones():
    x, y = digits()
    assert x.shape == (64, 1797)
    assert y.shape == (10, 1797)
    assert y.sum(axis=1).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (y.sum(axis=0) == 1).all()
    assert set(np.unique(16 * x)) == set(range(17))
    assert y.argmax(axis=0)[:10].tolist() == list(range(10))
    # The sum of all grey values, and the first image, as in the repository.
    assert (16 * x).sum() == 561_718
    assert (16 * x[:8, 0]).tolist() == [0, 0, 5, 13, 9, 1, 0, 0]


def test_picking_samples_of_the_digits_reads_whole_rows_of_memory():
    x = digits().x
    assert x.strides == (8, 64 * 8)
    assert np.ascontiguousarray(x).strides == (1797 * 8, 8)


def test_a_copy_with_features_in_rows_is_rejected():
    x, y = xor()
    assert not is_in_columns(xor()._replace(x=np.ascontiguousarray(x)))
    assert not is_in_columns(xor()._replace(y=y[:, :3]))


# Splitting ------------------------------------------------------------------------------------


def numbered(N):
    """Return samples with their own number as x and minus that number as y."""
    return Data(np.arange(float(N))[None, :], -np.arange(float(N))[None, :])


def test_a_split_uses_every_sample_once_in_random_order():
    data = numbered(20)
    parts = split(data, (12, 5, 3), rng(1))
    assert [part.x.shape for part in parts] == [(1, 12), (1, 5), (1, 3)]
    everything = np.hstack([part.x for part in parts])
    assert sorted(everything.ravel()) == list(range(20))
    assert (everything != data.x).any()


def test_a_split_keeps_each_target_with_its_input_and_repeats_with_its_seed():
    for part, again in zip(
        split(numbered(9), (6, 3), rng(1)), split(numbered(9), (6, 3), rng(1)), strict=True
    ):
        assert is_in_columns(part)
        assert (part.y == -part.x).all()
        assert (part.x == again.x).all()


@pytest.mark.parametrize("sizes", [(5, 4), (10, 1), (10, 0), (12, -2), ()])
def test_sizes_that_do_not_add_up_are_refused(sizes):
    with pytest.raises(ValueError, match=r"sizes: expected numbers ≥ 1 that add up to N = 10"):
        split(numbered(10), sizes, rng())


# Standardising --------------------------------------------------------------------------------


def test_standardising_by_hand():
    train = Data(np.array([[1.0, 3.0], [10.0, 30.0]]), np.zeros((1, 2)))
    other = Data(np.array([[5.0], [20.0]]), np.ones((1, 1)))
    first, second = standardise(train, other)
    assert first.x.tolist() == [[-1, 1], [-1, 1]]
    assert second.x.tolist() == [[3], [0]]  # with x̄ and s of the training set
    assert second.y is other.y


def test_each_standardised_input_has_mean_0_and_standard_deviation_1():
    x = rng(1).standard_normal((3, 50)) * [[1.0], [1000.0], [0.01]] + [[0.0], [5.0], [-7.0]]
    (data,) = standardise(Data(x, np.zeros((1, 50))))
    np.testing.assert_allclose(data.x.mean(axis=1), 0, atol=1e-10)
    np.testing.assert_allclose(data.x.std(axis=1), 1, rtol=1e-10)


def test_a_constant_input_is_rejected_by_its_index():
    # Rounding gives the first row a standard deviation of 1e-17 or so, not 0.
    x = np.stack([np.full(10, 0.3), np.arange(10.0), np.zeros(10)])
    with pytest.raises(ValueError, match=r"x: inputs \[0, 2\] are constant, so s = 0"):
        standardise(Data(x, np.zeros((1, 10))))


# Mislabelling ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "wrong"), [(0, 0), (0.1, 10), (0.234, 23), (1, 100)])
def test_only_the_given_fraction_of_the_labels_is_changed(share, wrong):
    data = moons(100, rng(1))
    changed = mislabelled(data, share, rng(2))
    assert changed.x is data.x
    assert is_in_columns(changed)
    assert (changed.y != data.y).sum() == wrong
    assert set(np.unique(changed.y)) <= {0.0, 1.0}


def test_a_wrong_class_is_drawn_uniformly_from_the_others():
    data = Data(np.zeros((1, 9000)), np.repeat([[1.0], [0.0], [0.0], [0.0]], 9000, axis=1))
    changed = mislabelled(data, 1, rng(1))
    assert (changed.y.sum(axis=0) == 1).all()
    counts = changed.y.sum(axis=1)
    assert counts[0] == 0
    np.testing.assert_allclose(counts[1:], 3000, rtol=0.06)  # a standard deviation of 45 in 3000


def test_labels_are_changed_by_the_generator_that_is_passed():
    data = digits()
    first, again, other = (mislabelled(data, 0.1, rng(seed)).y for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_is_a_number_from_0_to_1(share):
    with pytest.raises(ValueError, match="share: expected a number from 0 to 1"):
        mislabelled(xor(), share, rng())


@pytest.mark.parametrize("y", [[[0.5, 1.0]], [[1.0, 1.0], [1.0, 0.0]]])
def test_targets_that_are_not_labels_are_rejected(y):
    with pytest.raises(ValueError, match="y: expected one row of 0 and 1 or one-hot columns"):
        mislabelled(Data(np.zeros((1, 2)), np.array(y)), 0.5, rng())


# --- MNIST: IDX files -------------------------------------------------------------------------

FETCHED = Path(__file__).resolve().parents[2] / "data" / "mnist"
GREY = np.arange(3 * 4, dtype=np.uint8).reshape(3, 2, 2) * 20 + 35  # three images of 2 × 2


def idx_file(values, kind=8):
    """Return the bytes of an IDX file: kind and number of axes, their lengths, the values."""
    lengths = b"".join(int(n).to_bytes(4, "big") for n in values.shape)
    return bytes([0, 0, kind, values.ndim]) + lengths + values.astype(np.uint8).tobytes()


@pytest.fixture
def folder(tmp_path):
    """Return a folder with three tiny training images and two test images."""
    for part, count in (("train", 3), ("t10k", 2)):
        (tmp_path / f"{part}-images-idx3-ubyte").write_bytes(idx_file(GREY[:count]))
        labels = np.array([5, 0, 9])[:count]
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(idx_file(labels))
    return tmp_path


def test_idx_files_become_columns(folder):
    learn, judge = mnist(folder)
    assert learn.x.shape == (4, 3)
    assert learn.y.shape == (10, 3)
    np.testing.assert_allclose(learn.x[:, 0], np.array([35, 55, 75, 95]) / 255, rtol=1e-7)
    assert learn.x.max() == 1
    assert learn.y.argmax(axis=0).tolist() == [5, 0, 9]
    assert (learn.y.sum(axis=0) == 1).all()
    assert (judge.x == learn.x[:, :2]).all()
    assert (judge.y == learn.y[:, :2]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_samples_are_contiguous_and_of_the_type_asked_for(folder, dtype):
    for data in mnist(folder, dtype):
        assert {values.dtype for values in data} == {np.dtype(dtype)}
        assert all(values.T.flags.c_contiguous for values in data)


def test_a_missing_folder_or_file_names_the_command(folder):
    with pytest.raises(FileNotFoundError, match=r"nowhere: .*make mnist"):
        mnist(folder / "nowhere")
    (folder / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(FileNotFoundError, match=r"t10k-labels-idx1-ubyte: .*make mnist"):
        mnist(folder)


IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (IMAGES, idx_file(GREY, kind=13), "IDX file of bytes with 3 axes"),
        (IMAGES, idx_file(GREY.reshape(3, 4)), "IDX file of bytes with 3 axes"),
        (IMAGES, b"", "IDX file of bytes with 3 axes"),
        (LABELS, idx_file(GREY), "IDX file of bytes with 1 axes"),
        (IMAGES, idx_file(GREY)[:-1], r"expected \(3, 2, 2\) bytes after the header, found 11"),
        (IMAGES, idx_file(GREY) + b"0", r"expected \(3, 2, 2\) bytes after the header, found 13"),
        (LABELS, idx_file(np.array([1, 2])), "expected 3 labels, one per image, found 2"),
        (LABELS, idx_file(np.array([1, 2, 10])), "expected labels 0…9, found 10"),
    ],
    ids=["kind", "axes", "empty", "images for labels", "short", "long", "too few", "label"],
)
def test_a_file_that_is_not_what_its_name_says_is_named(folder, name, content, said):
    (folder / name).write_bytes(content)
    with pytest.raises(ValueError, match=f"{name}: .*{said}"):
        mnist(folder)


@pytest.mark.skipif(not FETCHED.is_dir(), reason="`make mnist` has not downloaded the digits")
def test_the_downloaded_digits_are_the_known_ones():
    learn, judge = mnist(FETCHED)
    assert learn.x.shape == (784, 60_000)
    assert judge.x.shape == (784, 10_000)
    assert learn.y.argmax(axis=0)[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert judge.y.sum(axis=1).tolist() == counts
    # The well-known mean grey of the training images: 0.1307.
    assert learn.x.mean(dtype=float) == pytest.approx(0.1307, abs=5e-5)
