#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# convert, diff and verify.
. "$(dirname "$0")/lib.sh"
source=$3
golden=$source/tests/golden/sklearn/files

# Another version holds the same model, and predicts the same.
for version in 0.22 1.0 1.5 1.9; do
    expect 0 '' "$cornichon" convert "$golden/1.2.2/pipe.joblib" pipe.joblib --sklearn "$version"
    expect 0 '' "$cornichon" diff "$golden/1.2.2/pipe.joblib" pipe.joblib -i "$golden/1.2.2/pipe.npz:x"
done
expect 0 'scikit-learn 1\.9\.1' "$cornichon" inspect pipe.joblib
expect 0 '' "$cornichon" convert "$golden/1.9.1/lr.joblib" old.joblib --sklearn 1.0
refuse 3 "scikit-learn 1.9.1 has no multi_class='ovr'" "$cornichon" convert "$golden/1.0.2/lr_ovr.joblib" x.joblib --sklearn 1.9
refuse 3 'has no parameter clip of MinMaxScaler, which came with 0.24' "$cornichon" convert "$golden/1.9.1/minmax_clip.joblib" x.joblib --sklearn 0.22
refuse 2 "written for scikit-learn 0.22 to 1.9, not '2.0'" "$cornichon" convert "$golden/1.9.1/lr.joblib" x.joblib --sklearn 2.0
[ ! -e x.joblib ] || die "a failure left a file"

# The container around a model stays, and so does an unknown class; only how they are stored changes.
expect 0 '' "$cornichon" convert "$golden/1.9.1/in_dict.joblib" dict.joblib --sklearn 1.2
expect 0 'columns' "$cornichon" inspect --tree 'dict.joblib'
expect 0 '' "$cornichon" predict 'dict.joblib#model' -i "$golden/1.9.1/in_dict.npz:x"
expect 0 '' "$cornichon" convert "$golden/1.9.1/lr.joblib" lr.pkl --protocol 2 --compress gzip:9
expect 0 '' "$cornichon" diff "$golden/1.9.1/lr.joblib" lr.pkl
expect 0 '' "$cornichon" convert "$golden/1.9.1/scaler.joblib" numpy2.joblib --numpy 2
grep -q 'numpy._core.multiarray' numpy2.joblib || die "NumPy 2's module path is not there"
expect 0 '' "$cornichon" convert numpy2.joblib numpy1.joblib --numpy 1
grep -q 'numpy._core' numpy1.joblib && die "NumPy 2's module path is there"
python3 -c "import pickle, fractions; pickle.dump(fractions.Fraction(1, 3), open('foreign.pkl', 'wb'))"
expect 0 '' "$cornichon" convert foreign.pkl foreign2.pkl --protocol 2
expect 0 '' "$cornichon" diff foreign.pkl foreign2.pkl
refuse 3 'Fraction is not supported' "$cornichon" convert foreign.pkl x.pkl --sklearn 1.0

# What differs is named, and is the exit code.
"$cornichon" fit 'LogisticRegression(C=0.5, max_iter=500)' -i iris -o a.joblib
"$cornichon" fit 'LogisticRegression(C=2.0, max_iter=500)' -i iris -o b.joblib
expect 1 '^C: 0\.5 -> 2\.0$' "$cornichon" diff a.joblib b.joblib
expect 1 '^coef_: float64 \(3, 4\): 12 elements differ' "$cornichon" diff a.joblib b.joblib
expect 1 '^predictions: .* of 450 differ' "$cornichon" diff a.joblib b.joblib --method predict_proba -i iris
expect 1 '"path": "C", "left": "0.5", "right": "2.0"' "$cornichon" diff a.joblib b.joblib --json
expect 0 'the models are the same' "$cornichon" diff a.joblib a.joblib
"$cornichon" fit 'PCA(n_components=2)' -i iris -o pca.joblib
expect 1 'PCA.* -> LogisticRegression' "$cornichon" diff pca.joblib a.joblib

# Golden rows: each step, and the first that differs.
"$cornichon" fit 'make_pipeline(StandardScaler(), PCA(n_components=2), LogisticRegression())' -i iris -o pipe.joblib
"$cornichon" predict pipe.joblib -i iris -o labels.npy
expect 0 '^verified$' "$cornichon" verify pipe.joblib -i iris -e labels.npy
"$cornichon" fit 'StandardScaler()' -i iris -o scaler.joblib
"$cornichon" transform scaler.joblib -i iris -o scaled.npy
"$cornichon" fit 'make_pipeline(StandardScaler(), PCA(n_components=2))' -i iris -o two.joblib
"$cornichon" transform two.joblib -i iris -o components.npy
expect 0 'step 1 PCA.transform: 300 values, largest error' "$cornichon" verify pipe.joblib -i iris -e scaled.npy -e components.npy -e labels.npy
expect 1 'not verified: step 1 is the first that differs' "$cornichon" verify pipe.joblib -i iris -e scaled.npy -e scaled.npy -e labels.npy
expect 1 '"first_wrong": 0' "$cornichon" verify pipe.joblib -i iris -e components.npy -e components.npy -e labels.npy --json
refuse 4 'the model has 3 steps, -e was given 2 times' "$cornichon" verify pipe.joblib -i iris -e scaled.npy -e labels.npy
finish
