/* SPDX-License-Identifier: BSD-3-Clause */
/* The affinity mask (sched_getaffinity) and the bandwidth quotas of cgroups, version 2
 * ("cpu.max") and version 1 ("cpu.cfs_quota_us" over "cpu.cfs_period_us"), as the kernel's
 * documents on cgroup-v2 and sched-bwc describe them. A container is given two processors of
 * sixty-four by a quota: a thread for each of sixty-four would only be throttled. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "base/cpus.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum { LONGEST_FILE = 8192, LONGEST_PATH = 4096 };

/* Reads a small file of the kernel as text; false when there is none. */
static bool read_small(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t got = read(fd, text, size - 1);
    close(fd);
    if (got < 0)
        return false;
    text[got] = '\0';
    return true;
}

/* The number at the start of a text; false for "max". */
static bool read_number(const char *text, int64_t *value)
{
    return crn_parse_int(text, strcspn(text, " \n"), value);
}

static int whole_cpus(int64_t quota, int64_t period)
{
    if (quota <= 0 || period <= 0) /* -1: no quota */
        return INT_MAX;
    int64_t cpus = quota / period + (quota % period > 0);
    return cpus < INT_MAX ? (int)cpus : INT_MAX;
}

static int quota_v2(const char *folder)
{
    char path[LONGEST_PATH], text[128];
    int64_t quota, period;
    if ((size_t)snprintf(path, sizeof path, "%s/cpu.max", folder) >= sizeof path ||
        !read_small(path, text, sizeof text))
        return INT_MAX;
    const char *second = strchr(text, ' ');
    if (second == NULL || !read_number(text, &quota) || !read_number(second + 1, &period))
        return INT_MAX;
    return whole_cpus(quota, period);
}

static int quota_v1(const char *folder)
{
    static const char *const names[] = {"cpu.cfs_quota_us", "cpu.cfs_period_us"};
    int64_t values[2];
    for (int i = 0; i < 2; i++) {
        char path[LONGEST_PATH], text[128];
        if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, names[i]) >= sizeof path ||
            !read_small(path, text, sizeof text) || !read_number(text, &values[i]))
            return INT_MAX;
    }
    return whole_cpus(values[0], values[1]);
}

/* The least quota of a group and of all above it. Inside a container the group's own path often
 * does not exist under the mount; the folders that do exist still count. */
static int least_quota(const char *mount, const char *group,
                       int (*quota_of)(const char *folder))
{
    char folder[LONGEST_PATH];
    size_t base = strlen(mount);
    if ((size_t)snprintf(folder, sizeof folder, "%s%s", mount, group) >= sizeof folder)
        return INT_MAX;
    int least = INT_MAX;
    for (;;) {
        int quota = quota_of(folder);
        least = quota < least ? quota : least;
        char *slash = strrchr(folder, '/');
        if (slash == NULL || (size_t)(slash - folder) < base)
            return least;
        *slash = '\0';
    }
}

/* True when a comma-separated list has the word "cpu". */
static bool lists_cpu(const char *list)
{
    while (*list != '\0') {
        size_t size = strcspn(list, ",");
        if (size == 3 && memcmp(list, "cpu", 3) == 0)
            return true;
        list += size + (list[size] == ',');
    }
    return false;
}

/* One line: "0::/group" (version 2) or "4:cpu,cpuacct:/group" (version 1). */
static int quota_of_line(char *line, const char *root)
{
    char *controllers = strchr(line, ':');
    char *group = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
    if (group == NULL)
        return INT_MAX;
    controllers++;
    *group++ = '\0';
    if (*controllers == '\0')
        return least_quota(root, group, quota_v2);
    if (!lists_cpu(controllers))
        return INT_MAX;
    char mount[LONGEST_PATH];
    if ((size_t)snprintf(mount, sizeof mount, "%s/cpu", root) >= sizeof mount)
        return INT_MAX;
    return least_quota(mount, group, quota_v1);
}

int crn_cpus_of_cgroup(const char *cgroup_file, const char *root)
{
    char text[LONGEST_FILE];
    if (!read_small(cgroup_file, text, sizeof text))
        return INT_MAX;
    int least = INT_MAX;
    char *line = text;
    while (*line != '\0') {
        size_t size = strcspn(line, "\n");
        bool last = line[size] == '\0';
        line[size] = '\0';
        int quota = quota_of_line(line, root);
        least = quota < least ? quota : least;
        line += size + !last;
    }
    return least;
}

static int affinity(void)
{
    cpu_set_t masks[8]; /* 8192 processors: the kernel refuses a mask smaller than its own */
    memset(masks, 0, sizeof masks);
    if (sched_getaffinity(0, sizeof masks, masks) == 0)
        return CPU_COUNT_S(sizeof masks, masks);
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 && online < INT_MAX ? (int)online : 1;
}

int crn_cpus_available(void)
{
    int cpus = affinity();
    int quota = crn_cpus_of_cgroup("/proc/self/cgroup", "/sys/fs/cgroup");
    int least = cpus < quota ? cpus : quota;
    return least > 0 ? least : 1;
}
