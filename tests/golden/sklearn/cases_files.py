# SPDX-License-Identifier: BSD-3-Clause
"""Ways to store a model: protocols, codecs, containers, kinds of labels, sparse coefficients."""
import sys

import numpy as np
import scipy.sparse
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import LabelEncoder, MinMaxScaler, StandardScaler

rs = np.random.RandomState(7)
X = rs.normal(size=(60, 5)) * [1.0, 2.0, 0.5, 3.0, 1.0] + [0.0, 1.0, -2.0, 5.0, 0.0]
y3 = (X[:, 0] + X[:, 1] > 1).astype(int) + (X[:, 3] > 6)
y2 = (y3 > 0).astype(int)
ROWS = X[:9] + 0.1
NAMES = np.array(["setosa", "versicolor", "virginica"])


def lr(**more):
    return LogisticRegression(**dict(dict(max_iter=300), **more))


def cases(VERSION):
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
