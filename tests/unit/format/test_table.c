/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables: columns, the matrix they make, and the files they come from and go to. */
#include "test.h"

#include <unistd.h>

#include "base/dtype.h"
#include "cornichon/table.h"
#include "golden_data.h"

static crn_error err;

static const double heights[] = {1.5, 2.5, 3.5};
static const int64_t counts[] = {1, 2, 3};
static const float weights[] = {0.1f, 0.2f, 0.3f};

/* height (float64), count (int64), weight (float32) */
static crn_table *three_columns(void)
{
    crn_table *table = NULL;
    crn_array height = crn_array_view_1d(heights, CRN_FLOAT64, 3);
    crn_array count = crn_array_view_1d(counts, CRN_INT64, 3);
    crn_array weight = crn_array_view_1d(weights, CRN_FLOAT32, 3);
    assert_ok(crn_table_create(&table, &err));
    assert_ok(crn_table_add(table, "height", &height, &err));
    assert_ok(crn_table_add(table, "count", &count, &err));
    assert_ok(crn_table_add(table, "weight", &weight, &err));
    return table;
}

static crn_table *read_file(const char *path)
{
    crn_table *table = NULL;
    assert_ok(crn_table_read(path, NULL, &table, &err));
    return table;
}

static crn_table *read_golden(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/data/%s", CRN_GOLDEN_DIR, name);
    return read_file(path);
}

/* ---- columns ---- */

static void test_columns(void **state)
{
    (void)state;
    crn_table *table = three_columns();
    crn_array column;
    assert_int_equal(crn_table_rows(table), 3);
    assert_int_equal(crn_table_columns(table), 3);
    assert_true(crn_table_has_names(table));
    assert_string_equal(crn_table_name(table, 2), "weight");
    assert_null(crn_table_name(table, 3));
    assert_null(crn_table_name(table, -1));
    assert_true(crn_table_column(table, 1, &column));
    assert_null(column.owner);
    assert_memory_equal(column.data, counts, sizeof counts);
    assert_ptr_not_equal(column.data, counts);
    assert_false(crn_table_column(table, 3, &column));
    assert_false(crn_table_array(table, &column));
    crn_table_destroy(table);
    crn_table_destroy(NULL);
}

