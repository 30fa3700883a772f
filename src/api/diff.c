/* SPDX-License-Identifier: BSD-3-Clause */
/* Two models as objects, compared. */
#include "model/diff.h"

#include "model/model.h"

crn_status crn_model_diff(const crn_model *left, const crn_model *right, crn_diff **out,
                          crn_error *err)
{
    crn_document *document = NULL;
    crn_error why = CRN_ERROR_INIT;
    CRN_TRY(crn_document_create(NULL, &document, err));
    const crn_object *a = crn_model_objects(left, document, &why);
    const crn_object *b = a != NULL ? crn_model_objects(right, document, &why) : NULL;
    const crn_status status = b != NULL ? crn_objects_diff(a, b, out, err)
                                        : crn_fail(err, why.code, "%s", why.message);
    crn_document_release(document);
    return status;
}
