/* SPDX-License-Identifier: BSD-3-Clause */
/** @file cornichon.h
 *  cornichon: scikit-learn and Keras models in C. This header brings in all others; it is also
 * the tour.
 *
 *  | you want to                                    | look in     |
 *  |------------------------------------------------|-------------|
 *  | know what a call answers and why               | status.h    |
 *  | bound what a stranger's file may ask for       | limits.h    |
 *  | hand numbers over and take them back           | array.h     |
 *  | read a CSV, NPY or NPZ, or a built-in data set | table.h     |
 *  | make, load, save and ask a model               | model.h     |
 *  | fit it, evaluate it                            | fit.h       |
 *  | put a PCA before a network                     | chain.h     |
 *  | predict many times, fast                       | predictor.h |
 *  | see what is inside                             | inspect.h   |
 *  | use several threads                            | threads.h   |
 *  | know which cornichon this is                   | version.h   |
 *
 *  Conventions: functions are crn_<noun>_<verb>(subject, inputs, options, outputs, err).
 * Handles are opaque and have a _destroy; plain structs live on the stack and start from their
 * _INIT. What a call returns through a pointer to a handle or an array belongs to the caller; a
 * `const` pointer that it returns belongs to its subject. On failure no output is changed. */
#ifndef CORNICHON_H
#define CORNICHON_H

#include "cornichon/array.h"
#include "cornichon/chain.h"
#include "cornichon/fit.h"
#include "cornichon/inspect.h"
#include "cornichon/limits.h"
#include "cornichon/model.h"
#include "cornichon/predictor.h"
#include "cornichon/status.h"
#include "cornichon/table.h"
#include "cornichon/threads.h"
#include "cornichon/version.h"

#endif
