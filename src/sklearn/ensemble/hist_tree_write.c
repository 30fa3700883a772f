/* SPDX-License-Identifier: BSD-3-Clause */
/* TreePredictor's records as each version wants them: 47 bytes until 0.23, 52 with categories,
 * 56 with a wider feature_idx from 1.3 on. */
#include <stdio.h>
#include <string.h>

#include "format/pickle.h"
#include "sklearn/ensemble/hist_gradient_boosting.h"

static const crn_record_field until_0_23[] = {{"value", CRN_FLOAT64, 0},
                                              {"count", CRN_UINT32, 8},
                                              {"feature_idx", CRN_UINT32, 12},
                                              {"threshold", CRN_FLOAT64, 16},
                                              {"missing_go_to_left", CRN_UINT8, 24},
                                              {"left", CRN_UINT32, 25},
                                              {"right", CRN_UINT32, 29},
                                              {"gain", CRN_FLOAT64, 33},
                                              {"depth", CRN_UINT32, 41},
                                              {"is_leaf", CRN_UINT8, 45},
                                              {"bin_threshold", CRN_UINT8, 46}};

static const crn_record_field until_1_2[] = {{"value", CRN_FLOAT64, 0},
                                             {"count", CRN_UINT32, 8},
                                             {"feature_idx", CRN_UINT32, 12},
                                             {"num_threshold", CRN_FLOAT64, 16},
                                             {"missing_go_to_left", CRN_UINT8, 24},
                                             {"left", CRN_UINT32, 25},
                                             {"right", CRN_UINT32, 29},
                                             {"gain", CRN_FLOAT64, 33},
                                             {"depth", CRN_UINT32, 41},
                                             {"is_leaf", CRN_UINT8, 45},
                                             {"bin_threshold", CRN_UINT8, 46},
                                             {"is_categorical", CRN_UINT8, 47},
                                             {"bitset_idx", CRN_UINT32, 48}};

static const crn_record_field since_1_3[] = {{"value", CRN_FLOAT64, 0},
                                             {"count", CRN_UINT32, 8},
                                             {"feature_idx", CRN_INT64, 12},
                                             {"num_threshold", CRN_FLOAT64, 20},
                                             {"missing_go_to_left", CRN_UINT8, 28},
                                             {"left", CRN_UINT32, 29},
                                             {"right", CRN_UINT32, 33},
                                             {"gain", CRN_FLOAT64, 37},
                                             {"depth", CRN_UINT32, 45},
                                             {"is_leaf", CRN_UINT8, 49},
                                             {"bin_threshold", CRN_UINT8, 50},
                                             {"is_categorical", CRN_UINT8, 51},
                                             {"bitset_idx", CRN_UINT32, 52}};

typedef struct layout {
    const crn_record_field *fields;
    int count;
    int64_t itemsize;
} layout;

static layout layout_of(const char *sklearn)
{
    if (crn_version_compare(sklearn, "0.24") < 0)
        return (layout){until_0_23, sizeof until_0_23 / sizeof *until_0_23, 47};
    if (crn_version_compare(sklearn, "1.3") < 0)
        return (layout){until_1_2, sizeof until_1_2 / sizeof *until_1_2, 52};
    return (layout){since_1_3, sizeof since_1_3 / sizeof *since_1_3, 56};
}

/* One field of all records: from the file's, or zeros where the file's version had none. */
static crn_status fill_field(const crn_object *nodes, const crn_record_field *field,
                             crn_array *records, crn_error *err)
{
    char optional[32];
    const char *name = optional;
    crn_array found = CRN_ARRAY_INIT, same = CRN_ARRAY_INIT;
    const bool is_threshold =
        strstr(field->name, "threshold") != NULL && field->dtype == CRN_FLOAT64;
    snprintf(optional, sizeof optional, "?%s", field->name);
    CRN_TRY(crn_object_to_fields(nodes, 1, &name, &found, err));
    if (found.data == NULL && is_threshold) {
        snprintf(optional, sizeof optional, "?%s",
                 field->name[0] == 'n' ? "threshold" : "num_threshold");
        CRN_TRY(crn_object_to_fields(nodes, 1, &name, &found, err));
    }
    if (found.data == NULL)
        return CRN_OK;
    crn_status status = crn_array_astype(&found, field->dtype, &same, err);
    const size_t size = crn_dtype_size(field->dtype);
    for (int64_t i = 0; status == CRN_OK && i < records->shape[0]; i++)
        memcpy((char *)records->data + i * records->itemsize + field->offset,
               (const char *)same.data + (size_t)i * size, size);
    crn_array_free(&found);
    crn_array_free(&same);
    return status;
}

static crn_object *write_nodes(const crn_object *nodes, crn_document *document,
                               const char *sklearn, crn_error *err)
{
    const layout target = layout_of(sklearn);
    crn_array given = CRN_ARRAY_INIT, records = CRN_ARRAY_INIT;
    crn_object *object = NULL;
    crn_status status;
    CRN_TRY_OR_DONE(crn_object_to_array(nodes, &given, err));
    CRN_TRY_OR_DONE(
        crn_array_create(CRN_BYTES, target.itemsize, 1, given.shape, &records, err));
    records.dtype = CRN_RECORD;
    for (int f = 0; f < target.count; f++)
        CRN_TRY_OR_DONE(fill_field(nodes, &target.fields[f], &records, err));
    object = crn_object_array_of_records(document, &records, target.fields, target.count);
    if (object == NULL)
        crn_arena_fail(document->arena, err);
done:
    crn_array_free(&given);
    crn_array_free(&records);
    return object;
}

/* A matrix of sets, which is empty where the file's version had none. */
static crn_object *write_sets(const crn_object *state, const char *name, crn_document *document,
                              crn_error *err)
{
    const crn_object *given = crn_object_get(state, name);
    crn_array sets = CRN_ARRAY_INIT;
    const crn_status status =
        given != NULL ? crn_object_to_array(given, &sets, err)
                      : crn_array_create(CRN_UINT32, 0, 2, (int64_t[]){0, CRN_CATEGORY_WORDS},
                                         &sets, err);
    if (status != CRN_OK)
        return NULL;
    crn_object *object = crn_object_array(document, &sets);
    crn_array_free(&sets);
    if (object == NULL)
        crn_arena_fail(document->arena, err);
    return object;
}

crn_object *crn_hist_tree_write(const crn_object *predictor, crn_document *document,
                                const char *sklearn, crn_error *err)
{
    static const char *const sets[] = {"binned_left_cat_bitsets", "raw_left_cat_bitsets"};
    const crn_object *from = predictor->as.instance->state;
    crn_object *cls = crn_object_global(
        document, "sklearn.ensemble._hist_gradient_boosting.predictor", "TreePredictor");
    crn_object *made = cls != NULL ? crn_object_instance(document, CRN_BY_NEWOBJ, cls) : NULL;
    crn_object *state = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *nodes = write_nodes(crn_object_get(from, "nodes"), document, sklearn, err);
    if (nodes == NULL)
        return NULL;
    bool ok = made != NULL && crn_object_set(document, state, "nodes", nodes);
    for (int i = 0; ok && i < 2 && crn_version_compare(sklearn, "0.24") >= 0; i++) {
        crn_object *matrix = write_sets(from, sets[i], document, err);
        if (matrix == NULL)
            return NULL;
        ok = crn_object_set(document, state, sets[i], matrix);
    }
    if (!ok) {
        crn_arena_fail(document->arena, err);
        return NULL;
    }
    made->as.instance->state = state;
    return made;
}
