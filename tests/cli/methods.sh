#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Methods of estimators that need more than rows of a known width and one output.
. "$(dirname "$0")/lib.sh"
golden=$3/tests/golden/sklearn/kernels/1.9.1

# The standard deviation alone, or behind the mean.
expect 0 '' "$cornichon" predict "$golden/gpr.joblib" --return-std -i "$golden/gpr.npz:x" -o std.csv
expect 0 '' "$cornichon" predict "$golden/gpr.joblib" --return-std -i "$golden/gpr.npz:x" -o mean.csv -o second.csv
expect 0 '' "$cornichon" predict "$golden/gpr.joblib" -i "$golden/gpr.npz:x" -o predicted.csv
tail -n +2 std.csv >a && tail -n +2 second.csv >b && cmp a b || die "--return-std gives another second output"
tail -n +2 mean.csv >a && tail -n +2 predicted.csv >b && cmp a b || die "--return-std changes the mean"
refuse 4 'goes with predict' "$cornichon" predict "$golden/gpr.joblib" --return-std --method transform -i "$golden/gpr.npz:x"
refuse 3 "has no attribute 'predict_std'" "$cornichon" predict "$golden/svr_sigmoid.joblib" --return-std -i "$golden/gpr.npz:x"

# A file of 0.22 does not say how many features a Normalizer takes: those of the rows.
old=$3/tests/golden/sklearn/kernels/0.22.2
expect 0 '' "$cornichon" transform "$old/normalizer.joblib" -i "$old/normalizer.npz:x" -o unit.npy

# Dicts and lists of labels come back from their columns, as Python's inverse_transform gives them.
tables=$3/tests/golden/sklearn/tables/1.9.1
expect 0 '' "$cornichon" predict "$tables/dicts_dense.joblib" --method inverse_transform -i "$tables/dicts_dense.npz:transform" -o dicts.jsonl
cat >want <<'END'
{"inverse_transform": {"city: Lima": 1.0, "t": 8.5, "on": 1.0}}
{"inverse_transform": {"city: Rome": 1.0}}
{"inverse_transform": {"t": -1.0}}
END
cmp dicts.jsonl want || die "inverse_transform of a DictVectorizer"
expect 0 '' "$cornichon" predict "$tables/sets.joblib" --method inverse_transform -i "$tables/sets.npz:transform" -o sets.jsonl
cat >want <<'END'
{"inverse_transform": ["a", "b"]}
{"inverse_transform": []}
{"inverse_transform": ["c"]}
{"inverse_transform": []}
END
cmp sets.jsonl want || die "inverse_transform of a MultiLabelBinarizer"
echo 0,2,1 >two.csv
refuse 2 'Expected only 0s and 1s in label indicator' "$cornichon" predict "$tables/sets.joblib" --method inverse_transform -i two.csv -o sets.jsonl
finish
