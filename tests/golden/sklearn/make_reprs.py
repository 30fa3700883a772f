# SPDX-License-Identifier: BSD-3-Clause
"""reprs.txt: python make_reprs.py   (once for each version, in its own environment)

What the running scikit-learn prints for every golden file of its version, as JSON strings: path, repr(model). Addresses are left
out. Containers of models are left out, too, and LEFT_OUT: a set prints in the order of a run's hashes, and a parameter that the
file does not hold prints as None."""
import glob
import json
import os
import re
import warnings

import joblib
import sklearn
from sklearn.base import BaseEstimator

for name in ("enable_hist_gradient_boosting", "enable_iterative_imputer", "enable_halving_search_cv"):
    try:
        __import__("sklearn.experimental." + name)
    except ImportError:
        pass
warnings.simplefilter("ignore")
sklearn.set_config(print_changed_only=True)
LEFT_OUT = ("text/1.9.1/count_set.joblib", "decomp/0.22.2/coder_lasso_lars.joblib")
HERE = os.path.dirname(os.path.abspath(__file__))
VERSION = sklearn.__version__.replace(".post1", "")


def main():
    path = os.path.join(HERE, "reprs.txt")
    lines = open(path).read().splitlines() if os.path.exists(path) else []
    lines = [line for line in lines if line.split("/")[1] != VERSION]
    for model in sorted(glob.glob(os.path.join(HERE, "*", VERSION, "*.*"))):
        if not model.endswith((".joblib", ".pkl")):
            continue
        try:
            loaded = joblib.load(model)
        except Exception:
            continue
        if isinstance(loaded, BaseEstimator) and os.path.relpath(model, HERE) not in LEFT_OUT:
            text = re.sub(" at 0x[0-9a-fA-F]+", "", repr(loaded))
            lines.append(os.path.relpath(model, HERE) + "\t" + json.dumps(text))
    with open(path, "w") as f:
        f.write("\n".join(sorted(lines)) + "\n")


main()
