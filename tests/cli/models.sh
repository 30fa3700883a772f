#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Fit, save, load, chain and combine, in every kind of file.
. "$(dirname "$0")/lib.sh"

net="Sequential([Dense(16, activation='relu', input_shape=(4,)), Dense(3, activation='softmax')])"
train="--optimizer adam --loss sparse_categorical_crossentropy --metrics accuracy --seed 1"

# The whole model in both kinds, and the same answers from each.
# shellcheck disable=SC2086
expect 0 '' "$cornichon" fit "$net" -i iris $train --epochs 3 -q -o a.h5
expect 0 '' "$cornichon" fit "$net" --init a.h5 -i iris --epochs 2 --no-shuffle -q -o b.keras
expect 0 '' "$cornichon" fit "$net" --init a.h5 -i iris --epochs 2 --no-shuffle -q -o c.h5
"$cornichon" predict b.keras -i iris -o b.csv
"$cornichon" predict c.h5 -i iris -o c.csv
cmp b.csv c.csv || die ".keras and .h5 predict otherwise"

# The suffix does not matter when reading, and the same seed gives the same bytes.
cp b.keras no_suffix
"$cornichon" predict no_suffix -i iris -o d.csv
cmp b.csv d.csv || die "a file without suffix predicts otherwise"
# shellcheck disable=SC2086
expect 0 '' "$cornichon" fit "$net" -i iris $train --epochs 3 -q -o again.h5
cmp a.h5 again.h5 || die "the same seed gives another file"
# shellcheck disable=SC2086
expect 0 '' "$cornichon" fit "$net" -i iris $train --epochs 3 -q --threads 2 -o threads.h5
cmp a.h5 threads.h5 || die "the number of threads changes the file"

# The file as a tree: its config and its weights.
for file in a.h5 b.keras; do
    expect 0 'class_name: .Sequential' "$cornichon" inspect $file --tree
    expect 0 '^dense/kernel +float32 \(4, 16\)' "$cornichon" inspect $file --tree
done

# Weights alone need their architecture; another architecture is refused by layer.
expect 0 '' "$cornichon" fit "$net" --init a.h5 -i iris --epochs 1 -q -o w.weights.h5
refuse 2 'architecture' "$cornichon" predict w.weights.h5 -i iris
expect 0 '' "$cornichon" predict w.weights.h5 --architecture a.h5 -i iris -o w.csv
# shellcheck disable=SC2086
expect 0 '' "$cornichon" fit "Sequential([Dense(8, input_shape=(4,)), Dense(3, activation='softmax')])" -i iris $train -q -o other.h5
refuse 2 'dense' "$cornichon" predict w.weights.h5 --architecture other.h5 -i iris

# Talk: Keras's bar, the note on .h5, history as CSV, callbacks, validation.
# shellcheck disable=SC2086
expect 0 '^Epoch 2/2' "$cornichon" fit "$net" -i iris $train --epochs 2 -o talk.h5
grep -q 'Keras 3 needs a .keras file' err || die "nothing was said about .h5 and Keras 3"
# shellcheck disable=SC2086
expect 0 'val_accuracy' "$cornichon" fit "$net" -i iris $train --epochs 2 --validation-split 0.2 -o v.keras --history h.csv
[ "$(head -1 h.csv)" = "epoch,accuracy,loss,val_accuracy,val_loss" ] || die "history: $(head -1 h.csv)"
[ "$(sed -n 2p h.csv | cut -d, -f1)" = 0 ] || die "the first epoch is not 0"
# shellcheck disable=SC2086
expect 0 'early stopping' "$cornichon" fit "$net" -i iris $train --epochs 50 -o e.keras \
    --callbacks "EarlyStopping(monitor='loss', min_delta=10, patience=2, verbose=1), CSVLogger('log.csv')"
