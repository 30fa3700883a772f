/* SPDX-License-Identifier: BSD-3-Clause */
#include "help.h"

#include <string.h>

#include "report.h"

int print_version(void)
{
    printf("cornichon %s (%s)\n%s\n", crn_version(), crn_version_isa(),
           crn_version_libraries());
    return EXIT_OK;
}

int print_overview(FILE *out)
{
    fprintf(out,
            "cornichon %s: scikit-learn and Keras models without Python\n\n"
            "usage: cornichon COMMAND ARGUMENTS... [OPTIONS]\n\n",
            crn_version());
    for (int i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-10s  %s\n", command_rows[i].name, command_rows[i].summary);
    fprintf(
        out,
        "\n'cornichon COMMAND --help' tells more about one; --version tells which this is.\n");
    return EXIT_OK;
}

/* "-i, --input DATA" */
static void spell(const option_row *row, char *buffer, size_t size)
{
    char letter[8] = "    ";
    if (row->letter != '\0')
        snprintf(letter, sizeof letter, "-%c, ", row->letter);
    snprintf(buffer, size, "%s--%s%s%s", letter, row->name, row->argument != NULL ? " " : "",
             row->argument != NULL ? row->argument : "");
}

int print_command_help(command_id command)
{
    const command_row *row = &command_rows[command];
    char spelled[80];
    printf("usage: cornichon %s %s\n\n%s\n\noptions:\n", row->name, row->arguments,
           row->summary);
    for (size_t i = 0; i < option_count; i++) {
        if (!(option_rows[i].commands & 1u << command))
            continue;
        spell(&option_rows[i], spelled, sizeof spelled);
        printf("  %-32s  %s\n", spelled, option_rows[i].help);
    }
    return EXIT_OK;
}

int cmd_help(const options *o)
{
    if (o->arguments.count == 0)
        return print_overview(stdout);
    const command_id command = command_find(o->arguments.at[0]);
    if (command == COMMAND_COUNT)
        return usage(o, "'%s' is not a command", o->arguments.at[0]);
    return print_command_help(command);
}

/* ---- the man page ---- */

/* Text in roff: backslashes and leading dots must not speak to the formatter. */
static void roff(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\\')
            fputs("\\e", stdout);
        else if (*c == '-')
            fputs("\\-", stdout);
        else if (*c == '\'' && c == text)
            fputs("\\(aq", stdout);
        else
            putchar(*c);
    }
}

static void man_option(const option_row *row)
{
    printf(".TP\n.B ");
    if (row->letter != '\0')
        printf("\\-%c\\fR, \\fB", row->letter);
    printf("\\-\\-");
    roff(row->name);
    if (row->argument != NULL) {
        printf("\\fR \\fI");
        roff(row->argument);
    }
    printf("\\fR\n");
    roff(row->help);
    printf("\n");
}

static void man_command(command_id command)
{
    printf(".SS ");
    roff(command_rows[command].name);
    printf("\n.B cornichon ");
    roff(command_rows[command].name);
    printf("\\fR ");
    roff(command_rows[command].arguments);
    printf("\n.PP\n");
    roff(command_rows[command].summary);
    printf("\n");
    for (size_t i = 0; i < option_count; i++) {
        const bool common = option_rows[i].commands == ~0u;
        if (!common && option_rows[i].commands & 1u << command)
            man_option(&option_rows[i]);
    }
}

