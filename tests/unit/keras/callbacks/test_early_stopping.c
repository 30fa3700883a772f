/* SPDX-License-Identifier: BSD-3-Clause */
/* EarlyStopping and what is an improvement: the epochs that Keras 3.15 runs for the same
 * values, the epoch whose weights it ends with, its messages and warnings. */
#include "test.h"

#include "unit/keras/callbacks/drive.h"

static const double plateau[] = {1.0, 0.9, 0.95, 0.89, 0.891, 0.892, 0.893, 0.5, 0.6, 0.7, 0.8};

static void check(const char *callback, const char *name, const double *values, int count,
                  int epochs, int weights_of)
{
    drive d;
    drive_start(&d, callback);
    assert_int_equal(drive_epochs(&d, name, values, count), epochs);
    drive_end(&d);
    assert_true(*drive_weight(&d) == (float)weights_of);
    drive_free(&d);
}

#define CHECK(callback, values, epochs, weights_of)                                            \
    check(callback, "val_loss", values, sizeof values / sizeof *values, epochs, weights_of)

static void test_patience(void **state)
{
    (void)state;
    const double same[] = {1.0, 1.0, 1.0};
    CHECK("EarlyStopping(patience=2)", plateau, 6, 5);
    CHECK("EarlyStopping()", plateau, 3, 2);
    CHECK("EarlyStopping()", same, 2, 1); /* never in the first epoch */
    CHECK("EarlyStopping(patience=1, start_from_epoch=5)", plateau, 7, 6);
}

static void test_improvement(void **state)
{
    (void)state;
    const double tiny[] = {0.1, 0.1 - 1e-10, 0.1 - 2e-10}; /* one number in float32 */
    const double nan_first[] = {NAN, 0.2, 0.3, 0.1};
    const double rising[] = {0.1, 0.2, 0.3, 0.2, 0.1};
    CHECK("EarlyStopping(patience=2, min_delta=0.05)", plateau, 4, 3);
    CHECK("EarlyStopping(patience=3, min_delta=-0.05)", plateau, 5, 4);
    CHECK("EarlyStopping(patience=1, mode='max')", plateau, 2, 1);
    CHECK("EarlyStopping(patience=3, baseline=0.85)", plateau, 3, 2);
    CHECK("EarlyStopping(patience=1)", tiny, 2, 1);
    CHECK("EarlyStopping(patience=2)", nan_first, 3, 2);
    check("EarlyStopping('val_accuracy', patience=1)", "val_accuracy", rising, 5, 4, 3);
    check("EarlyStopping('val_mae', patience=1)", "val_mae", rising, 5, 2, 1);
}

static void test_best_weights(void **state)
{
    (void)state;
    const double late[] = {0.5, 0.4, 0.6};
    CHECK("EarlyStopping(patience=3, baseline=0.85, restore_best_weights=True)", plateau, 3, 1);
    drive d;
    drive_start(&d, "EarlyStopping(patience=2, restore_best_weights=True, verbose=1)");
    assert_int_equal(drive_epochs(&d, "val_loss", plateau, 11), 6);
    drive_end(&d);
    assert_true(*drive_weight(&d) == 3.0f);
    assert_string_equal(drive_text(&d.messages),
                        "Epoch 6: early stopping\n"
                        "Restoring model weights from the end of the best epoch: 4.\n");
    drive_free(&d);
    /* Also when nothing stopped the fit. */
    drive_start(&d, "EarlyStopping(patience=9, restore_best_weights=True, verbose=1)");
    assert_int_equal(drive_epochs(&d, "val_loss", late, 3), 3);
    drive_end(&d);
    assert_true(*drive_weight(&d) == 1.0f);
    assert_string_equal(drive_text(&d.messages),
                        "Restoring model weights from the end of the best epoch: 2.\n");
    drive_free(&d);
}

static void test_missing_value(void **state)
{
    (void)state;
    const double values[] = {INFINITY, INFINITY, 0.5, 0.6};
    drive d;
    drive_start(&d, "EarlyStopping(patience=1)");
    assert_int_equal(drive_epochs(&d, "val_loss", values, 4), 4);
    assert_string_equal(
        drive_text(&d.warnings),
        "Early stopping conditioned on metric `val_loss` which is not available. "
        "Available metrics are: loss\n"
        "Early stopping conditioned on metric `val_loss` which is not available. "
        "Available metrics are: loss\n");
    drive_free(&d);
}

static void test_modes(void **state)
{
    (void)state;
    const double rising[] = {0.1, 0.2, 0.3};
    drive d;
    crn_error err = CRN_ERROR_INIT;
    drive_start(&d, "EarlyStopping(mode='up', patience=1)");
    assert_string_equal(drive_text(&d.warnings),
                        "EarlyStopping mode 'up' is unknown, fallback to auto mode.\n");
    assert_int_equal(drive_epochs(&d, "val_loss", rising, 3), 2);
    drive_free(&d);
    drive_start(&d, "EarlyStopping('foo')");
    crn_logs_set(&d.training.logs, "loss", 1.0);
    assert_status(CRN_ARGUMENT,
                  crn_callbacks_notify(&d.callbacks, CRN_ON_EPOCH_END, &d.training, &err));
    assert_string_equal(err.message,
                        "EarlyStopping callback received monitor=foo, but Keras isn't able to "
                        "automatically determine whether that metric should be maximized or "
                        "minimized. Pass `mode='max'` in order to monitor based on the highest "
                        "metric value, or pass `mode='min'` in order to use the lowest value.");
    drive_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patience),     cmocka_unit_test(test_improvement),
        cmocka_unit_test(test_best_weights), cmocka_unit_test(test_missing_value),
        cmocka_unit_test(test_modes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
