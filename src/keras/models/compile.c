/* SPDX-License-Identifier: BSD-3-Clause */
/* compile(): which optimizer, loss and metrics a network trains with. */
#include <stdlib.h>

#include "keras/models/network.h"

void crn_compilation_free(crn_compilation *compilation)
{
    crn_optimizer_destroy(compilation->optimizer);
    for (size_t i = 0; i < compilation->metric_count; i++)
        crn_metric_destroy(compilation->metrics[i]);
    free(compilation->metrics);
    *compilation = (crn_compilation){0};
}
