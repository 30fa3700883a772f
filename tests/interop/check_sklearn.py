# SPDX-License-Identifier: BSD-3-Clause
"""What cornichon writes, real scikit-learn loads without a warning and predicts the same; what scikit-learn writes, cornichon
predicts the same. Argument: BUILD. Five seeds: other rows, other parameters."""
import os
import subprocess
import sys
import tempfile
import warnings

import joblib
import numpy as np
from sklearn.datasets import load_breast_cancer, load_iris, load_wine
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder, MinMaxScaler, StandardScaler

PROGRAM = os.path.join(os.path.abspath(sys.argv[1]), "cornichon")
METHODS = ["predict", "predict_proba", "predict_log_proba", "decision_function", "transform", "inverse_transform", "score_samples"]
checked = 0


def cornichon(*argv):
    p = subprocess.run([PROGRAM, *map(str, argv)], capture_output=True, text=True)
    assert p.returncode == 0, (argv, p.stderr)
    return p


def ask(path, method, rows):
    np.save("rows.npy", rows)
    cornichon("predict", path, "-i", "rows.npy", "-o", "answer.npy", "--method", method)
    return np.load("answer.npy")


def same(got, want, what, rtol=1e-9, atol=1e-10):
    """Both compute in float64; only the order of additions may differ."""
    global checked
    want = np.asarray(want)
    assert got.shape == want.shape, (what, got.shape, want.shape)
    if want.dtype.kind in "OUS":
        assert (got == want.astype(str)).all(), what
    else:
        np.testing.assert_allclose(got, want, rtol, atol, err_msg=what)
    checked += 1


def compare_methods(path, model, rows, what):
    for method in METHODS:
        if hasattr(model, method):
            given = model.transform(rows) if method == "inverse_transform" else rows
            same(ask(path, method, given), getattr(model, method)(given), f"{what}.{method}")


