#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes tests/golden/solve/: what NumPy, SciPy and scikit-learn 1.9 compute where src/solve must.

Usage: python tools/make_solve_golden.py   (with numpy 2.4, scipy 1.17, scikit-learn 1.9 installed)

A golden file holds named matrices as text: a line "name rows columns", then the numbers, a row a line,
with all their digits. tests/unit/solve/golden.h reads it.
"""

import pathlib
import warnings

import numpy as np
import scipy.linalg
import scipy.optimize
import scipy.optimize._linesearch as linesearch
from sklearn._loss.loss import HalfBinomialLoss, HalfMultinomialLoss
from sklearn.datasets import load_breast_cancer, load_iris, load_wine
from sklearn.decomposition import PCA
from sklearn.decomposition._pca import _assess_dimension, _infer_dimension
from sklearn.linear_model import LogisticRegression
from sklearn.linear_model._linear_loss import LinearModelLoss
from sklearn.preprocessing import StandardScaler
from sklearn.utils.extmath import (
    _incremental_mean_and_var,
    fast_logdet,
    randomized_svd,
    svd_flip,
)
from sklearn.utils.optimize import _newton_cg

FOLDER = pathlib.Path(__file__).parent.parent / "tests" / "golden" / "solve"
DATASETS = [load_iris, load_wine, load_breast_cancer]
SOLVERS = ["lbfgs", "newton-cg", "newton-cholesky"]


class Golden:
    """One golden file."""

    def __init__(self, name):
        self.path = FOLDER / f"{name}.txt"
        self.lines = []

    def add(self, name, matrix):
        matrix = np.asarray(matrix, dtype=float)
        rows = np.atleast_2d(matrix) if matrix.ndim < 2 else matrix
        self.lines.append(f"{name} {rows.shape[0]} {rows.shape[1]}")
        self.lines.extend(" ".join(repr(float(v)) for v in row) for row in rows)

    def write(self):
        self.path.write_text("\n".join(self.lines) + "\n")


def weights(n):
    """The sample weights of all tests."""
    return 0.5 + (np.arange(n) * 7 % 11) / 10.0


def dataset(index, scaled):
    x, y = DATASETS[index](return_X_y=True)
    return (StandardScaler().fit_transform(x) if scaled else x), y


def data():
    golden = Golden("data")
    for load in DATASETS:
        name = load.__name__.removeprefix("load_")
        x, y = load(return_X_y=True)
        golden.add(f"{name}_x", x)
        golden.add(f"{name}_y", y)
    golden.write()


# ---- functions to minimise, operation for operation as in tests/unit/solve/functions.h ----------------


def rosenbrock(x):
    x = np.asarray(x, dtype=float)
    value, gradient = 0.0, np.zeros(len(x))
    for i in range(len(x) - 1):
        a, b = x[i + 1] - x[i] * x[i], 1.0 - x[i]
        value += 100.0 * a * a + b * b
        gradient[i] += -400.0 * x[i] * a - 2.0 * b
        gradient[i + 1] += 200.0 * a
    return value, gradient


def rosenbrock_product(x):
    def product(s):
        out = np.zeros(len(x))
        for i in range(len(x) - 1):
            diagonal = 1200.0 * x[i] * x[i] - 400.0 * x[i + 1] + 2.0
            cross = -400.0 * x[i]
            out[i] += diagonal * s[i] + cross * s[i + 1]
            out[i + 1] += cross * s[i] + 200.0 * s[i + 1]
        return out

    return product


def start(n):
    return np.array([-1.2 if i % 2 == 0 else 1.0 for i in range(n)])


def skewed(x):
    """A bowl whose gradient is wrong by a constant: line searches fail near the bottom."""
    x = np.asarray(x, dtype=float)
    value = sum((i + 1.0) * x[i] * x[i] for i in range(len(x)))
    return value, np.array([2.0 * (i + 1.0) * x[i] + 0.01 for i in range(len(x))])


def uphill(x):
    """A bowl with the sign of its gradient wrong."""
    x = np.asarray(x, dtype=float)
    return sum(v * v for v in x), -2.0 * x


def cliff(x):
    """Has a value at the start only."""
    x = np.asarray(x, dtype=float)
    known = np.array_equal(x, start(len(x)))
    return (1.0 if known else np.nan), np.ones(len(x))


def minimizers():
    golden = Golden("minimizers")
    messages = ["GRADIENT", "REDUCTION", "ITERATIONS", "F,G", "ABNORMAL"]
    functions = [rosenbrock, skewed, uphill, cliff]
    cases = [  # function, n, gtol, ftol, maxiter, maxfun
        (0, 2, 1e-5, 0, 15000, 15000),
        (0, 5, 1e-5, 0, 15000, 15000),
        (0, 30, 1e-4, 64 * 2.0**-52, 50, 15000),
        (0, 5, 1e-12, 1e-3, 15000, 15000),
        (0, 30, 1e-12, 0, 7, 15000),
        (0, 30, 1e-12, 0, 15000, 25),
        (0, 5, 1e4, 0, 15000, 15000),
        (1, 6, 1e-12, 1e-9, 15000, 15000),
        (2, 3, 1e-12, 0, 15000, 15000),
        (3, 3, 1e-12, 0, 15000, 15000),
    ]
    for i, (function, n, gtol, ftol, maxiter, maxfun) in enumerate(cases):
        result = scipy.optimize.minimize(
            functions[function],
            start(n),
            jac=True,
            method="L-BFGS-B",
            options=dict(gtol=gtol, ftol=ftol, maxiter=maxiter, maxfun=maxfun, maxls=50),
        )
        stop = [m in result.message for m in messages].index(True)
        golden.add(f"lbfgs_{i}", [function, n, gtol, ftol, maxiter, maxfun])
        golden.add(
            f"lbfgs_{i}_result", [stop, result.status, result.nit, result.nfev, result.fun]
        )
        golden.add(f"lbfgs_{i}_x", result.x)
    for i, (n, maxiter) in enumerate([(2, 100), (5, 100), (10, 100), (10, 3)]):
        x, k = _newton_cg(
            lambda x: (rosenbrock(x)[1], rosenbrock_product(x.copy())),
            lambda x: rosenbrock(x)[0],
            lambda x: rosenbrock(x)[1],
            start(n),
            maxiter=maxiter,
            tol=1e-8,
            warn=False,
        )
        golden.add(f"newton_cg_{i}", [n, maxiter, k, rosenbrock(x)[0]])
        golden.add(f"newton_cg_{i}_x", x)
    golden.write()


def line_searches():
    """Rows: scale of the direction, previous value, step (or -1), value."""
    golden = Golden("line_searches")

    def f(x):
        return rosenbrock(x)[0]

    def g(x):
        return rosenbrock(x)[1]

    for which in ("wolfe1", "wolfe2"):
        search = getattr(linesearch, f"line_search_{which}")
        rows = []
        for scale in [1e-6, 1e-4, 1e-3, 2e-3, 0.01, 0.1, 1.0, 30.0]:
            for gain in [None, 1e-3, 5.0, -5.0]:
                x = start(4)
                p = -scale * g(x)
                old = None if gain is None else f(x) + gain
                out = search(f, g, x, p, g(x), f(x), old)
                step = -1.0 if out[0] is None else out[0]
                value = np.nan if out[0] is None else out[3]
                rows.append([scale, np.nan if old is None else old, step, value])
        golden.add(which, rows)
    trials = []

    def phi(a):
        trials.append(a)
        return -a / (a * a + 2.0)  # Moré and Thuente's first test function

    def derphi(a):
        return (a * a - 2.0) / (a * a + 2.0) ** 2

    for i, first in enumerate([1e-3, 0.1, 10.0, 1e3]):
        trials.clear()
        search = scipy.optimize._dcsrch.DCSRCH(phi, derphi, 1e-3, 0.1, 1e-10, 0.0, 1e4)
        step, _, _, task = search(first, phi0=0.0, derphi0=-0.5, maxiter=100)
        golden.add(f"dcsrch_{i}", trials + [step])
    golden.write()


# ---- logistic regression -----------------------------------------------------------------------------


def logistic_losses():
    golden = Golden("logistic_losses")
    rng = np.random.RandomState(0)
    for i, (index, fit_intercept, weighted) in enumerate(
        [(0, True, False), (0, False, True), (2, True, True), (2, False, False)]
    ):
        x, y = dataset(index, True)
        k = len(np.unique(y))
        base = HalfBinomialLoss() if k == 2 else HalfMultinomialLoss(n_classes=k)
        loss = LinearModelLoss(base_loss=base, fit_intercept=fit_intercept)
        n_dof = x.shape[1] + fit_intercept
        coef = rng.standard_normal(n_dof if k == 2 else n_dof * k)
        s = rng.standard_normal(len(coef))
        sw = weights(len(y)) if weighted else None
        args = dict(X=x, y=y.astype(float), sample_weight=sw, l2_reg_strength=0.25)
        value, gradient = loss.loss_gradient(coef, **args)
        hessian = loss.gradient_hessian(coef, **args)[1]
        product = loss.gradient_hessian_product(coef, **args)[1](s)
        golden.add(f"loss_{i}", [index, fit_intercept, weighted, value])
        golden.add(f"loss_{i}_vectors", [coef, s, gradient, product])
        golden.add(f"loss_{i}_hessian", hessian)
    golden.write()


def fit(x, y, case):
    _, _, solver, c, fit_intercept, weighted, max_iter = case
    model = LogisticRegression(
        C=c, solver=SOLVERS[solver], fit_intercept=bool(fit_intercept), max_iter=max_iter
    )
    model.fit(x, y, sample_weight=weights(len(y)) if weighted else None)
    coef = model.coef_
    if fit_intercept:
        coef = np.c_[coef, model.intercept_]
    return coef.T, model.n_iter_[0]


def logistic_regressions():
    """Each case: the parameters, n_iter_ with its least and most over runs on data changed in the last
    digit, and by how much the coefficients moved in those runs. That is how well scikit-learn agrees
    with itself, so no one can agree better with it."""
    golden = Golden("logistic_regressions")
    cases = []
    for solver in range(3):
        for index in range(3):
            for scaled in (1, 0):
                cases.append((index, scaled, solver, 1.0, 1, 0, 100))
                if scaled:
                    cases.append((index, scaled, solver, 0.01, 1, 1, 100))
                    cases.append((index, scaled, solver, 1.0, 0, 1, 100))
            cases.append((index, 1, solver, 100.0, 1, 0, 100))
        cases.append((1, 0, solver, 1.0, 1, 0, 20))
    cases.append((1, 1, 2, np.inf, 1, 0, 100))
    cases.append((0, 1, 0, np.inf, 1, 0, 100))
    rng = np.random.RandomState(0)
    table = []
    for i, case in enumerate(cases):
        x, y = dataset(case[0], case[1])
        coef, n_iter = fit(x, y, case)
        spread, least, most = 0.0, n_iter, n_iter
        for _ in range(8):
            again, n = fit(x * (1 + rng.uniform(-2e-16, 2e-16, x.shape)), y, case)
            spread = max(spread, np.max(np.abs(again - coef)))
            least, most = min(least, n), max(most, n)
        table.append([*case, n_iter, least, most, spread])
        golden.add(f"coef_{i}", coef)
    golden.add("cases", table)
    golden.write()


# ---- decompositions and statistics -------------------------------------------------------------------


def decompositions():
    golden = Golden("decompositions")
    rng = np.random.RandomState(42)
    for i, shape in enumerate([(6, 4), (4, 6), (5, 5), (7, 1)]):
        x = rng.standard_normal(shape)
        u, s, vt = scipy.linalg.svd(x, full_matrices=False)
        flip_u, flip_v = svd_flip(u.copy(), vt.copy()), svd_flip(u.copy(), vt.copy(), False)
        q = scipy.linalg.qr(x, mode="economic")[0]
        pl = scipy.linalg.lu(x, permute_l=True)[0]
        for name, matrix in dict(
            x=x, u=u, s=s, vt=vt, q=q, pl=pl, flip_u_u=flip_u[0], flip_u_vt=flip_u[1],
            flip_v_u=flip_v[0], flip_v_vt=flip_v[1],
        ).items():
            golden.add(f"svd_{i}_{name}", matrix)
    x = rng.standard_normal((20, 6))
    a = x.T @ x
    a = (a + a.T) / 2
    b = rng.standard_normal((2, 6))
    values, vectors = np.linalg.eigh(a)
    golden.add("a", a)
    golden.add("b", b)
    golden.add("eigh_values", values)
    golden.add("eigh_vectors", vectors)
    golden.add("solve", scipy.linalg.solve(a, b.T, assume_a="sym").T)
    golden.add("inverse", scipy.linalg.inv(a))
    golden.add("square", x[:6])
    golden.add("square_inverse", scipy.linalg.inv(x[:6]))
    golden.add("logdet", [fast_logdet(a), fast_logdet(x[:6]), fast_logdet(x[[1, 0, 2, 3, 4, 5]])])
    golden.write()


def randomized():
    golden = Golden("randomized_svd")
    rng = np.random.RandomState(1)
    normalizers = ["auto", "QR", "LU", "none"]
    tall = rng.standard_normal((40, 12)) * 0.7 ** np.arange(12)
    golden.add("tall", tall)
    # wide?, n_components, n_oversamples, n_iter, normalizer, flip_sign, seed
    cases = [
        (0, 3, 10, -1, 0, 1, 0), (1, 3, 10, -1, 0, 1, 0), (0, 3, 2, 3, 1, 1, 5),
        (0, 3, 2, 3, 2, 1, 5), (0, 3, 2, 1, 3, 1, 5), (1, 2, 1, 2, 0, 0, 9),
        (0, 12, 10, -1, 0, 1, 3), (0, 1, 4, 0, 1, 1, 7), (1, 1, 3, -1, 2, 1, 7),
    ]
    golden.add("cases", cases)
    for i, (wide, k, oversamples, n_iter, normalizer, flip, seed) in enumerate(cases):
        u, s, vt = randomized_svd(
            tall.T if wide else tall,
            k,
            n_oversamples=oversamples,
            n_iter="auto" if n_iter < 0 else n_iter,
            power_iteration_normalizer=normalizers[normalizer],
            flip_sign=bool(flip),
            random_state=seed,
        )
        golden.add(f"u_{i}", u)
        golden.add(f"s_{i}", s)
        golden.add(f"vt_{i}", vt)
    golden.write()


def statistics():
    golden = Golden("statistics")
    rng = np.random.RandomState(2)
    numbers = rng.standard_normal((300, 3)) * 10.0 ** rng.uniform(-3, 3, (300, 3))
    golden.add("numbers", numbers)
    flat = numbers.ravel()
    golden.add("sums", [np.sum(flat[:n]) for n in (0, 1, 7, 8, 9, 127, 128, 129, 300, 555, 900)])
    golden.add("column_sums", numbers.sum(axis=0))
    golden.add("column_means", numbers.mean(axis=0))
    golden.add("first_column_sum", np.sum(numbers[:, :1].copy(), axis=0))
    missing = numbers.copy()
    missing[rng.uniform(size=missing.shape) < 0.1] = np.nan
    missing[:, 2] = np.nan
    golden.add("missing", missing)
    golden.add("nan_min_max", [np.fmin.reduce(missing), np.fmax.reduce(missing)])
    for name, x in dict(numbers=numbers, missing=missing[:, :2], column=numbers[:, :1]).items():
        x = np.ascontiguousarray(x)
        for weighted in (0, 1):
            sw = weights(len(x)) if weighted else None
            state = 0.0, 0.0, np.zeros(x.shape[1])
            rows = []
            for part in (slice(0, 200), slice(200, 300)):
                state = _incremental_mean_and_var(
                    x[part], *state, sample_weight=None if sw is None else sw[part]
                )
                rows.extend(state)
            golden.add(f"moments_{name}_{weighted}", rows)
    for load in DATASETS:
        name = load.__name__.removeprefix("load_")
        x = load(return_X_y=True)[0]
        n, mean = len(x), x.mean(axis=0)
        c = x.T @ x
        c -= n * mean.reshape(-1, 1) * mean.reshape(1, -1)
        c /= n - 1
        spectrum = PCA(svd_solver="full").fit(x).explained_variance_
        ranks = range(1, len(spectrum))
        golden.add(f"{name}_covariance", c)
        golden.add(f"{name}_spectrum", spectrum)
        golden.add(f"{name}_evidence", [_assess_dimension(spectrum, r, n) for r in ranks])
        golden.add(f"{name}_dimension", _infer_dimension(spectrum, n))
    golden.write()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    FOLDER.mkdir(parents=True, exist_ok=True)
    data()
    minimizers()
    line_searches()
    logistic_losses()
    logistic_regressions()
    decompositions()
    randomized()
    statistics()
