/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables from JSON lines, JSON lists and plain lines. */
#include "test.h"

#include "base/dtype.h"
#include "format/csv.h"
#include "golden_data.h"

static crn_error err;

typedef crn_status (*reader)(const char *text, size_t size, const crn_limits *limits,
                             crn_table **out, crn_error *err);

static crn_table *read_with(reader read, const char *text)
{
    crn_table *table = NULL;
    crn_buffer *bytes = buffer_of(text, strlen(text));
    assert_ok(read(crn_buffer_data(bytes), strlen(text), NULL, &table, &err));
    crn_buffer_release(bytes);
    return table;
}

/* The column's type and its elements as doubles. */
static void assert_column(const crn_table *table, int64_t i, crn_dtype dtype,
                          const double *values)
{
    crn_array column;
    assert_true(crn_table_column(table, i, &column));
    assert_int_equal(column.dtype, dtype);
    for (int64_t row = 0; row < column.shape[0]; row++) {
        double value = crn_array_get(&column, row);
        assert_close(&value, &values[row], 1, 0, 0);
    }
}

static void assert_csv(const crn_table *table, const char *want)
{
    crn_text text = CRN_TEXT_INIT;
    assert_ok(crn_csv_write(table, ',', &text, &err));
    assert_string_equal(text.data, want);
    crn_text_free(&text);
}

static void assert_refused(reader read, const char *text, crn_status status,
                           const char *message)
{
    crn_table *table = NULL;
    crn_buffer *bytes = buffer_of(text, strlen(text));
    err = (crn_error)CRN_ERROR_INIT;
    crn_status got = read(crn_buffer_data(bytes), strlen(text), NULL, &table, &err);
    assert_message(message);
    assert_int_equal(got, status);
    crn_buffer_release(bytes);
}

static void test_objects(void **state)
{
    (void)state;
    crn_table *table =
        read_with(crn_jsonl_read, "{\"a\": 1, \"b\": 0.5, \"c\": true, \"d\": \"x\"}\n"
                                  "\n"
                                  "{\"d\": \"y,z\", \"c\": false, \"b\": 2, \"a\": -3}\r\n");
    assert_int_equal(crn_table_rows(table), 2);
    assert_string_equal(crn_table_name(table, 3), "d");
    assert_column(table, 0, CRN_INT64, (double[]){1, -3});
    assert_column(table, 1, CRN_FLOAT64, (double[]){0.5, 2});
    assert_column(table, 2, CRN_BOOL, (double[]){1, 0});
    assert_csv(table, "a,b,c,d\n1,0.5,True,x\n-3,2.0,False,\"y,z\"\n");
    crn_table_destroy(table);
}

static void test_missing_values(void **state)
{
    (void)state;
    crn_table *table =
        read_with(crn_jsonl_read, "{\"a\": null, \"b\": \"x\", \"c\": 1, \"d\": null}\n"
                                  "{\"a\": 2, \"c\": NaN}\n"
                                  "{\"b\": null, \"d\": \"\\u00e9\"}");
    assert_column(table, 0, CRN_FLOAT64, (double[]){NAN, 2, NAN});
    assert_column(table, 2, CRN_FLOAT64, (double[]){1, NAN, NAN});
    assert_csv(table, "a,b,c,d\nnan,x,1.0,\n2.0,,nan,\nnan,,nan,\xc3\xa9\n");
    crn_table_destroy(table);
}

static void test_lists_and_single_values(void **state)
{
    (void)state;
    crn_table *table = read_with(crn_jsonl_read, "[1, 2.5]\n[3, -Infinity]\n");
    assert_false(crn_table_has_names(table));
    assert_column(table, 0, CRN_INT64, (double[]){1, 3});
    assert_column(table, 1, CRN_FLOAT64, (double[]){2.5, -INFINITY});
    crn_table_destroy(table);
    table = read_with(crn_jsonl_read, "\"a text\"\n\"\"\n");
    assert_csv(table, "a text\n\"\"\n");
    crn_table_destroy(table);
    table = read_with(crn_jsonl_read, "[\"\"]\n");
    assert_csv(table, "\"\"\n");
    crn_table_destroy(table);
}

static void test_integers_too_large(void **state)
{
    (void)state;
    crn_table *table =
        read_with(crn_jsonl_read, "[9223372036854775807, 1]\n[1, 18446744073709551616]\n");
    assert_column(table, 0, CRN_INT64, (double[]){0x1p63, 1});
    assert_column(table, 1, CRN_FLOAT64, (double[]){1, 0x1p64});
    crn_table_destroy(table);
}