def load_quietly(path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return joblib.load(path)


def objective(model, x, y, weight):
    """C * sum of log losses + half the squared coefficients: what LogisticRegression minimises."""
    p = model.predict_log_proba(x)[np.arange(len(y)), np.searchsorted(model.classes_, y)]
    return -model.C * (weight * p).sum() + 0.5 * (model.coef_ ** 2).sum()


def fit_here(spec, x, y, *more):
    np.save("x.npy", x)
    np.save("y.npy", y)
    cornichon("fit", spec, "-i", "x.npy", "-t", "y.npy", "-o", "ours.joblib", "-q", *more)
    return load_quietly("ours.joblib")


def written_here(seed):
    """fit and save here, load and predict there; LogisticRegression reaches scikit-learn's objective"""
    rs = np.random.RandomState(seed)
    for load in (load_iris, load_wine, load_breast_cancer):
        x, y = load(return_X_y=True)
        keep = rs.permutation(len(y))[: int(0.8 * len(y))]
        x, y = StandardScaler().fit_transform(x[keep]), y[keep]
        weight = rs.uniform(0.5, 2, len(y))
        for text, model in (
            (f"LogisticRegression(C={10 ** rs.uniform(-2, 1):.4f})", None),
            ("LogisticRegression(solver='newton-cg', tol=1e-6)", None),
            ("LogisticRegression(solver='newton-cholesky', class_weight='balanced')", None),
            ("LogisticRegression(fit_intercept=False, tol=1e-6, max_iter=500)", None),
        ):
            np.save("w.npy", weight)
            ours = fit_here(text, x, y, "--sample-weight", "w.npy")
            theirs = eval(text).fit(x, y, sample_weight=weight)  # noqa: S307   our own text
            total = weight * (len(y) / len(theirs.classes_) / np.bincount(y, weight) * weight.sum() / len(y))[y] if "balanced" in text else weight
            a, b = objective(ours, x, y, total), objective(theirs, x, y, total)
            assert a <= b * (1 + 1e-9), (text, a, b)
            np.testing.assert_allclose(ours.coef_, theirs.coef_, 1e-4, 1e-5)
            assert repr(ours) == repr(theirs), (repr(ours), repr(theirs))
            compare_methods("ours.joblib", ours, x[:20], text)
        for text in ("StandardScaler()", "StandardScaler(with_mean=False)", "MinMaxScaler(feature_range=(-1, 1), clip=True)",
                     "PCA(n_components=2)", "PCA(n_components=0.9, whiten=True)", "PCA(n_components='mle', svd_solver='full')",
                     "PCA(n_components=3, svd_solver='randomized', random_state=7)", "PCA(svd_solver='covariance_eigh')"):
            ours, theirs = fit_here(text, x, y), eval(text).fit(x)  # noqa: S307
            compare_methods("ours.joblib", ours, x[:20], text)
            for name, value in vars(theirs).items():
                mine = getattr(ours, name)
                if isinstance(value, np.ndarray):
                    np.testing.assert_allclose(mine, value, 1e-7, 1e-9, err_msg=f"{text}.{name}")
                elif isinstance(value, float):
                    assert abs(mine - value) <= 1e-9 + 1e-7 * abs(value), (text, name, mine, value)
                else:
                    assert mine == value, (text, name, mine, value)
        text = "make_pipeline(StandardScaler(), PCA(n_components=2), LogisticRegression())"
        ours, theirs = fit_here(text, x, y), eval(text).fit(x, y)  # noqa: S307
        compare_methods("ours.joblib", ours, x[:20], text)
        same(ours.predict_proba(x), theirs.predict_proba(x), text, 1e-6, 1e-8)


def written_there(seed):
    """fit and save there in every way joblib has, load and predict here"""
    rs = np.random.RandomState(seed)
    x, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"])
    models = {
        "int": LogisticRegression(C=rs.uniform(0.1, 5), max_iter=1000).fit(x, y),
        "str": LogisticRegression(max_iter=1000).fit(x, names[y]),
        "obj": LogisticRegression(max_iter=1000).fit(x, names.astype(object)[y]),
        "binary": LogisticRegression(max_iter=1000).fit(x, y > 0),
        "pca": PCA(2, whiten=bool(seed % 2)).fit(x),
        "scaler": StandardScaler().fit(x),
        "minmax": MinMaxScaler((-2, 3)).fit(x),
        "pipe": make_pipeline(MinMaxScaler(), PCA(3), LogisticRegression()).fit(x, names[y]),
    }
    rows = x[rs.permutation(len(x))[:25]]
    for name, model in models.items():
        for compress in (0, ("zlib", 3), ("gzip", 1), ("bz2", 9), ("xz", 1), ("lzma", 2), ("lz4", 1)):
            joblib.dump(model, "theirs.joblib", compress=compress)
            compare_methods("theirs.joblib", model, rows, f"{name} {compress}")
    labels = LabelEncoder().fit(names)
    joblib.dump(labels, "theirs.joblib")
    same(ask("theirs.joblib", "transform", names[::-1]), labels.transform(names[::-1]), "LabelEncoder.transform")


def refused():
    """NaN and infinity where scikit-learn refuses them, and where it does not"""
    x, y = load_iris(return_X_y=True)
    x[3, 1] = np.nan
    np.save("x.npy", x)
    np.save("y.npy", y)
    for spec in ("LogisticRegression()", "PCA()"):
        p = subprocess.run([PROGRAM, "fit", spec, "-i", "x.npy", "-t", "y.npy", "-o", "no.joblib"], capture_output=True, text=True)
        assert p.returncode == 2 and "Input X contains NaN." in p.stderr, p.stderr
        assert not os.path.exists("no.joblib")
    for spec in ("StandardScaler()", "MinMaxScaler()"):
        ours, theirs = fit_here(spec, x, y), eval(spec).fit(x)  # noqa: S307
        np.testing.assert_allclose(ours.transform(x), theirs.transform(x), 1e-12)


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for seed in range(5):
            written_here(seed)
            written_there(seed)
        refused()
    print(f"scikit-learn: {checked} answers agree")


main()
