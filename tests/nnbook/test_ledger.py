"""The ledger: every formula is proved, every wrong version is rejected, and checks can fail."""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import sympy as sp

from nnbook.ledger import __main__ as command
from nnbook.ledger.cache import proofs_file
from nnbook.ledger.fixtures import entry, matrix, replace_indexed, unknown, value
from nnbook.ledger.mutate import CAP, mutants
from nnbook.ledger.registry import (
    MINIMUM_WRONG,
    Refuted,
    agree,
    equal,
    ledger,
    proof_source,
    prove,
    register,
    require,
    wrong_versions,
)
from nnmaths.symbolic import Symbols
from nnmaths.symbolic.equality import rename

LEDGER = ledger()
x, y, t = sp.symbols("x y t", real=True)
i, j, k, n, N = sp.symbols("i j k n N", integer=True, positive=True)
w, a = sp.IndexedBase("w"), sp.IndexedBase("a")
A, B = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("B", n, n)


def formula(claim=2 * x, truth=2 * x, verify=None, wrong=None, **fields):
    """Return a small formula in its own ledger, by default a true one with a sound check."""
    wrong = {"one": sp.S(1), "two": x, "three": x**2} if wrong is None else wrong
    fields = {"chapter": 1, "title": "t", "kind": "exact", "latex": "x", "method": "m"} | fields
    enter = register("eq-small", into={}, claim=claim, wrong=wrong, **fields)
    return enter(verify or (lambda claim: agree(claim, truth)))


# --- every formula -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def proved():
    """Return the results for the current ledger: the stored ones, or else those of a new run."""
    file = proofs_file()
    found = json.loads(file.read_text()) if file.exists() else {}
    if all(found.get(label, {}).get("passed") for label in LEDGER):
        return found
    arguments = [sys.executable, "-m", "nnbook.ledger", "--jobs", "2", "--store"]
    subprocess.run(arguments, check=False)
    return json.loads(file.read_text())


@pytest.mark.parametrize("label", LEDGER)
def test_formula_is_proved_and_every_wrong_version_is_rejected(label, proved):
    result = proved[label]
    assert result["proved"]
    assert result["killed"] == result["tried"] >= MINIMUM_WRONG
    assert result["passed"], f"`make proofs LABEL={label}` says why"


@pytest.mark.parametrize("label", LEDGER)
def test_check_accepts_its_claim(label):
    """The proofs run in another process; here coverage sees the checks, each on its claim."""
    assert LEDGER[label].verify(LEDGER[label].claim) is not False


def test_the_two_hardest_chapters_are_in_the_ledger():
    chapters = [formula.chapter for formula in LEDGER.values()]
    assert chapters == sorted(chapters)
    assert chapters.count(6) >= 28
    assert chapters.count(7) >= 26


def test_every_formula_explains_how_it_is_proved():
    for formula in LEDGER.values():
        assert formula.method.endswith("."), formula.label
        assert all((formula.title, formula.latex, formula.verify.__doc__)), formula.label
        assert f"def {formula.verify.__name__}" in proof_source(formula)


def test_equivalent_mutants_named_in_the_ledger_exist():
    for formula in (formula for formula in LEDGER.values() if formula.equivalent):
        made = dict(mutants(formula.claim))
        assert set(formula.equivalent) <= set(made), formula.label


# --- proving -------------------------------------------------------------------------------------


def test_a_true_formula_is_proved():
    result = prove(formula())
    assert result.passed
    assert result.tried == result.killed > 3


def test_a_false_formula_is_reported():
    result = prove(formula(claim=3 * x))
    assert not result.proved
    assert "3*x is not 2*x" in result.error


def test_a_check_that_returns_false_rejects():
    assert prove(formula(verify=lambda claim: claim == 2 * x)).passed
    assert "returned False" in prove(formula(verify=lambda claim: False)).error


