/* SPDX-License-Identifier: BSD-3-Clause */
/* How many processors this process may use. */
#ifndef CRN_BASE_CPUS_H
#define CRN_BASE_CPUS_H

/* The fewest of what the affinity mask and the cgroups allow; at least 1. */
int crn_cpus_available(void);

/* What the cgroups' quotas allow, rounded up; INT_MAX without a quota. cgroup_file:
 * /proc/self/cgroup; root: where the cgroup file systems are mounted, /sys/fs/cgroup. */
int crn_cpus_of_cgroup(const char *cgroup_file, const char *root);

#endif
