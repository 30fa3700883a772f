#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The README's shell lines run, and print what it says: word for word, digits aside (the last digits of a training
# depend on the processor's vector width). Arguments: PROGRAM BUILD SOURCE.
. "$(dirname "$0")/lib.sh"
readme=$3/README.md

PATH="$(dirname "$cornichon"):$PATH"
sed -n '/^```console$/,/^```$/p' "$readme" | grep -v '^```' >session
grep '^\$ ' session | sed 's/^\$ //' >commands
[ "$(wc -l <commands)" -ge 10 ] || die "the README has no session of ten lines"

: >printed
while IFS= read -r command; do
    echo "\$ $command" >>printed
    eval "$command" >>printed 2>&1 </dev/null || die "$command"
    cases=$((cases + 1))
done <commands

mask() {
    sed -E 's/[0-9]+(\.[0-9]+)?(e-[0-9]+)?/#/g' "$1"
}
mask session >expected.masked
mask printed >printed.masked
diff expected.masked printed.masked || die "the README's output is not what the program prints"
finish
