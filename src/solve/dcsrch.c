/* SPDX-License-Identifier: BSD-3-Clause */
#include "solve/dcsrch.h"

#include <math.h>

static double sign(double x)
{
    return (double)((x > 0) - (x < 0));
}

static double clip(double x, double low, double high)
{
    x = x < low ? low : x;
    return x > high ? high : x;
}

/* The interpolating cubic through two points has a common root expression; this is its first
 * part and the scale that keeps the squares from overflowing. */
static double cubic_theta(crn_dcsrch_point a, crn_dcsrch_point b, double *scale)
{
    double theta = 3.0 * (a.value - b.value) / (b.step - a.step) + a.slope + b.slope;
    *scale = fmax(fmax(fabs(theta), fabs(a.slope)), fabs(b.slope));
    return theta;
}

static double cubic_discriminant(double theta, double scale, double slope_a, double slope_b)
{
    double t = theta / scale;
    return t * t - (slope_a / scale) * (slope_b / scale);
}

/* The minimiser of the cubic through x and p, as a step from p towards x. */
static double cubic_from(crn_dcsrch_point p, crn_dcsrch_point x)
{
    double scale, theta = cubic_theta(x, p, &scale);
    double gamma = scale * sqrt(cubic_discriminant(theta, scale, x.slope, p.slope));
    if (p.step > x.step)
        gamma = -gamma;
    double r = ((gamma - p.slope) + theta) / (((gamma - p.slope) + gamma) + x.slope);
    return p.step + r * (x.step - p.step);
}

static double secant_from(crn_dcsrch_point p, crn_dcsrch_point x)
{
    return p.step + (p.slope / (p.slope - x.slope)) * (x.step - p.step);
}

/* Case 1: a higher value. The minimum is bracketed; the cubic step if it is closer to x than
 * the quadratic one, else the mean of both. */
static double step_when_higher(crn_dcsrch_point x, crn_dcsrch_point p)
{
    double scale, theta = cubic_theta(x, p, &scale);
    double gamma = scale * sqrt(cubic_discriminant(theta, scale, x.slope, p.slope));
    if (p.step < x.step)
        gamma = -gamma;
    double r = ((gamma - x.slope) + theta) / (((gamma - x.slope) + gamma) + p.slope);
    double length = p.step - x.step;
    double cubic = x.step + r * length;
    double quadratic =
        x.step + ((x.slope / ((x.value - p.value) / length + x.slope)) / 2.0) * length;
    if (fabs(cubic - x.step) <= fabs(quadratic - x.step))
        return cubic;
    return cubic + (quadratic - cubic) / 2.0;
}

/* Case 3: a lower value, the slope keeps its sign and shrinks. The cubic step is only taken
 * when the cubic goes to infinity in the direction of the step, or has its minimum beyond it.
 */
static double step_when_flatter(const crn_dcsrch *search, crn_dcsrch_point x,
                                crn_dcsrch_point y, crn_dcsrch_point p)
{
    double scale, theta = cubic_theta(x, p, &scale);
    double gamma = scale * sqrt(fmax(0.0, cubic_discriminant(theta, scale, x.slope, p.slope)));
    if (p.step > x.step)
        gamma = -gamma;
    double r = ((gamma - p.slope) + theta) / ((gamma + (x.slope - p.slope)) + gamma);
    double cubic;
    if (r < 0 && gamma != 0)
        cubic = p.step + r * (x.step - p.step);
    else
        cubic = p.step > x.step ? search->trial_max : search->trial_min;
    double secant = secant_from(p, x);
    bool cubic_is_closer = fabs(cubic - p.step) < fabs(secant - p.step);
    if (!search->bracketed) {
        bool cubic_is_farther = fabs(cubic - p.step) > fabs(secant - p.step);
        return clip(cubic_is_farther ? cubic : secant, search->trial_min, search->trial_max);
    }
    double step = cubic_is_closer ? cubic : secant;
    double bound = p.step + 0.66 * (y.step - p.step);
    return p.step > x.step ? fmin(bound, step) : fmax(bound, step);
}

