/* SPDX-License-Identifier: BSD-3-Clause */
/* Constructor calls laid out as scikit-learn's repr() lays out estimators
 * (sklearn/utils/_pprint.py 1.9, which follows CPython's pprint): what fits in the rest of the
 * line stays on it, what does not is broken behind commas. Only the limit of 700 characters for
 * the whole is left out. */
#include <string.h>

#include "model/expression.h"

enum { COLUMNS = 80, MOST_ITEMS = 30, MAX_DEPTH = 100 };

/* What stands between two brackets. */
typedef struct item_list {
    const crn_object_items
        *plain; /* positional arguments, or items of a sequence; NULL: none */
    const crn_object_items *pairs; /* keyword arguments, or entries of a dict; NULL: none */
    const char *middle;            /* between the key and the value of a pair */
} item_list;

static size_t count_of(const item_list *list)
{
    return (list->plain != NULL ? list->plain->count : 0) +
           (list->pairs != NULL ? list->pairs->count / 2 : 0);
}

/* The value of item i and its key, NULL where it has none. */
static const crn_object *item_at(const item_list *list, size_t i, const crn_object **key)
{
    size_t plain = list->plain != NULL ? list->plain->count : 0;
    *key = i < plain ? NULL : list->pairs->at[2 * (i - plain)];
    return i < plain ? list->plain->at[i] : list->pairs->at[2 * (i - plain) + 1];
}

/* Columns that UTF-8 text takes. */
static int columns_of(const char *text, size_t size)
{
    int columns = 0;
    for (size_t i = 0; i < size; i++)
        columns += ((unsigned char)text[i] & 0xc0) != 0x80;
    return columns;
}

/* "key=" or "'key': "; how many columns it takes. */
static int print_key(const crn_object *key, const char *middle, crn_text *out)
{
    if (key == NULL)
        return 0;
    size_t begin = out->size;
    const char *name = middle[0] == '=' ? crn_object_text(key) : NULL;
    if (name != NULL)
        crn_text_add_string(out, name);
    else
        crn_object_repr(key, 0, out);
    crn_text_add_string(out, middle);
    return out->status == CRN_OK ? columns_of(out->data + begin, out->size - begin) : 0;
}

/* The columns of a value on one line, or something larger than the room there is. */
static int width_of(const crn_object *value)
{
    crn_text line = CRN_TEXT_INIT;
    crn_object_repr(value, (size_t)4 * COLUMNS, &line);
    int width = line.status == CRN_OK ? columns_of(line.data, line.size) : COLUMNS;
    crn_text_free(&line);
    return width;
}

static void print_value(const crn_object *value, int indent, int allowance, int depth,
                        crn_text *out);

static void start_line(int indent, crn_text *out)
{
    crn_text_printf(out, ",\n%*s", indent, "");
}

/* allowance: columns of the closing brackets behind the last item. */
static void print_items(const item_list *list, int indent, int allowance, int depth,
                        crn_text *out)
{
    size_t count = count_of(list);
    int full = COLUMNS - indent + 1, room = full;
    enum { FIRST, SAME_LINE, NEW_LINE } joint = FIRST;
    for (size_t i = 0; i < count; i++) {
        const crn_object *key, *value = item_at(list, i, &key);
        if (i == MOST_ITEMS) {
            crn_text_add_string(out, ", ...");
            return;
        }
        bool last = i + 1 == count;
        full -= last ? allowance : 0;
        room -= last ? allowance : 0;
        crn_text head = CRN_TEXT_INIT;
        int key_width = print_key(key, list->middle, &head);
        int width = key_width + width_of(value) + 2;
        if (room < width) {
            room = full;
            joint = joint == FIRST ? FIRST : NEW_LINE;
        }
        if (joint == SAME_LINE)
            crn_text_add_string(out, ", ");
        else if (joint == NEW_LINE)
            start_line(indent, out);
        crn_text_add_bytes(out, head.data, head.size);
        crn_text_free(&head);
        if (room >= width) {
            room -= width;
            joint = SAME_LINE;
            crn_object_repr(value, 0, out);
        } else {
            joint = NEW_LINE;
            print_value(value, indent + key_width, last ? allowance : 1, depth, out);
        }
    }
}

static void print_call(const crn_object *call, int indent, int allowance, int depth,
                       crn_text *out)
{
    const crn_instance *instance = call->as.instance;
    const char *name = crn_expression_name(call);
    item_list list = {.middle = "="};
    list.plain = instance->args != NULL ? &instance->args->as.items : NULL;
    list.pairs = instance->kwargs != NULL ? &instance->kwargs->as.items : NULL;
    crn_text_printf(out, "%s(", name);
    print_items(&list, indent + columns_of(name, strlen(name)) + 1, allowance + 1, depth, out);
    crn_text_add_char(out, ')');
}

static void print_value(const crn_object *value, int indent, int allowance, int depth,
                        crn_text *out)
{
    bool fits = width_of(value) <= COLUMNS - indent - allowance;
    item_list list = {.plain = &value->as.items};
    if (fits || depth >= MAX_DEPTH) {
        crn_object_repr(value, 0, out);
    } else if (value->kind == CRN_OBJ_INSTANCE && crn_expression_name(value) != NULL) {
        print_call(value, indent, allowance, depth + 1, out);
    } else if (value->kind == CRN_OBJ_LIST) {
        crn_text_add_char(out, '[');
        print_items(&list, indent + 1, allowance + 1, depth + 1, out);
        crn_text_add_char(out, ']');
    } else if (value->kind == CRN_OBJ_TUPLE) {
        const char *close = value->as.items.count == 1 ? ",)" : ")";
        crn_text_add_char(out, '(');
        print_items(&list, indent + 1, allowance + (int)strlen(close), depth + 1, out);
        crn_text_add_string(out, close);
    } else if (value->kind == CRN_OBJ_DICT) {
        list = (item_list){.pairs = &value->as.items, .middle = ": "};
        crn_text_add_char(out, '{');
        print_items(&list, indent + 1, allowance + 1, depth + 1, out);
        crn_text_add_char(out, '}');
    } else {
        crn_object_repr(value, 0, out);
    }
}

void crn_expression_print(const crn_object *object, crn_text *out)
{
    print_value(object, 0, 0, 0, out);
}
