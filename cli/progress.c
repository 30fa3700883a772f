/* SPDX-License-Identifier: BSD-3-Clause */
#include "progress.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "report.h"

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    interrupted = 1;
    signal(signal_number, SIG_DFL);
}

void progress_catch_interrupt(void)
{
    struct sigaction action = {.sa_handler = on_interrupt};
    sigaction(SIGINT, &action, NULL);
}

progress progress_create(const options *o)
{
    return (progress){.o = o, .animate = may_animate(o)};
}

static void print_bar(const crn_progress *p)
{
    enum { WIDTH = 20 };
    const int full = p->batches > 0 ? (int)(WIDTH * p->batch / p->batches) : WIDTH;
    fprintf(stderr, "%lld/%lld ", (long long)p->batch, (long long)p->batches);
    for (int i = 0; i < WIDTH; i++)
        fputs(i < full ? "━" : " ", stderr);
}

static void print_values(const crn_progress *p)
{
    const double each = p->batch > 0 ? p->seconds / (double)p->batch : 0.0;
    fprintf(stderr, " %.0fs %.3gms/step", p->seconds, each * 1e3);
    for (int i = 0; i < p->count; i++)
        fprintf(stderr, " - %s: %.4f", p->names[i], p->values[i]);
}

/* At most 20 times a second, and at the end of the epoch. */
static bool is_due(progress *self, const crn_progress *p)
{
    if (p->epoch_end)
        return true;
    if (!self->animate || (p->batch > 1 && p->seconds - self->last_drawn < 0.05))
        return false;
    self->last_drawn = p->seconds;
    return true;
}

bool on_progress(void *context, const crn_progress *p)
{
    progress *self = context;
    if (p->message != NULL && !self->o->quiet) {
        fprintf(stderr, self->line_open ? "\n%s\n" : "%s\n", p->message);
        self->line_open = false;
    } else if (p->batches > 0 && !self->o->quiet && is_due(self, p)) {
        if (!self->line_open)
            fprintf(stderr, "Epoch %d/%d\n", p->epoch, p->epochs);
        fputs(self->animate && self->line_open ? "\r" : "", stderr);
        print_bar(p);
        print_values(p);
        self->line_open = !p->epoch_end;
        if (p->epoch_end) {
            fputs("\n", stderr);
            self->last_drawn = 0.0;
        }
    }
    return !interrupted;
}
