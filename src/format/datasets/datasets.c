/* SPDX-License-Identifier: BSD-3-Clause */
/* The built-in data sets: unpacked into tables, bit for bit what scikit-learn's load_*
 * functions give. */
#include <string.h>

#include "base/text.h"
#include "format/codec.h"
#include "format/datasets/dataset.h"
#include "format/table.h"

static const crn_dataset *const datasets[] = {&crn_dataset_iris, &crn_dataset_wine,
                                              &crn_dataset_digits, &crn_dataset_breast_cancer,
                                              &crn_dataset_diabetes};
enum { DATASETS = sizeof datasets / sizeof datasets[0] };

static const crn_dataset *find(const char *name)
{
    for (size_t i = 0; i < DATASETS; i++) {
        if (strcmp(datasets[i]->name, name) == 0)
            return datasets[i];
    }
    return NULL;
}

const char *crn_dataset_name(size_t i)
{
    return i < DATASETS ? datasets[i]->name : NULL;
}

const char *crn_dataset_summary(const char *name)
{
    const crn_dataset *dataset = find(name);
    return dataset != NULL ? dataset->summary : NULL;
}

const char *crn_dataset_target_name(const char *name, size_t i)
{
    const crn_dataset *dataset = find(name);
    return dataset != NULL && i < dataset->classes ? dataset->target_names[i] : NULL;
}

/* The digits are '!' to 'u'; v, w and x stand for the three that a C string cannot have
 * plainly. */
static uint32_t digit_of(char c)
{
    switch (c) {
    case 'v':
        return '"' - '!';
    case 'w':
        return '\\' - '!';
    case 'x':
        return '?' - '!';
    default:
        return (uint32_t)(c - '!');
    }
}

/* Five digits, the highest first, are four bytes, likewise; out has room for whole groups. */
static void decode_base85(const crn_dataset *dataset, uint8_t *out)
{
    size_t at = 0;
    for (size_t byte = 0; byte < dataset->packed_bytes; byte += 4) {
        uint32_t group = 0;
        for (int i = 0; i < 5; i++, at++)
            group = group * 85 +
                    digit_of(dataset->packed[at / CRN_DATASET_LINE][at % CRN_DATASET_LINE]);
        for (size_t i = 0; i < 4; i++)
            out[byte + i] = (uint8_t)(group >> (24 - 8 * i));
    }
}

static crn_status unpack(const crn_dataset *dataset, crn_buffer **out, crn_error *err)
{
    size_t item = dataset->decimals != NULL ? 4 : 8;
    size_t size = (size_t)(dataset->rows * (dataset->features + 1)) * item;
    crn_buffer *packed = crn_buffer_create((dataset->packed_bytes + 3) / 4 * 4);
    crn_buffer *data = crn_buffer_create(size);
    crn_status status = packed != NULL && data != NULL ? CRN_OK : crn_no_memory(err);
    if (status == CRN_OK) {
        decode_base85(dataset, crn_buffer_data(packed));
        status = crn_inflate_zlib(crn_buffer_data(packed), dataset->packed_bytes,
                                  crn_buffer_data(data), size, err);
    }
    crn_buffer_release(packed);
    if (status != CRN_OK) {
        crn_buffer_release(data);
        return status;
    }
    *out = data;
    return CRN_OK;
}

/* Element i of a column of four byte planes. */
static int32_t whole_at(const uint8_t *planes, int64_t rows, int64_t i)
{
    uint32_t value = 0;
    for (int64_t plane = 3; plane >= 0; plane--)
        value = value << 8 | planes[plane * rows + i];
    return (int32_t)value;
}

/* One division of two exact doubles is the decimal number, correctly rounded. */
static double power_of_10(int decimals)
{
    double power = 1;
    for (int i = 0; i < decimals; i++)
        power *= 10;
    return power;
}

/* Column j of the data set; the one behind the features is the target. */
static crn_status read_column(const crn_dataset *dataset, const uint8_t *data, int64_t j,
                              crn_array *out, crn_error *err)
{
    bool target = j == dataset->features;
    int64_t rows = dataset->rows;
    crn_dtype dtype = target && dataset->classes > 0 ? CRN_INT64 : CRN_FLOAT64;
    CRN_TRY(crn_array_create(dtype, 0, 1, &rows, out, err));
    if (dataset->decimals == NULL) {
        crn_array stored = crn_array_view_1d(data + 8 * j * rows, CRN_FLOAT64, rows);
        return crn_array_copy_to(&stored, dtype, 8, out->data, err);
    }
    const uint8_t *planes = data + 4 * j * rows;
    double power = target ? 1 : power_of_10(dataset->decimals[j]);
    for (int64_t i = 0; i < rows; i++) {
        if (dtype == CRN_INT64)
            ((int64_t *)out->data)[i] = whole_at(planes, rows, i);
        else
            ((double *)out->data)[i] = whole_at(planes, rows, i) / power;
    }
    return CRN_OK;
}

static crn_status read_columns(const crn_dataset *dataset, const uint8_t *data,
                               crn_table *table, crn_error *err)
{
    for (int64_t j = 0; j <= dataset->features; j++) {
        const char *name = j < dataset->features ? dataset->feature_names[j] : "target";
        crn_array column = CRN_ARRAY_INIT;
        crn_status status = read_column(dataset, data, j, &column, err);
        if (status != CRN_OK) {
            crn_array_free(&column);
            return status;
        }
        CRN_TRY(crn_table_adopt(table, name, strlen(name), &column, err));
    }
    return CRN_OK;
}

static crn_status no_such_dataset(const char *name, crn_error *err)
{
    crn_text names = CRN_TEXT_INIT;
    for (size_t i = 0; i < DATASETS; i++)
        crn_text_printf(&names, "%s%s", i > 0 ? ", " : "", datasets[i]->name);
    crn_status status = crn_fail(err, CRN_NOT_FOUND, "there is no data set '%s'; there are %s",
                                 name, names.data != NULL ? names.data : "others");
    crn_text_free(&names);
    return status;
}

crn_status crn_table_dataset(const char *name, crn_table **out, crn_error *err)
{
    const crn_dataset *dataset = find(name);
    if (dataset == NULL)
        return no_such_dataset(name, err);
    crn_buffer *data = NULL;
    crn_table *table = NULL;
    crn_status status;
    CRN_TRY_OR_DONE(unpack(dataset, &data, err));
    CRN_TRY_OR_DONE(crn_table_create(&table, err));
    CRN_TRY_OR_DONE(read_columns(dataset, crn_buffer_data(data), table, err));
    *out = table;
    table = NULL;
done:
    crn_table_destroy(table);
    crn_buffer_release(data);
    return status;
}
