/* SPDX-License-Identifier: BSD-3-Clause */
/* Optimizers in files of every generation: models that Keras saved after two epochs go on to
 * where Keras was after five; what does not fit is told and leaves a fresh optimizer. */
#include "test.h"

#include "keras/saving/optimizer_state.h"
#include "unit/keras/saving/keras_files.h"

/* ---- going on ---- */

static crn_array member(crn_buffer *file, const char *key)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array array = CRN_ARRAY_INIT;
    assert_ok(crn_npz_read(file, key, NULL, &array, &err));
    return array;
}

static void compare_weights(const crn_model *model, crn_buffer *arrays, double atol)
{
    crn_error err = CRN_ERROR_INIT;
    const crn_network *network = crn_model_network(model);
    for (size_t i = 0; i < network->weight_count; i++) {
        char key[32];
        crn_array got = CRN_ARRAY_INIT, want = CRN_ARRAY_INIT;
        snprintf(key, sizeof key, "w_%zu", i);
        crn_array stored = member(arrays, key);
        assert_ok(crn_array_astype(&stored, CRN_FLOAT64, &want, &err));
        assert_ok(crn_array_astype(&crn_network_weight(network, i, NULL)->array, CRN_FLOAT64,
                                   &got, &err));
        assert_int_equal(crn_array_size(&got), crn_array_size(&want));
        assert_close(got.data, want.data, (size_t)crn_array_size(&want), 1e-4, atol);
        crn_array_free(&stored);
        crn_array_free(&got);
        crn_array_free(&want);
    }
}

/* tests/golden/keras/state/<name><suffix>, trained for three more epochs. */
static void go_on_within(const char *name, const char *suffix, double atol)
{
    char path[128];
    crn_error err = CRN_ERROR_INIT;
    crn_buffer *arrays = NULL;
    crn_data data = CRN_DATA_INIT;
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    snprintf(path, sizeof path, "state/%s%s", name, suffix);
    crn_model *model = golden_model(path, NULL);
    snprintf(path, sizeof path, "state/%s.npz", name);
    assert_ok(crn_file_read(golden(path), 0, &arrays, &err));
    data.x = member(arrays, "x");
    data.y = member(arrays, "y");
    crn_array batch = member(arrays, "bs");
    options.batch_size = (int)crn_array_get(&batch, 0);
    options.epochs = 3;
    options.no_shuffle = true;
    assert_ok(crn_model_fit(model, &data, &options, NULL, &err));
    compare_weights(model, arrays, atol);
    crn_array_free(&batch);
    crn_array_free(&data.x);
    crn_array_free(&data.y);
    crn_model_destroy(model);
    crn_buffer_release(arrays);
}

static void go_on(const char *name, const char *suffix)
{
    go_on_within(name, suffix, 2e-6);
}

static void test_keras_2_10(void **state)
{
    (void)state;
    go_on("tf2.10/opt_sgd", ".h5");
    go_on("tf2.10/opt_sgd_momentum", ".h5");
    go_on("tf2.10/opt_adam_amsgrad", ".h5");
    go_on("tf2.10/opt_rmsprop", ".h5");
}

static void test_keras_2_15(void **state)
{
    (void)state;
    go_on("tf2.15/opt_sgd", ".h5");
    go_on("tf2.15/opt_sgd", ".keras");
    go_on("tf2.15/opt_sgd_momentum", ".h5");
    go_on("tf2.15/opt_sgd_momentum", ".keras");
    go_on("tf2.15/opt_adam", ".h5");
    go_on("tf2.15/opt_adam", ".keras");
    go_on("tf2.15/opt_adam_amsgrad", ".h5");
    go_on("tf2.15/opt_adamw", ".h5");
    go_on("tf2.15/opt_rmsprop", ".keras");
    go_on("tf2.15/opt_legacy_adam", ".h5");
    go_on("tf2.15/opt_legacy_rmsprop", ".h5");
    go_on("tf2.15/opt_legacy_sgd", ".h5");
    /* A bias before BatchNormalization has no gradient but rounding, which Adam magnifies. */
    go_on_within("tf2.15/net_bn", ".h5", 5e-4);
}

static void test_keras_3(void **state)
{
    (void)state;
    go_on("k3.15/opt_sgd", ".h5");
    go_on("k3.15/opt_sgd_momentum", ".keras");
    go_on("k3.15/opt_adam_amsgrad", ".h5");
    go_on("k3.15/opt_adam_amsgrad", ".keras");
    go_on("k3.15/opt_adamw", ".keras");
    go_on("k3.15/opt_adam_grad_accum2", ".keras");
    go_on_within("k3.15/net_bn", ".keras", 5e-4);
}

/* ---- what does not fit ---- */

static int64_t iteration_of(const crn_network *network)
{
    return *(const int64_t *)crn_optimizer_variable_at(network->compiled.optimizer, 0)
                .array->data;
}