def test_a_survivor_is_reported():
    blind = prove(formula(verify=lambda claim: agree(sp.sign(claim.subs(x, 1)), 1)))
    assert blind.proved
    assert not blind.passed
    assert "two" in blind.survivors
    assert "accepted a wrong version: two" in command.format_failure(blind)


def test_a_check_that_fails_with_another_error_is_not_a_rejection():
    def fragile(claim):
        agree({2 * x: 1}[claim], 1)

    result = prove(formula(verify=fragile))
    assert not result.passed
    assert "one: KeyError" in result.error


def test_a_check_that_hangs_on_a_wrong_version_is_reported():
    def slow(claim):
        start = time.process_time()
        while claim == 1 and time.process_time() - start < 5:
            pass
        agree(claim, 2 * x)

    result = prove(formula(verify=slow), timeout=0.3)
    assert not result.passed
    assert "one: TimeoutError" in result.error


def test_a_formula_is_proved_in_a_thread_too():
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(prove, formula()).result().passed


def test_a_large_false_equation_is_refuted_without_a_proof():
    start = time.perf_counter()
    with pytest.raises(Refuted):
        agree((sp.sin(x) + sp.cos(y) + sp.exp(x * y)) ** 60, (sp.sin(x) + sp.exp(x * y)) ** 60)
    assert time.perf_counter() - start < 2


def test_a_mutant_that_is_provably_equal_is_not_counted():
    claim = sp.Sum(k - 1, (k, 1, n))
    names = dict(mutants(claim))
    (same,) = [name for name in names if name.endswith("from 2 to n")]
    assert same not in wrong_versions(formula(claim=claim, truth=n * (n - 1) / 2))


def test_a_mutant_that_takes_long_to_compare_is_tried():
    tried = wrong_versions(formula(claim=sp.Sum(k - 1, (k, 1, n))), timeout=1e-6)
    assert any(name.endswith("from 2 to n") for name in tried)


def test_a_mutant_named_as_equivalent_is_not_counted():
    diagonal = {"wrong transpose: A": "A is diagonal"}
    plain, excused = (
        wrong_versions(formula(claim=A * B, equivalent=named)) for named in ({}, diagonal)
    )
    assert set(plain) - set(excused) == set(diagonal)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "obvious"}, "expected a kind among"),
        ({"wrong": {"one": 1}}, "expected at least 3 wrong versions, found 1"),
        ({"kind": "citation"}, "needs a source"),
    ],
)
def test_an_invalid_formula_is_rejected(fields, message):
    with pytest.raises(ValueError, match=message):
        formula(**fields)


def test_a_label_that_is_taken_or_invalid_is_rejected():
    with pytest.raises(ValueError, match="expected a label that begins with eq-"):
        register("small", into={})
    with pytest.raises(ValueError, match="taken"):
        register("eq-small", into={"eq-small": None})


def test_matrix_formulas_reject_shapes_and_symbols_that_do_not_fit():
    row, column = Symbols([[x, y]]), Symbols([[x], [y]])
    M, other = matrix("M"), matrix("other")
    assert value(2 * M.T * M, {M: row}).tolist() == [[2 * x**2, 2 * x * y], [2 * x * y, 2 * y**2]]
    with pytest.raises(ValueError, match=r"same shape, found \(1, 2\) and \(2, 1\)"):
        value(sp.HadamardProduct(M, M.T), {M: row})
    with pytest.raises(ValueError, match="no such symbol: other"):
        value(M + other, {M: column})


def test_symbols_without_an_entry_refute():
    with pytest.raises(Refuted, match="no such symbol"):
        replace_indexed(a[3], {a: entry([x, y])})
    with pytest.raises(Refuted, match="no such symbol"):
        replace_indexed(a[k], {a: entry([x, y])})


def test_proof_source_shows_the_helpers_of_the_chapter():
    source = proof_source(LEDGER["eq-delta-output"])
    assert source.index("def half_squares") < source.index("def error_of_an_output")


# --- equality ------------------------------------------------------------------------------------

