#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Built-in data sets, and the kinds of files that tables are written to.
. "$(dirname "$0")/lib.sh"

lines() {
    [ "$("$cornichon" dataset "$1" | wc -l)" = "$2" ] || die "$1 does not have $2 lines"
    cases=$((cases + 1))
}
lines iris 151
lines wine 179
lines digits 1798
lines breast_cancer 570
lines diabetes 443

expect 0 '^sepal length \(cm\),sepal width \(cm\),petal length \(cm\),petal width \(cm\),target$' "$cornichon" dataset iris
for kind in csv tsv jsonl npy npz; do
    expect 0 '' "$cornichon" dataset iris -o "iris.$kind"
    [ -s "iris.$kind" ] || die "iris.$kind is empty"
done
refuse 2 "iris, wine, digits, breast_cancer" "$cornichon" dataset tulips
refuse 2 'No such file or directory' "$cornichon" dataset iris -o no/such/folder/iris.csv
[ ! -e no ] || die "a folder was made"

# The same rows, whatever the file: the predictions agree.
expect 0 '' "$cornichon" fit 'LogisticRegression(max_iter=500)' -i iris -o lr.joblib
"$cornichon" predict lr.joblib -i iris -o expected.csv
for kind in csv tsv jsonl; do
    cut_target="iris4.$kind"
    "$cornichon" fit 'LogisticRegression(max_iter=500)' -i "iris.$kind" -t target -o other.joblib
    "$cornichon" predict other.joblib -i "iris.$kind" -o got.csv
    cmp expected.csv got.csv || die "$cut_target predicts otherwise"
done
finish
