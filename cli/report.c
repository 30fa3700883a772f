/* SPDX-License-Identifier: BSD-3-Clause */
#include "report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int exit_code(crn_status status)
{
    switch (status) {
    case CRN_OK:
        return EXIT_OK;
    case CRN_UNSUPPORTED:
        return EXIT_UNSUPPORTED;
    default:
        return EXIT_FAILED;
    }
}

int fail(const char *subject, const crn_error *err)
{
    fprintf(stderr, "cornichon: ");
    if (subject != NULL)
        fprintf(stderr, "%s: ", subject);
    fprintf(stderr, "%s", err->message[0] != '\0' ? err->message : crn_status_text(err->code));
    const bool has_offset = err->offset != CRN_NO_OFFSET;
    if (err->where[0] != '\0' || has_offset)
        fprintf(stderr, " (%s%s", err->where, err->where[0] != '\0' && has_offset ? ", " : "");
    if (has_offset)
        fprintf(stderr, "byte %" PRIu64, err->offset);
    fprintf(stderr, err->where[0] != '\0' || has_offset ? ")\n" : "\n");
    return exit_code(err->code);
}

int usage(const options *o, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "cornichon: ");
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    if (o->command == COMMAND_HELP)
        fprintf(stderr, "; see 'cornichon --help'\n");
    else
        fprintf(stderr, "; see 'cornichon %s --help'\n", command_rows[o->command].name);
    return EXIT_USAGE;
}

int complain(const char *subject, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "cornichon: ");
    if (subject != NULL)
        fprintf(stderr, "%s: ", subject);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\n");
    return EXIT_FAILED;
}

static void say(const options *o, const char *kind, const char *format, va_list args)
{
    if (o->quiet)
        return;
    fprintf(stderr, "cornichon: %s: ", kind);
    vfprintf(stderr, format, args);
    fprintf(stderr, "\n");
}

void warn(const options *o, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(o, "warning", format, args);
    va_end(args);
}

void note(const options *o, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(o, "note", format, args);
    va_end(args);
}

void on_warning(void *context, const char *message)
{
    warn(context, "%s", message);
}

bool may_animate(const options *o)
{
    const char *term = getenv("TERM");
    return !o->quiet && isatty(STDERR_FILENO) && (term == NULL || term[0] != 'd'); /* "dumb" */
}
