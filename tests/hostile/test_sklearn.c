/* SPDX-License-Identifier: BSD-3-Clause */
/* Damaged files of estimators: cut at every byte, and changed at random (always the same way).
 * Loading gives an error, or a model of which every method answers a row without a crash, that
 * can be looked at, written and fitted again. The sanitizers watch. */
#include "test.h"

#include "base/file.h"
#include "cornichon/cornichon.h"
#include "hostile/mutations.h"
#include "model/model.h"

static const char *const files[] = {
    "1.9.1/lr.joblib",         "1.9.1/lr_binary.joblib",
    "1.9.1/lr_str.joblib",     "1.0.2/lr_ovr.joblib",
    "1.9.1/lr_csr.joblib",     "1.9.1/lr_csc.joblib",
    "1.9.1/pca.joblib",        "1.9.1/pca_whiten.joblib",
    "0.22.2/pca.joblib",       "1.9.1/scaler.joblib",
    "0.20.4/scaler.joblib",    "1.9.1/minmax_clip.joblib",
    "1.9.1/labels_str.joblib", "1.9.1/labels_int.joblib",
    "1.9.1/pipe.joblib",       "1.9.1/pipe_passthrough.joblib",
    "1.9.1/pickle_p0.pkl",     "1.9.1/in_dict.joblib",
};
enum { FILES = sizeof files / sizeof files[0], MOST_FEATURES = 1 << 12 };

static crn_error err;
static size_t loaded;

static crn_buffer *open_golden(const char *name)
{
    char path[512];
    crn_buffer *file = NULL;
    snprintf(path, sizeof path, "%s/sklearn/files/%s", CRN_GOLDEN_DIR, name);
    assert_ok(crn_file_read(path, 0, &file, &err));
    return file;
}

/* ---- using what was loaded ---- */

/* A row of the type that the method wants, and one of numbers: any answer or error will do, but
 * no memory may be touched that is not ours. */
static void ask(const crn_model *model, crn_method method)
{
    crn_port ports[CRN_MAX_PORTS];
    crn_array x = CRN_ARRAY_INIT, y = CRN_ARRAY_INIT;
    crn_error why = CRN_ERROR_INIT;
    if (model->type->inputs(model, method, ports) != 1)
        return;
    const crn_type *type = &ports[0].type;
    const int64_t width = type->ndim > 0 ? type->shape[0] : 0;
    if (width < 0 || width > MOST_FEATURES)
        return;
    const int64_t shape[2] = {2, width};
    if (crn_array_create(type->dtype, type->itemsize, 1 + (type->ndim > 0), shape, &x, &why) !=
        CRN_OK)
        return;
    if (crn_model_predict(model, method, &x, &y, &why) != CRN_OK)
        assert_true(why.message[0] != '\0');
    crn_array_free(&y);
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
    for (crn_method method = CRN_PREDICT; method <= CRN_SCORE_SAMPLES; method++)
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
    for (size_t i = 0; i < FILES; i++) {
        crn_buffer *file = open_golden(files[i]);
        loaded = 0;
        assert_int_equal(
            try_prefixes(load_and_use, crn_buffer_data(file), crn_buffer_size(file), 1), 0);
        assert_int_equal(loaded, 0);
        crn_buffer_release(file);
    }
}

static void test_changed_bytes(void **state)
{
    (void)state;
    enum { TRIES = 250 };
    for (size_t i = 0; i < FILES; i++) {
        crn_buffer *file = open_golden(files[i]);
        loaded = 0;
        try_mutations(load_and_use, crn_buffer_data(file), crn_buffer_size(file), TRIES);
        if (loaded < TRIES / 20) /* else nothing was tried out */
            fail_msg("of %s only %zu mutations were loaded", files[i], loaded);
        crn_buffer_release(file);
    }
}

/* Parts of files behind one another. */
static void test_spliced(void **state)
{
    (void)state;
    enum { TRIES = 60 };
    uint64_t random = 5;
    for (size_t i = 0; i < FILES; i++) {
        crn_buffer *one = open_golden(files[i]), *two = open_golden(files[(i + 1) % FILES]);
        const size_t size = crn_buffer_size(one), other = crn_buffer_size(two);
        uint8_t *bytes = malloc(size + other);
        assert_non_null(bytes);
        for (int k = 0; k < TRIES; k++) {
            const size_t head = next_random(&random) % size,
                         tail = next_random(&random) % other;
            memcpy(bytes, crn_buffer_data(one), head);
            memcpy(bytes + head, (const uint8_t *)crn_buffer_data(two) + tail, other - tail);
            attempt(load_and_use, bytes, head + other - tail);
        }
        free(bytes);
        crn_buffer_release(one);
        crn_buffer_release(two);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_at_every_byte),
        cmocka_unit_test(test_changed_bytes),
        cmocka_unit_test(test_spliced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
