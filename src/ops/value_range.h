/* SPDX-License-Identifier: BSD-3-Clause */
/* The range that pixels are in, and the way to 0 .. 255 and back, in the order of
 * BaseImagePreprocessingLayer._transform_value_range (Keras 3.15). */
#ifndef CRN_OPS_VALUE_RANGE_H
#define CRN_OPS_VALUE_RANGE_H

#include <stdbool.h>

typedef struct crn_value_range {
    float low, high;
} crn_value_range;

static inline bool crn_value_range_is_byte(crn_value_range range)
{
    return range.low == 0.0f && range.high == 255.0f;
}

static inline float crn_value_range_move(float x, crn_value_range from, crn_value_range to)
{
    return (x - from.low) / (from.high - from.low) * (to.high - to.low) + to.low;
}

static inline float crn_to_bytes(float x, crn_value_range range)
{
    const crn_value_range bytes = {0.0f, 255.0f};
    return crn_value_range_is_byte(range) ? x : crn_value_range_move(x, range, bytes);
}

static inline float crn_from_bytes(float x, crn_value_range range)
{
    const crn_value_range bytes = {0.0f, 255.0f};
    return crn_value_range_is_byte(range) ? x : crn_value_range_move(x, bytes, range);
}

#endif
