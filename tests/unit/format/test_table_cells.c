/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables as rows of mixed values, against pandas 3.0 (read_csv, DataFrame.to_dict). */
#include "test.h"

#include "base/cell.h"
#include "format/cells.h"
#include "format/csv.h"
#include "format/table.h"

static crn_error err;

static void assert_says(const crn_array *cells, const char *want)
{
    crn_text said = CRN_TEXT_INIT;
    for (int64_t i = 0; i < crn_array_size(cells); i++) {
        crn_text_add_string(&said, i > 0 ? "|" : "");
        crn_text_add_cell(&said, (const crn_cell *)cells->data + i);
    }
    assert_string_equal(said.data, want);
    crn_text_free(&said);
}

static void test_fields_of_csv(void **state)
{
    (void)state;
    static const char csv[] = "city,n,flag,note\nLima,1,True,x\nNA,2,false,\n,,true,\"a,b\"\n";
    crn_table *table = NULL;
    crn_array cells = CRN_ARRAY_INIT;
    assert_ok(crn_csv_read(csv, sizeof csv - 1, ',', NULL, &table, &err));
    assert_ok(crn_table_cells(table, (int64_t[]){0, 2, 1}, 3, &cells, &err));
    assert_int_equal(cells.shape[1], 3);
    assert_says(&cells, "Lima|True|1.0|nan|False|2.0|nan|True|nan");
    crn_array_free(&cells);
    assert_ok(crn_table_records(table, &cells, &err));
    assert_int_equal(cells.ndim, 1);
    crn_text said = CRN_TEXT_INIT;
    crn_text_add_cell(&said, (const crn_cell *)cells.data + 2);
    assert_string_equal(said.data, "{'city': nan, 'n': nan, 'flag': True, 'note': 'a,b'}");
    crn_text_free(&said);
    crn_array_free(&cells);
    crn_table_destroy(table);
}

/* null among named texts is NaN, as in pandas; in lists it stays None. */
static void test_null_of_json(void **state)
{
    (void)state;
    static const char named[] = "[{\"a\": \"x\"}, {\"a\": null}]",
                      lists[] = "[[\"x\"], [null]]";
    crn_table *table = NULL;
    crn_array cells = CRN_ARRAY_INIT;
    assert_ok(crn_json_table_read(named, sizeof named - 1, NULL, &table, &err));
    assert_ok(crn_table_cells(table, NULL, 0, &cells, &err));
    assert_says(&cells, "x|nan");
    crn_array_free(&cells);
    crn_table_destroy(table);
    assert_ok(crn_json_table_read(lists, sizeof lists - 1, NULL, &table, &err));
    assert_ok(crn_table_cells(table, NULL, 0, &cells, &err));
    assert_says(&cells, "x|None");
    crn_array_free(&cells);
    crn_table_destroy(table);
}

static void test_json_as_it_is(void **state)
{
    (void)state;
    static const char list[] = "[\"a\", [1, 2.5], {\"k\": null}, true]";
    static const char lines[] = "{\"a\": 1}\n\n[\"b\"]\n";
    crn_array cells = CRN_ARRAY_INIT;
    assert_ok(crn_json_cells(list, sizeof list - 1, false, NULL, &cells, &err));
    assert_says(&cells, "a|[1, 2.5]|{'k': None}|True");
    crn_array_free(&cells);
    assert_ok(crn_json_cells(lines, sizeof lines - 1, true, NULL, &cells, &err));
    assert_says(&cells, "{'a': 1}|['b']");
    crn_array_free(&cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields_of_csv),
        cmocka_unit_test(test_null_of_json),
        cmocka_unit_test(test_json_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
