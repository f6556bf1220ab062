"""Samples are columns: three functions that build such arrays, and the check of their shape."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnmaths.arrays import check_data, column, columns, one_hot

tables = hnp.arrays(float, hnp.array_shapes(min_dims=2, max_dims=2), elements=st.floats(-9, 9))


def test_a_list_becomes_a_column():
    assert column([1.0, 2.0]).tolist() == [[1.0], [2.0]]


@given(tables)
def test_sample_i_of_the_table_is_column_i(rows):
    x = columns(rows)
    assert x.shape == rows.shape[::-1]
    assert all((x[:, i] == rows[i]).all() for i in range(len(rows)))


@given(tables)
def test_columns_of_a_row_major_table_are_a_view_with_each_sample_contiguous(rows):
    x = columns(rows)
    assert np.shares_memory(x, rows)
    assert x.flags.f_contiguous


def test_columns_of_a_column_major_table_are_copied_so_that_samples_stay_contiguous():
    rows = np.asfortranarray(np.arange(6.0).reshape(3, 2))
    x = columns(rows)
    assert x.flags.f_contiguous
    assert (x == rows.T).all()


def test_one_hot_by_hand():
    assert one_hot([2, 0], 3).tolist() == [[0, 1], [0, 0], [1, 0]]


@given(st.integers(1, 12).flatmap(lambda K: st.tuples(st.just(K), st.lists(st.integers(0, K - 1)))))
def test_each_column_of_one_hot_is_1_at_its_label_and_0_elsewhere(case):
    K, labels = case
    y = one_hot(np.array(labels, dtype=int), K)
    assert y.shape == (K, len(labels))
    assert ((y == 0) | (y == 1)).all()
    assert (y.sum(axis=0) == 1).all()
    assert (y.argmax(axis=0) == labels).all()


def test_one_hot_keeps_samples_contiguous():
    assert one_hot([0, 1, 2, 1], 3).flags.f_contiguous


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: column([[1, 2]]), ValueError, "column: expected shape (n,), found (1, 2)"),
        (lambda: column(3.0), ValueError, "column: expected shape (n,), found ()"),
        (lambda: columns([1, 2, 3]), ValueError, "columns: expected shape (N, n), found (3,)"),
        (
            lambda: columns(np.zeros((2, 2, 2))),
            ValueError,
            "columns: expected shape (N, n), found (2, 2, 2)",
        ),
        (
            lambda: one_hot([0.0, 1.0], 2),
            TypeError,
            "labels: expected integers 0…1, found dtype float64",
        ),
        (
            lambda: one_hot([True, False], 2),
            TypeError,
            "labels: expected integers 0…1, found dtype bool",
        ),
        (lambda: one_hot([0, 3, 1], 3), ValueError, "labels: expected integers 0…2, found 3"),
        (lambda: one_hot([0, -1], 3), ValueError, "labels: expected integers 0…2, found -1"),
        (lambda: one_hot([[0, 1]], 3), ValueError, "labels: expected shape (N,), found (1, 2)"),
    ],
)
def test_arrays_outside_the_convention_are_rejected_by_name_and_shape(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        (np.zeros(4), ValueError, "x: expected shape (2, N), found (4,)"),
        (np.zeros((3, 4)), ValueError, "x: expected shape (2, N), found (3, 4)"),
        (np.zeros((2, 0)), ValueError, "x: expected shape (2, N), found (2, 0)"),
        (np.zeros((2, 1), complex), TypeError, "x: expected real numbers, found dtype complex128"),
        (np.full((2, 1), "a"), TypeError, "x: expected real numbers, found dtype <U1"),
        (np.full((2, 1), np.nan), ValueError, "x: expected finite numbers, found NaN or infinity"),
        (np.full((2, 1), -np.inf), ValueError, "x: expected finite numbers, found NaN or infinity"),
    ],
)
def test_data_that_are_not_finite_columns_are_rejected(values, error, message):
    with pytest.raises(error, match=re.escape(message)):
        check_data("x", values, 2)


@pytest.mark.parametrize("dtype", [float, np.float32, int, np.uint8, bool])
def test_data_of_every_real_type_pass(dtype):
    assert check_data("x", np.ones((2, 3), dtype), 2) is None
