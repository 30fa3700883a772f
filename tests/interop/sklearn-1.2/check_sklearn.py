# SPDX-License-Identifier: BSD-3-Clause
"""What cornichon writes for an old scikit-learn, that scikit-learn loads without a warning and predicts the same; and what it
writes for the newest loads there too, with the warning about versions alone. Argument: BUILD. Runs in the environment of
requirements.txt beside this file (joblib 1.1, the last that does not know aligned arrays)."""
import os
import subprocess
import sys
import tempfile
import warnings

import joblib
import numpy as np
import sklearn
from sklearn.base import clone
from sklearn.datasets import load_iris

PROGRAM = os.path.join(os.path.abspath(sys.argv[1]), "cornichon")
NAMES = np.array(["setosa", "versicolor", "virginica"])
SPECS = [
    "LogisticRegression(max_iter=500)",
    "LogisticRegression(solver='newton-cg', class_weight='balanced')",
    "PCA(n_components=2, whiten=True)",
    "StandardScaler()",
    "MinMaxScaler(clip=True)",
    "make_pipeline(StandardScaler(), PCA(n_components=2), LogisticRegression())",
]


def cornichon(*argv):
    p = subprocess.run([PROGRAM, *argv], capture_output=True, text=True)
    assert p.returncode == 0, (argv, p.stderr)


def load(path, action):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings(action, message="Trying to unpickle estimator")
        return joblib.load(path)


def check(spec, x, y, target, action):
    cornichon("fit", spec, "-i", "x.npy", "-t", "y.npy", "-o", "model.joblib", "-q", "--sklearn", target)
    model = load("model.joblib", action)
    repr(model)
    clone(model)
    methods = 0
    for method in ("predict", "predict_proba", "decision_function", "transform", "score_samples"):
        if not hasattr(model, method):
            continue
        want = getattr(model, method)(x)
        cornichon("predict", "model.joblib", "-i", "x.npy", "-o", "answer.npy", "--method", method)
        got = np.load("answer.npy")
        assert (got == want).all() if want.dtype.kind in "OU" else np.allclose(got, want, 1e-9, 1e-10), (spec, method)
        methods += 1
    assert methods > 0
    clone(model).fit(x, y) if target != "1.9" else None  # a newer penalty is not for old solvers
    return methods


def main():
    x, y = load_iris(return_X_y=True)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        np.save("x.npy", x)
        np.save("y.npy", NAMES[y])
        own = sum(check(spec, x, NAMES[y], "1.2", "error") for spec in SPECS)
        newest = sum(check(spec, x, NAMES[y], "1.9", "ignore") for spec in SPECS)
    print(f"scikit-learn {sklearn.__version__}, joblib {joblib.__version__}: {own + newest} answers agree")


main()
