/* SPDX-License-Identifier: BSD-3-Clause */
/* CSV, TSV, JSON lines and plain lines: types, headers, quotes, errors, and round trips. */
#include "test.h"

#include "format/csv.h"
#include "format/npy.h"
#include "golden_data.h"

static crn_error err;

static crn_table *read_csv(const char *text)
{
    crn_table *table = NULL;
    crn_buffer *bytes = buffer_of(text, strlen(text));
    assert_ok(crn_csv_read(crn_buffer_data(bytes), strlen(text), 0, NULL, &table, &err));
    crn_buffer_release(bytes);
    return table;
}

static void assert_size(const crn_table *table, int64_t rows, int64_t columns)
{
    assert_int_equal(crn_table_rows(table), rows);
    assert_int_equal(crn_table_columns(table), columns);
}

static crn_dtype dtype_of(const crn_table *table, int64_t column)
{
    crn_array array;
    assert_true(crn_table_column(table, column, &array));
    return array.dtype;
}

static void assert_reals(const crn_table *table, int64_t column, const double *values)
{
    crn_array array;
    assert_true(crn_table_column(table, column, &array));
    assert_int_equal(array.dtype, CRN_FLOAT64);
    assert_close((const double *)array.data, values, (size_t)array.shape[0], 0, 0);
}

static void assert_wholes(const crn_table *table, int64_t column, const int64_t *values)
{
    crn_array array;
    assert_true(crn_table_column(table, column, &array));
    assert_int_equal(array.dtype, CRN_INT64);
    assert_memory_equal(array.data, values, (size_t)array.shape[0] * 8);
}

/* The strings of a column, joined with '|'. */
static void assert_strings(const crn_table *table, int64_t column, const char *joined)
{
    crn_array array;
    crn_text text = CRN_TEXT_INIT;
    assert_true(crn_table_column(table, column, &array));
    assert_int_equal(array.dtype, CRN_STRING);
    for (int64_t i = 0; i < array.shape[0]; i++) {
        const uint32_t *at = (const uint32_t *)array.data + i * (array.itemsize / 4);
        for (int64_t j = 0; j < array.itemsize / 4 && at[j] != 0; j++)
            crn_text_add_code_point(&text, at[j]);
        crn_text_add_char(&text, '|');
    }
    assert_string_equal(text.data, joined);
    crn_text_free(&text);
}

static void assert_refused(const char *text, crn_status status, const char *message)
{
    crn_table *table = NULL;
    crn_buffer *bytes = buffer_of(text, strlen(text));
    err = (crn_error)CRN_ERROR_INIT;
    crn_status got = crn_csv_read(crn_buffer_data(bytes), strlen(text), 0, NULL, &table, &err);
    assert_message(message);
    assert_int_equal(got, status);
    crn_buffer_release(bytes);
}

/* ---- columns ---- */

static void test_types(void **state)
{
    (void)state;
    crn_table *table =
        read_csv("whole,real,gap,word,none\n1,1,1,x,\n-2,2.5,,1,NA\n+3,1e3,3,NA,nan\n");
    assert_size(table, 3, 5);
    assert_wholes(table, 0, (int64_t[]){1, -2, 3});
    assert_reals(table, 1, (double[]){1, 2.5, 1000});
    assert_reals(table, 2, (double[]){1, NAN, 3});
    assert_strings(table, 3, "x|1|NA|");
    assert_reals(table, 4, (double[]){NAN, NAN, NAN});
    crn_table_destroy(table);
}

static void test_spellings_of_missing_and_infinite(void **state)
{
    (void)state;
    crn_table *table = read_csv("x\n1\nNA\nnan\nNaN\nnull\nNULL\n\"\"\ninf\n-Infinity\n 7 \n");
    assert_reals(table, 0, (double[]){1, NAN, NAN, NAN, NAN, NAN, NAN, INFINITY, -INFINITY, 7});
    crn_table_destroy(table);
}

