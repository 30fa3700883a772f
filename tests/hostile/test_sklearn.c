/* SPDX-License-Identifier: BSD-3-Clause */
/* Damaged files of estimators: the golden files of a package, which the argument names (no
 * argument: all of them), cut at every byte and changed at random, always the same way. Loading
 * gives an error, or a model of which every method answers rows without a crash, that can be
 * looked at, written and fitted again. The sanitizers watch. */
#include "test.h"

#include <dirent.h>
#include <math.h>

#include "api/predictor.h"
#include "base/file.h"
#include "cornichon/cornichon.h"
#include "hostile/mutations.h"
#include "model/model.h"

enum { MOST_FILES = 4096, MOST_FEATURES = 1 << 12, ROWS = 2, MOST_OUTPUTS = 64 };

/* Changes to the files of one package. */
enum { MUTATIONS = 10000, LEAST_MUTATIONS = 10 };
/* Larger files are cut at as many places, evenly spread. */
enum { MOST_CUTS = 4000 };

static crn_error err;
static size_t loaded;
static char *files[MOST_FILES];
static size_t file_count;

static crn_buffer *open_golden(const char *name)
{
    char path[512];
    crn_buffer *file = NULL;
    snprintf(path, sizeof path, "%s/sklearn/%s", CRN_GOLDEN_DIR, name);
    assert_ok(crn_file_read(path, 0, &file, &err));
    return file;
}

/* ---- using what was loaded ---- */

/* Cells of every kind, of which some the model may take. */
static void fill_cells(crn_array *x)
{
    static const crn_cell kinds[] = {
        {CRN_CELL_TEXT, {.text = "a few words of text"}, 19},
        {CRN_CELL_FLOAT, {.real = 0.5}, 0},
        {CRN_CELL_NONE, {.integer = 0}, 0},
        {CRN_CELL_INT, {.integer = 3}, 0},
        {CRN_CELL_TEXT, {.text = "a"}, 1},
        {CRN_CELL_FLOAT, {.real = NAN}, 0},
        {CRN_CELL_BOOL, {.integer = 1}, 0},
    };
    crn_cell *cells = x->data;
    for (int64_t i = 0; i < crn_array_size(x); i++)
        cells[i] = kinds[i % (int64_t)(sizeof kinds / sizeof *kinds)];
}

static void fill_numbers(crn_array *x)
{
    double *numbers = x->data;
    for (int64_t i = 0; i < crn_array_size(x); i++)
        numbers[i] = (double)(i * 7 % 11) - 2.5;
}

/* Rows of what the method wants: any answer or error will do, but no memory may be touched that
 * is not ours. False when it takes something else. */
static bool make_rows(const crn_model *model, crn_method method, crn_array *x)
{
    crn_port ports[CRN_MAX_PORTS];
    if (model->type->inputs(model, method, ports) != 1)
        return false;
    const crn_type *type = &ports[0].type;
    const int64_t width = type->ndim == 0 ? 0 : type->shape[0] < 0 ? 3 : type->shape[0];
    if (type->ndim > 1 || width > MOST_FEATURES)
        return false;
    const int64_t shape[2] = {ROWS, width};
    if (crn_array_create(type->dtype, type->itemsize, 1 + type->ndim, shape, x, NULL) != CRN_OK)
        return false;
    if (type->dtype == CRN_OBJECT)
        fill_cells(x);
    else if (type->dtype == CRN_FLOAT64)
        fill_numbers(x);
    return true;
}

static void ask(const crn_model *model, crn_method method)
{
    crn_array x = CRN_ARRAY_INIT, y[MOST_OUTPUTS] = {CRN_ARRAY_INIT};
    crn_predictor *predictor = NULL;
    crn_error why = CRN_ERROR_INIT;
    if (!crn_model_has_method(model, method) || !make_rows(model, method, &x))
        return;
    if (crn_predictor_create_for(model, method, &x, NULL, &predictor, &why) != CRN_OK ||
        crn_predict(predictor, &x, y, &why) != CRN_OK)
        assert_true(why.message[0] != '\0');
    const int count = predictor != NULL ? crn_predictor_outputs(predictor) : 0;
    for (int i = 0; i < count; i++)
        crn_array_free(&y[i]);
    crn_predictor_destroy(predictor);
    crn_array_free(&x);
}

static void inspect(const crn_model *model)
{
    for (crn_inspection what = CRN_INSPECT_SUMMARY; what <= CRN_INSPECT_JSON; what++) {
        char *text = NULL;
        crn_error why = CRN_ERROR_INIT;
        if (crn_model_inspect(model, what, &text, &why) == CRN_OK)
            assert_non_null(text);
        crn_string_free(text);
    }
}

/* As another version's file: whatever is written loads again. */
static void write_anew(const crn_model *model)
{
    crn_save_options options = CRN_SAVE_OPTIONS_INIT;
    options.sklearn = "1.5";
    crn_text bytes = CRN_TEXT_INIT;
    crn_error why = CRN_ERROR_INIT;
    options.format = "joblib";
    if (model->type->save != NULL &&
        model->type->save(model, &options, &bytes, &why) == CRN_OK) {
        crn_model *back = NULL;
        if (crn_model_load_bytes(bytes.data, bytes.size, NULL, &back, &why) != CRN_OK)
            fail_msg("what was written is not read: %s (%s)", why.message, why.where);
        crn_model_destroy(back);
    }
    crn_text_free(&bytes);
}