[ "$(wc -l <log.csv)" -le 5 ] || die "training was not stopped"
# shellcheck disable=SC2086
expect 0 '"epochs": 2, ' "$cornichon" fit "$net" -i iris $train --epochs 2 -q -o j.keras --json

# A chain: one fit, two files; two files, one chain; shapes are checked.
# shellcheck disable=SC2086
expect 0 '' "$cornichon" fit "make_pipeline(PCA(n_components=2), Sequential([Dense(16, activation='relu'), Dense(3, activation='softmax')]))" \
    -i iris $train --epochs 5 -q -o pca.joblib -o net.h5
expect 0 '^0,1,2$' "$cornichon" predict pca.joblib net.h5 -i iris
expect 0 '' "$cornichon" transform pca.joblib -i iris -o reduced.npy
"$cornichon" predict net.h5 -i reduced.npy -o two_steps.npy
"$cornichon" predict pca.joblib:transform net.h5:predict -i iris -o one_step.npy --exact
cmp two_steps.npy one_step.npy || die "the chain differs from its steps"
refuse 2 'expected shape=.None, 2.' "$cornichon" predict net.h5 -i iris
refuse 2 'step' "$cornichon" predict pca.joblib a.h5 -i iris

# Combined.
expect 0 '' "$cornichon" fit 'LogisticRegression(max_iter=500)' -i iris -o lr.joblib
expect 0 'accuracy: 0\.9' "$cornichon" evaluate lr.joblib a.h5 --combine mean -i iris
expect 0 '^predict$' "$cornichon" predict lr.joblib a.h5 --combine vote -i iris
refuse 4 'mean or vote' "$cornichon" predict lr.joblib a.h5 --combine median -i iris

# Pickles in every dress, and a member of a container.
for codec in zlib gzip:9 bz2 xz lzma lz4; do
    expect 0 '' "$cornichon" fit 'PCA()' -i wine -o "dressed.joblib" --compress $codec
    expect 0 'PCA\(\)' "$cornichon" inspect dressed.joblib
done
for protocol in 2 3 4 5; do
    expect 0 '' "$cornichon" fit 'PCA()' -i wine -o protocol.pkl --protocol $protocol
    expect 0 'PCA\(\)' "$cornichon" inspect protocol.pkl
done
refuse 2 'protocol' "$cornichon" fit 'PCA()' -i wine -o protocol.pkl --protocol 9
refuse 2 'scikit-learn 0.22 to 1.9' "$cornichon" fit 'PCA()' -i wine -o old.joblib --sklearn 0.18

# Data on stdin, labels that are words, features matched by name.
printf 'b,a,kind\n1,10,x\n2,20,y\n3,30,y\n4,5,x\n' >named.csv
expect 0 '' "$cornichon" fit 'LogisticRegression()' -i named.csv -t kind -o named.joblib
printf 'a,other,b\n10,0,1\n20,0,2\n' >turned.csv
expect 0 '^[xy]$' "$cornichon" predict named.joblib -i turned.csv
printf '1,10\n2,20\n' | "$cornichon" predict named.joblib -i - >from_stdin.csv
"$cornichon" predict named.joblib -i turned.csv >by_name.csv
cmp from_stdin.csv by_name.csv || die "columns were not matched by name"
refuse 2 "has no column 'b'" "$cornichon" predict named.joblib -i iris

# Specifications from a file.
echo 'PCA(n_components=2)' >spec.txt
expect 0 '' "$cornichon" fit @spec.txt -i iris -o from_file.joblib
expect 0 'PCA\(n_components=2\)' "$cornichon" inspect from_file.joblib

# Bench reports prediction alone.
expect 0 '"p50_us"' "$cornichon" bench lr.joblib -i iris --batch 10 --seconds 0.05 --threads 1 --json
"$cornichon" bench pca.joblib net.h5 --seconds 0.05 --calls 100 --json | python3 -c 'import json, sys; assert json.load(sys.stdin)["calls"] <= 100'
finish
