/* SPDX-License-Identifier: BSD-3-Clause */
/* Recording failures, and the names and sentences of the statuses. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Messages quote what files say, and end on terminals and in JSON: control characters but
 * newlines, and bytes that are no UTF-8 (also a character that was cut off at the end), become
 * '?'. */
static void clean(char *text)
{
    size_t size = strlen(text);
    for (size_t position = 0; position < size;) {
        size_t begin = position;
        uint32_t code_point;
        if (!crn_utf8_next(text, size, &position, &code_point))
            text[position++] = '?';
        else if ((code_point < ' ' && code_point != '\n') ||
                 (code_point >= 0x7F && code_point < 0xA0))
            memset(text + begin, '?', position - begin);
    }
}

static crn_status record(crn_error *err, crn_status code, uint64_t offset, const char *format,
                         va_list args)
{
    if (err == NULL || err->code != CRN_OK)
        return code;
    err->code = code;
    err->offset = offset;
    err->where[0] = '\0';
    vsnprintf(err->message, sizeof err->message, format, args);
    clean(err->message);
    return code;
}

crn_status crn_fail(crn_error *err, crn_status code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    record(err, code, CRN_NO_OFFSET, format, args);
    va_end(args);
    return code;
}

crn_status crn_fail_at(crn_error *err, crn_status code, uint64_t offset, const char *format,
                       ...)
{
    va_list args;
    va_start(args, format);
    record(err, code, offset, format, args);
    va_end(args);
    return code;
}

crn_status crn_fail_system(crn_error *err, int number, const char *format, ...)
{
    char what[sizeof err->message];
    char words[128];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (strerror_r(number, words, sizeof words) != 0)
        snprintf(words, sizeof words, "error %d of the system", number);
    /* A long path must not push the system's words out of the message. */
    int room = (int)(sizeof what - strlen(words) - sizeof ": ");
    return crn_fail(err, CRN_IO, "%.*s: %s", room, what, words);
}

crn_status crn_no_memory(crn_error *err)
{
    return crn_fail(err, CRN_NO_MEMORY, "out of memory");
}

crn_status crn_where(crn_error *err, const char *format, ...)
{
    if (err == NULL || err->code == CRN_OK)
        return err == NULL ? CRN_INTERNAL : CRN_OK;

    char step[sizeof err->where];
    char whole[2 * sizeof err->where];
    va_list args;
    va_start(args, format);
    vsnprintf(step, sizeof step, format, args);
    va_end(args);

    const char *joint = err->where[0] == '\0' || err->where[0] == '[' ? "" : ".";
    snprintf(whole, sizeof whole, "%s%s%s", step, joint, err->where);
    memcpy(err->where, whole, sizeof err->where - 1);
    err->where[sizeof err->where - 1] = '\0';
    clean(err->where);
    return err->code;
}

const char *crn_status_name(crn_status status)
{
    switch (status) {
#define CRN_STATUS_NAME(name, number, text)                                                    \
    case CRN_##name:                                                                           \
        return "CRN_" #name;
        CRN_STATUS_MAP(CRN_STATUS_NAME)
#undef CRN_STATUS_NAME
    }
    return "CRN_INTERNAL";
}

const char *crn_status_text(crn_status status)
{
    switch (status) {
#define CRN_STATUS_TEXT(name, number, text)                                                    \
    case CRN_##name:                                                                           \
        return text;
        CRN_STATUS_MAP(CRN_STATUS_TEXT)
#undef CRN_STATUS_TEXT
    }
    return "broken invariant: please report";
}
