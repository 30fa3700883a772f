# SPDX-License-Identifier: BSD-3-Clause
"""What scikit-learn 1.9.1 fits, for the unit tests of src/sklearn: python make_fits.py

Writes fits.txt: the data ("x", "y3" ...) and "<case>.<attribute>" of each fitted estimator, as matrices in text. The C tests fit the
same expressions on the same data."""
import os
import warnings

import numpy as np
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import MinMaxScaler, StandardScaler

rs = np.random.RandomState(11)
x = np.round(rs.normal(size=(24, 4)) * [1, 2, 0.5, 3] + [0, 1, -2, 5], 6)
y3 = (x[:, 0] > 0).astype(int) + (x[:, 3] > 5)
y2 = (x[:, 1] > 1).astype(int)
weight = np.round(rs.uniform(0.5, 2, 24), 6)
x_nan = x.copy()
x_nan[[1, 3], [2, 0]] = np.nan
x_constant = x.copy()
x_constant[:, 1] = 0.1
x_constant[:, 2] = 3e10 + x[:, 2] * 1e-8  # constant up to rounding
x_tall = np.round(rs.normal(size=(50, 4)) @ rs.normal(size=(4, 4)), 6)
data = {name: globals()[name] for name in ("x", "y3", "y2", "weight", "x_nan", "x_constant", "x_tall")}

SCALER = ["mean_", "var_", "scale_", "n_samples_seen_"]
MINMAX = ["scale_", "min_", "data_min_", "data_max_", "data_range_", "n_samples_seen_"]
PCAS = ["mean_", "components_", "explained_variance_", "explained_variance_ratio_", "singular_values_", "noise_variance_", "n_components_"]
LR = ["coef_", "intercept_", "n_iter_"]
tight = dict(tol=1e-9, max_iter=5000)

cases = {
    "scaler": (StandardScaler().fit(x), SCALER),
    "scaler_weight": (StandardScaler().fit(x, sample_weight=weight), SCALER),
    "scaler_nan": (StandardScaler().fit(x_nan), SCALER),
    "scaler_constant": (StandardScaler().fit(x_constant), SCALER),
    "scaler_one_row": (StandardScaler().fit(x[:1]), SCALER),
    "minmax": (MinMaxScaler().fit(x), MINMAX),
    "minmax_range": (MinMaxScaler((-1, 2)).fit(x), MINMAX),
    "minmax_nan": (MinMaxScaler().fit(x_nan), MINMAX),
    "minmax_constant": (MinMaxScaler().fit(x_constant), MINMAX),
    "minmax_one_row": (MinMaxScaler().fit(x[:1]), MINMAX),
    "pca": (PCA().fit(x), PCAS),
    "pca_whiten": (PCA(2, whiten=True).fit(x), PCAS),
    "pca_fraction": (PCA(0.8).fit(x), PCAS),
    "pca_mle": (PCA("mle").fit(x), PCAS),
    "pca_tall": (PCA(3).fit(x_tall), PCAS),
    "pca_covariance": (PCA(svd_solver="covariance_eigh").fit(x), PCAS),
    "pca_randomized": (PCA(2, svd_solver="randomized", random_state=5).fit(x), PCAS),
    "pca_arpack": (PCA(2, svd_solver="arpack", random_state=5).fit(x), PCAS),
    "pca_arpack_all": (PCA(svd_solver="arpack", random_state=5).fit(x), PCAS),
    "pca_wide": (PCA().fit(x[:3]), PCAS),
    "pca_zero": (PCA(0).fit(x), ["mean_", "noise_variance_", "n_components_"]),
    "lr": (LogisticRegression(**tight).fit(x, y3), LR),
    "lr_default": (LogisticRegression().fit(x, y3), LR),
    "lr_binary": (LogisticRegression(**tight).fit(x, y2), LR),
    "lr_weight": (LogisticRegression(**tight).fit(x, y3, sample_weight=weight), LR),
    "lr_balanced": (LogisticRegression(class_weight="balanced", **tight).fit(x, y3, sample_weight=weight), LR),
    "lr_dict": (LogisticRegression(class_weight={0: 3, 2: 0.5}, **tight).fit(x, y3), LR),
    "lr_no_intercept": (LogisticRegression(fit_intercept=False, **tight).fit(x, y3), LR),
    "lr_newton_cg": (LogisticRegression(solver="newton-cg", tol=1e-7, C=0.3).fit(x, y3), LR),
    "lr_newton_cholesky": (LogisticRegression(solver="newton-cholesky", tol=1e-7, C=0.3).fit(x, y3), LR),
    "lr_newton_cholesky_binary": (LogisticRegression(solver="newton-cholesky", tol=1e-7).fit(x, y2), LR),
}


def warm():
    model = LogisticRegression(warm_start=True, max_iter=3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(x, y3).fit(x, y3)


cases["lr_warm"] = (warm(), LR)
whitened, pca = cases["pca_whiten"][0], cases["pca"][0]
answers = {
    "pca_whiten.transform": whitened.transform(x[:3]),
    "pca_whiten.inverse_transform": whitened.inverse_transform([[1, -1], [0, 2]]),
    "pca_whiten.score_samples": whitened.score_samples(x[:3]),
    "pca.score_samples": pca.score_samples(x[:3]),
    "pca_zero.score_samples": cases["pca_zero"][0].score_samples(x[:3]),
    "pca_whiten.precision": whitened.get_precision(),
    "pca.precision": pca.get_precision(),
    "minmax_range.transform": cases["minmax_range"][0].transform(x[:3] * 2),
    "minmax_clip.transform": MinMaxScaler(clip=True).fit(x).transform(x[:3] * 2),
    "lr.predict_proba": cases["lr"][0].predict_proba(x[:5]),
    "lr.decision_function": cases["lr"][0].decision_function(x[:5]),
    "lr_binary.predict_proba": cases["lr_binary"][0].predict_proba(x[:5]),
    "lr_binary.predict_log_proba": cases["lr_binary"][0].predict_log_proba(x[:5]),
}


def main():
    lines = []
    for name, value in list(data.items()) + [(f"{c}.{a}", getattr(m, a)) for c, (m, attributes) in cases.items() for a in attributes] + list(answers.items()):
        matrix = np.atleast_2d(np.asarray(value, dtype=float))
        lines.append(f"{name} {matrix.shape[0]} {matrix.shape[1]}")
        lines += [" ".join(repr(float(v)) for v in row) for row in matrix]
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "fits.txt"), "w") as f:
        f.write("\n".join(lines) + "\n")


main()
