/* SPDX-License-Identifier: BSD-3-Clause */
/* cornichon dataset. */
#include "report.h"

int cmd_dataset(const options *o)
{
    const char *name = o->arguments.at[0];
    const char *path = o->output.count > 0 ? o->output.at[0] : "-";
    crn_error err = CRN_ERROR_INIT;
    crn_table *table = NULL;
    if (o->output.count > 1)
        return usage(o, "-o was given %d times", o->output.count);
    if (crn_table_dataset(name, &table, &err) != CRN_OK)
        return fail(NULL, &err);
    int code = EXIT_OK;
    if (crn_table_write(table, path, o->format, &err) != CRN_OK)
        code = fail(path, &err);
    crn_table_destroy(table);
    return code;
}
