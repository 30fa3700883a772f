/* SPDX-License-Identifier: BSD-3-Clause */
/* cornichon: fit, save, load, chain and deploy scikit-learn and Keras models from the shell. */
#include <stdio.h>
#include <string.h>

#include "help.h"
#include "report.h"

int main(int argc, char **argv)
{
    options o;
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return print_version();
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return print_overview(stdout);
    int code = options_parse(argc, argv, &o);
    if (code != EXIT_OK)
        return code;
    if (argc < 2) {
        print_overview(stderr);
        return EXIT_USAGE;
    }
    code = o.help ? print_command_help(o.command) : command_rows[o.command].run(&o);
    if (fflush(stdout) != 0 || ferror(stdout))
        return complain("stdout", "cannot be written");
    return code;
}
