# SPDX-License-Identifier: BSD-3-Clause
# What the CLI tests share. Each test is a script run as: sh TEST PROGRAM, in an empty folder of its own.
set -eu

cornichon=$1
cases=0

die() {
    echo "FAILED: $*" >&2
    exit 1
}

# expect CODE PATTERN COMMAND...: runs it; stdout goes to ./out, stderr to ./err; the exit code must be CODE and
# a line of stdout or stderr must match the extended regular expression PATTERN (empty: anything).
expect() {
    code=$1
    pattern=$2
    shift 2
    cases=$((cases + 1))
    status=0
    "$@" >out 2>err || status=$?
    [ "$status" = "$code" ] || {
        cat out err >&2
        die "exit code $status, not $code: $*"
    }
    [ -z "$pattern" ] || cat out err | grep -Eq -- "$pattern" || {
        cat out err >&2
        die "no line matches '$pattern': $*"
    }
}

# A failure says one line on stderr (two when it points at a character), and nothing on stdout.
one_line() {
    [ "$(wc -l <err)" -le 3 ] || die "more than one line: $(cat err)"
    [ ! -s out ] || die "a failure wrote to stdout: $(head -3 out)"
    grep -q '^cornichon: ' err || die "the line does not begin with cornichon: $(cat err)"
}

refuse() {
    expect "$@"
    one_line
}

finish() {
    [ "$cases" -gt 0 ] || die "no case ran"
    echo "$cases cases passed"
}
