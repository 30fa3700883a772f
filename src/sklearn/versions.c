/* SPDX-License-Identifier: BSD-3-Clause */
#include "sklearn/versions.h"

#include <string.h>

/* ---- tables ---- */

#define CRN_NOTHING2(a, b)
#define CRN_NOTHING4(a, b, c, d)

typedef struct class_row {
    const char *name, *value;
} class_row;

static const class_row classes[] = {
#define CRN_CLASS(name, since) {#name, since},
#define CRN_EXPERIMENTAL       CRN_NOTHING2
#define CRN_MOVED              CRN_NOTHING4
#define CRN_LIVED              CRN_NOTHING4
#include "sklearn/versions.def"
#undef CRN_CLASS
#undef CRN_EXPERIMENTAL
};

static const class_row experimental[] = {
#define CRN_CLASS                      CRN_NOTHING2
#define CRN_EXPERIMENTAL(name, module) {#name, module},
#include "sklearn/versions.def"
#undef CRN_EXPERIMENTAL
#undef CRN_MOVED
};

typedef struct move_row {
    const char *old, *name, *new, *since;
} move_row;

static const move_row moves[] = {
#define CRN_EXPERIMENTAL                 CRN_NOTHING2
#define CRN_MOVED(old, name, new, since) {old, name, new, since},
#include "sklearn/versions.def"
#undef CRN_MOVED
#undef CRN_LIVED
};

typedef struct life_row {
    const char *module, *name, *since, *until;
} life_row;

static const life_row lives[] = {
#define CRN_MOVED                             CRN_NOTHING4
#define CRN_LIVED(module, name, since, until) {module, name, since, until},
#include "sklearn/versions.def"
#undef CRN_CLASS
#undef CRN_EXPERIMENTAL
#undef CRN_MOVED
#undef CRN_LIVED
};

#define COUNT(table) (sizeof table / sizeof *table)

static const char *class_value(const class_row *table, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(table[i].name, name) == 0)
            return table[i].value;
    }
    return NULL;
}

/* ---- targets ---- */

crn_status crn_sklearn_target(const char *asked, const char **out, crn_error *err)
{
    static const char *const known[] = {
        "0.22.2.post1", "0.23.2", "0.24.2", "1.0.2", "1.1.3", "1.2.2",           "1.3.2",
        "1.4.2",        "1.5.2",  "1.6.1",  "1.7.2", "1.8.0", CRN_SKLEARN_NEWEST};
    *out = asked != NULL ? asked : CRN_SKLEARN_NEWEST;
    const bool has_minor = strchr(*out, '.') != NULL;
    for (size_t i = 0; has_minor && i < COUNT(known); i++) {
        const size_t size = strlen(*out);
        if (strncmp(known[i], *out, size) == 0 &&
            (known[i][size] == '.' || known[i][size] == '\0')) {
            *out = known[i];
            return CRN_OK;
        }
    }
    if (has_minor && crn_version_compare(*out, CRN_SKLEARN_OLDEST) >= 0 &&
        crn_version_compare(*out, "1.10") < 0)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "files are written for scikit-learn 0.22 to 1.9, not '%s'", *out);
}

crn_status crn_sklearn_module(const crn_estimator *type, const char *sklearn,
                              const char **module, crn_error *err)
{
    const char *since = class_value(classes, COUNT(classes), type->name);
    if (since != NULL && crn_version_compare(sklearn, since) < 0)
        return crn_fail(err, CRN_UNSUPPORTED, "scikit-learn %s has no %s, which came with %s",
                        sklearn, type->name, since);
    const char *own = class_value(experimental, COUNT(experimental), type->name);
    *module = own != NULL               ? own
              : type->module_in != NULL ? type->module_in(sklearn)
                                        : type->module;
    /* What estimators keep inside came and went as other names do. */
    return type->flags & CRN_PRIVATE
               ? crn_sklearn_place(sklearn, *module, type->name, module, err)
               : CRN_OK;
}

/* ---- names ---- */

static bool names(const char *row, const char *name)
{
    return row == NULL || strcmp(row, name) == 0;
}

/* One step forward or back; false when the name stands where it should. A name may move several
 * times, never in a circle: rows without a version only lead forward, the others are followed
 * in one direction. */
static bool move(const char *sklearn, const char *name, const char **module)
{
    for (size_t i = 0; i < COUNT(moves); i++) {
        const move_row *row = &moves[i];
        const bool later = row->since == NULL || crn_version_compare(sklearn, row->since) >= 0;
        const char *from = later ? row->old : row->new, *to = later ? row->new : row->old;
        if (!names(row->name, name) || strcmp(from, *module) != 0)
            continue;
        *module = to;
        return true;
    }
    return false;
}

static bool lives_in(const life_row *row, const char *sklearn)
{
    return (row->since == NULL || crn_version_compare(sklearn, row->since) >= 0) &&
           (row->until == NULL || crn_version_compare(sklearn, row->until) < 0);
}

crn_status crn_sklearn_place(const char *sklearn, const char *module, const char *name,
                             const char **place, crn_error *err)
{
    enum { MOST_MOVES = 4 };
    *place = module;
    for (int i = 0; i < MOST_MOVES && move(sklearn, name, place); i++)
        continue;
    for (size_t i = 0; i < COUNT(lives); i++) {
        const life_row *row = &lives[i];
        if (strcmp(row->module, *place) != 0 || !names(row->name, name))
            continue;
        if (!lives_in(row, sklearn))
            return crn_fail(err, CRN_UNSUPPORTED, "scikit-learn %s has no %s.%s", sklearn,
                            *place, name);
        break; /* the row of the name itself stands before that of its module */
    }
    return CRN_OK;
}
