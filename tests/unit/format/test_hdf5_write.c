/* SPDX-License-Identifier: BSD-3-Clause */
/* The HDF5 writer: the same bytes as the golden file, which h5py has read, and trees that come
 * back as they were. */
#include "base/file.h"
#include "h5_listing.h"
#include "h5_sample.h"
#include "test.h"

static crn_error err;

static crn_buffer *golden(const char *name)
{
    crn_text path = CRN_TEXT_INIT;
    crn_buffer *file;
    crn_text_printf(&path, "%s/%s", CRN_GOLDEN_DIR, name);
    assert_ok(crn_file_read(path.data, 1 << 30, &file, &err));
    crn_text_free(&path);
    return file;
}

/* Reads bytes that were written; the tree keeps a copy of them. */
static crn_h5 *read_back(const crn_text *bytes)
{
    crn_buffer *buffer = crn_buffer_create(bytes->size);
    crn_h5 *h5;
    assert_non_null(buffer);
    memcpy(crn_buffer_data(buffer), bytes->data, bytes->size);
    assert_ok(crn_h5_read(buffer, NULL, &h5, &err));
    crn_buffer_release(buffer);
    return h5;
}

static crn_h5 *new_tree(void)
{
    crn_h5 *h5;
    assert_ok(crn_h5_create(&h5, &err));
    return h5;
}

/* tests/interop/check_hdf5.py reads the golden file with h5py and knows its values. */
static void test_bytes_are_those_that_h5py_has_read(void **state)
{
    (void)state;
    crn_text got = CRN_TEXT_INIT;
    crn_buffer *want = golden("hdf5/written.h5");
    assert_ok(sample_write(&got, &err));
    assert_int_equal(got.size, crn_buffer_size(want));
    assert_memory_equal(got.data, crn_buffer_data(want), got.size);
    crn_text_free(&got);
    crn_buffer_release(want);
}

/* Read, write, read: both listings are equal. */
static void check_round_trip(const char *name)
{
    crn_buffer *file = golden(name);
    crn_h5 *first, *second;
    crn_text bytes = CRN_TEXT_INIT, before = CRN_TEXT_INIT, after = CRN_TEXT_INIT;
    assert_ok(crn_h5_read(file, NULL, &first, &err));
    assert_ok(crn_h5_write(first, &bytes, &err));
    second = read_back(&bytes);
    list_node(&before, crn_h5_root(first));
    list_node(&after, crn_h5_root(second));
    assert_string_equal(before.data, after.data);
    crn_h5_destroy(first);
    crn_h5_destroy(second);
    crn_buffer_release(file);
    crn_text_free(&bytes);
    crn_text_free(&before);
    crn_text_free(&after);
}

static void test_files_read_can_be_written(void **state)
{
    (void)state;
    check_round_trip("hdf5/written.h5");
    check_round_trip("hdf5/many_latest.h5");
    check_round_trip("hdf5/strings.h5");
    check_round_trip("keras/tf2.4/nested_sequential_in_functional.h5");
    check_round_trip("keras/tf2.15/nested_sequential_in_functional.h5");
    check_round_trip("keras/k3.15/bfloat16_mlp.weights.h5");
}

/* Over 2 x 4 x 32 x 32 members need a B-tree of three levels. */
static void test_many_members(void **state)
{
    (void)state;
    enum { MEMBERS = 9000 };
    crn_h5 *h5 = new_tree();
    crn_text bytes = CRN_TEXT_INIT;
    for (int i = 0; i < MEMBERS; i++) {
        char path[32];
        int32_t number = i;
        crn_array array = {.data = &number, .dtype = CRN_INT32, .itemsize = 4};
        snprintf(path, sizeof path, "%d", i * 7 % MEMBERS);
        assert_ok(crn_h5_dataset(h5, crn_h5_root(h5), path, &array, NULL, &err));
    }
    assert_ok(crn_h5_write(h5, &bytes, &err));
    crn_h5_destroy(h5);
    h5 = read_back(&bytes);
    crn_text_free(&bytes);
    assert_int_equal(crn_h5_root(h5)->child_count, MEMBERS);
    for (int i = 0; i < MEMBERS; i++) {
        char path[32];
        crn_array array;
        snprintf(path, sizeof path, "%d", i * 7 % MEMBERS);
        assert_ok(crn_h5_dataset_array(crn_h5_find(crn_h5_root(h5), path), &array, &err));
        assert_int_equal(*(int32_t *)array.data, i);
        crn_array_free(&array);
    }
    crn_h5_destroy(h5);
}

static void test_an_empty_file(void **state)
{
    (void)state;
    crn_h5 *h5 = new_tree();
    crn_text bytes = CRN_TEXT_INIT;
    assert_ok(crn_h5_write(h5, &bytes, &err));
    crn_h5_destroy(h5);
    h5 = read_back(&bytes);
    assert_int_equal(crn_h5_root(h5)->child_count, 0);
    assert_int_equal(crn_h5_root(h5)->attribute_count, 0);
    crn_h5_destroy(h5);
    crn_text_free(&bytes);
}

