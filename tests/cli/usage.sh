#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Command lines that are wrong, help, version, lists.
. "$(dirname "$0")/lib.sh"

expect 4 'usage: cornichon COMMAND' "$cornichon"
expect 0 'usage: cornichon COMMAND' "$cornichon" --help
expect 0 '^cornichon [0-9]+\.[0-9]+\.[0-9]+ \(' "$cornichon" --version
expect 0 'OpenBLAS' "$cornichon" --version
refuse 4 "'frobnicate' is not a command" "$cornichon" frobnicate
refuse 4 'unknown option --frob' "$cornichon" predict --frob
refuse 4 'predict has no option --epochs' "$cornichon" predict --epochs 3 x
refuse 4 'an argument is missing' "$cornichon" predict
refuse 4 'is too much' "$cornichon" inspect a b
refuse 4 '--epochs needs a value' "$cornichon" fit 'PCA()' --epochs
refuse 4 "'many' is not a N" "$cornichon" fit 'PCA()' --epochs many
refuse 4 'no data: name it with -i' "$cornichon" fit 'PCA()' -o x.joblib
refuse 4 'where shall the model go' "$cornichon" fit 'PCA()' -i iris
refuse 4 'exclude each other' "$cornichon" fit 'PCA()' -i iris -o x.joblib --shuffle --no-shuffle

for command in fit predict transform evaluate inspect bench list dataset completion man help; do
    expect 0 "^usage: cornichon $command" "$cornichon" $command --help
    expect 0 "^usage: cornichon $command" "$cornichon" help $command
done

expect 0 'LogisticRegression +predict, predict_proba' "$cornichon" list estimators
expect 0 'Dense' "$cornichon" list layers
expect 0 'Adam' "$cornichon" list optimizers
expect 0 '"name": "PCA", "module": "sklearn.decomposition"' "$cornichon" list estimators --json
"$cornichon" list --json | python3 -c 'import json, sys; assert len(json.load(sys.stdin)) == 6'
refuse 4 "'planets' is not a list" "$cornichon" list planets

expect 0 'complete -o default -F _cornichon' "$cornichon" completion bash
"$cornichon" completion bash | bash -n
expect 0 '#compdef cornichon' "$cornichon" completion zsh
expect 0 'complete -c cornichon' "$cornichon" completion fish
refuse 4 'bash, zsh or fish' "$cornichon" completion csh
expect 0 '^\.TH CORNICHON 1' "$cornichon" man
expect 0 'cornichon fit' "$cornichon" man fit
finish
