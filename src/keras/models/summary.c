/* SPDX-License-Identifier: BSD-3-Clause */
/* model.summary(), as keras/src/utils/summary_utils.py (3.15) prints it through rich's table: a
 * box of three columns, cells wrapped at blanks, then the counts of parameters. */
#include <stdio.h>
#include <string.h>

#include "keras/layers/core/input_layer.h"
#include "keras/models/functional.h"
#include "keras/models/inspect.h"

/* ---- cells ---- */

enum { COLUMNS = 3 };

/* Widths between the blanks that pad a cell; what rich makes of a line of 76. */
static const int widths[COLUMNS] = {31, 22, 13};

static size_t code_points(const char *text, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

/* Bytes of the first `count` code points. */
static size_t prefix(const char *text, size_t size, size_t count)
{
    size_t at = 0;
    while (at < size && (count > 0 || ((unsigned char)text[at] & 0xC0) == 0x80))
        count -= ((unsigned char)text[at++] & 0xC0) != 0x80;
    return at;
}

/* The bytes of `text` that stand on one line: as many words as fit, or one that does not; *next
 * is where the next line begins. */
static size_t line_of(const char *text, int width, size_t *next)
{
    size_t line = 0, at = 0;
    do {
        size_t end = at + strcspn(text + at, " ");
        if (line > 0 && code_points(text, end) > (size_t)width)
            break;
        line = end;
        at = end + strspn(text + end, " ");
    } while (text[at] != '\0');
    *next = at;
    return line;
}

/* Padded to the width; what is longer ends in an ellipsis. */
static void add_cell(const char *text, size_t size, int width, bool right, crn_text *out)
{
    int blanks = width - (int)code_points(text, size);
    crn_text_add_char(out, ' ');
    for (int i = 0; i < blanks && right; i++)
        crn_text_add_char(out, ' ');
    if (blanks < 0)
        crn_text_add_bytes(out, text, prefix(text, size, (size_t)width - 1));
    else
        crn_text_add_bytes(out, text, size);
    crn_text_add_string(out, blanks < 0 ? "…" : "");
    for (int i = 0; i < blanks && !right; i++)
        crn_text_add_char(out, ' ');
    crn_text_add_char(out, ' ');
}

/* A row of the table: as many lines as its longest cell needs. */
static void add_row(const char *const *cells, const char *side, crn_text *out)
{
    const char *rest[COLUMNS] = {cells[0], cells[1], cells[2]};
    do {
        for (int i = 0; i < COLUMNS; i++) {
            size_t next, size = line_of(rest[i], widths[i], &next);
            crn_text_add_string(out, side);
            add_cell(rest[i], size, widths[i], i == COLUMNS - 1, out);
            rest[i] += next;
        }
        crn_text_printf(out, "%s\n", side);
    } while (*rest[0] != '\0' || *rest[1] != '\0' || *rest[2] != '\0');
}

/* A line between rows: its left end, dash, joint and right end. */
static void add_rule(const char *const *parts, crn_text *out)
{
    for (int i = 0; i < COLUMNS; i++) {
        crn_text_add_string(out, i == 0 ? parts[0] : parts[2]);
        for (int k = 0; k < widths[i] + 2; k++)
            crn_text_add_string(out, parts[1]);
    }
    crn_text_printf(out, "%s\n", parts[3]);
}

/* ---- numbers ---- */

/* 1234567 as "1,234,567". */
static void add_grouped(int64_t value, crn_text *out)
{
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%lld", (long long)value);
    for (int i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0)
            crn_text_add_char(out, ',');
        crn_text_add_char(out, digits[i]);
    }
}

static void add_total(const char *what, int64_t count, int64_t bytes, crn_text *out)
{
    static const char *const units[] = {"B", "KB", "MB", "GB", "TB", "PB"};
    double size = (double)bytes;
    size_t unit = 0;
    while (size >= 1024.0 && unit + 1 < sizeof units / sizeof *units) {
        size /= 1024.0;
        unit++;
    }
    crn_text_printf(out, " %s params: ", what);
    add_grouped(count, out);
    crn_text_printf(out, " (%.2f %s)\n", size, units[unit]);
}