static void test_integers_up_to_the_ends_of_the_range(void **state)
{
    (void)state;
    crn_table *table =
        read_csv("9223372036854775807,1\n-9223372036854775808,9223372036854775808\n");
    assert_wholes(table, 0, (int64_t[]){INT64_MAX, INT64_MIN});
    assert_reals(table, 1, (double[]){1, 0x1p63});
    crn_table_destroy(table);
}

/* Each of these makes the column text: it is not a number for C, Python or NumPy alike. */
static void test_what_is_no_number(void **state)
{
    (void)state;
    static const char *const words[] = {"0x10", "1_000", "1,5x",  "--1", "1e",  "e5",
                                        ".",    "1 2",   "1.2.3", "1d5", "N/A", "-"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "name\n\"%s\"\n5\n", words[i]);
        crn_table *table = read_csv(text);
        assert_int_equal(dtype_of(table, 0), CRN_STRING);
        crn_table_destroy(table);
    }
}

/* numbers.csv has what repr() and printf make of doubles, numbers.npy what Python's float()
 * makes of that text again: every bit must be the same. */
static void test_numbers_are_correctly_rounded(void **state)
{
    (void)state;
    crn_buffer *text = golden_data("numbers.csv"), *file = golden_data("numbers.npy");
    crn_table *table = NULL;
    crn_array want = CRN_ARRAY_INIT, got;
    assert_ok(
        crn_csv_read(crn_buffer_data(text), crn_buffer_size(text), 0, NULL, &table, &err));
    assert_ok(crn_npy_read(file, &want, &err));
    assert_size(table, want.shape[0], 1);
    assert_true(crn_table_column(table, 0, &got));
    for (int64_t i = 0; i < want.shape[0]; i++) {
        if (memcmp((double *)got.data + i, (double *)want.data + i, 8) != 0)
            fail_msg("line %lld: %.17g, not %.17g", (long long)i + 1, ((double *)got.data)[i],
                     ((double *)want.data)[i]);
    }
    crn_array_free(&want);
    crn_table_destroy(table);
    crn_buffer_release(text);
    crn_buffer_release(file);
}

/* ---- headers ---- */

static void test_headers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t rows;
        const char *name; /* of the first column; "" without a header */
    } cases[] = {
        {"a,b\n1,2\n", 1, "a"},
        {"a,1\n3,2\n", 1, "a"},             /* a text over a number */
        {"1,2\n3,4\n", 2, ""},              /* numbers only */
        {"1,,3\n4,5,6\n", 2, ""},           /* a missing value is no name */
        {",a\n0,1\n", 1, ""},               /* as pandas writes an index: named, the first "" */
        {"x,y\nu,v\n", 1, "x"},             /* texts, all different */
        {"x,x\nu,v\n", 2, ""},              /* texts, not all different */
        {"1,setosa\n2,virginica\n", 2, ""}, /* a number over a number, a text over a text */
        {"2019,2020\n1,2\n", 2, ""},        /* a number is no name */
        {"a,b\n", 0, "a"},                  /* nothing below */
        {"a\n", 0, "a"},
        {"7\n", 1, ""},
        {"\"a\"\"b\",c\r\n1,2\r\n", 1, "a\"b"},
        {"\xef\xbb\xbf"
         "a,b\n1,2\n",
         1, "a"},                         /* a byte order mark */
        {"\n\na,b\n\n1,2\n\r\n", 1, "a"}, /* blank lines */
        {"a,b\n,\n", 1, "a"},             /* nothing but missing values below */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crn_table *table = read_csv(cases[i].text);
        assert_int_equal(crn_table_rows(table), cases[i].rows);
        assert_string_equal(crn_table_name(table, 0), cases[i].name);
        crn_table_destroy(table);
    }
}

static void test_a_table_of_strings(void **state)
{
    (void)state;
    crn_table *table = read_csv("name,species\nTim,cat\nRex,dog\n");
    assert_size(table, 2, 2);
    assert_true(crn_table_has_names(table));
    assert_strings(table, 0, "Tim|Rex|");
    assert_strings(table, 1, "cat|dog|");
    crn_table_destroy(table);
}