f, g = sp.Function("f"), sp.Function("g")
C, (C_1, C_2) = unknown("C", 2)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((x + 1) ** 2, x**2 + 2 * x + 1),
        (1 / x + 1 / y, (x + y) / (x * y)),
        (sp.cosh(x) ** 2 - sp.sinh(x) ** 2, sp.S(1)),
        (sp.sin(x) ** 2, 1 - sp.cos(x) ** 2),
        (sp.diff(f(x) * g(x), x), f(x).diff(x) * g(x) + f(x) * g(x).diff(x)),
        (sp.diff(C(x, x * y), x), C_1(x, x * y) + y * C_2(x, x * y)),
        (sp.Sum(2 * a[k], (k, 1, n)), 2 * sp.Sum(a[j], (j, 1, n))),
        (sp.Sum(a[k] + 1, (k, 1, n)), sp.Sum(a[k], (k, 1, n)) + sp.Sum(1, (k, 1, n))),
        (sp.Eq(x, y), sp.Eq(x + y, 2 * y)),
        ({1: x, 2: (y, y)}, {1: x, 2: [y, y + 0]}),
        (sp.Matrix([[x, y]]), np.array([[x, y]], dtype=object)),
        ((A * B).T, B.T * A.T),
        (sp.MatrixSymbol("M", 1, 2), sp.Matrix([sp.MatrixSymbol("M", 1, 2)])),
    ],
)
def test_equal_things_are_proved_equal(left, right):
    assert equal(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (f(x), g(x)),
        (f(x), f(2 * x)),
        (f(x).diff(x), f(x)),
        (a[j], a[k]),
        (w[j, k], w[k, j]),
        (sp.Sum(a[k], (k, 1, n)), sp.Sum(a[k], (k, 1, n - 1))),
        (sp.sqrt(x**2), x),
        ((x, y), (x,)),
        ({1: x}, {2: x}),
        (sp.Matrix([[x, y]]), sp.Matrix([x, y])),
        (A * B, B * A),
        (A, sp.S(1)),
        (x, "not mathematics ("),
    ],
)
def test_different_things_are_not_proved_equal(left, right):
    assert not equal(left, right)


def test_roots_of_positive_symbols_are_equal():
    p = sp.Symbol("p", positive=True)
    agree(sp.sqrt(p**2), p)


def test_values_that_are_not_numbers_decide_nothing():
    with pytest.raises(Refuted, match="is not shown to be"):
        agree(sp.nan, sp.S(1))


def test_nested_sums_keep_their_indices_apart():
    inner = sp.Sum(a[k, i], (k, 1, n))
    right = sp.Sum(f(inner), (i, 1, N))
    wrong = sp.Sum(f(sp.Sum(a[k, k], (k, 1, n))), (i, 1, N))
    assert right.as_dummy() == wrong.as_dummy(), "SymPy is fixed: use its as_dummy"
    assert rename(right) != rename(wrong)
    assert not equal(right, wrong)


@pytest.mark.parametrize("condition", [False, None, x < 2, np.bool_(False), sp.false])
def test_require_rejects_a_condition_that_is_not_true(condition):
    with pytest.raises(Refuted, match="too large: 2"):
        require(condition, "too large:", 2)


def test_require_accepts_a_true_condition():
    require(True, "")
    require(np.bool_(True), "")
    require(sp.Symbol("p", positive=True) > 0, "")


