/* SPDX-License-Identifier: BSD-3-Clause */
/* ModelCheckpoint: when it saves, under which names, and that what it saves loads. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

#include "unit/keras/callbacks/drive.h"

static char folder[] = "/tmp/crn_checkpoint_XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command);
}

/* A path in the folder, until the next call. */
static const char *in_folder(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static bool take_away(const char *name)
{
    return unlink(in_folder(name)) == 0;
}

static void start(drive *d, const char *name, const char *options)
{
    char callback[256];
    snprintf(callback, sizeof callback, "ModelCheckpoint('%s'%s)", in_folder(name), options);
    drive_start(d, callback);
}

/* The first weight of a saved model: the epoch that it was saved in. */
static float saved_weight(const char *name)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    assert_ok(crn_model_load(in_folder(name), NULL, &model, &err));
    const crn_network *network = crn_model_network(model);
    float weight = *(const float *)crn_network_weight(network, 0, NULL)->array.data;
    crn_model_destroy(model);
    return weight;
}

static const double values[] = {1.0288, 1.5, 1.0278};

static void test_every_epoch(void **state)
{
    (void)state;
    drive d;
    start(&d, "run/a/{epoch:02d}-{val_loss:.2f}.keras", "");
    drive_epochs(&d, "val_loss", values, 3);
    drive_free(&d);
    assert_true(saved_weight("run/a/02-1.50.keras") == 1.0f);
    assert_true(take_away("run/a/01-1.03.keras"));
    assert_true(take_away("run/a/02-1.50.keras"));
    assert_true(take_away("run/a/03-1.03.keras"));
}

static void test_best_only(void **state)
{
    (void)state;
    drive d;
    start(&d, "best.h5", ", save_best_only=True, verbose=1");
    drive_epochs(&d, "val_loss", values, 2);
    assert_true(saved_weight("best.h5") == 0.0f);
    char expected[1024];
    const char *path = in_folder("best.h5");
    snprintf(expected, sizeof expected,
             "Epoch 1: val_loss improved from None to 1.02880, saving model to %s\n"
             "Epoch 1: finished saving model to %s\n"
             "Epoch 2: val_loss did not improve from 1.02880\n",
             path, path);
    assert_string_equal(drive_text(&d.messages), expected);
    drive_free(&d);
    assert_true(take_away("best.h5"));
    start(&d, "best.h5", ", save_best_only=True, initial_value_threshold=0.5");
    drive_epochs(&d, "val_loss", values, 3);
    drive_free(&d);
    assert_false(take_away("best.h5"));
}

static void test_best_is_not_there(void **state)
{
    (void)state;
    const double none[] = {INFINITY};
    drive d;
    start(&d, "any.keras", ", save_best_only=True, verbose=1");
    drive_epochs(&d, "val_loss", none, 1);
    assert_string_equal(drive_text(&d.warnings),
                        "Can save best model only with val_loss available.\n");
    drive_free(&d);
    assert_true(take_away("any.keras"));
}

static void test_weights_only(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    drive d;
    start(&d, "a.weights.h5", ", save_weights_only=True");
    drive_epochs(&d, "val_loss", values, 2);
    *drive_weight(&d) = 9.0f;
    assert_ok(crn_model_load_weights(d.model, in_folder("a.weights.h5"), NULL, &err));
    assert_true(*drive_weight(&d) == 1.0f);
    drive_free(&d);
    assert_true(take_away("a.weights.h5"));
}

static void test_batches(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    drive d;
    start(&d, "{epoch}-{batch}.keras", ", save_freq=3, verbose=1");
    for (int i = 0; i < 8; i++) { /* four batches an epoch */
        d.training.epoch = i / 4;
        d.training.batch = i % 4;
        assert_ok(crn_callbacks_notify(&d.callbacks, CRN_ON_BATCH_END, &d.training, &err));
    }
    drive_free(&d);
    assert_true(take_away("1-3.keras"));
    assert_true(take_away("2-2.keras"));
    assert_false(take_away("1-4.keras"));
}

static void test_missing_name(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    drive d;
    start(&d, "{val_loss:.2f}.keras", "");
    crn_logs_set(&d.training.logs, "loss", 1.0);
    assert_status(CRN_NOT_FOUND,
                  crn_callbacks_notify(&d.callbacks, CRN_ON_EPOCH_END, &d.training, &err));
    assert_says("Reason: 'val_loss'");
    drive_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_epoch),       cmocka_unit_test(test_best_only),
        cmocka_unit_test(test_best_is_not_there), cmocka_unit_test(test_weights_only),
        cmocka_unit_test(test_batches),           cmocka_unit_test(test_missing_name),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
