#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes golden files from the real scikit-learn, each area into its folder of tests/golden/.

Usage: python tools/make_golden.py [AREA ...]   (with scikit-learn 1.9, joblib 1.6; without AREA: all)

    estimators   the parameters and defaults of every public estimator
    model        small fitted models, and what they answer on five rows of iris
"""

import importlib
import inspect
import pathlib
import sys
import types

import joblib
import numpy as np
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.experimental import enable_halving_search_cv, enable_iterative_imputer  # noqa: F401
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.experimental import enable_halving_search_cv, enable_iterative_imputer  # noqa: F401
from sklearn.utils import all_estimators
from sklearn.utils._param_validation import StrOptions, make_constraint

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
ROWS = [0, 50, 77, 100, 149]


def expectation(constraints):
    """What scikit-learn says a parameter must be; the options of a set in alphabetical order."""
    if constraints in (None, "no_validation"):
        return "-"
    made = [make_constraint(c) for c in constraints]
    words = []
    for constraint in made:
        if constraint.hidden:
            continue
        text = str(constraint)
        if isinstance(constraint, StrOptions):
            options = ", ".join(repr(o) for o in sorted(constraint.options))
            text = f"a str among {{{options}}}"
        words.append(text)
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def spelled(default):
    """repr, of NumPy's scalars as Python's own, and the name of a function or class."""
    if isinstance(default, np.generic):
        default = default.item()
    return f"{default.__module__}.{default.__name__}" if callable(default) else repr(default)


def make_estimators(folder):
    """One line for each parameter: class, name, default as repr, whether it needs its name, constraint."""
    known = dict(all_estimators())
    with open(folder / "parameters.tsv", "w") as out:
        for name in sorted(known):
            for parameter in inspect.signature(known[name]).parameters.values():
                default = parameter.default
                text = "-" if default is inspect.Parameter.empty else spelled(default)
                kind = "keyword" if parameter.kind is parameter.KEYWORD_ONLY else "place"
                constraints = getattr(known[name], "_parameter_constraints", {}).get(parameter.name)
                words = expectation(constraints)
                out.write(f"{name}\t{parameter.name}\t{text}\t{kind}\t{words}\n")


def write_matrix(out, name, values):
    values = np.atleast_2d(np.asarray(values, dtype=float))
    out.write(f"{name} {values.shape[0]} {values.shape[1]}\n")
    for row in values:
        out.write(" ".join(repr(float(x)) for x in row) + "\n")


def foreign_estimator():
    """A class of a module that nobody else has."""
    module = types.ModuleType("company.models")
    sys.modules["company"] = types.ModuleType("company")
    sys.modules["company.models"] = module
    cls = type("MyPCA", (), {"__module__": "company.models"})
    module.MyPCA = cls
    thing = cls()
    thing.n_components = 2
    thing.mean_ = np.arange(3.0)
    return thing


def reprs():
    """Estimators whose repr is laid out in every way."""
    return [
        LogisticRegression(C=0.5),
        MinMaxScaler(feature_range=(-1, 1)),
        make_pipeline(StandardScaler(), PCA(n_components=2), LogisticRegression(C=0.5)),
        LogisticRegression(C=0.123456789, max_iter=100000, solver="newton-cholesky", tol=1e-10,
                           warm_start=True, random_state=42),
        Pipeline([("a", StandardScaler()),
                  ("b", LogisticRegression(C=np.inf, class_weight={0: 1.0, 1: 2.0}))]),
        Pipeline([("a-rather-long-name-of-a-step-that-fills-the-line",
                   Pipeline([("scale", StandardScaler(with_mean=False)),
                             ("pca", PCA(n_components=0.95, whiten=True, svd_solver="full"))])),
                  ("b", LogisticRegression(class_weight="balanced", dual=True,
                                           fit_intercept=False, intercept_scaling=2.5))]),
        LogisticRegression(C=2.0, class_weight={i: 1.0 for i in range(30)}),
        LogisticRegression(class_weight={"a name that fills most of a line of text": 1.0,
                                         "another name that is as long as it": 2.5}),
        make_pipeline(StandardScaler(), "passthrough", PCA(n_components=123456789012),
                      StandardScaler(copy=False, with_mean=False, with_std=False)),
    ]


def make_model(folder):
    iris = load_iris()
    x, y = iris.data, iris.target
    names = iris.target_names[y]
    scaler = StandardScaler().fit(x)
    pca = PCA(n_components=2).fit(x)
    logistic = LogisticRegression(max_iter=500).fit(x, y)
    strong = LogisticRegression(C=0.01, max_iter=500).fit(x, y)
    after_pca = LogisticRegression(max_iter=500).fit(pca.transform(x), names)
    pipeline = make_pipeline(StandardScaler(), PCA(n_components=2), LogisticRegression()).fit(x, y)
    saved = {
        "scaler": scaler,
        "pca": pca,
        "logistic": logistic,
        "strong_logistic": strong,
        "logistic_after_pca": after_pca,
        "pipeline": pipeline,
        "bundle": {"scaler": scaler, "classifier": logistic, "accuracy": 0.97},
        "foreign": foreign_estimator(),
    }
    for name, thing in saved.items():
        joblib.dump(thing, folder / f"{name}.joblib")
    (folder / "reprs.txt").write_text("----\n".join(repr(e) + "\n" for e in reprs()))
    rows = x[ROWS]
    with open(folder / "expected.txt", "w") as out:
        write_matrix(out, "rows", rows)
        write_matrix(out, "scaler", scaler.transform(rows))
        write_matrix(out, "pca", pca.transform(rows))
        write_matrix(out, "pca_back", pca.inverse_transform(pca.transform(rows)))
        write_matrix(out, "logistic", logistic.predict(rows))
        write_matrix(out, "logistic_proba", logistic.predict_proba(rows))
        write_matrix(out, "strong_proba", strong.predict_proba(rows))
        write_matrix(out, "after_pca_proba", after_pca.predict_proba(pca.transform(rows)))
        write_matrix(out, "pipeline_proba", pipeline.predict_proba(rows))


AREAS = {"estimators": make_estimators, "model": make_model}


def main():
    for area in sys.argv[1:] or AREAS:
        folder = GOLDEN / area
        folder.mkdir(parents=True, exist_ok=True)
        AREAS[area](folder)


if __name__ == "__main__":
    main()