int cmd_man(const options *o)
{
    command_id only = COMMAND_COUNT;
    if (o->arguments.count > 0 && (only = command_find(o->arguments.at[0])) == COMMAND_COUNT)
        return usage(o, "'%s' is not a command", o->arguments.at[0]);
    printf(".TH CORNICHON 1 \"\" \"cornichon %s\" \"User Commands\"\n.SH NAME\n"
           "cornichon \\- scikit\\-learn and Keras models without Python\n.SH SYNOPSIS\n"
           ".B cornichon\n.I COMMAND ARGUMENTS\n[\n.I OPTIONS\n]\n.SH COMMANDS\n",
           crn_version());
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (only == COMMAND_COUNT || (int)only == i)
            man_command((command_id)i);
    }
    printf(".SH COMMON OPTIONS\n");
    for (size_t i = 0; i < option_count; i++) {
        if (option_rows[i].commands == ~0u)
            man_option(&option_rows[i]);
    }
    printf(".SH EXIT STATUS\n0 done; 1 the answer is no; 2 failed (unreadable, malformed, "
           "I/O); 3 well formed "
           "but not supported; 4 usage.\n");
    return EXIT_OK;
}

/* ---- completions ---- */

static void words_of_commands(void)
{
    for (int i = 0; i < COMMAND_COUNT; i++)
        printf("%s%s", i > 0 ? " " : "", command_rows[i].name);
}

static void words_of_options(command_id command)
{
    for (size_t i = 0; i < option_count; i++) {
        if (option_rows[i].commands & 1u << command)
            printf(" --%s", option_rows[i].name);
    }
}

static void complete_bash(void)
{
    printf("_cornichon() {\n    local words\n    if [ \"$COMP_CWORD\" = 1 ]; then\n        "
           "words=\"");
    words_of_commands();
    printf("\"\n    else\n        case \"${COMP_WORDS[1]}\" in\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        printf("        %s) words=\"", command_rows[i].name);
        words_of_options((command_id)i);
        printf("\" ;;\n");
    }
    printf(
        "        esac\n    fi\n"
        "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n"
        "}\ncomplete -o default -F _cornichon cornichon\n");
}

/* Single quotes and colons end or split zsh's descriptions. */
static void zsh_text(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (strchr("'[]:", *c) != NULL)
            putchar(' ');
        else
            putchar(*c);
    }
}

static void complete_zsh(void)
{
    printf("#compdef cornichon\n_cornichon() {\n    if (( CURRENT == 2 )); then\n        "
           "compadd ");
    words_of_commands();
    printf("\n        return\n    fi\n    case $words[2] in\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        printf("    %s) _arguments '*:file:_files'", command_rows[i].name);
        for (size_t k = 0; k < option_count; k++) {
            const option_row *row = &option_rows[k];
            if (!(row->commands & 1u << i))
                continue;
            printf(" '--%s[", row->name);
            zsh_text(row->help);
            printf(row->argument != NULL ? "]:value:_files'" : "]'");
        }
        printf(" ;;\n");
    }
    printf("    esac\n}\ncompdef _cornichon cornichon\n");
}

static void fish_text(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\'' || *c == '\\')
            putchar('\\');
        putchar(*c);
    }
}

static void complete_fish(void)
{
    for (int i = 0; i < COMMAND_COUNT; i++) {
        printf("complete -c cornichon -n __fish_use_subcommand -a %s -d '",
               command_rows[i].name);
        fish_text(command_rows[i].summary);
        printf("'\n");
    }
    for (size_t k = 0; k < option_count; k++) {
        const option_row *row = &option_rows[k];
        printf("complete -c cornichon -n '__fish_seen_subcommand_from");
        for (int i = 0; i < COMMAND_COUNT; i++) {
            if (row->commands & 1u << i)
                printf(" %s", command_rows[i].name);
        }
        printf("' -l %s", row->name);
        if (row->letter != '\0')
            printf(" -s %c", row->letter);
        printf("%s -d '", row->argument != NULL ? " -r" : "");
        fish_text(row->help);
        printf("'\n");
    }
}

int cmd_completion(const options *o)
{
    const char *shell = o->arguments.at[0];
    if (strcmp(shell, "bash") == 0)
        complete_bash();
    else if (strcmp(shell, "zsh") == 0)
        complete_zsh();
    else if (strcmp(shell, "fish") == 0)
        complete_fish();
    else
        return usage(o, "completions are for bash, zsh or fish, not '%s'", shell);
    return EXIT_OK;
}
