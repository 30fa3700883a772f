/* SPDX-License-Identifier: BSD-3-Clause */
/* A vocabulary that adapt() found, which .keras archives have as a file of their own: its lines
 * become the list that the config could have had, and is written with from then on
 * (IndexLookup.load_assets, keras/src/layers/preprocessing/index_lookup.py, 3.15). */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "keras/layers/preprocessing/vocabulary.h"

static crn_status add_line(crn_document *document, bool texts, const char *line, size_t size,
                           crn_object *list, crn_error *err)
{
    crn_object *token;
    if (texts) {
        token = crn_object_str_n(document, line, size);
    } else {
        char digits[32], *end = digits;
        if (size == 0 || size >= sizeof digits)
            return crn_fail(err, CRN_FORMAT, "a line of the vocabulary is no integer");
        memcpy(digits, line, size);
        digits[size] = '\0';
        token = crn_object_int(document, strtoll(digits, &end, 10));
        if (*end != '\0')
            return crn_fail(err, CRN_FORMAT, "a line of the vocabulary is no integer");
    }
    return crn_object_append(document, list, token) ? CRN_OK
                                                    : crn_arena_fail(document->arena, err);
}

/* Lines end as Python's text files do: \n, \r\n or \r. Empty ones at the end are none. */
static crn_status read_lines(crn_layer *layer, bool texts, const char *bytes, size_t size,
                             const crn_object **out, crn_error *err)
{
    crn_object *list = crn_object_new(layer->document, CRN_OBJ_LIST);
    if (list == NULL)
        return crn_arena_fail(layer->document->arena, err);
    if (!crn_utf8_is_valid(bytes, size))
        return crn_fail(err, CRN_FORMAT, "the vocabulary of layer \"%s\" is not UTF-8",
                        layer->name);
    while (size > 0 && (bytes[size - 1] == '\n' || bytes[size - 1] == '\r'))
        size--;
    for (size_t at = 0; at < size || at == 0;) {
        size_t end = at;
        while (end < size && bytes[end] != '\n' && bytes[end] != '\r')
            end++;
        if (size > 0)
            CRN_TRY(add_line(layer->document, texts, bytes + at, end - at, list, err));
        at = end + 1 + (end + 1 < size && bytes[end] == '\r' && bytes[end + 1] == '\n');
    }
    *out = list;
    return CRN_OK;
}

static crn_status read_floats(crn_layer *layer, const uint8_t *bytes, size_t size,
                              const crn_object **out, crn_error *err)
{
    crn_object *list = crn_object_new(layer->document, CRN_OBJ_LIST);
    for (size_t at = 0; at + sizeof(float) <= size; at += sizeof(float)) {
        float number;
        memcpy(&number, bytes + at, sizeof number);
        if (!crn_object_append(layer->document, list,
                               crn_object_float(layer->document, (double)number)))
            return crn_arena_fail(layer->document->arena, err);
    }
    *out = list;
    return CRN_OK;
}

crn_status crn_vocabulary_load(crn_layer *layer, bool texts, const char *name,
                               const uint8_t *bytes, size_t size, const crn_object **tokens,
                               const crn_object **idf_weights, crn_error *err)
{
    if (strcmp(name, "vocabulary.txt") == 0 && crn_object_is_none(*tokens))
        return read_lines(layer, texts, (const char *)bytes, size, tokens, err);
    if (strcmp(name, "idf_weights") == 0 && crn_object_is_none(*idf_weights))
        return read_floats(layer, bytes, size, idf_weights, err);
    return CRN_OK;
}