int64_t crn_layer_count(const crn_layer *layer)
{
    int64_t count = 0;
    for (size_t i = 0; i < layer->weight_count; i++)
        count += crn_array_size(&layer->weights[i].array);
    return count;
}

crn_parameter_count crn_network_count(const crn_network *network)
{
    crn_parameter_count count = {0};
    for (size_t i = 0; i < network->weight_count; i++) {
        crn_layer *layer = NULL;
        const crn_layer_weight *weight = crn_network_weight(network, i, &layer);
        int64_t *sum =
            layer->trainable && weight->trainable ? &count.trainable : &count.non_trainable;
        *sum += crn_array_size(&weight->array);
    }
    crn_optimizer *optimizer = network->compiled.optimizer;
    if (optimizer == NULL || !crn_optimizer_is_built(optimizer))
        return count;
    for (size_t i = 0; i < crn_optimizer_variable_count(optimizer); i++) {
        const crn_array *array = crn_optimizer_variable_at(optimizer, i).array;
        count.optimizer += crn_array_size(array);
        count.optimizer_bytes += crn_array_size(array) * array->itemsize;
    }
    return count;
}

/* ---- the table ---- */

/* The cells that change from layer to layer. */
typedef struct layer_cells {
    crn_text name, params;
    char shape[CRN_SHAPE_TEXT];
} layer_cells;

static void add_layer(const crn_layer *layer, layer_cells *cells, crn_text *out)
{
    crn_text_clear(&cells->name);
    crn_text_clear(&cells->params);
    crn_text_printf(&cells->name, "%s (%s)", layer->name, layer->type->base.name);
    add_grouped(crn_layer_count(layer), &cells->params);
    if (!layer->built && layer->type->built_by_call)
        crn_text_add_string(&cells->params, " (unbuilt)");
    if (cells->name.status != CRN_OK || cells->params.status != CRN_OK) {
        out->status = CRN_NO_MEMORY;
        return;
    }
    const char *row[COLUMNS] = {cells->name.data, "?", cells->params.data};
    if (layer->built)
        row[1] = crn_layer_shape_text(&layer->output, cells->shape, sizeof cells->shape);
    add_row(row, "│", out);
}

static void add_table(const crn_network *network, crn_text *out)
{
    static const char *const top[] = {"┏", "━", "┳", "┓"};
    static const char *const below_header[] = {"┡", "━", "╇", "┩"};
    static const char *const between[] = {"├", "─", "┼", "┤"};
    static const char *const bottom[] = {"└", "─", "┴", "┘"};
    static const char *const names[COLUMNS] = {"Layer (type)", "Output Shape", "Param #"};
    layer_cells cells = {.name = CRN_TEXT_INIT, .params = CRN_TEXT_INIT};
    const char *const *above = below_header;
    const bool functional = crn_network_is_functional(network);
    add_rule(top, out);
    add_row(names, "┃", out);
    for (size_t i = 0; i < network->layer_count; i++) {
        if (!functional && crn_layer_is_input(network->layers[i]))
            continue; /* a Sequential does not count it */
        add_rule(above, out);
        add_layer(network->layers[i], &cells, out);
        above = between;
    }
    add_rule(above == between ? bottom : below_header, out);
    crn_text_free(&cells.name);
    crn_text_free(&cells.params);
}

void crn_network_summary(const crn_network *network, crn_text *out)
{
    enum { BYTES = sizeof(float) };
    const crn_parameter_count count = crn_network_count(network);
    const int64_t own = count.trainable + count.non_trainable;
    crn_text_printf(out, "Model: \"%s\"\n", network->name);
    add_table(network, out);
    add_total("Total", own + count.optimizer, own * BYTES + count.optimizer_bytes, out);
    add_total("Trainable", count.trainable, count.trainable * BYTES, out);
    add_total("Non-trainable", count.non_trainable, count.non_trainable * BYTES, out);
    if (count.optimizer > 0)
        add_total("Optimizer", count.optimizer, count.optimizer_bytes, out);
}
