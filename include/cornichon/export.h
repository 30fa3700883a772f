/* SPDX-License-Identifier: BSD-3-Clause */
/** @file export.h
 *  CRN_API marks the functions that the library exports; CRN_MUST_CHECK makes the compiler warn
 * when the status of a call is dropped. */
#ifndef CORNICHON_EXPORT_H
#define CORNICHON_EXPORT_H

#if defined(__GNUC__)
#define CRN_API              __attribute__((visibility("default")))
#define CRN_MUST_CHECK       __attribute__((warn_unused_result))
#define CRN_PRINTF(fmt, arg) __attribute__((format(printf, fmt, arg)))
#else
#define CRN_API
#define CRN_MUST_CHECK
#define CRN_PRINTF(fmt, arg)
#endif

#ifdef __cplusplus
#define CRN_BEGIN_DECLS extern "C" {
#define CRN_END_DECLS   }
#else
#define CRN_BEGIN_DECLS
#define CRN_END_DECLS
#endif

#endif