static void test_find(void **state)
{
    (void)state;
    crn_table *table = three_columns();
    crn_array year = crn_array_view_1d(heights, CRN_FLOAT64, 3);
    assert_ok(crn_table_add(table, "0", &year, &err));
    assert_int_equal(crn_table_find(table, "count"), 1);
    assert_int_equal(crn_table_find(table, "0"), 3); /* a name before a number */
    assert_int_equal(crn_table_find(table, "1"), 1);
    assert_int_equal(crn_table_find(table, "-1"), 3);
    assert_int_equal(crn_table_find(table, "-4"), 0);
    static const char *const none[] = {"4", "-5", "", "Height", "1.0", "1x"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_int_equal(crn_table_find(table, none[i]), -1);
    crn_table_destroy(table);
}

static void test_add_checks_shapes(void **state)
{
    (void)state;
    crn_table *table = three_columns();
    crn_array two = crn_array_view_1d(heights, CRN_FLOAT64, 2);
    crn_array matrix = crn_array_view_2d(heights, CRN_FLOAT64, 3, 1);
    assert_status(CRN_SHAPE, crn_table_add(table, "x", &two, &err));
    assert_message("column 'x' has 2 rows, but the table has 3");
    assert_status(CRN_SHAPE, crn_table_add(table, "x", &matrix, &err));
    assert_int_equal(crn_table_columns(table), 3);
    crn_table_destroy(table);
}

/* A strided vector is copied densely. */
static void test_add_strided(void **state)
{
    (void)state;
    crn_table *table = NULL;
    double pairs[] = {1, 2, 3, 4, 5, 6};
    crn_array every_other = crn_array_view_1d(pairs, CRN_FLOAT64, 3), column;
    every_other.strides[0] = 16;
    assert_ok(crn_table_create(&table, &err));
    assert_ok(crn_table_add(table, "", &every_other, &err));
    assert_false(crn_table_has_names(table));
    assert_true(crn_table_column(table, 0, &column));
    assert_close((double *)column.data, ((double[]){1, 3, 5}), 3, 0, 0);
    crn_table_destroy(table);
}

/* ---- the matrix ---- */

static void test_matrix_of_all(void **state)
{
    (void)state;
    crn_table *table = three_columns();
    crn_array x = CRN_ARRAY_INIT;
    assert_ok(crn_table_matrix(table, NULL, 0, &x, &err));
    assert_int_equal(x.dtype, CRN_FLOAT64);
    assert_int_equal(x.shape[0], 3);
    assert_int_equal(x.shape[1], 3);
    assert_close((double *)x.data,
                 ((double[]){1.5, 1, (double)0.1f, 2.5, 2, (double)0.2f, 3.5, 3, (double)0.3f}),
                 9, 0, 0);
    crn_array_free(&x);
    crn_table_destroy(table);
}

static void test_matrix_of_some(void **state)
{
    (void)state;
    crn_table *table = three_columns();
    crn_array x = CRN_ARRAY_INIT;
    assert_ok(crn_table_matrix(table, (int64_t[]){1, 0, 1}, 3, &x, &err));
    assert_close((double *)x.data, ((double[]){1, 1.5, 1, 2, 2.5, 2, 3, 3.5, 3}), 9, 0, 0);
    crn_array_free(&x);
    assert_ok(crn_table_matrix(table, NULL, 1, &x, &err));
    assert_int_equal(x.shape[1], 1);
    crn_array_free(&x);
    assert_ok(crn_table_matrix(table, (int64_t[]){2}, 1, &x, &err));
    assert_int_equal(x.dtype, CRN_FLOAT32);
    assert_memory_equal(x.data, weights, sizeof weights);
    crn_array_free(&x);
    crn_table_destroy(table);
}

static void test_matrix_of_many_rows(void **state)
{
    (void)state;
    enum { ROWS = 1000 };
    static int32_t numbers[ROWS];
    for (int i = 0; i < ROWS; i++)
        numbers[i] = i;
    crn_table *table = NULL;
    crn_array column = crn_array_view_1d(numbers, CRN_INT32, ROWS), x = CRN_ARRAY_INIT;
    assert_ok(crn_table_create(&table, &err));
    assert_ok(crn_table_add(table, "a", &column, &err));
    assert_ok(crn_table_add(table, "b", &column, &err));
    assert_ok(crn_table_matrix(table, NULL, 0, &x, &err));
    for (int i = 0; i < 2 * ROWS; i++)
        assert_true(((double *)x.data)[i] == i / 2);
    crn_array_free(&x);
    crn_table_destroy(table);
}

static void test_matrix_errors(void **state)
{
    (void)state;
    crn_table *table = three_columns();
    uint32_t text[] = {'a', 'b', 'c'};
    crn_array species = crn_array_view_1d(text, CRN_FLOAT32, 3), x = CRN_ARRAY_INIT;
    species.dtype = CRN_STRING;
    assert_ok(crn_table_add(table, "species", &species, &err));
    assert_status(CRN_DTYPE, crn_table_matrix(table, NULL, 0, &x, &err));
    assert_message("column 'species' holds strings, not numbers");
    assert_status(CRN_ARGUMENT, crn_table_matrix(table, NULL, 5, &x, &err));
    assert_status(CRN_ARGUMENT, crn_table_matrix(table, NULL, -1, &x, &err));
    assert_status(CRN_ARGUMENT, crn_table_matrix(table, (int64_t[]){0, 4}, 2, &x, &err));
    assert_message("there is no column 4: the table has 4");
    assert_null(x.data);
    crn_table_destroy(table);
}

/* ---- arrays from files ---- */

static void test_matrix_file(void **state)
{
    (void)state;
    crn_table *table = read_golden("f8.npy");
    crn_array x = CRN_ARRAY_INIT, whole, column;
    assert_int_equal(crn_table_rows(table), 3);
    assert_int_equal(crn_table_columns(table), 4);
    assert_false(crn_table_has_names(table));
    assert_string_equal(crn_table_name(table, 3), "");
    assert_true(crn_table_column(table, 1, &column));
    assert_int_equal(column.strides[0], 32);
    assert_true(crn_array_get(&column, 2) == 9.0 / 8);

    assert_true(crn_table_array(table, &whole));
    assert_ok(crn_table_matrix(table, NULL, 0, &x, &err));
    assert_ptr_equal(x.data, whole.data); /* no copy */
    crn_array_free(&x);
    assert_ok(crn_table_matrix(table, NULL, 3, &x, &err));
    assert_close((double *)x.data, ((double[]){0, 0.125, 0.25, 0.5}), 4, 0, 0);
    crn_array_free(&x);
    crn_table_destroy(table);
}

static void test_vector_scalar_and_empty_files(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t rows, columns;
    } cases[] = {
        {"i8.npy", 3, 1}, {"scalar.npy", 1, 1}, {"empty.npy", 0, 3}, {"str.npy", 3, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crn_table *table = read_golden(cases[i].name);
        assert_int_equal(crn_table_rows(table), cases[i].rows);
        assert_int_equal(crn_table_columns(table), cases[i].columns);
        crn_table_destroy(table);
    }
}

static void test_array_of_three_axes(void **state)
{
    (void)state;
    crn_table *table = read_golden("f4_3d.npy");
    crn_array array, x = CRN_ARRAY_INIT;
    assert_int_equal(crn_table_columns(table), 1);
    assert_int_equal(crn_table_rows(table), 2);
    assert_true(crn_table_array(table, &array));
    assert_int_equal(array.ndim, 3);
    assert_int_equal(array.shape[2], 4);
    assert_status(CRN_ARGUMENT, crn_table_matrix(table, NULL, 0, &x, &err));
    assert_message("3 axes");
    crn_table_destroy(table);
}

/* The array is no longer all of the table when a column joins it. */
static void test_add_to_a_matrix(void **state)
{
    (void)state;
    crn_table *table = read_golden("f8.npy");
    crn_array count = crn_array_view_1d(counts, CRN_INT64, 3), x = CRN_ARRAY_INIT;
    assert_ok(crn_table_add(table, "count", &count, &err));
    assert_false(crn_table_array(table, &x));
    assert_ok(crn_table_matrix(table, NULL, 0, &x, &err));
    assert_int_equal(x.shape[1], 5);
    assert_true(((double *)x.data)[4] == 1);
    crn_array_free(&x);
    crn_table_destroy(table);
}

static void test_npz_keys(void **state)
{
    (void)state;
    crn_table *table = read_golden("arrays.npz:x");
    assert_int_equal(crn_table_columns(table), 4);
    crn_table_destroy(table);
    table = read_golden("one.npz");
    assert_int_equal(crn_table_rows(table), 4);
    crn_table_destroy(table);

    char path[512];
    table = NULL;
    snprintf(path, sizeof path, "%s/data/f8.npy:x", CRN_GOLDEN_DIR);
    assert_status(CRN_ARGUMENT, crn_table_read(path, NULL, &table, &err));
    assert_status(CRN_IO, crn_table_read("/nowhere/x.csv", NULL, &table, &err));
}

/* ---- files there and back ---- */

typedef struct folder {
    char path[64];
    char file[128];
} folder;

static int make_folder(void **state)
{
    static folder made;
    snprintf(made.path, sizeof made.path, "/tmp/crn_test_table_XXXXXX");
    *state = &made;
    return mkdtemp(made.path) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
    return rmdir(((folder *)*state)->path);
}

static const char *file_in(folder *in, const char *name)
{
    snprintf(in->file, sizeof in->file, "%s/%s", in->path, name);
    return in->file;
}

static void write_text(const char *path, const char *text)
{
    assert_ok(crn_file_write(path, text, strlen(text), &err));
}

static void test_round_trips(void **state)
{
    static const struct {
        const char *name;
        int64_t columns;
        bool names;
    } cases[] = {
        {"t.csv", 3, true}, {"t.tsv", 3, true}, {"t.jsonl", 3, true}, {"t.npy", 3, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crn_table *table = three_columns();
        const char *path = file_in(*state, cases[i].name);
        crn_array x = CRN_ARRAY_INIT, y = CRN_ARRAY_INIT;
        assert_ok(crn_table_write(table, path, NULL, &err));
        crn_table *back = read_file(path);
        assert_int_equal(crn_table_columns(back), cases[i].columns);
        assert_int_equal(crn_table_has_names(back), cases[i].names);
        assert_ok(crn_table_matrix(table, NULL, 2, &x, &err));
        assert_ok(crn_table_matrix(back, NULL, 2, &y, &err));
        assert_close((double *)y.data, (double *)x.data, 6, 0, 0);
        crn_array_free(&x);
        crn_array_free(&y);
        crn_table_destroy(back);
        crn_table_destroy(table);
        assert_int_equal(unlink(path), 0);
    }
}

static void test_npz_round_trip(void **state)
{
    crn_table *table = three_columns();
    const char *path = file_in(*state, "t.npz");
    char key[160];
    assert_ok(crn_table_write(table, path, NULL, &err));
    snprintf(key, sizeof key, "%s:count", path);
    crn_table *back = read_file(key);
    crn_array column;
    assert_true(crn_table_column(back, 0, &column));
    assert_int_equal(column.dtype, CRN_INT64);
    assert_memory_equal(column.data, counts, sizeof counts);
    crn_table_destroy(back);
    crn_table_destroy(table);
    unlink(path);
}

/* An array keeps its type, axes and bytes through .npy; one column is a vector. */
static void test_npy_keeps_arrays(void **state)
{
    static const char *const names[] = {"f4_3d.npy", "str.npy", "bool.npy", "u1.npy"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        crn_table *table = read_golden(names[i]);
        crn_buffer *want = golden_data(names[i]), *got = NULL;
        const char *path = file_in(*state, "out.bin");
        assert_ok(crn_table_write(table, path, "npy", &err));
        assert_ok(crn_file_read(path, 0, &got, &err));
        assert_int_equal(crn_buffer_size(got), crn_buffer_size(want));
        assert_memory_equal(crn_buffer_data(got), crn_buffer_data(want), crn_buffer_size(want));
        crn_buffer_release(got);
        crn_buffer_release(want);
        crn_table_destroy(table);
        unlink(path);
    }
}

static void test_write_refuses(void **state)
{
    crn_table *table = three_columns();
    assert_status(CRN_UNSUPPORTED,
                  crn_table_write(table, file_in(*state, "t.xlsx"), NULL, &err));
    assert_message(".csv, .tsv, .jsonl, .npy or .npz");
    assert_status(CRN_UNSUPPORTED,
                  crn_table_write(table, file_in(*state, "t.csv"), "parquet", &err));
    assert_status(CRN_IO, crn_table_write(table, "/nowhere/t.csv", NULL, &err));
    crn_table_destroy(table);
    table = read_golden("f4_3d.npy");
    assert_status(CRN_UNSUPPORTED,
                  crn_table_write(table, file_in(*state, "t.csv"), NULL, &err));
    assert_message("3 axes");
    crn_table_destroy(table);
}

/* What a file is: from its bytes, then from its suffix. */
static void test_sniffing(void **state)
{
    static const struct {
        const char *name, *text;
        int64_t rows, columns;
    } cases[] = {
        {"t.csv", "a,b\n1,2\n", 1, 2},
        {"t.tsv", "a,b\tc\n1,2\t3\n", 1, 2},
        {"t.txt", "one, two\n\n[three]\n", 3, 1},
        {"t.jsonl", "{\"a\": 1, \"b\": 2}\n{\"a\": 3, \"b\": 4}\n", 2, 2},
        {"t.json", "[[1, 2, 3],\n [4, 5, 6]]", 2, 3},
        {"t.data", " {\"a\": 1}\n", 1, 1},
        {"t.data", "1;2\n3;4\n", 2, 2},
        {"t.npy", "1,2\n", 1, 2},
        {"t:1.csv", "1,2\n", 1, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *path = file_in(*state, cases[i].name);
        write_text(path, cases[i].text);
        crn_table *table = read_file(path);
        assert_int_equal(crn_table_rows(table), cases[i].rows);
        assert_int_equal(crn_table_columns(table), cases[i].columns);
        crn_table_destroy(table);
        unlink(path);
    }
}

static void test_file_limit(void **state)
{
    const char *path = file_in(*state, "t.csv");
    crn_limits limits = CRN_LIMITS_INIT;
    crn_table *table = NULL;
    limits.file_bytes = 4;
    write_text(path, "a,b\n1,2\n");
    assert_status(CRN_LIMIT, crn_table_read(path, &limits, &table, &err));
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_add_checks_shapes),
        cmocka_unit_test(test_add_strided),
        cmocka_unit_test(test_matrix_of_all),
        cmocka_unit_test(test_matrix_of_some),
        cmocka_unit_test(test_matrix_of_many_rows),
        cmocka_unit_test(test_matrix_errors),
        cmocka_unit_test(test_matrix_file),
        cmocka_unit_test(test_vector_scalar_and_empty_files),
        cmocka_unit_test(test_array_of_three_axes),
        cmocka_unit_test(test_add_to_a_matrix),
        cmocka_unit_test(test_npz_keys),
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_npz_round_trip),
        cmocka_unit_test(test_npy_keeps_arrays),
        cmocka_unit_test(test_write_refuses),
        cmocka_unit_test(test_sniffing),
        cmocka_unit_test(test_file_limit),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
