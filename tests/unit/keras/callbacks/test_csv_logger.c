/* SPDX-License-Identifier: BSD-3-Clause */
/* CSVLogger: the bytes that Keras 3.15 writes for the same numbers. */
#include <stdlib.h>
#include <unistd.h>

#include "test.h"

#include "unit/keras/callbacks/drive.h"

static char folder[] = "/tmp/crn_csv_XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/log.csv", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void assert_file(const char *expected)
{
    crn_error err = CRN_ERROR_INIT;
    crn_buffer *file = NULL;
    assert_ok(crn_file_read(path, 1 << 20, &file, &err));
    assert_int_equal(crn_buffer_size(file), strlen(expected));
    assert_memory_equal(crn_buffer_data(file), expected, strlen(expected));
    crn_buffer_release(file);
}

/* Two epochs of one name beside the loss. */
static void log_two(const char *options, const char *name)
{
    char callback[128];
    const double values[] = {0.3499999940395355, NAN};
    drive d;
    snprintf(callback, sizeof callback, "CSVLogger('%s'%s)", path, options);
    drive_start(&d, callback);
    drive_epochs(&d, name, values, 2);
    drive_end(&d);
    drive_free(&d);
}

static void test_without_validation(void **state)
{
    (void)state;
    log_two("", "accuracy");
    assert_file("epoch,accuracy,loss,val_accuracy,val_loss\r\n"
                "0,0.3499999940395355,1.0,NA,NA\r\n"
                "1,nan,1.0,NA,NA\r\n");
}

static void test_with_validation(void **state)
{
    (void)state;
    log_two("", "val_loss");
    assert_file("epoch,loss,val_loss\r\n0,1.0,0.3499999940395355\r\n1,1.0,nan\r\n");
}

static void test_appended(void **state)
{
    (void)state;
    unlink(path);
    log_two(", append=True", "val_loss");
    log_two(", separator=';', append=True", "val_loss");
    assert_file("epoch,loss,val_loss\r\n0,1.0,0.3499999940395355\r\n1,1.0,nan\r\n"
                "0;1.0;0.3499999940395355\r\n1;1.0;nan\r\n");
}

static void test_quoted(void **state)
{
    (void)state;
    log_two(", separator='.'", "val_\"x\"");
    assert_file("epoch.loss.\"val_\"\"x\"\"\"\r\n"
                "0.\"1.0\".\"0.3499999940395355\"\r\n"
                "1.\"1.0\".nan\r\n");
}

static void test_no_such_folder(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    drive d;
    drive_start(&d, "TerminateOnNaN()");
    crn_callbacks_free(&d.callbacks);
    assert_ok(crn_callbacks_parse("CSVLogger('/nonexistent/log.csv')", &d.callbacks, &err));
    assert_status(CRN_IO,
                  crn_callbacks_notify(&d.callbacks, CRN_ON_TRAIN_BEGIN, &d.training, &err));
    assert_says("cannot open '/nonexistent/log.csv'");
    drive_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_validation), cmocka_unit_test(test_with_validation),
        cmocka_unit_test(test_appended),           cmocka_unit_test(test_quoted),
        cmocka_unit_test(test_no_such_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
