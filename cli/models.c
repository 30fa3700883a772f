/* SPDX-License-Identifier: BSD-3-Clause */
#include "models.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

/* ---- one argument ---- */

/* FILE:METHOD#member taken apart; a file whose own name has such a tail wins. */
typedef struct parts {
    char *path;
    const char *member; /* inside path's memory */
    crn_method method;
    bool has_method;
} parts;

static bool split(const char *argument, parts *out)
{
    *out = (parts){.path = strdup(argument)};
    if (out->path == NULL || access(argument, F_OK) == 0)
        return out->path != NULL;
    char *colon = strrchr(out->path, ':');
    if (colon != NULL && crn_method_find(colon + 1, &out->method)) {
        out->has_method = true;
        *colon = '\0';
    }
    char *hash = strrchr(out->path, '#');
    if (hash != NULL && access(out->path, F_OK) != 0) {
        out->member = hash + 1;
        *hash = '\0';
    }
    return true;
}

int load_model(const options *o, const char *argument, crn_model **out, crn_method *method,
               bool *has_method)
{
    parts part;
    if (!split(argument, &part))
        return complain(argument, "out of memory");
    crn_error err = CRN_ERROR_INIT;
    crn_load_options load = CRN_LOAD_OPTIONS_INIT;
    load.limits = &o->limits;
    load.member = part.member;
    load.architecture = o->architecture;
    load.warning = on_warning;
    load.warning_context = (void *)o;
    const crn_status status = crn_model_load(part.path, &load, out, &err);
    *method = part.method;
    *has_method = part.has_method;
    free(part.path);
    return status == CRN_OK ? EXIT_OK : fail(argument, &err);
}

/* ---- all of them ---- */

typedef struct loaded {
    crn_model *models[MOST];
    crn_method methods[MOST];
    bool named[MOST];
    int count;
} loaded;

static void destroy_all(loaded *l)
{
    for (int i = 0; i < l->count; i++)
        crn_model_destroy(l->models[i]);
}

crn_method main_method(const crn_model *model)
{
    if (crn_model_has_method(model, CRN_PREDICT))
        return CRN_PREDICT;
    if (crn_model_has_method(model, CRN_TRANSFORM))
        return CRN_TRANSFORM;
    crn_method method = CRN_PREDICT;
    while (method < CRN_METHOD_COUNT && !crn_model_has_method(model, method))
        method++;
    return method < CRN_METHOD_COUNT ? method : CRN_PREDICT;
}

crn_method step_method(const crn_model *model)
{
    if (crn_model_has_method(model, CRN_TRANSFORM))
        return CRN_TRANSFORM;
    return crn_model_has_method(model, CRN_PREDICT_PROBA) ? CRN_PREDICT_PROBA : CRN_PREDICT;
}

static int join(const options *o, loaded *l, crn_model **out)
{
    crn_error err = CRN_ERROR_INIT;
    crn_status status = CRN_OK;
    if (o->combine != NULL) {
        crn_combination how = CRN_COMBINE_MEAN;
        if (strcmp(o->combine, "vote") == 0)
            how = CRN_COMBINE_VOTE;
        else if (strcmp(o->combine, "mean") != 0)
            return usage(o, "--combine is mean or vote, not '%s'", o->combine);
        status = crn_combination_create(l->models, l->count, how, out, &err);
    } else if (l->count == 1) {
        *out = l->models[0];
    } else {
        for (int i = 0; i < l->count - 1; i++) {
            if (!l->named[i])
                l->methods[i] = step_method(l->models[i]);
        }
        status = crn_chain_create_with_methods(l->models, l->methods, l->count, out, &err);
    }
    return status == CRN_OK ? EXIT_OK : fail(NULL, &err);
}

static int choose_method(const options *o, const loaded *l, crn_method otherwise,
                         crn_method *method)
{
    *method = l->named[l->count - 1] ? l->methods[l->count - 1] : otherwise;
    if (o->method != NULL && !crn_method_find(o->method, method))
        return usage(o, "'%s' is not a method", o->method);
    if (o->return_std && *method != CRN_PREDICT)
        return usage(o, "--return-std goes with predict, not with %s",
                     crn_method_name(*method));
    if (o->return_std)
        *method = CRN_PREDICT_STD;
    return EXIT_OK;
}

int load_models(const options *o, crn_method otherwise, crn_model **out, crn_method *method)
{
    loaded l = {.count = 0};
    int code = EXIT_OK;
    for (int i = 0; i < o->arguments.count && code == EXIT_OK; i++) {
        code = load_model(o, o->arguments.at[i], &l.models[i], &l.methods[i], &l.named[i]);
        l.count += code == EXIT_OK;
    }
    if (code == EXIT_OK)
        code = choose_method(o, &l, otherwise, method);
    if (code == EXIT_OK)
        code = join(o, &l, out);
    if (code != EXIT_OK)
        destroy_all(&l);
    return code;
}