/* 3 names of 30000 bytes: two fit into 64512, so the parts have two and one, as
 * numpy.array_split cuts. */
static void test_long_name_lists_are_split(void **state)
{
    (void)state;
    static char name[30001];
    const char *names[3] = {name, name, name};
    crn_h5 *h5 = new_tree();
    crn_h5_node *root = crn_h5_root(h5);
    memset(name, 'n', sizeof name - 1);
    assert_ok(crn_h5_set_names(h5, root, "layer_names", names, 3, &err));
    assert_null(crn_h5_attribute_find(root, "layer_names"));
    assert_int_equal(crn_h5_attribute_find(root, "layer_names0")->text_count, 2);
    assert_int_equal(crn_h5_attribute_find(root, "layer_names1")->text_count, 1);
    assert_null(crn_h5_attribute_find(root, "layer_names2"));
    assert_ok(crn_h5_set_names(h5, root, "two", names, 2, &err));
    assert_int_equal(crn_h5_attribute_find(root, "two")->text_count, 2);
    crn_h5_destroy(h5);
}

static void test_what_cannot_be_written(void **state)
{
    (void)state;
    static char name[64514];
    static double numbers[8200];
    const char *names[1] = {name};
    crn_h5 *h5 = new_tree();
    crn_h5_node *root = crn_h5_root(h5), *node;
    crn_text bytes = CRN_TEXT_INIT;
    crn_array large = crn_array_view_1d(numbers, CRN_FLOAT64, 8200);
    crn_array text = {.data = name, .dtype = CRN_BYTES, .itemsize = 4};
    memset(name, 'n', sizeof name - 1);
    assert_status(CRN_ARGUMENT, crn_h5_set_names(h5, root, "names", names, 1, &err));
    assert_status(CRN_ARGUMENT, crn_h5_set_text(h5, root, "text", "a\0b", 3, true, &err));
    assert_status(CRN_DTYPE, crn_h5_dataset(h5, root, "text", &text, NULL, &err));
    assert_status(CRN_DTYPE, crn_h5_set_number(h5, root, "text", &text, &err));
    assert_status(CRN_ARGUMENT, crn_h5_dataset(h5, root, "a/", &large, NULL, &err));
    assert_ok(crn_h5_dataset(h5, root, "a/b", &large, &node, &err));
    assert_status(CRN_ARGUMENT, crn_h5_dataset(h5, root, "a/b", &large, NULL, &err));
    assert_non_null(strstr(err.message, "name already exists"));
    assert_status(CRN_ARGUMENT, crn_h5_dataset(h5, root, "a/b/c", &large, NULL, &err));
    assert_status(CRN_ARGUMENT, crn_h5_dataset(h5, root, "a/b/c/d", &large, NULL, &err));
    assert_status(CRN_ARGUMENT, crn_h5_group(h5, root, "a/b", NULL, &err));
    assert_ok(crn_h5_set_number(h5, node, "large", &large, &err));
    assert_status(CRN_UNSUPPORTED, crn_h5_write(h5, &bytes, &err));
    assert_string_equal(err.where, "a/b");
    assert_non_null(
        strstr(err.message, "attribute \"large\": object header message is too large"));
    crn_text_free(&bytes);
    crn_h5_destroy(h5);
}

static void test_refused_values_are_not_written(void **state)
{
    (void)state;
    crn_buffer *file = golden("hdf5/types_earliest.h5");
    crn_h5 *h5;
    crn_text bytes = CRN_TEXT_INIT;
    assert_ok(crn_h5_read(file, NULL, &h5, &err));
    assert_status(CRN_UNSUPPORTED, crn_h5_write(h5, &bytes, &err));
    crn_text_free(&bytes);
    crn_h5_destroy(h5);
    crn_buffer_release(file);
}

/* A text whose cap is reached gives an error, whatever part of the file it is in. */
static void test_a_full_output(void **state)
{
    (void)state;
    crn_text whole = CRN_TEXT_INIT;
    assert_ok(sample_write(&whole, &err));
    for (size_t cap = 1; cap < whole.size; cap += whole.size / 97) {
        crn_text bytes = {.cap = cap};
        err = (crn_error)CRN_ERROR_INIT;
        assert_int_not_equal(sample_write(&bytes, &err), CRN_OK);
        crn_text_free(&bytes);
    }
    crn_text_free(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_are_those_that_h5py_has_read),
        cmocka_unit_test(test_files_read_can_be_written),
        cmocka_unit_test(test_many_members),
        cmocka_unit_test(test_an_empty_file),
        cmocka_unit_test(test_long_name_lists_are_split),
        cmocka_unit_test(test_what_cannot_be_written),
        cmocka_unit_test(test_refused_values_are_not_written),
        cmocka_unit_test(test_a_full_output),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