# --- mutants -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "mutant"),
    [
        (x - y, -x - y),
        (x - y, y - x),
        (x + y, 2 * x + y),
        (x + y, x),
        (x * y, y),
        (x**2, x**3),
        (1 / (1 + x), 1 + x),
        (sp.sqrt(x), x),
        (x / 2 + y, x + y),
        (w[j, k], w[k, j]),
        (w[j, k], w[j, j]),
        (a[k] + x * y, a[k] + x * x),
        (A * B, A.T * B),
        (A.T * B, A * B),
        (A * B, B * A),
        (sp.HadamardProduct(A, B), A),
        (A + B, A - B),
        (sp.tanh(x), sp.coth(x)),
        (sp.exp(x), sp.exp(-x)),
        (sp.Abs(x), x),
        (sp.Max(x, y), sp.Min(x, y)),
        (f(x).diff(x), f(x)),
        (sp.Function("f'")(x), f(x)),
        (sp.Sum(a[k], (k, 1, n)), sp.Sum(a[k], (k, 1, n - 1))),
        (sp.Product(a[k], (k, 1, n)), sp.Product(a[k], (k, 2, n))),
        (x <= y, sp.Ge(x, y)),
        (sp.Eq(y, x), sp.Eq(y, -x)),
        ((x, y), (x, -y)),
        ([x], [-x]),
        (sp.Tuple(x, y), sp.Tuple(2 * x, y)),
        ({"f": x, "n": 3}, {"f": 2 * x, "n": 3}),
        (sp.Matrix([[x, y]]), sp.Matrix([[x, -y]])),
    ],
    ids=str,
)
def test_mutator_makes(claim, mutant):
    assert str(mutant) in map(str, dict(mutants(claim, cap=99)).values())


def test_arrays_are_mutated_entry_by_entry_and_left_alone():
    array = np.array([[x, y]], dtype=object)
    made = [mutant.tolist() for _, mutant in mutants(array)]
    assert [[x, -y]] in made
    assert array.tolist() == [[x, y]]


def test_functions_have_no_mutants():
    assert list(mutants(lambda claim: claim)) == []
    assert list(mutants("words")) == []


def test_mutants_differ_from_the_claim_and_have_unique_names():
    claim = sp.Sum(w[k, j] * a[k], (k, 1, n)) * x + x**2
    made = list(mutants(claim))
    assert len(made) == len(dict(made)) == CAP
    assert claim not in dict(made).values()
    assert made == list(mutants(claim))


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture
def small_ledger(monkeypatch):
    """Give the command a ledger with one true and one false formula."""
    true, false = formula(), formula(claim=3 * x)
    monkeypatch.setattr(command, "ledger", lambda: {"eq-true": true, "eq-false": false})


@pytest.mark.usefixtures("small_ledger")
def test_command_exits_with_0_and_prints_one_summary_line(capsys):
    assert command.main(["eq-true"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert len(table) == 3
    assert table[-1].startswith("1 formulas proved, ")
    assert " wrong versions tried, " in table[-1]


@pytest.mark.usefixtures("small_ledger")
def test_command_exits_with_1_and_names_the_failure(capsys):
    assert command.main([]) == 1
    output = capsys.readouterr()
    assert output.err.startswith("FAILED eq-small: Refuted: claim 3*x is not 2*x")
    assert output.out.count("FAILED") == 1


@pytest.mark.usefixtures("small_ledger")
def test_command_rejects_an_unknown_label(capsys):
    assert command.main(["eq-nothing"]) == 1
    assert capsys.readouterr().err == "not in the ledger: eq-nothing\n"


@pytest.mark.usefixtures("small_ledger")
def test_command_writes_the_results(tmp_path, capsys):
    file = tmp_path / "results.json"
    command.main(["eq-true", "--json", str(file)])
    (result,) = json.loads(file.read_text()).values()
    assert set(result) == {"kind", "proved", "seconds", "tried", "killed", "passed"}
    assert result["passed"]
    assert result["tried"] == result["killed"]
    assert "eq-small" in capsys.readouterr().out


def test_command_gives_the_same_with_two_processes():
    labels = ["eq-dz-dz", "eq-gradcheck-forward"]
    verdicts = [
        [(r.label, r.proved, r.tried, r.killed) for r in command.prove_all(labels, jobs)]
        for jobs in (1, 2)
    ]
    assert verdicts[0] == verdicts[1]
    assert [verdict[0] for verdict in verdicts[0]] == labels


def test_command_runs_as_a_module():
    arguments = [sys.executable, "-m", "nnbook.ledger", "eq-dz-dz"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "1 formulas proved" in done.stdout