static void fit_again(crn_model *model)
{
    double rows[24], labels[6] = {0, 1, 2, 0, 1, 2};
    for (int i = 0; i < 24; i++)
        rows[i] = (double)(i * 7 % 11);
    crn_data data = CRN_DATA_INIT;
    data.x = crn_array_view_2d(rows, CRN_FLOAT64, 6, 4);
    data.y = crn_array_view_1d(labels, CRN_FLOAT64, 6);
    crn_error why = CRN_ERROR_INIT;
    if (crn_model_fit(model, &data, NULL, NULL, &why) == CRN_OK)
        ask(model, crn_model_main_method(model));
}

static crn_status load_and_use(crn_buffer *file, crn_error *why)
{
    crn_limits limits = CRN_LIMITS_INIT;
    crn_load_options options = CRN_LOAD_OPTIONS_INIT;
    crn_model *model = NULL;
    limits.memory_bytes = 1 << 24;
    limits.inflated_bytes = 1 << 22;
    options.limits = &limits;
    CRN_TRY(crn_model_load_bytes(crn_buffer_data(file), crn_buffer_size(file), &options, &model,
                                 why));
    loaded++;
    for (crn_method method = CRN_PREDICT; method < CRN_METHOD_COUNT; method++)
        ask(model, method);
    inspect(model);
    write_anew(model);
    fit_again(model);
    crn_model_destroy(model);
    return CRN_OK;
}

/* ---- the files ---- */

static void test_cut_at_every_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < file_count; i++) {
        if (strstr(files[i], "/1.9.1/") == NULL)
            continue; /* older files are cut in the same places of the same format */
        crn_buffer *file = open_golden(files[i]);
        const size_t size = crn_buffer_size(file);
        loaded = 0;
        assert_int_equal(
            try_prefixes(load_and_use, crn_buffer_data(file), size, size / MOST_CUTS + 1), 0);
        assert_int_equal(loaded, 0);
        crn_buffer_release(file);
    }
}

static void test_changed_bytes(void **state)
{
    (void)state;
    const int each = (int)(MUTATIONS / file_count);
    size_t all = 0;
    for (size_t i = 0; i < file_count; i++) {
        crn_buffer *file = open_golden(files[i]);
        loaded = 0;
        try_mutations(load_and_use, crn_buffer_data(file), crn_buffer_size(file),
                      each > LEAST_MUTATIONS ? each : LEAST_MUTATIONS);
        all += loaded;
        crn_buffer_release(file);
    }
    assert_true(all > MUTATIONS / 20); /* else nothing was tried out */
}

/* Parts of files behind one another. */
static void test_spliced(void **state)
{
    (void)state;
    enum { TRIES = 1000 };
    uint64_t random = 5;
    for (int k = 0; k < TRIES; k++) {
        crn_buffer *one = open_golden(files[next_random(&random) % file_count]);
        crn_buffer *two = open_golden(files[next_random(&random) % file_count]);
        const size_t size = crn_buffer_size(one), other = crn_buffer_size(two);
        const size_t head = next_random(&random) % size, tail = next_random(&random) % other;
        uint8_t *bytes = malloc(size + other);
        assert_non_null(bytes);
        memcpy(bytes, crn_buffer_data(one), head);
        memcpy(bytes + head, (const uint8_t *)crn_buffer_data(two) + tail, other - tail);
        attempt(load_and_use, bytes, head + other - tail);
        free(bytes);
        crn_buffer_release(one);
        crn_buffer_release(two);
    }
}

/* ---- which files ---- */

static bool add_table(const char *table)
{
    char path[512], line[512];
    snprintf(path, sizeof path, "%s/sklearn/%s", CRN_GOLDEN_DIR, table);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return false;
    while (fgets(line, sizeof line, file) != NULL && file_count < MOST_FILES) {
        char *rest = line;
        for (int i = 0; i < 2; i++)
            strtok_r(i == 0 ? line : NULL, "\t", &rest);
        const char *model = strtok_r(NULL, "\t", &rest);
        if (model != NULL && (files[file_count] = strdup(model)) != NULL)
            file_count++;
    }
    fclose(file);
    return true;
}

static bool add_all_tables(void)
{
    DIR *directory = opendir(CRN_GOLDEN_DIR "/sklearn");
    bool added = directory != NULL;
    for (struct dirent *entry; added && (entry = readdir(directory)) != NULL;) {
        const size_t size = strlen(entry->d_name);
        if (size > 4 && strcmp(entry->d_name + size - 4, ".tsv") == 0)
            added = add_table(entry->d_name);
    }
    if (directory != NULL)
        closedir(directory);
    return added;
}

int main(int argc, char **argv)
{
    char table[128] = "";
    if (argc > 1)
        snprintf(table, sizeof table, "%s.tsv", argv[1]);
    if (!(argc > 1 ? add_table(table) : add_all_tables()) || file_count == 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_at_every_byte),
        cmocka_unit_test(test_changed_bytes),
        cmocka_unit_test(test_spliced),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    for (size_t i = 0; i < file_count; i++)
        free(files[i]);
    return failed;
}
