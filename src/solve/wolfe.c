/* SPDX-License-Identifier: BSD-3-Clause */
#include "solve/wolfe.h"

#include <cblas.h>
#include <math.h>

#include "solve/dcsrch.h"

static const double C1 = 1e-4, C2 = 0.9;

crn_line_point crn_line_evaluate(crn_line *line, double step)
{
    const crn_objective *objective = line->objective;
    for (int64_t i = 0; i < objective->n; i++)
        line->point[i] = line->x[i] + step * line->direction[i];
    double value = objective->value_gradient(objective->context, line->point, line->gradient);
    double slope = cblas_ddot((int)objective->n, line->gradient, 1, line->direction, 1);
    return (crn_line_point){step, value, slope};
}

/* The step at which a parabola would repeat the last decrease, at most 1. */
static double first_step(const crn_line *line)
{
    if (isnan(line->old_value) || line->slope == 0)
        return 1.0;
    double step = 1.01 * 2 * (line->value - line->old_value) / line->slope;
    step = step < 1.0 ? step : 1.0;
    return step < 0 ? 1.0 : step;
}

bool crn_line_search_wolfe1(crn_line *line, crn_line_point *found)
{
    enum { MOST_TRIALS = 100 };
    const crn_dcsrch_limits limits = {
        .ftol = C1, .gtol = C2, .xtol = 1e-14, .step_min = 1e-8, .step_max = 50};
    double step = first_step(line);
    crn_dcsrch search;
    crn_dcsrch_task task = crn_dcsrch_start(&search, &limits, line->value, line->slope, step);
    for (int trial = 1; task == CRN_DCSRCH_EVALUATE; trial++) {
        if (trial == MOST_TRIALS || !isfinite(step))
            return false;
        *found = crn_line_evaluate(line, step);
        task = crn_dcsrch_next(&search, found->value, found->slope, &step);
    }
    return task == CRN_DCSRCH_CONVERGED;
}

/* ---- wolfe2 ---- */

static bool decreases_enough(const crn_line *line, crn_line_point p)
{
    return !(p.value > line->value + C1 * p.step * line->slope);
}

static bool is_flat_enough(const crn_line *line, crn_line_point p)
{
    return fabs(p.slope) <= -C2 * line->slope;
}

/* The minimiser of the cubic through a (with its slope), b and c; not finite: there is none. */
static double cubic_minimum(crn_line_point a, crn_line_point b, crn_line_point c)
{
    double db = b.step - a.step, dc = c.step - a.step;
    double scale = (db * dc) * (db * dc) * (db - dc);
    double rb = b.value - a.value - a.slope * db, rc = c.value - a.value - a.slope * dc;
    double cube = (dc * dc * rb - db * db * rc) / scale;
    double square = (-dc * dc * dc * rb + db * db * db * rc) / scale;
    double root = square * square - 3 * cube * a.slope;
    return a.step + (-square + sqrt(root)) / (3 * cube);
}

/* The same of the parabola through a (with its slope) and b. */
static double quadratic_minimum(crn_line_point a, crn_line_point b)
{
    double db = b.step - a.step;
    double square = (b.value - a.value - a.slope * db) / (db * db);
    return a.step - a.slope / (2.0 * square);
}

static bool is_inside(double step, double low, double high, double margin)
{
    return isfinite(step) && !(step > high - margin) && !(step < low + margin);
}

/* A step between low and high, not too close to the ends: cubic, else quadratic, else the
 * middle. */
static double interpolate(crn_line_point low, crn_line_point high, crn_line_point recent,
                          bool has_recent)
{
    double width = high.step - low.step;
    double a = fmin(low.step, high.step), b = fmax(low.step, high.step);
    if (has_recent) {
        double step = cubic_minimum(low, high, recent);
        if (is_inside(step, a, b, 0.2 * width))
            return step;
    }
    double step = quadratic_minimum(low, high);
    return is_inside(step, a, b, 0.1 * width) ? step : low.step + 0.5 * width;
}

/* Algorithm 3.6: low is the better end of an interval that holds steps of the wanted kind. */
static bool zoom(crn_line *line, crn_line_point low, crn_line_point high, crn_line_point *found)
{
    enum { MOST_ROUNDS = 11 };
    crn_line_point recent = {0.0, line->value, 0.0};
    for (int i = 0; i < MOST_ROUNDS; i++) {
        crn_line_point p = crn_line_evaluate(line, interpolate(low, high, recent, i > 0));
        if (!decreases_enough(line, p) || p.value >= low.value) {
            recent = high;
            high = p;
            continue;
        }
        if (is_flat_enough(line, p)) {
            *found = p;
            return true;
        }
        if (p.slope * (high.step - low.step) >= 0) {
            recent = high;
            high = low;
        } else {
            recent = low;
        }
        low = p;
    }
    return false;
}

bool crn_line_search_wolfe2(crn_line *line, crn_line_point *found)
{
    enum { MOST_ROUNDS = 10 };
    crn_line_point last = {0.0, line->value, line->slope};
    crn_line_point p = crn_line_evaluate(line, first_step(line));
    for (int i = 0; i < MOST_ROUNDS; i++) {
        if (p.step == 0)
            return false;
        if (!decreases_enough(line, p) || (i > 0 && p.value >= last.value))
            return zoom(line, last, p, found);
        if (is_flat_enough(line, p))
            break;
        if (p.slope >= 0)
            return zoom(line, p, last, found);
        last = p;
        p = crn_line_evaluate(line, 2 * p.step);
    }
    *found = p; /* when the rounds are used up, SciPy takes the last step too */
    return true;
}
