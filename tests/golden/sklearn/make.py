# SPDX-License-Identifier: BSD-3-Clause
"""Golden files of the running scikit-learn: python make.py   (once for each version, in its own environment)

Writes <version>/<case>.joblib (or .pkl) and <case>.npz: the rows to ask, x, and what each method answers, under its
name. cases.tsv lists them: version, case, model, npz, methods. Random numbers are fixed, so a version writes the same
file each time."""
import os
import pickle
import sys

import joblib
import numpy as np
import scipy.sparse
import sklearn
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import LabelEncoder, MinMaxScaler, StandardScaler

HERE = os.path.dirname(os.path.abspath(__file__))
VERSION = sklearn.__version__.replace(".post1", "")
OUT = os.path.join(HERE, VERSION)
METHODS = ["predict", "predict_proba", "predict_log_proba", "decision_function", "transform", "inverse_transform", "score_samples"]

rs = np.random.RandomState(7)
X = rs.normal(size=(60, 5)) * [1.0, 2.0, 0.5, 3.0, 1.0] + [0.0, 1.0, -2.0, 5.0, 0.0]
y3 = (X[:, 0] + X[:, 1] > 1).astype(int) + (X[:, 3] > 6)
y2 = (y3 > 0).astype(int)
ROWS = X[:9] + 0.1
NAMES = np.array(["setosa", "versicolor", "virginica"])


def lr(**more):
    return LogisticRegression(**dict(dict(max_iter=300), **more))


def cases():
    """name, fitted object, rows to ask, how to save"""
    yield "lr", lr(solver="lbfgs", C=0.8).fit(X, y3), ROWS, {}
    yield "lr_binary", lr(solver="lbfgs").fit(X, y2), ROWS, {}
    yield "lr_newton", lr(solver="newton-cg", fit_intercept=False).fit(X, y3), ROWS, {}
    yield "lr_weights", lr(solver="lbfgs", class_weight="balanced").fit(X, y3), ROWS, {}
    yield "lr_str", lr(solver="lbfgs").fit(X, NAMES[y3]), ROWS, {}
    yield "lr_obj", lr(solver="lbfgs").fit(X, NAMES.astype(object)[y3]), ROWS, {}
    yield "lr_bool", lr(solver="lbfgs").fit(X, y2.astype(bool)), ROWS, {}
    yield "lr_float", lr(solver="lbfgs").fit(X, y3 + 0.0), ROWS, {}
    yield "lr_f32", lr(solver="lbfgs").fit(X.astype("float32"), y3), ROWS.astype("float32"), {}
    if VERSION in ("1.0.2", "1.9.1"):
        yield "lr_csr", lr(solver="lbfgs").fit(X, y3).sparsify(), ROWS, {}
        yield "lr_csc", with_csc(lr(solver="lbfgs").fit(X, NAMES[y3])), ROWS, {}
    if VERSION < "1.8":
        yield "lr_ovr", lr(solver="lbfgs", multi_class="ovr").fit(X, y3), ROWS, {}
        yield "lr_multinomial2", lr(solver="lbfgs", multi_class="multinomial").fit(X, y2), ROWS, {}
    yield "pca", PCA(n_components=3).fit(X), ROWS, {}
    yield "pca_whiten", PCA(n_components=2, whiten=True).fit(X), ROWS, {}
    yield "pca_all", PCA().fit(X), ROWS, {}
    yield "scaler", StandardScaler().fit(X), ROWS, {}
    yield "scaler_nomean", StandardScaler(with_mean=False).fit(X), ROWS, {}
    yield "scaler_nostd", StandardScaler(with_std=False).fit(X), ROWS, {}
    yield "minmax", MinMaxScaler(feature_range=(-1, 2)).fit(X), ROWS, {}
    if VERSION >= "0.24":
        yield "minmax_clip", MinMaxScaler(clip=True).fit(X), ROWS * 3, {}
    yield "labels_str", LabelEncoder().fit(NAMES), NAMES[[2, 0, 1, 1]], {}
    yield "labels_int", LabelEncoder().fit([7, -3, 12]), np.array([12, 12, -3]), {}
    pipe = make_pipeline(StandardScaler(), PCA(n_components=2), lr(solver="lbfgs"))
    yield "pipe", pipe.fit(X, NAMES[y3]), ROWS, {}
    through = Pipeline([("a", "passthrough" if VERSION >= "0.22" else None), ("b", PCA(2))])
    yield "pipe_passthrough", through.fit(X), ROWS, {}
    small = lr(solver="lbfgs").fit(X, y2)
    for protocol in range(6 if sys.version_info >= (3, 8) else 5):
        yield "joblib_p%d" % protocol, small, ROWS, dict(protocol=protocol)
        yield "pickle_p%d" % protocol, small, ROWS, dict(protocol=protocol, plain=True)
    for codec in ("zlib", "gzip", "bz2", "lzma", "xz") + (("lz4",) if has_lz4() else ()):
        yield codec, small, ROWS, dict(compress=(codec, 3))
    yield "in_dict", {"model": small, "columns": list("abcde")}, ROWS, {}
    yield "in_tuple", ("note", small), ROWS, {}


def with_csc(model):
    model.coef_ = scipy.sparse.csc_matrix(np.where(abs(model.coef_) < 0.5, 0, model.coef_))
    return model


def has_lz4():
    try:
        import lz4  # noqa: F401
        return True
    except ImportError:
        return False


def save(model, name, options):
    path = os.path.join(OUT, name + (".pkl" if options.get("plain") else ".joblib"))
    if options.get("plain"):
        with open(path, "wb") as f:
            pickle.dump(model, f, protocol=options["protocol"])
    else:
        joblib.dump(model, path, compress=options.get("compress", 0), protocol=options.get("protocol"))
    return path


def asked(model):
    if isinstance(model, dict):
        return model["model"]
    return model[1] if isinstance(model, tuple) else model


def plain(a):
    return a.astype(str) if a.dtype.kind == "O" else a


def main():
    os.makedirs(OUT, exist_ok=True)
    lines = []
    for name, model, rows, options in cases():
        path = save(model, name, options)
        target, answers = asked(model), {}
        for method in METHODS:
            if not hasattr(target, method):
                continue
            given = rows if method != "inverse_transform" else np.asarray(target.transform(rows))
            try:
                answer = plain(np.asarray(getattr(target, method)(given)))
            except Exception:  # noqa: BLE001   a Pipeline offers methods that its last step does not have
                continue
            answers[method] = answer
        np.savez(os.path.join(OUT, name + ".npz"), x=plain(np.asarray(rows)), **answers)
        lines.append("\t".join([VERSION, name, os.path.relpath(path, HERE), "%s/%s.npz" % (VERSION, name), ",".join(answers)]))
    table = os.path.join(HERE, "cases.tsv")
    others = [l for l in open(table).read().splitlines() if not l.startswith(VERSION + "\t")] if os.path.exists(table) else []
    with open(table, "w") as f:
        f.write("\n".join(sorted(others + lines)) + "\n")


main()
