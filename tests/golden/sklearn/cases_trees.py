# SPDX-License-Identifier: BSD-3-Clause
"""Trees, forests and boosting: criteria, losses, several outputs, labels of all kinds, missing values, categories."""
import numpy as np
from sklearn.ensemble import (ExtraTreesClassifier, ExtraTreesRegressor, GradientBoostingClassifier, GradientBoostingRegressor,
                              IsolationForest, RandomForestClassifier, RandomForestRegressor, RandomTreesEmbedding)
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor

try:
    from sklearn.experimental import enable_hist_gradient_boosting  # noqa: F401
except ImportError:
    pass
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

rs = np.random.RandomState(11)
X = rs.normal(size=(44, 4)) * [1.0, 2.0, 0.5, 3.0]
y3 = (X[:, 0] > 0).astype(int) + (X[:, 1] + X[:, 2] > 0.5)
y2 = (y3 > 0).astype(int)
Y = np.c_[y3, y2 * 4]
r = X[:, 0] * 2 - X[:, 3] + rs.normal(size=44) * 0.1
R = np.c_[r, -r + X[:, 1], X[:, 2]]
ROWS = np.r_[X[:5] + 0.1, X[5:8]]
NAMES = np.array(["low", "middle", "high"])
NAN = X.copy()
NAN[::5, 0] = np.nan
NAN[1::7, 3] = np.nan
NANROWS = ROWS.copy()
NANROWS[::3, 0] = np.nan
NANROWS[1::3, 3] = np.nan
C = np.c_[rs.randint(0, 5, 44), X[:, :2]].astype(float)
CROWS = np.c_[[0.0, 1, 2, 3, 4, 7, np.nan], ROWS[:7, :2]]


def trees(VERSION):
    yield "dt", DecisionTreeClassifier(max_depth=3, random_state=0).fit(X, y3), ROWS, {}
    yield "dt_str", DecisionTreeClassifier(max_depth=2, random_state=0).fit(X, NAMES[y3]), ROWS, {}
    yield "dt_weights", DecisionTreeClassifier(max_depth=2, random_state=0, class_weight="balanced").fit(X, y3), ROWS, {}
    yield "dt_outputs", DecisionTreeClassifier(max_depth=3, random_state=0).fit(X, Y), ROWS, {}
    yield "dtr", DecisionTreeRegressor(max_depth=3, random_state=0).fit(X, r), ROWS, {}
    yield "dtr_outputs", DecisionTreeRegressor(max_leaf_nodes=6, random_state=0).fit(X, R), ROWS, {}
    yield "et", ExtraTreeClassifier(max_depth=3, random_state=0).fit(X, y2.astype(bool)), ROWS, {}
    yield "etr", ExtraTreeRegressor(max_depth=3, random_state=0).fit(X, r), ROWS, {}
    if VERSION >= "1.3":
        yield "dt_nan", DecisionTreeClassifier(max_depth=3, random_state=0).fit(NAN, y3), NANROWS, {}
    if VERSION >= "1.6":
        yield "etr_nan", ExtraTreeRegressor(max_depth=3, random_state=0).fit(NAN, r), NANROWS, {}


def forests(VERSION):
    few = dict(n_estimators=3, max_depth=3, random_state=0)
    yield "rf", RandomForestClassifier(**few).fit(X, NAMES.astype(object)[y3]), ROWS, {}
    yield "rf_outputs", RandomForestClassifier(**few).fit(X, Y), ROWS, {}
    yield "rfr", RandomForestRegressor(**few).fit(X, r), ROWS, {}
    yield "rfr_outputs", RandomForestRegressor(**few).fit(X, R), ROWS, {}
    yield "ets", ExtraTreesClassifier(**few).fit(X, y2 + 0.0), ROWS, {}
    yield "etsr", ExtraTreesRegressor(**few).fit(X, r), ROWS, {}
    yield "embedding", RandomTreesEmbedding(n_estimators=2, max_depth=2, random_state=0).fit(X), ROWS, {}
    yield "isolation", IsolationForest(n_estimators=3, max_samples=16, random_state=0).fit(X), ROWS, {}
    yield "isolation_features", IsolationForest(n_estimators=3, max_samples=16, max_features=2, contamination=0.2,
                                                random_state=0).fit(X), ROWS, {}
    if VERSION >= "1.4":
        yield "rf_nan", RandomForestClassifier(**dict(few, max_depth=5)).fit(NAN, y3), NANROWS, {}


def boosting(VERSION):
    few = dict(n_estimators=3, max_depth=2, random_state=0)
    yield "gb", GradientBoostingClassifier(**few).fit(X, NAMES[y3]), ROWS, {}
    yield "gb_binary", GradientBoostingClassifier(**few).fit(X, y2), ROWS, {}
    yield "gb_exponential", GradientBoostingClassifier(loss="exponential", **few).fit(X, y2), ROWS, {}
    yield "gb_init", GradientBoostingClassifier(init=LogisticRegression(solver="liblinear", multi_class="ovr") if VERSION < "1.5"
                                                else LogisticRegression(), **few).fit(X, y2), ROWS.astype("float32"), {}
    old = VERSION < "1.0"
    for name, loss in (("ls" if old else "squared_error", "squared"), ("lad" if old else "absolute_error", "absolute"),
                       ("huber", "huber"), ("quantile", "quantile")):
        yield "gbr_" + loss, GradientBoostingRegressor(loss=name, **few).fit(X, r), ROWS, {}
    yield "gbr_zero", GradientBoostingRegressor(init="zero", **few).fit(X, r), ROWS, {}
    if VERSION >= "1.0":
        yield "gbr_init", GradientBoostingRegressor(init=LinearRegression(), **few).fit(X, r), ROWS.astype("float32"), {}


def hist(VERSION):
    few = dict(max_iter=3, max_leaf_nodes=5, min_samples_leaf=3, random_state=0)
    yield "hgb", HistGradientBoostingClassifier(**few).fit(X, y2), ROWS, {}
    yield "hgb_classes", HistGradientBoostingClassifier(**few).fit(NAN, NAMES[y3]), NANROWS, {}
    yield "hgbr", HistGradientBoostingRegressor(**few).fit(NAN, r), NANROWS, {}
    losses = [("poisson", "0.23"), ("absolute_error", "1.0"), ("quantile", "1.1"), ("gamma", "1.3")]
    for loss, since in losses:
        if VERSION >= since:
            more = dict(quantile=0.7) if loss == "quantile" else {}
            target = abs(r) + 0.1 if loss in ("poisson", "gamma") else r
            yield "hgbr_" + loss, HistGradientBoostingRegressor(loss=loss, **dict(few, **more)).fit(X, target), ROWS, {}
    if VERSION >= "0.24":
        yield "hgb_categories", HistGradientBoostingClassifier(categorical_features=[0], **few).fit(C, y2), CROWS, {}


def cases(VERSION):
    full = VERSION in ("0.22.2", "1.9.1")
    for made in (trees, forests, boosting, hist):
        for name, model, rows, options in made(VERSION):
            if full or name in ("dt", "dtr_outputs", "rf", "isolation", "gb", "gbr_huber", "hgb_classes", "hgb_categories",
                                "hgbr_gamma"):
                yield name, model, rows, options
