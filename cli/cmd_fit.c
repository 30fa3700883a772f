/* SPDX-License-Identifier: BSD-3-Clause */
/* cornichon fit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "json.h"
#include "models.h"
#include "progress.h"
#include "report.h"

/* ---- the model: a constructor expression, @FILE, or --init ---- */

static char *read_text(const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    char *text = NULL;
    size_t size = 0, got;
    char buffer[4096];
    while (file != NULL && (got = fread(buffer, 1, sizeof buffer, file)) > 0 &&
           size < 64u << 20) {
        char *grown = realloc(text, size + got + 1);
        if (grown == NULL)
            break;
        text = grown;
        memcpy(text + size, buffer, got);
        size += got;
        text[size] = '\0';
    }
    if (file != NULL && file != stdin)
        fclose(file);
    return text;
}

/* Points at the character that an error speaks of. */
static int fail_spec(const char *spec, const crn_error *err)
{
    const int code = fail(NULL, err);
    if (err->offset != CRN_NO_OFFSET && err->offset <= strlen(spec) &&
        strchr(spec, '\n') == NULL)
        fprintf(stderr, "  %s\n  %*s^\n", spec, (int)err->offset, "");
    return code == EXIT_UNSUPPORTED ? code : EXIT_USAGE;
}

/* A JSON architecture is a model file; other text is an expression. */
static int parse_file(const options *o, const char *path, crn_model **out)
{
    crn_error err = CRN_ERROR_INIT;
    char *text = read_text(path);
    if (text == NULL)
        return complain(path, "cannot be read");
    const char *start = text + strspn(text, " \t\r\n");
    int code = EXIT_OK;
    crn_load_options load = CRN_LOAD_OPTIONS_INIT;
    load.limits = &o->limits;
    if (*start == '{') {
        if (crn_model_load_bytes(text, strlen(text), &load, out, &err) != CRN_OK)
            code = fail(path, &err);
    } else if (crn_model_parse(start, out, &err) != CRN_OK) {
        code = fail_spec(start, &err);
    }
    free(text);
    return code;
}

static int make_model(const options *o, crn_model **out)
{
    const char *spec = o->arguments.at[0];
    crn_error err = CRN_ERROR_INIT;
    if (spec[0] == '@') {
        int code = parse_file(o, spec + 1, out);
        if (code != EXIT_OK)
            return code;
    } else if (crn_model_parse(spec, out, &err) != CRN_OK) {
        return fail_spec(spec, &err);
    }
    if (o->init == NULL)
        return EXIT_OK;
    /* The saved model stands for the one that was parsed: weights and optimizer state go on. */
    crn_model *saved = NULL;
    crn_method method;
    bool has_method;
    int code = load_model(o, o->init, &saved, &method, &has_method);
    if (code == EXIT_OK && strcmp(crn_model_class(saved), crn_model_class(*out)) != 0)
        code = complain(o->init, "holds a %s, the specification says %s",
                        crn_model_class(saved), crn_model_class(*out));
    crn_model_destroy(code == EXIT_OK ? *out : saved);
    if (code == EXIT_OK)
        *out = saved;
    return code;
}

/* ---- fitting ---- */

static crn_fit_options fit_options(const options *o, crn_pool *pool, progress *bar)
{
    crn_fit_options f = CRN_FIT_OPTIONS_INIT;
    f.optimizer = o->optimizer;
    f.loss = o->loss;
    f.metrics = o->metrics;
    f.epochs = (int)o->epochs;
    f.batch_size = (int)o->batch_size;
    f.validation_split = o->validation_split;
    f.callbacks = o->callbacks;
    f.class_weight = o->class_weight;
    f.no_shuffle = o->no_shuffle;
    f.seed = (uint64_t)o->seed;
    f.has_seed = o->given.seed;
    f.pool = pool;
    f.progress = on_progress;
    f.progress_context = bar;
    f.warning = on_warning;
    f.warning_context = (void *)o;
    return f;
}

/* A column of the history; -1 is the number of the epoch. */
static crn_status add_column(crn_table *table, const crn_history *history, int column,
                             crn_error *err)
{
    const int epochs = crn_history_epochs(history);
    const bool is_epoch = column < 0;
    const int64_t rows_ = epochs;
    crn_array values = CRN_ARRAY_INIT;
    crn_status status =
        crn_array_create(is_epoch ? CRN_INT64 : CRN_FLOAT64, 0, 1, &rows_, &values, err);
    for (int i = 0; status == CRN_OK && i < epochs; i++) {
        if (is_epoch)
            ((int64_t *)values.data)[i] = i;
        else
            ((double *)values.data)[i] = crn_history_value(history, column, i);
    }
    if (status == CRN_OK)
        status = crn_table_add(table, is_epoch ? "epoch" : crn_history_name(history, column),
                               &values, err);
    crn_array_free(&values);
    return status;
}

