# SPDX-License-Identifier: BSD-3-Clause
"""What cornichon writes, real scikit-learn loads without a warning and predicts the same; what scikit-learn writes, cornichon
predicts the same. Argument: BUILD. Five seeds: other rows, other parameters."""
import os
import pickle
import subprocess
import sys
import tempfile
import warnings

import joblib
import numpy as np
from sklearn.base import clone
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
                     "PCA(n_components=3, svd_solver='randomized', random_state=7)", "PCA(n_components=2, svd_solver='arpack', random_state=7)", "PCA(svd_solver='covariance_eigh')"):
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


def lives_on(seed):
    """what was fitted here goes on there: repr, params, clone, fit, partial_fit, feature names, pickle, and all without a warning"""
    rs = np.random.RandomState(seed)
    x, y = load_wine(return_X_y=True)
    x, names = x[:, :4], ["a", "b", "größe", "d e"]
    with open("named.csv", "w", encoding="utf-8") as f:
        f.write(",".join(names) + ",target\n")
        f.writelines(",".join(map(repr, map(float, row))) + f",{t}\n" for row, t in zip(x, y))
    pipe = "make_pipeline(StandardScaler(), 'passthrough', make_pipeline(MinMaxScaler(), PCA(n_components=2)), LogisticRegression())"
    for text in ("StandardScaler()", "StandardScaler(with_mean=False, with_std=False)", "MinMaxScaler(clip=True)", "PCA(n_components=2)",
                 f"PCA(n_components=0.8, svd_solver='full', random_state={seed})", "LogisticRegression(C=10, max_iter=2000)", pipe):
        cornichon("fit", text, "-i", "named.csv", "-t", "target", "-o", "ours.joblib", "-q")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.filterwarnings("ignore", "X does not have valid feature names")
            ours = joblib.load("ours.joblib")
            theirs = eval(text)  # noqa: S307
            assert repr(ours) == repr(theirs), (repr(ours), repr(theirs))
            assert {k: repr(v) for k, v in ours.get_params().items()} == {k: repr(v) for k, v in theirs.get_params().items()}, text
            assert list(ours.feature_names_in_) == names and ours.feature_names_in_.dtype == object, text
            if text != pipe:
                vars_there = set(vars(theirs.fit(x, y))) | {"feature_names_in_", "multi_class"}
                assert set(vars(ours)) <= vars_there, (text, set(vars(ours)) - vars_there)
            if hasattr(ours, "get_feature_names_out") and text != pipe:
                ours.get_feature_names_out()
            clone(ours).set_params(**ours.get_params(deep=False)).fit(StandardScaler().fit_transform(x), y)
            if hasattr(ours, "partial_fit"):
                ours.partial_fit(x[rs.permutation(len(x))[:50]])
            pickle.loads(pickle.dumps(ours))


def warned():
    """the warnings of a fit, in scikit-learn's words but for the line breaks"""
    x, y = load_iris(return_X_y=True)
    np.save("x.npy", x)
    np.save("y.npy", y)
    np.save("twice.npy", np.hstack([x, x]))
    for text, rows in (("LogisticRegression(max_iter=3)", x), ("LogisticRegression(solver='newton-cholesky', max_iter=1)", x),
                       ("LogisticRegression(n_jobs=2)", x), ("LogisticRegression(penalty='l2', l1_ratio=None)", x),
                       ("LogisticRegression(solver='newton-cholesky', C=inf, max_iter=3)", np.hstack([x, x]))):
        p = cornichon("fit", text, "-i", "x.npy" if rows is x else "twice.npy", "-t", "y.npy", "-o", "ours.joblib")
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            eval(text.replace("inf", "np.inf")).fit(rows, y)  # noqa: S307
        said = "".join(p.stderr.split()).replace(".", "")
        for warning in heard:
            words = str(warning.message).split("The original Linear Algebra message")[0]
            assert "".join(words.split()).replace(".", "") in said, (text, words, p.stderr)


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
        "sparse": LogisticRegression(max_iter=1000).fit(x, names[y]).sparsify(),
        "numpy": LogisticRegression(C=np.float64(0.5), solver=np.str_("newton-cg"), max_iter=np.int64(500)).fit(x, y),
        "pipe": make_pipeline(MinMaxScaler(), PCA(3), LogisticRegression()).fit(x, names[y]),
    }
    rows = x[rs.permutation(len(x))[:25]]
    for name, model in models.items():
        for compress in (0, ("zlib", 3), ("gzip", 1), ("bz2", 9), ("xz", 1), ("lzma", 2), ("lz4", 1)):
            joblib.dump(model, "theirs.joblib", compress=compress)
            compare_methods("theirs.joblib", model, rows, f"{name} {compress}")
    for seen in (names, np.array([7, -3, 12]), np.array([0.5, np.nan, 2.0]), np.array([True, False])):
        labels = LabelEncoder().fit(seen)
        joblib.dump(labels, "theirs.joblib")
        same(ask("theirs.joblib", "transform", seen[::-1]), labels.transform(seen[::-1]), "LabelEncoder.transform")
        same(ask("theirs.joblib", "inverse_transform", np.arange(len(labels.classes_))), labels.classes_, "LabelEncoder.inverse_transform")


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
        for seed in range(2):
            lives_on(seed)
        warned()
        refused()
    print(f"scikit-learn: {checked} answers agree")


main()
