/* SPDX-License-Identifier: BSD-3-Clause */
/* Networks are not trained yet. */
#include "keras/models/network.h"

crn_status crn_network_fit(crn_model *model, const crn_data *data,
                           const crn_fit_options *options, crn_history *history, crn_error *err)
{
    (void)model;
    (void)data;
    (void)options;
    (void)history;
    return crn_fail(err, CRN_UNSUPPORTED, "networks are not trained");
}
