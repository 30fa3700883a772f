/* SPDX-License-Identifier: BSD-3-Clause */
/* What translate.c (any object) and translate_calls.c (calls that versions spell differently)
 * share. */
#ifndef CRN_SKLEARN_TRANSLATION_H
#define CRN_SKLEARN_TRANSLATION_H

#include "sklearn/translate.h"

/* What has been copied: a hash table by the address of the original. */
typedef struct crn_translation_pair {
    const crn_object *original;
    crn_object *copy;
} crn_translation_pair;

typedef struct crn_translation {
    crn_document *source, *target;
    const char *sklearn;
    crn_translation_pair *pairs; /* [slots]: a power of two, or none */
    size_t slots, count;
    crn_error *err;
} crn_translation;

/* The copy of an object, made now or before; NULL with an error. */
crn_object *crn_translation_object(crn_translation *t, const crn_object *object);
/* The copy of an instance, part by part, whatever it is. */
crn_object *crn_translation_instance(crn_translation *t, const crn_object *object);
bool crn_translation_items(crn_translation *t, const crn_object_items *from,
                           crn_object_items *into);
/* Before the parts are copied, so that an object may hold itself. False when `copy` is NULL or
 * memory is out. */
bool crn_translation_remember(crn_translation *t, const crn_object *original, crn_object *copy);
/* NULL, with the reason why the target's memory is out. */
crn_object *crn_translation_fail(crn_translation *t);

typedef crn_object *crn_translation_call(crn_translation *t, const crn_object *object);
/* How a recorded call is said in all versions; NULL: as it is. */
crn_translation_call *crn_translation_of(const crn_object *object);

#endif
