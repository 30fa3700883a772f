/* SPDX-License-Identifier: BSD-3-Clause */
/* The HDF5 reader against listings that h5py made of the same files
 * (tools/make_hdf5_golden.py). */
#include "base/file.h"
#include "h5_listing.h"
#include "test.h"

static crn_error err;

static crn_buffer *golden(const char *name, const char *suffix)
{
    crn_text path = CRN_TEXT_INIT;
    crn_buffer *file;
    crn_text_printf(&path, "%s/%s%s", CRN_GOLDEN_DIR, name, suffix);
    assert_ok(crn_file_read(path.data, 1 << 30, &file, &err));
    crn_text_free(&path);
    return file;
}

/* The file's tree listed must be the text beside the file. */
static void check_listing(const char *name)
{
    crn_buffer *file = golden(name, ".h5"), *wanted = golden(name, ".txt");
    crn_h5 *h5;
    crn_text got = CRN_TEXT_INIT;
    assert_ok(crn_h5_read(file, NULL, &h5, &err));
    crn_buffer_release(file); /* the tree holds what it needs */
    list_node(&got, crn_h5_root(h5));
    crn_h5_destroy(h5);

    const char *want = crn_buffer_data(wanted), *end = want + crn_buffer_size(wanted);
    for (const char *line = got.data; *line != '\0';) {
        size_t got_size = strcspn(line, "\n");
        const char *stop = memchr(want, '\n', (size_t)(end - want));
        size_t want_size = stop != NULL ? (size_t)(stop - want) : 0;
        if (got_size != want_size || memcmp(line, want, got_size) != 0)
            fail_msg("%s:\n  got  %.*s\n  want %.*s", name, (int)got_size, line, (int)want_size,
                     want);
        line += got_size + 1;
        want += want_size + 1;
    }
    assert_ptr_equal(want, end);
    crn_text_free(&got);
    crn_buffer_release(wanted);
}

static void test_types(void **state)
{
    (void)state;
    check_listing("hdf5/types_earliest");
    check_listing("hdf5/types_latest");
}

static void test_superblocks_and_widths(void **state)
{
    (void)state;
    check_listing("hdf5/superblock_1");
    check_listing("hdf5/superblock_2");
    check_listing("hdf5/user_block");
    check_listing("hdf5/sizes_4_4");
    check_listing("hdf5/sizes_4_8_latest");
    check_listing("hdf5/sizes_2_2");
}

static void test_layouts_and_filters(void **state)
{
    (void)state;
    check_listing("hdf5/layouts_earliest");
    check_listing("hdf5/layouts_latest");
    check_listing("hdf5/layouts_hdf5_2");
}

static void test_many_members_and_attributes(void **state)
{
    (void)state;
    check_listing("hdf5/many_earliest");
    check_listing("hdf5/many_latest");
    check_listing("hdf5/many_ordered");
    check_listing("hdf5/huge_latest");
}

/* Files that Keras itself saved, by its version; which features they use is in
 * docs/formats/hdf5.md. */
static void test_keras_files(void **state)
{
    (void)state;
    check_listing("keras/k3.0/Embedding.weights");
    check_listing("keras/k3.15/Bidirectional_LSTM_concat.weights");
    check_listing("keras/k3.15/bfloat16_mlp.weights");
    check_listing("keras/k3.15/float64_mlp");
    check_listing("keras/k3.15/int8_dense.weights");
    check_listing("keras/k3.6/LSTM.weights");
    check_listing("keras/k3.6/act_gelu");
    check_listing("keras/tf2.10/mixed_float16_mlp");
    check_listing("keras/tf2.15/Bidirectional_LSTM_concat.weights");
    check_listing("keras/tf2.15/bfloat16_mlp");
    check_listing("keras/tf2.15/nested_sequential_in_functional");
    check_listing("keras/tf2.15/nested_sequential_in_functional.wl");
    check_listing("keras/tf2.4/LSTM.wl");
    check_listing("keras/tf2.4/mixed_float16_mlp");
    check_listing("keras/tf2.4/nested_sequential_in_functional");
    check_listing("keras/tf2.8/LSTM");
    check_listing("keras/train-tf2.10/opt_adam");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_superblocks_and_widths),
        cmocka_unit_test(test_layouts_and_filters),
        cmocka_unit_test(test_many_members_and_attributes),
        cmocka_unit_test(test_keras_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
