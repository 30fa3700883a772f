/* SPDX-License-Identifier: BSD-3-Clause */
/* ReduceLROnPlateau: the learning rates and messages of Keras 3.15 for the same values. */
#include "test.h"

#include "unit/keras/callbacks/drive.h"

enum { EPOCHS = 11 };

static void check(const char *callback, const double *values, int count, const double *rates,
                  const char *messages)
{
    drive d;
    drive_start(&d, callback);
    assert_int_equal(drive_epochs(&d, "val_loss", values, count), count);
    assert_close(d.learning_rates, rates, (size_t)count, 0.0, 0.0);
    assert_string_equal(drive_text(&d.messages), messages);
    drive_free(&d);
}

/* 0.1 and what follows from it in float32. */
#define LR  0.10000000149011612
#define LR1 0.009999999776482582
#define LR2 0.0009999999310821295

static void test_patience(void **state)
{
    (void)state;
    const double values[] = {1.0, 0.9, 0.95, 0.89, 0.891, 0.892, 0.893, 0.5, 0.6, 0.7, 0.8};
    const double rates[] = {LR, LR, LR, LR, LR, LR1, LR1, LR1, LR1, LR2, LR2};
    check("ReduceLROnPlateau(patience=2, verbose=1)", values, EPOCHS, rates,
          "Epoch 6: ReduceLROnPlateau reducing learning rate to 0.010000000149011612.\n"
          "Epoch 10: ReduceLROnPlateau reducing learning rate to 0.0009999999776482583.\n");
    const double few[] = {1.0, 0.9, 0.9}, at_once[] = {LR, LR, LR1};
    check("ReduceLROnPlateau(patience=0)", few, 3, at_once, "");
}

static void test_cooldown_and_floor(void **state)
{
    (void)state;
    const double values[] = {1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0};
    const double half = 0.05000000074505806, quarter = 0.02500000037252903,
                 floor_ = 0.019999999552965164;
    const double rates[] = {LR,     half,   half,   quarter, quarter,
                            floor_, floor_, floor_, floor_,  floor_};
    check("ReduceLROnPlateau(patience=1, factor=0.5, cooldown=2, min_lr=0.02, verbose=1)",
          values, 10, rates,
          "Epoch 2: ReduceLROnPlateau reducing learning rate to 0.05000000074505806.\n"
          "Epoch 4: ReduceLROnPlateau reducing learning rate to 0.02500000037252903.\n"
          "Epoch 6: ReduceLROnPlateau reducing learning rate to 0.02.\n");
}

static void test_min_delta(void **state)
{
    (void)state;
    const double values[] = {1.0, 0.95, 0.91, 0.85, 0.5}, rates[] = {LR, LR1, LR2, LR2, LR2};
    check("ReduceLROnPlateau(patience=1, min_delta=0.1)", values, 5, rates, "");
}

static void test_logs(void **state)
{
    (void)state;
    const double none[] = {INFINITY};
    double rate = 0.0;
    drive d;
    drive_start(&d, "ReduceLROnPlateau(patience=1)");
    drive_epochs(&d, "val_loss", none, 1);
    assert_true(crn_logs_get(&d.training.logs, "learning_rate", &rate));
    assert_true(rate == LR);
    assert_string_equal(
        drive_text(&d.warnings),
        "Learning rate reduction is conditioned on metric `val_loss` which is not "
        "available. Available metrics are: loss,learning_rate.\n");
    drive_free(&d);
}

static void test_factor(void **state)
{
    (void)state;
    crn_callbacks callbacks;
    crn_error err = CRN_ERROR_INIT;
    assert_status(CRN_ARGUMENT,
                  crn_callbacks_parse("ReduceLROnPlateau(factor=1.5)", &callbacks, &err));
    assert_string_equal(
        err.message, "ReduceLROnPlateau does not support a factor >= 1.0. Received factor=1.5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patience),  cmocka_unit_test(test_cooldown_and_floor),
        cmocka_unit_test(test_min_delta), cmocka_unit_test(test_logs),
        cmocka_unit_test(test_factor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