/* The state of adam (10 variables) for a momentum SGD (6). */
static void test_another_optimizer(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    heard warnings = {0};
    crn_load_options options = CRN_LOAD_OPTIONS_INIT;
    options.warning = hear;
    options.warning_context = &warnings;
    crn_model *model = golden_model("state/k3.15/opt_sgd_momentum.keras", NULL);
    const crn_network *network = crn_model_network(model);
    const int64_t before = iteration_of(network);
    assert_true(before > 0);
    assert_ok(
        crn_model_load_weights(model, golden("state/tf2.15/opt_adam.keras"), &options, &err));
    assert_int_equal(warnings.count, 1);
    assert_string_equal(warnings.last,
                        "Skipping variable loading for optimizer 'sgd', because it has 5 "
                        "variables whereas the saved optimizer has 9 variables.");
    assert_int_equal(iteration_of(network), before);
    /* Without an ear for it, it is no failure either. */
    assert_ok(crn_model_load_weights(model, golden("state/tf2.15/opt_adam.keras"), NULL, &err));
    crn_model_destroy(model);
}

/* A state by hand for the momentum SGD of that file. */
static void restore(const int64_t *iteration, int64_t columns, crn_network *network,
                    heard *warnings)
{
    static const int64_t shapes[][2] = {{4, 5}, {5, 0}, {5, 3}, {3, 0}};
    crn_error err = CRN_ERROR_INIT;
    crn_optimizer_state state = {.layout = CRN_OPTIMIZER_KERAS_2};
    crn_load_options options = CRN_LOAD_OPTIONS_INIT;
    crn_array array = CRN_ARRAY_INIT;
    options.warning = hear;
    options.warning_context = warnings;
    assert_ok(crn_array_create(CRN_INT64, 0, 0, NULL, &array, &err));
    *(int64_t *)array.data = *iteration;
    assert_ok(crn_optimizer_state_add(&state, &array, &err));
    for (size_t i = 0; i < 4; i++) {
        int64_t shape[2] = {shapes[i][0], shapes[i][1]};
        const int32_t ndim = shape[1] > 0 ? 2 : 1;
        shape[ndim - 1] += i == 2 ? columns : 0;
        assert_ok(crn_array_create(CRN_FLOAT32, 0, ndim, shape, &array, &err));
        assert_ok(crn_optimizer_state_add(&state, &array, &err));
    }
    assert_ok(crn_optimizer_state_restore(&state, network, &options, &err));
    crn_optimizer_state_free(&state);
}

/* All of it or nothing; an iteration that would overflow is none. */
static void test_shapes_and_iterations(void **state)
{
    (void)state;
    const int64_t seven = 7, most = INT64_MAX, negative = -1;
    heard warnings = {0};
    crn_model *model = golden_model("state/tf2.10/opt_sgd_momentum.h5", NULL);
    crn_network *network = crn_model_network(model);
    const int64_t before = iteration_of(network);
    restore(&seven, 1, network, &warnings);
    assert_int_equal(warnings.count, 1);
    assert_non_null(strstr(warnings.last, "the saved variables are of other shapes"));
    restore(&most, 0, network, &warnings);
    restore(&negative, 0, network, &warnings);
    assert_int_equal(warnings.count, 3);
    assert_int_equal(iteration_of(network), before);
    restore(&seven, 0, network, &warnings);
    assert_int_equal(warnings.count, 3);
    assert_int_equal(iteration_of(network), 7);
    crn_model_destroy(model);
}

/* ---- places ---- */

static void check_places(const char *file, crn_optimizer_layout layout, const int64_t *want,
                         size_t count, size_t arrays)
{
    int64_t places[16];
    crn_model *model = golden_model(file, NULL);
    crn_optimizer *optimizer = crn_model_network(model)->compiled.optimizer;
    assert_int_equal(crn_optimizer_variable_count(optimizer), count);
    assert_int_equal(crn_optimizer_state_places(optimizer, layout, places), arrays);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(places[i], want[i]);
    crn_model_destroy(model);
}

/* Variables of adam: iteration, learning rate, m and v of the first weight, of the second ...
 */
static void test_places(void **state)
{
    (void)state;
    static const int64_t keras_3[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    static const int64_t keras_2_11[] = {0, -1, 1, 2, 3, 4, 5, 6, 7, 8};
    static const int64_t keras_2[] = {0, -1, 1, 5, 2, 6, 3, 7, 4, 8};
    check_places("state/tf2.15/opt_adam.h5", CRN_OPTIMIZER_KERAS_3, keras_3, 10, 10);
    check_places("state/tf2.15/opt_adam.h5", CRN_OPTIMIZER_KERAS_2_11, keras_2_11, 10, 9);
    check_places("state/tf2.15/opt_adam.h5", CRN_OPTIMIZER_KERAS_2, keras_2, 10, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keras_2_10),
        cmocka_unit_test(test_keras_2_15),
        cmocka_unit_test(test_keras_3),
        cmocka_unit_test(test_another_optimizer),
        cmocka_unit_test(test_shapes_and_iterations),
        cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
