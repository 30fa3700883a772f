/* SPDX-License-Identifier: BSD-3-Clause */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

/* ---- the tables ---- */

enum {
#define COMMAND(id, function, name, least, most, arguments, summary) id = 1 << COMMAND_##id,
#include "commands.def"
#undef COMMAND
    ALL = ~0,
    READERS = FIT | PREDICT | TRANSFORM | EVALUATE | INSPECT | CONVERT | DIFF | VERIFY | BENCH
};

const option_row option_rows[] = {
#define OPTION(member, kind, letter, name, argument, commands, help)                           \
    {KIND_##kind,                                                                              \
     letter,                                                                                   \
     name,                                                                                     \
     argument,                                                                                 \
     (unsigned)(commands),                                                                     \
     help,                                                                                     \
     offsetof(options, member),                                                                \
     offsetof(options, given.member)},
#include "options.def"
#undef OPTION
};

const size_t option_count = sizeof option_rows / sizeof *option_rows;

const command_row command_rows[COMMAND_COUNT] = {
#define COMMAND(id, function, name, least, most, arguments, summary)                           \
    {name, cmd_##function, least, most, arguments, summary},
#include "commands.def"
#undef COMMAND
};

command_id command_find(const char *name)
{
    int i = 0;
    while (i < COMMAND_COUNT && strcmp(command_rows[i].name, name) != 0)
        i++;
    return (command_id)i;
}

/* ---- values ---- */

static bool parse_long(const char *text, long *out)
{
    char *end;
    errno = 0;
    *out = strtol(text, &end, 10);
    return end != text && *end == '\0' && errno == 0;
}

static bool parse_real(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && *end == '\0';
}

/* "512M": a number with an optional K, M or G (powers of 1024). */
static bool parse_size(const char *text, unsigned long long *out)
{
    static const char suffixes[] = "KMG";
    char *end;
    errno = 0;
    *out = strtoull(text, &end, 10);
    if (end == text || text[0] == '-' || errno != 0)
        return false;
    const char *suffix = *end != '\0' ? strchr(suffixes, *end & ~0x20) : NULL;
    int shift = 0;
    if (suffix != NULL) {
        shift = 10 * (int)(suffix - suffixes + 1);
        end++;
    }
    if (*end == 'B' || *end == 'b')
        end++;
    if (*end != '\0' || *out > ~0ULL >> shift)
        return false;
    *out <<= shift;
    return true;
}

/* Stores the value of an option; false when it is not of the option's kind. */
static bool store(options *o, const option_row *row, const char *value)
{
    void *at = (char *)o + row->offset;
    bool first = !*((bool *)((char *)o + row->given_offset));
    *((bool *)((char *)o + row->given_offset)) = true;
    switch (row->kind) {
    case KIND_FLAG:
        *(bool *)at = true;
        return true;
    case KIND_TEXT:
        *(const char **)at = value;
        return first;
    case KIND_LIST: {
        text_list *list = at;
        if (list->count == MOST)
            return false;
        list->at[list->count++] = value;
        return true;
    }
    case KIND_INT:
        return parse_long(value, at);
    case KIND_REAL:
        return parse_real(value, at);
    case KIND_SIZE:
        return parse_size(value, at);
    }
    return false;
}

/* ---- parsing ---- */

/* A row that the command takes: by letter, or by the first `size` characters of a long option.
 */
static const option_row *find(command_id command, char letter, const char *name, size_t size)
{
    for (size_t i = 0; i < option_count; i++) {
        const option_row *row = &option_rows[i];
        if (!(row->commands & 1u << command))
            continue;
        if (name == NULL ? row->letter == letter && letter != '\0'
                         : strlen(row->name) == size && memcmp(row->name, name, size) == 0)
            return row;
    }
    return NULL;
}

static int unknown(const options *o, const char *argument)
{
    for (size_t i = 0; i < option_count; i++) {
        if (argument[1] == '-' && strcmp(option_rows[i].name, argument + 2) == 0)
            return usage(o, "%s has no option %s", command_rows[o->command].name, argument);
    }
    return usage(o, "unknown option %s", argument);
}

/* Takes the option at argv[*i]; moves *i over its value. */
static int take_option(options *o, int argc, char **argv, int *i)
{
    const char *argument = argv[*i];
    const bool is_long = argument[1] == '-';
    const char *equals = is_long ? strchr(argument, '=') : NULL;
    const size_t size =
        is_long ? (equals != NULL ? (size_t)(equals - argument) : strlen(argument)) - 2 : 0;
    const option_row *row = find(o->command, argument[1], is_long ? argument + 2 : NULL, size);
    if (row == NULL)
        return unknown(o, argument);

    const char *value = equals != NULL ? equals + 1 : NULL;
    if (!is_long && argument[2] != '\0') {
        if (row->kind == KIND_FLAG)
            return usage(o, "unknown option %s", argument);
        value = argument + 2;
    }
    if (row->kind == KIND_FLAG && value != NULL)
        return usage(o, "--%s takes no value", row->name);
    if (row->kind != KIND_FLAG && value == NULL) {
        if (*i + 1 >= argc)
            return usage(o, "--%s needs a value: %s", row->name, row->argument);
        value = argv[++*i];
    }
    if (!store(o, row, value))
        return usage(o, "--%s: '%s' is not a %s that can be taken here", row->name, value,
                     row->argument);
    return EXIT_OK;
}

static int check_arguments(const options *o)
{
    const command_row *row = &command_rows[o->command];
    if (o->help)
        return EXIT_OK;
    if (o->arguments.count < row->least)
        return usage(o, "cornichon %s %s: an argument is missing", row->name, row->arguments);
    if (o->arguments.count > row->most)
        return usage(o, "cornichon %s %s: '%s' is too much", row->name, row->arguments,
                     o->arguments.at[row->most]);
    return EXIT_OK;
}

static void set_limits(options *o)
{
    o->limits = (crn_limits)CRN_LIMITS_INIT;
    o->limits.memory_bytes = o->max_memory;
    o->limits.file_bytes = o->max_file;
    o->limits.inflated_bytes = o->max_inflated;
    o->limits.objects = o->max_objects;
    o->limits.nesting = o->max_nesting;
}

int options_parse(int argc, char **argv, options *o)
{
    memset(o, 0, sizeof *o);
    o->command = COMMAND_HELP;
    if (argc < 2)
        return EXIT_OK;
    o->command = command_find(argv[1]);
    if (o->command == COMMAND_COUNT) {
        o->command = COMMAND_HELP;
        return usage(o, "'%s' is not a command", argv[1]);
    }
    bool only_arguments = false;
    for (int i = 2; i < argc; i++) {
        if (!only_arguments && strcmp(argv[i], "--") == 0) {
            only_arguments = true;
        } else if (!only_arguments && argv[i][0] == '-' && argv[i][1] != '\0') {
            int status = take_option(o, argc, argv, &i);
            if (status != EXIT_OK)
                return status;
        } else if (o->arguments.count == MOST) {
            return usage(o, "more than %d arguments", MOST);
        } else {
            o->arguments.at[o->arguments.count++] = argv[i];
        }
    }
    set_limits(o);
    return check_arguments(o);
}
