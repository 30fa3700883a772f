/* SPDX-License-Identifier: BSD-3-Clause */
/* The families of models, in the order in which a file is shown to them. */
#include "keras/models/network.h"
#include "model/registry.h"
#include "sklearn/estimator.h"

const crn_family *crn_family_at(size_t i)
{
    static const crn_family *const families[] = {&crn_family_sklearn, &crn_family_keras};
    return i < sizeof families / sizeof families[0] ? families[i] : NULL;
}
