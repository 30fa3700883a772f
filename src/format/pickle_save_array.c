/* SPDX-License-Identifier: BSD-3-Clause */
/* The bytes that joblib writes between opcodes (NumpyArrayWrapper.write_array, joblib 1.6.0).
 */
#include <stdlib.h>

#include "format/joblib_array.h"
#include "format/pickle_save.h"

/* The bytes or the pickle of its own that follow an array's wrapper. */
static crn_status emit_nested(crn_pickle_saver *s, const crn_object *object, crn_error *err)
{
    const crn_stored_array *stored = object->as.instance->stored;
    crn_pickle_saver nested = {
        .o = {.out = s->o.out, .c_pickler = true, .exact = stored != NULL},
        .lowering = s->lowering};
    const crn_object *root = stored != NULL ? stored->nested : NULL;
    nested.o.protocol = stored != NULL ? stored->nested_protocol : 2;
    nested.o.framed = stored != NULL && stored->nested_framed;
    nested.lowering.style.protocol = nested.o.protocol;
    nested.lowering.style.joblib = false;
    nested.lowering.exact = nested.o.exact;
    if (root == NULL)
        CRN_TRY(crn_pickle_lower_elements(&nested.lowering, object, &root, err));
    return crn_pickle_save(&nested, root, err);
}

/* joblib >= 1.2 pads so that the array's offset is a multiple of the alignment: by 1 to that
 * many bytes, counted by the byte before them. */
static void emit_padding(crn_pickle_saver *s, int alignment)
{
    if (alignment <= 0)
        return;
    uint64_t position = s->o.out->size - s->begin;
    int padding = alignment - (int)((position + 1) % (uint64_t)alignment);
    const uint8_t count = (uint8_t)padding, filler = 0xff;
    crn_emit_raw(&s->o, &count, 1);
    for (int i = 0; i < padding; i++)
        crn_emit_raw(&s->o, &filler, 1);
}

static crn_status emit_elements(crn_pickle_saver *s, const crn_array *array, crn_error *err)
{
    size_t size;
    CRN_TRY(crn_shape_bytes(array->itemsize, array->ndim, array->shape, &size, err));
    if (crn_array_is_contiguous(array) || crn_array_is_fortran(array)) {
        crn_emit_raw(&s->o, array->data, size);
        return CRN_OK;
    }
    void *dense = crn_calloc(size, 1);
    if (dense == NULL)
        return crn_no_memory(err);
    crn_status status = crn_array_copy_to(array, array->dtype, array->itemsize, dense, err);
    if (status == CRN_OK)
        crn_emit_raw(&s->o, dense, size);
    free(dense);
    return status;
}

crn_status crn_pickle_save_array(crn_pickle_saver *s, const crn_object *self,
                                 const crn_object *body, crn_error *err)
{
    const crn_instance *instance = self->as.instance;
    int64_t alignment = 0;
    crn_emit_commit(&s->o, true);
    if (instance->array->dtype == CRN_OBJECT)
        return emit_nested(s, self, err);
    crn_object_as_int(crn_object_get(body->as.instance->state, "numpy_array_alignment_bytes"),
                      &alignment);
    emit_padding(s, (int)alignment);
    if (instance->stored == NULL)
        return emit_elements(s, instance->array, err);
    crn_emit_raw(&s->o, instance->stored->bytes, instance->stored->size);
    return CRN_OK;
}
