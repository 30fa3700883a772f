#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Bad input: one clear line, the right exit code, nothing lost.
. "$(dirname "$0")/lib.sh"

"$cornichon" fit 'LogisticRegression(max_iter=500)' -i iris -o lr.joblib
"$cornichon" fit 'PCA(n_components=2)' -i iris -o pca.joblib
"$cornichon" dataset iris -o iris.csv

# Files.
refuse 2 'missing.joblib: .*No such file' "$cornichon" predict missing.joblib -i iris
: >empty.joblib
refuse 2 'empty.joblib' "$cornichon" predict empty.joblib -i iris
printf 'hello world\n' >text.joblib
refuse 2 'text.joblib' "$cornichon" predict text.joblib -i iris
size=$(wc -c <lr.joblib)
for cut in 1 10 100 $((size / 2)) $((size - 1)); do
    head -c "$cut" lr.joblib >cut.joblib
    refuse 2 'cut.joblib: ' "$cornichon" predict cut.joblib -i iris
done
python3 -c "import pickle, fractions; pickle.dump(fractions.Fraction(1, 3), open('foreign.pkl', 'wb'))"
refuse 3 'fractions.Fraction' "$cornichon" predict foreign.pkl -i iris
expect 0 'fractions' "$cornichon" inspect foreign.pkl

# Specifications: the message points at the character.
refuse 4 "no parameter 'c'; did you mean 'C'" "$cornichon" fit 'LogisticRegression(c=1)' -i iris -o x.joblib
refuse 4 "must be a float in the range \(0.0, inf" "$cornichon" fit 'LogisticRegression(C=-1)' -i iris -o x.joblib
refuse 4 "LogisticRegression" "$cornichon" fit 'LogisticRegresion()' -i iris -o x.joblib
refuse 4 'cornichon: ' "$cornichon" fit 'PCA(' -i iris -o x.joblib
refuse 4 'cornichon: ' "$cornichon" fit '__import__("os").system("touch pwned")' -i iris -o x.joblib
[ ! -e pwned ] || die "an expression was evaluated"

# Data.
printf '1,2,3\n4,5,6\n' >three.csv
refuse 2 'X has 3 features, but LogisticRegression is expecting 4 features as input' "$cornichon" predict lr.joblib -i three.csv
printf '1,2,nan,4\n1,2,3,4\n' >nan.csv
refuse 2 'Input X contains NaN' "$cornichon" predict lr.joblib -i nan.csv
refuse 2 'Input X contains NaN' "$cornichon" fit 'PCA()' -i nan.csv -o x.joblib
printf '1,2,3\n4,5\n' >ragged.csv
refuse 2 'line 2' "$cornichon" predict lr.joblib -i ragged.csv
printf 'a,b\nx,y\nz,w\n' >words.csv
refuse 2 'words.csv' "$cornichon" fit 'PCA()' -i words.csv -o x.joblib
refuse 4 "neither a column of the data nor a file" "$cornichon" fit 'LogisticRegression()' -i iris.csv -t colour -o x.joblib
refuse 2 'requires y to be passed' "$cornichon" fit 'LogisticRegression()' -i three.csv -o x.joblib
refuse 2 'n_components=9 must be between' "$cornichon" fit 'PCA(n_components=9)' -i iris -o x.joblib

# Methods and chains.
refuse 3 'transform' "$cornichon" transform lr.joblib -i iris
refuse 4 "'guess' is not a method" "$cornichon" predict lr.joblib -i iris --method guess
refuse 2 'expects 4 features|expecting 4 features' "$cornichon" predict pca.joblib lr.joblib -i iris

# Targets: nothing is lost when writing fails, and the old file stays.
cp lr.joblib keep.joblib
refuse 2 'nowhere/x.joblib' "$cornichon" fit 'PCA()' -i iris -o nowhere/x.joblib
if [ -e /dev/full ]; then
    refuse 2 'No space left' "$cornichon" fit 'PCA()' -i iris -o /dev/full --format joblib
    refuse 2 'No space left' "$cornichon" predict lr.joblib -i iris -o /dev/full --format csv
fi
refuse 2 'n_components=9' "$cornichon" fit 'PCA(n_components=9)' -i iris -o keep.joblib
cmp lr.joblib keep.joblib || die "a failed fit changed the old file"
refuse 3 'joblib or pickle' "$cornichon" fit 'PCA()' -i iris -o pca.h5
[ -z "$(ls -A | grep -v -e '^out$' -e '^err$' | grep '^\.' || true)" ] || die "a temporary file was left behind"

# Limits.
refuse 2 'limit' "$cornichon" predict lr.joblib -i iris --max-objects 5
refuse 2 'limit' "$cornichon" predict lr.joblib -i iris --max-file 100
finish