/* dcstep: a safeguarded next step from the ends x, y and the trial p; moves the ends. */
static double next_step(crn_dcsrch *search, crn_dcsrch_point *x, crn_dcsrch_point *y,
                        crn_dcsrch_point p)
{
    double step, same_sign = sign(p.slope) * sign(x->slope);
    if (p.value > x->value) {
        step = step_when_higher(*x, p);
        search->bracketed = true;
    } else if (same_sign <
               0) { /* case 2: the slope changes its sign, so the minimum is between */
        double cubic = cubic_from(p, *x), secant = secant_from(p, *x);
        step = fabs(cubic - p.step) > fabs(secant - p.step) ? cubic : secant;
        search->bracketed = true;
    } else if (fabs(p.slope) < fabs(x->slope)) {
        step = step_when_flatter(search, *x, *y, p);
    } else if (search->bracketed) { /* case 4: lower, and the slope does not shrink */
        step = cubic_from(p, *y);
    } else {
        step = p.step > x->step ? search->trial_max : search->trial_min;
    }

    if (p.value > x->value) {
        *y = p;
    } else {
        if (same_sign < 0)
            *y = *x;
        *x = p;
    }
    return step;
}

crn_dcsrch_task crn_dcsrch_start(crn_dcsrch *search, const crn_dcsrch_limits *limits,
                                 double value, double slope, double step)
{
    if (step < limits->step_min || step > limits->step_max || slope >= 0)
        return CRN_DCSRCH_ERROR;
    crn_dcsrch_point origin = {0.0, value, slope};
    *search = (crn_dcsrch){
        .limits = *limits,
        .origin = origin,
        .best = origin,
        .other = origin,
        .slope_test = limits->ftol * slope,
        .trial_min = 0.0,
        .trial_max = step + 4.0 * step,
        .width = limits->step_max - limits->step_min,
        .width_before = 2.0 * (limits->step_max - limits->step_min),
    };
    return CRN_DCSRCH_EVALUATE;
}

static bool interval_is_used_up(const crn_dcsrch *search, double step)
{
    return search->bracketed &&
           (step <= search->trial_min || step >= search->trial_max ||
            search->trial_max - search->trial_min <= search->limits.xtol * search->trial_max);
}

static crn_dcsrch_task test_trial(const crn_dcsrch *search, double value, double slope,
                                  double value_test, double step)
{
    const crn_dcsrch_limits *limits = &search->limits;
    if (value <= value_test && fabs(slope) <= limits->gtol * -search->origin.slope)
        return CRN_DCSRCH_CONVERGED;
    if (interval_is_used_up(search, step))
        return CRN_DCSRCH_WARNING;
    if (step == limits->step_max && value <= value_test && slope <= search->slope_test)
        return CRN_DCSRCH_WARNING;
    if (step == limits->step_min && (value > value_test || slope >= search->slope_test))
        return CRN_DCSRCH_WARNING;
    return CRN_DCSRCH_EVALUATE;
}

/* In the first stage, while the decrease does not suffice, the ends move by the values of
 * psi(step) = f(step) - f(0) - ftol * step * f'(0) in place of f. */
static double step_by_psi(crn_dcsrch *search, crn_dcsrch_point p)
{
    double test = search->slope_test;
    crn_dcsrch_point *ends[2] = {&search->best, &search->other};
    for (int i = 0; i < 2; i++) {
        ends[i]->value -= ends[i]->step * test;
        ends[i]->slope -= test;
    }
    p.value -= p.step * test;
    p.slope -= test;
    double step = next_step(search, &search->best, &search->other, p);
    for (int i = 0; i < 2; i++) {
        ends[i]->value += ends[i]->step * test;
        ends[i]->slope += test;
    }
    return step;
}

crn_dcsrch_task crn_dcsrch_next(crn_dcsrch *search, double value, double slope, double *step)
{
    double value_test = search->origin.value + *step * search->slope_test;
    if (value <= value_test && slope >= 0)
        search->second_stage = true;
    crn_dcsrch_task task = test_trial(search, value, slope, value_test, *step);
    if (task != CRN_DCSRCH_EVALUATE)
        return task;

    crn_dcsrch_point p = {*step, value, slope};
    double next;
    if (!search->second_stage && value <= search->best.value && value > value_test)
        next = step_by_psi(search, p);
    else
        next = next_step(search, &search->best, &search->other, p);

    if (search->bracketed) { /* bisect when two steps have not shrunk the interval by a third */
        double width = fabs(search->other.step - search->best.step);
        if (width >= 0.66 * search->width_before)
            next = search->best.step + 0.5 * (search->other.step - search->best.step);
        search->width_before = search->width;
        search->width = width;
        search->trial_min = fmin(search->best.step, search->other.step);
        search->trial_max = fmax(search->best.step, search->other.step);
    } else {
        search->trial_min = next + 1.1 * (next - search->best.step);
        search->trial_max = next + 4.0 * (next - search->best.step);
    }
    next = clip(next, search->limits.step_min, search->limits.step_max);
    *step = interval_is_used_up(search, next) ? search->best.step : next;
    return CRN_DCSRCH_EVALUATE;
}