static void test_json_lists(void **state)
{
    (void)state;
    crn_table *table = read_with(crn_json_table_read, "[\"one text\",\n \"another\"]");
    assert_csv(table, "one text\nanother\n");
    crn_table_destroy(table);
    table = read_with(crn_json_table_read, "[{\"a\": 1}, {\"a\": true}]");
    assert_column(table, 0, CRN_INT64, (double[]){1, 1});
    crn_table_destroy(table);
}

/* What is neither numbers nor strings alone is kept as it is. */
static void test_mixed_columns_are_cells(void **state)
{
    (void)state;
    static const char text[] = "{\"a\": 1, \"b\": [1, \"x\"], \"c\": 2}\n"
                               "{\"a\": \"x\", \"b\": {\"k\": 0.5}, \"c\": 3}\n"
                               "{\"a\": null, \"b\": true, \"c\": 4}\n";
    crn_table *table = read_with(crn_jsonl_read, text);
    crn_array column;
    crn_text out = CRN_TEXT_INIT;
    assert_true(crn_table_column(table, 0, &column));
    assert_int_equal(column.dtype, CRN_OBJECT);
    const crn_cell *cells = column.data;
    assert_int_equal(cells[0].kind, CRN_CELL_INT);
    assert_int_equal(cells[1].kind, CRN_CELL_TEXT);
    assert_int_equal(cells[2].kind, CRN_CELL_NONE);
    assert_column(table, 2, CRN_INT64, (double[]){2, 3, 4});
    assert_ok(crn_jsonl_write(table, &out, &err));
    assert_string_equal(out.data, text);
    assert_csv(table, "a,b,c\n1,\"[1, 'x']\",2\nx,{'k': 0.5},3\n,True,4\n");
    crn_text_free(&out);
    crn_table_destroy(table);
    table = read_with(crn_json_table_read, "[[\"x\", 1], [2, null]]");
    assert_csv(table, "x,1.0\n2,nan\n");
    crn_table_destroy(table);
}

static void test_errors(void **state)
{
    (void)state;
    assert_refused(crn_jsonl_read, "", CRN_FORMAT, "empty");
    assert_refused(crn_jsonl_read, "[1, 2]\n[3]\n", CRN_FORMAT,
                   "line 2 has 1 values, the first has 2");
    assert_refused(crn_jsonl_read, "{\"a\": 1}\n[1]\n", CRN_FORMAT, "line 2 is a list");
    assert_refused(crn_jsonl_read, "{\"a\": 1}\n\n{\"b\": 1}\n", CRN_FORMAT,
                   "line 3 has a key 'b'");
    assert_refused(crn_json_table_read, "{\"a\": 1}", CRN_FORMAT, "a list of rows, not a dict");
    assert_refused(crn_json_table_read, "[[1], [2, 3]]", CRN_FORMAT, "item 2 has 2 values");
    assert_refused(crn_json_table_read, "[]", CRN_FORMAT, "empty");
    assert_refused(crn_jsonl_read, "[1]\n[2\n", CRN_FORMAT, "");
    assert_string_equal(err.where, "line 2");
}

static void test_write(void **state)
{
    (void)state;
    static const char text[] =
        "{\"a\": 1, \"b\": 0.1, \"c\": \"\\\"q\\\" \\\\ \\u000a\xc3\xa9\", \"d\": true}\n"
        "{\"a\": -2, \"b\": null, \"c\": \"\", \"d\": false}\n";
    crn_table *table = read_with(crn_jsonl_read, text);
    crn_text out = CRN_TEXT_INIT;
    assert_ok(crn_jsonl_write(table, &out, &err));
    assert_string_equal(out.data, text);
    crn_text_free(&out);
    crn_table_destroy(table);
}

static void test_plain_lines(void **state)
{
    (void)state;
    crn_table *table = read_with(crn_lines_read, "one, \"two\"\r\n\nthree");
    assert_int_equal(crn_table_rows(table), 3);
    assert_csv(table, "\"one, \"\"two\"\"\"\n\"\"\nthree\n");
    crn_table_destroy(table);
    table = read_with(crn_lines_read, "");
    assert_int_equal(crn_table_rows(table), 0);
    crn_table_destroy(table);
    assert_refused(crn_lines_read, "a\n\xff\n", CRN_FORMAT, "line 2 is not UTF-8");
    crn_limits limits = CRN_LIMITS_INIT;
    limits.memory_bytes = 16;
    assert_status(CRN_LIMIT, crn_lines_read("hello", 5, &limits, &table, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objects),
        cmocka_unit_test(test_missing_values),
        cmocka_unit_test(test_lists_and_single_values),
        cmocka_unit_test(test_integers_too_large),
        cmocka_unit_test(test_json_lists),
        cmocka_unit_test(test_mixed_columns_are_cells),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_plain_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
