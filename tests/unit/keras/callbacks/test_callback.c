/* SPDX-License-Identifier: BSD-3-Clause */
/* Callbacks as text, logs, TerminateOnNaN, and who hears what. */
#include "test.h"

#include "unit/keras/callbacks/drive.h"

static void test_parsed(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_callbacks list;
    assert_ok(crn_callbacks_parse(NULL, &list, &err));
    assert_int_equal(list.count, 0);
    crn_callbacks_free(&list);
    assert_ok(
        crn_callbacks_parse("EarlyStopping(patience=3), CSVLogger('log.csv')", &list, &err));
    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[1].cls->base.name, "CSVLogger");
    crn_callbacks_free(&list);
    assert_ok(crn_callbacks_parse("[TerminateOnNaN(), keras.callbacks.EarlyStopping()]", &list,
                                  &err));
    assert_int_equal(list.count, 2);
    crn_callbacks_free(&list);
    assert_ok(crn_callbacks_parse("EarlyStopping(verbose=True)", &list, &err)); /* True is 1 */
    crn_callbacks_free(&list);
    assert_ok(crn_callbacks_parse("", &list, &err));
    assert_int_equal(list.count, 0);
    crn_callbacks_free(&list);
}

static void refuse(const char *text, crn_status status, const char *says)
{
    crn_error err = CRN_ERROR_INIT;
    crn_callbacks list;
    assert_status(status, crn_callbacks_parse(text, &list, &err));
    assert_says(says);
    assert_int_equal(list.count, 0);
}

static void test_refused(void **state)
{
    (void)state;
    refuse("EarlyStoping()", CRN_NOT_FOUND, "Did you mean 'EarlyStopping'?");
    refuse("EarlyStopping(patince=3)", CRN_NOT_FOUND, "patience");
    refuse("EarlyStopping(patience='x')", CRN_ARGUMENT, "patience");
    refuse("CSVLogger()", CRN_ARGUMENT,
           "CSVLogger.__init__() missing 1 required positional argument: 'filename'");
    refuse("ModelCheckpoint()", CRN_ARGUMENT,
           "ModelCheckpoint.__init__() missing 1 required positional argument: 'filepath'");
    refuse("CSVLogger('a', separator='ab')", CRN_ARGUMENT,
           "\"delimiter\" must be a 1-character string");
    refuse("ModelCheckpoint('a.txt')", CRN_ARGUMENT,
           "The filepath provided must end in `.keras` (Keras model format). Received: "
           "filepath=a.txt");
    refuse(
        "ModelCheckpoint('a.h5', save_weights_only=True)", CRN_ARGUMENT,
        "When using `save_weights_only=True` in `ModelCheckpoint`, the filepath provided must "
        "end in `.weights.h5` (Keras weights format). Received: filepath=a.h5");
    refuse("ModelCheckpoint('a.h5', save_freq='x')", CRN_ARGUMENT,
           "Unrecognized save_freq: 'x'. Expected save_freq are 'epoch' or integer values");
    refuse("3", CRN_ARGUMENT, "callback");
}

/* The offset of a mistake counts in the caller's own text. */
static void test_offset(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_callbacks list;
    assert_status(CRN_FORMAT, crn_callbacks_parse("CSVLogger('a'), ?", &list, &err));
    assert_int_equal(err.offset, 16);
    assert_string_equal(err.where, "callbacks");
}

static void test_logs(void **state)
{
    (void)state;
    const char *names[2];
    double values[2], got = 0.0;
    crn_logs logs = {.names = names, .values = values, .capacity = 2};
    crn_text text = CRN_TEXT_INIT;
    crn_logs_set(&logs, "loss", 1.0);
    crn_logs_set(&logs, "mae", 2.0);
    crn_logs_set(&logs, "full", 3.0);
    crn_logs_set(&logs, "loss", 4.0);
    assert_int_equal(logs.count, 2);
    assert_true(crn_logs_get(&logs, "loss", &got) && got == 4.0);
    assert_false(crn_logs_get(&logs, "full", &got));
    crn_logs_list(&logs, ",", &text);
    assert_string_equal(text.data, "loss,mae");
    crn_text_free(&text);
}

static void test_terminate_on_nan(void **state)
{
    (void)state;
    drive d;
    crn_error err = CRN_ERROR_INIT;
    drive_start(&d, "TerminateOnNaN()");
    crn_logs_set(&d.training.logs, "loss", 1.0);
    assert_ok(crn_callbacks_notify(&d.callbacks, CRN_ON_BATCH_END, &d.training, &err));
    assert_false(d.training.stop_training);
    crn_logs_set(&d.training.logs, "loss", NAN);
    d.training.batch = 3;
    assert_ok(crn_callbacks_notify(&d.callbacks, CRN_ON_BATCH_END, &d.training, &err));
    assert_true(d.training.stop_training);
    assert_string_equal(drive_text(&d.messages),
                        "Batch 3: Invalid loss, terminating training\n");
    drive_free(&d);
    drive_start(&d, "TerminateOnNaN(raise_error=True)");
    crn_logs_set(&d.training.logs, "loss", INFINITY);
    assert_status(CRN_ARGUMENT,
                  crn_callbacks_notify(&d.callbacks, CRN_ON_BATCH_END, &d.training, &err));
    assert_string_equal(err.message, "NaN or Inf loss encountered at batch 0. Loss value: inf. "
                                     "Terminating training immediately.");
    drive_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parsed),           cmocka_unit_test(test_refused),
        cmocka_unit_test(test_offset),           cmocka_unit_test(test_logs),
        cmocka_unit_test(test_terminate_on_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