/* ---- syntax ---- */

static void test_quotes(void **state)
{
    (void)state;
    crn_table *table =
        read_csv("a,b,c\r\n\"1\",\"x,y\",\"two\nlines\"\r\n2,\"say \"\"hi\"\"\",5\" disk\r\n");
    assert_size(table, 2, 3);
    assert_wholes(table, 0, (int64_t[]){1, 2});
    assert_strings(table, 1, "x,y|say \"hi\"|");
    assert_strings(table, 2, "two\nlines|5\" disk|");
    crn_table_destroy(table);
}

static void test_delimiters(void **state)
{
    (void)state;
    static const char *const texts[] = {"a,b\n1,2\n", "a\tb\n1\t2\n", "a;b\n1;2\n"};
    for (size_t i = 0; i < 3; i++) {
        crn_table *table = read_csv(texts[i]);
        assert_size(table, 1, 2);
        assert_wholes(table, 1, (int64_t[]){2});
        crn_table_destroy(table);
    }
    crn_table *table = NULL;
    assert_ok(crn_csv_read("a,b\tc\n1,2\t3\n", 12, '\t', NULL, &table, &err));
    assert_string_equal(crn_table_name(table, 0), "a,b");
    crn_table_destroy(table);
}

static void test_line_ends(void **state)
{
    (void)state;
    static const char *const texts[] = {"1,2\n3,4", "1,2\n3,4\n", "1,2\r\n3,4\r\n",
                                        "1,2\r\n3,4\r"};
    for (size_t i = 0; i < 4; i++) {
        crn_table *table = read_csv(texts[i]);
        assert_size(table, 2, 2);
        assert_wholes(table, 1, (int64_t[]){2, 4});
        crn_table_destroy(table);
    }
}

static void test_unicode(void **state)
{
    (void)state;
    crn_table *table = read_csv("n\xc3\xa9,t\n1,\xf0\x9f\xa5\x92x\n2,\xc3\xa9t\xc3\xa9\n");
    assert_string_equal(crn_table_name(table, 0), "n\xc3\xa9");
    assert_strings(table, 1, "\xf0\x9f\xa5\x92x|\xc3\xa9t\xc3\xa9|");
    crn_table_destroy(table);
}

static void test_errors(void **state)
{
    (void)state;
    assert_refused("a,b,c,d\n1,2,3,4\n\n1,2,3,4,5\n", CRN_FORMAT,
                   "line 4 has 5 fields, the header has 4");
    assert_refused("1,2\n3\n", CRN_FORMAT, "line 2 has 1 field, the first line has 2");
    assert_refused("a,b\n\"x\ny\",2\n3\n", CRN_FORMAT, "line 4 has 1 field");
    assert_refused("a\n\"x\n", CRN_FORMAT, "line 2 opens a quote");
    assert_refused("a\n\"x\"y\n", CRN_FORMAT, "line 2 has text behind a closing quote");
    assert_refused("a,b\n1,x\n2,\xff\n", CRN_FORMAT, "line 3 is not UTF-8");
    assert_refused("\xe9,b\n1,2\n", CRN_FORMAT, "header is not UTF-8");
    assert_refused("", CRN_FORMAT, "empty");
    assert_refused("\r\n\n", CRN_FORMAT, "empty");
    assert_refused("\xff\xfe"
                   "a",
                   CRN_UNSUPPORTED, "UTF-16");
    crn_table *table = NULL;
    assert_status(CRN_FORMAT, crn_csv_read("a\0b", 3, 0, NULL, &table, &err));
    assert_message("zero byte");
}

static void test_limits(void **state)
{
    (void)state;
    crn_table *table = NULL;
    crn_limits limits = CRN_LIMITS_INIT;
    limits.text_bytes = 4;
    assert_status(CRN_LIMIT, crn_csv_read("a\nhello\n", 8, 0, &limits, &table, &err));
    assert_message("text_bytes = 4");
    limits = (crn_limits)CRN_LIMITS_INIT;
    limits.memory_bytes = 64;
    assert_status(CRN_LIMIT, crn_csv_read("a\n1\n", 4, 0, &limits, &table, &err));
    assert_message("memory_bytes = 64");
}

