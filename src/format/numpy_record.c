/* SPDX-License-Identifier: BSD-3-Clause */
/* Arrays of records that were built, not read: with the numpy.dtype that describes them, as
 * numpy/_core/src/multiarray/descriptor.c pickles it. */
#include <stdio.h>

#include "format/joblib_array.h"
#include "format/pickle.h"

/* numpy.dtype(code, False, True) with the state that follows. */
static crn_object *dtype_call(crn_document *d, const char *code, crn_object *state)
{
    crn_object *cls = crn_object_global(d, "numpy", "dtype");
    crn_object *call = cls != NULL ? crn_object_instance(d, CRN_BY_REDUCE, cls) : NULL;
    crn_object *args = crn_object_new(d, CRN_OBJ_TUPLE);
    if (call == NULL || state == NULL || !crn_object_append(d, args, crn_object_str(d, code)) ||
        !crn_object_append(d, args, crn_object_bool(d, false)) ||
        !crn_object_append(d, args, crn_object_bool(d, true)))
        return NULL;
    call->as.instance->args = args;
    call->as.instance->state = state;
    return call;
}

/* (3, order, None, names, fields, itemsize, alignment, flags) */
static crn_object *dtype_state(crn_document *d, const char *order, crn_object *names,
                               crn_object *fields, int64_t itemsize, int64_t alignment,
                               int64_t flags)
{
    crn_object *state = crn_object_new(d, CRN_OBJ_TUPLE);
    const bool ok = crn_object_append(d, state, crn_object_int(d, 3)) &&
                    crn_object_append(d, state, crn_object_str(d, order)) &&
                    crn_object_append(d, state, crn_object_none(d)) &&
                    crn_object_append(d, state, names) && crn_object_append(d, state, fields) &&
                    crn_object_append(d, state, crn_object_int(d, itemsize)) &&
                    crn_object_append(d, state, crn_object_int(d, alignment)) &&
                    crn_object_append(d, state, crn_object_int(d, flags));
    return ok ? state : NULL;
}

static crn_object *plain_dtype(crn_document *d, crn_dtype dtype)
{
    char code[16];
    const size_t size = crn_dtype_size(dtype);
    snprintf(code, sizeof code, "%c%zu", crn_dtype_kind(dtype), size);
    return dtype_call(d, code,
                      dtype_state(d, size > 1 ? "<" : "|", crn_object_none(d),
                                  crn_object_none(d), -1, -1, 0));
}

static crn_object *record_dtype(crn_document *d, int64_t itemsize,
                                const crn_record_field *fields, int count)
{
    char code[32];
    const int64_t flag_structured = 16;
    crn_object *names = crn_object_new(d, CRN_OBJ_TUPLE);
    crn_object *places = crn_object_new(d, CRN_OBJ_DICT);
    for (int i = 0; i < count; i++) {
        crn_object *name = crn_object_str(d, fields[i].name);
        crn_object *place = crn_object_new(d, CRN_OBJ_TUPLE);
        if (!crn_object_append(d, place, plain_dtype(d, fields[i].dtype)) ||
            !crn_object_append(d, place, crn_object_int(d, fields[i].offset)) ||
            !crn_object_append(d, names, name) || !crn_object_set_pair(d, places, name, place))
            return NULL;
    }
    snprintf(code, sizeof code, "V%lld", (long long)itemsize);
    return dtype_call(d, code,
                      dtype_state(d, "|", names, places, itemsize, 1, flag_structured));
}

crn_object *crn_object_array_of_records(crn_document *document, const crn_array *array,
                                        const crn_record_field *fields, int count)
{
    crn_object *object = crn_object_array(document, array);
    crn_stored_array *stored = crn_arena_alloc(document->arena, 1, sizeof *stored);
    if (object == NULL || stored == NULL)
        return NULL;
    stored->dtype = record_dtype(document, array->itemsize, fields, count);
    stored->bytes = object->as.instance->array->data;
    stored->size = (size_t)(crn_array_size(array) * array->itemsize);
    object->as.instance->stored = stored;
    return stored->dtype != NULL ? object : NULL;
}