static int write_history(const crn_history *history, const char *path)
{
    crn_error err = CRN_ERROR_INIT;
    crn_table *table = NULL;
    crn_status status = crn_table_create(&table, &err);
    for (int k = -1; k < crn_history_columns(history) && status == CRN_OK; k++)
        status = add_column(table, history, k, &err);
    if (status == CRN_OK)
        status = crn_table_write(table, path, NULL, &err);
    crn_table_destroy(table);
    return status == CRN_OK ? EXIT_OK : fail(path, &err);
}

static void report(const options *o, const crn_model *model, const rows *r,
                   const crn_history *history)
{
    const int last = history != NULL ? crn_history_epochs(history) - 1 : -1;
    if (!o->json)
        return;
    printf("{\"class\": ");
    json_string(stdout, crn_model_class(model));
    printf(", \"rows\": %lld, \"features\": %lld, \"epochs\": %d",
           (long long)r->data.x.shape[0], (long long)crn_model_features(model), last + 1);
    for (int k = 0; last >= 0 && k < crn_history_columns(history); k++) {
        printf(", ");
        json_string(stdout, crn_history_name(history, k));
        printf(": ");
        json_number(stdout, crn_history_value(history, k, last));
    }
    printf("}\n");
}

/* ---- saving: one file for the whole, or one for each step of a chain ---- */

static bool ends_with(const char *path, const char *suffix)
{
    const size_t size = strlen(path), tail = strlen(suffix);
    return size >= tail && strcmp(path + size - tail, suffix) == 0;
}

/* Keras 3 restores no optimizer from any .h5 file, not even its own; users should hear of it
 * here. */
static void note_legacy(const options *o, const char *path)
{
    if (o->format == NULL && ends_with(path, ".h5") && !ends_with(path, "weights.h5"))
        note(o, "%s: Keras 2 can train on from it; Keras 3 needs a .keras file for that", path);
}

static int save_one(const options *o, const crn_model *model, const char *path)
{
    crn_error err = CRN_ERROR_INIT;
    crn_save_options save = CRN_SAVE_OPTIONS_INIT;
    save.format = o->format;
    save.sklearn = o->sklearn;
    save.compress = o->compress;
    save.protocol = (int)o->protocol;
    save.numpy = (int)o->numpy;
    save.keras = (int)o->keras;
    if (crn_model_save(model, path, &save, &err) != CRN_OK)
        return fail(path, &err);
    note_legacy(o, path);
    return EXIT_OK;
}

static int save(const options *o, const crn_model *model)
{
    if (o->output.count == 1)
        return save_one(o, model, o->output.at[0]);
    if (crn_model_step_count(model) != o->output.count)
        return usage(o, "-o was given %d times for a model of %d steps", o->output.count,
                     crn_model_step_count(model));
    int code = EXIT_OK;
    for (int i = 0; i < o->output.count && code == EXIT_OK; i++) {
        const crn_model *step = crn_model_step(model, i);
        code = step != NULL ? save_one(o, step, o->output.at[i])
                            : complain(o->output.at[i], "step %d is 'passthrough'", i);
    }
    return code;
}

/* ---- the command ---- */

static int fit_and_save(const options *o, crn_model *model, rows *r, rows *validation,
                        crn_pool *pool)
{
    crn_error err = CRN_ERROR_INIT;
    crn_history *history = NULL;
    progress bar = progress_create(o);
    crn_fit_options f = fit_options(o, pool, &bar);
    if (o->validation != NULL)
        f.validation = &validation->data;
    progress_catch_interrupt();
    const crn_status status = crn_model_fit(model, &r->data, &f, &history, &err);
    int code = EXIT_OK;
    if (status == CRN_CANCELLED)
        warn(o, "interrupted: what was learnt so far is saved");
    else if (status != CRN_OK)
        code = fail(o->input.at[0], &err);
    if (code == EXIT_OK)
        code = save(o, model);
    if (code == EXIT_OK && o->history != NULL)
        code = write_history(history, o->history);
    if (code == EXIT_OK)
        report(o, model, r, history);
    crn_history_destroy(history);
    return code;
}

int cmd_fit(const options *o)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    crn_pool *pool = NULL;
    rows train = {0}, validation = {0};
    if (o->input.count != 1)
        return usage(o, o->input.count == 0 ? "no data: name it with -i" : "fit takes one -i");
    if (o->output.count == 0)
        return usage(o, "where shall the model go? Name a file with -o");
    if (o->shuffle && o->no_shuffle)
        return usage(o, "--shuffle and --no-shuffle exclude each other");
    int code = make_model(o, &model);
    if (code == EXIT_OK)
        code = rows_read(o, o->input.at[0], NULL, NULL, WITH_TARGET, &train);
    if (code == EXIT_OK && o->validation != NULL)
        code = rows_read(o, o->validation, NULL, NULL, WITH_TARGET, &validation);
    if (code == EXIT_OK && crn_pool_create((int)o->threads, &pool, &err) != CRN_OK)
        code = fail(NULL, &err);
    if (code == EXIT_OK)
        code = fit_and_save(o, model, &train, &validation, pool);
    crn_pool_destroy(pool);
    rows_free(&train);
    rows_free(&validation);
    crn_model_destroy(model);
    return code;
}