/* ---- writing ---- */

static void assert_csv(const crn_table *table, char delimiter, const char *want)
{
    crn_text text = CRN_TEXT_INIT;
    assert_ok(crn_csv_write(table, delimiter, &text, &err));
    assert_string_equal(text.data, want);
    crn_text_free(&text);
}

static void test_write(void **state)
{
    (void)state;
    static const char text[] =
        "id,x,\"a,b\"\n1,0.1,\"say \"\"hi\"\"\"\n-2,nan,\"two\nlines\"\n3,1e-05,plain\n";
    crn_table *table = read_csv(text);
    assert_csv(table, ',', text);
    assert_csv(
        table, '\t',
        "id\tx\ta,b\n1\t0.1\t\"say \"\"hi\"\"\"\n-2\tnan\t\"two\nlines\"\n3\t1e-05\tplain\n");
    crn_table_destroy(table);
}

static void test_write_every_type(void **state)
{
    (void)state;
    crn_table *table = NULL;
    bool flags[] = {true, false};
    float singles[] = {0.1f, 1e30f};
    uint64_t large[] = {UINT64_MAX, 0};
    int8_t small[] = {-5, 5};
    crn_array columns[] = {
        crn_array_view_1d(flags, CRN_BOOL, 2),
        crn_array_view_1d(singles, CRN_FLOAT32, 2),
        crn_array_view_1d(large, CRN_UINT64, 2),
        crn_array_view_1d(small, CRN_INT8, 2),
    };
    crn_array bytes = crn_array_view_1d("ab\0", CRN_INT8, 1);
    bytes.dtype = CRN_BYTES;
    bytes.shape[0] = 2;
    bytes.itemsize = bytes.strides[0] = 1;
    assert_ok(crn_table_create(&table, &err));
    for (size_t i = 0; i < 4; i++)
        assert_ok(crn_table_add(table, "", &columns[i], &err));
    assert_ok(crn_table_add(table, "", &bytes, &err));
    assert_csv(table, ',', "True,0.1,18446744073709551615,-5,a\nFalse,1e+30,0,5,b\n");

    crn_text lines = CRN_TEXT_INIT;
    assert_ok(crn_jsonl_write(table, &lines, &err));
    assert_string_equal(lines.data, "[true, 0.1, 18446744073709551615, -5, \"a\"]\n"
                                    "[false, 1e+30, 0, 5, \"b\"]\n");
    crn_text_free(&lines);
    crn_table_destroy(table);
}

/* An empty string that is a whole line is quoted, so that it is no blank line. */
static void test_write_a_lone_empty_string(void **state)
{
    (void)state;
    crn_table *table = read_csv("name\nx\n\"\"\n");
    assert_size(table, 2, 1);
    assert_csv(table, ',', "name\nx\n\"\"\n");
    crn_table_destroy(table);
}

static void test_write_refuses_complex(void **state)
{
    (void)state;
    crn_table *table = NULL;
    crn_text text = CRN_TEXT_INIT;
    double pair[] = {1, 2};
    crn_array complex = crn_array_view_1d(pair, CRN_COMPLEX128, 1);
    assert_ok(crn_table_create(&table, &err));
    assert_ok(crn_table_add(table, "z", &complex, &err));
    assert_status(CRN_UNSUPPORTED, crn_csv_write(table, ',', &text, &err));
    assert_message("complex128");
    crn_table_destroy(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_spellings_of_missing_and_infinite),
        cmocka_unit_test(test_integers_up_to_the_ends_of_the_range),
        cmocka_unit_test(test_what_is_no_number),
        cmocka_unit_test(test_numbers_are_correctly_rounded),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_a_table_of_strings),
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_delimiters),
        cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_unicode),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_write_every_type),
        cmocka_unit_test(test_write_a_lone_empty_string),
        cmocka_unit_test(test_write_refuses_complex),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
