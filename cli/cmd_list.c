/* SPDX-License-Identifier: BSD-3-Clause */
/* cornichon list. */
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "report.h"

static const struct {
    const char *name;
    crn_kind kind;
} kinds[] = {{"estimators", CRN_KIND_ESTIMATOR}, {"layers", CRN_KIND_LAYER},
             {"optimizers", CRN_KIND_OPTIMIZER}, {"losses", CRN_KIND_LOSS},
             {"metrics", CRN_KIND_METRIC},       {"datasets", CRN_KIND_DATASET}};

static void print_methods(const crn_listing *row, bool as_json)
{
    bool first = true;
    for (crn_method method = CRN_PREDICT; method < CRN_METHOD_COUNT; method++) {
        if (!(row->methods & 1u << method))
            continue;
        if (as_json)
            printf(first ? "\"%s\"" : ", \"%s\"", crn_method_name(method));
        else
            printf(first ? "%s" : ", %s", crn_method_name(method));
        first = false;
    }
}

static void print_json(crn_kind kind)
{
    crn_listing row;
    printf("[");
    for (size_t i = 0; crn_list(kind, i, &row); i++) {
        printf(i > 0 ? ",\n  {\"name\": " : "\n  {\"name\": ");
        json_string(stdout, row.name);
        printf(", \"module\": ");
        json_string(stdout, row.module);
        printf(", \"summary\": ");
        json_string(stdout, row.summary);
        if (kind == CRN_KIND_ESTIMATOR) {
            printf(", \"methods\": [");
            print_methods(&row, true);
            printf("], \"load\": true, \"predict\": %s, \"write\": %s, \"fit\": %s",
                   row.methods != 0 ? "true" : "false", row.can_save ? "true" : "false",
                   row.can_fit ? "true" : "false");
        }
        if (kind == CRN_KIND_LAYER)
            printf(", \"load\": true, \"predict\": true, \"write\": %s, \"fit\": %s",
                   row.can_save ? "true" : "false", row.can_fit ? "true" : "false");
        printf("}");
    }
    printf("\n]");
}

static void print_text(crn_kind kind)
{
    crn_listing row;
    for (size_t i = 0; crn_list(kind, i, &row); i++) {
        printf("  %-32s", row.name);
        if (kind == CRN_KIND_ESTIMATOR)
            print_methods(&row, false);
        else
            printf("%s", row.summary);
        printf("\n");
    }
}

int cmd_list(const options *o)
{
    const char *wanted = o->arguments.count > 0 ? o->arguments.at[0] : NULL;
    bool found = false;
    if (o->json && wanted == NULL)
        printf("{");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (wanted != NULL && strcmp(wanted, kinds[i].name) != 0)
            continue;
        if (o->json && wanted == NULL)
            printf(found ? ",\n\"%s\": " : "\n\"%s\": ", kinds[i].name);
        else if (!o->json)
            printf("%s\n", kinds[i].name);
        found = true;
        if (o->json)
            print_json(kinds[i].kind);
        else
            print_text(kinds[i].kind);
    }
    if (!found)
        return usage(o,
                     "'%s' is not a list; there are estimators, layers, optimizers, losses, "
                     "metrics and datasets",
                     wanted);
    if (o->json)
        printf(wanted == NULL ? "\n}\n" : "\n");
    return EXIT_OK;
}
