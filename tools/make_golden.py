#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes golden files from the real scikit-learn, each area into its folder of tests/golden/.

Usage: python tools/make_golden.py [AREA ...]   (with scikit-learn 1.9, joblib 1.6; without AREA: all)

    estimators   the parameters and defaults of every estimator of src/sklearn/estimators.def
    model        small fitted models, and what they answer on five rows of iris
"""

import importlib
import inspect
import pathlib
import re
import sys
import types

import joblib
import numpy as np
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import all_estimators

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
ROWS = [0, 50, 77, 100, 149]


def make_estimators(folder):
    """One line for each parameter: class, name, default as repr, and whether it needs its name."""
    known = dict(all_estimators())
    table = (ROOT / "src/sklearn/estimators.def").read_text()
    with open(folder / "parameters.tsv", "w") as out:
        for name in re.findall(r"^CRN_ESTIMATOR\((\w+),", table, re.M):
            for parameter in inspect.signature(known[name]).parameters.values():
                default = parameter.default
                text = "-" if default is inspect.Parameter.empty else repr(default)
                kind = "keyword" if parameter.kind is parameter.KEYWORD_ONLY else "place"
                out.write(f"{name}\t{parameter.name}\t{text}\t{kind}\n")


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
