/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands and options, from the two tables commands.def and options.def. */
#ifndef CRN_CLI_OPTIONS_H
#define CRN_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "cornichon/cornichon.h"

enum { EXIT_OK = 0, EXIT_NO = 1, EXIT_FAILED = 2, EXIT_UNSUPPORTED = 3, EXIT_USAGE = 4 };

/* Most times that -i or -o may be given, and most models on one line. */
enum { MOST = 64 };

typedef enum command_id {
#define COMMAND(id, function, name, least, most, arguments, summary) COMMAND_##id,
#include "commands.def"
#undef COMMAND
    COMMAND_COUNT
} command_id;

typedef struct text_list {
    const char *at[MOST];
    int count;
} text_list;

typedef struct options {
    command_id command;
    text_list arguments; /* positional */
#define OPTION(member, kind, letter, name, argument, commands, help) OPTION_TYPE_##kind member;
#define OPTION_TYPE_FLAG                                             bool
#define OPTION_TYPE_TEXT                                             const char *
#define OPTION_TYPE_LIST                                             text_list
#define OPTION_TYPE_INT                                              long
#define OPTION_TYPE_REAL                                             double
#define OPTION_TYPE_SIZE                                             unsigned long long
#include "options.def"
#undef OPTION
    struct {
#define OPTION(member, kind, letter, name, argument, commands, help) bool member;
#include "options.def"
#undef OPTION
    } given;
    crn_limits limits; /* from the --max options */
} options;

typedef enum option_kind {
    KIND_FLAG,
    KIND_TEXT,
    KIND_LIST,
    KIND_INT,
    KIND_REAL,
    KIND_SIZE
} option_kind;

/* One row of options.def. */
typedef struct option_row {
    option_kind kind;
    char letter;
    const char *name, *argument;
    unsigned commands; /* bits 1 << command_id */
    const char *help;
    size_t offset, given_offset;
} option_row;

/* One row of commands.def. */
typedef struct command_row {
    const char *name;
    int (*run)(const options *o);
    int least, most;
    const char *arguments, *summary;
} command_row;

extern const option_row option_rows[];
extern const size_t option_count;
extern const command_row command_rows[COMMAND_COUNT];

/* Fills *o from the command line. EXIT_OK, or EXIT_USAGE after one line on stderr. */
int options_parse(int argc, char **argv, options *o);
/* By name; COMMAND_COUNT when there is none. */
command_id command_find(const char *name);

#define COMMAND(id, function, name, least, most, arguments, summary)                           \
    int cmd_##function(const options *o);
#include "commands.def"
#undef COMMAND

#endif
