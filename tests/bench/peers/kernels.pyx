# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Loops by hand, without bounds checks, the GIL released. Without `-fopenmp` each `prange` is a plain loop."""

from cython.parallel cimport prange
from libc.math cimport erfc, exp, log, sqrt
from libc.math cimport cos as cosine, sin as sine

import numpy as np


def sum(double[::1] x):
    cdef Py_ssize_t i
    cdef double s = 0
    for i in prange(x.shape[0], nogil=True, schedule="static", use_threads_if=x.shape[0] > 20000):
        s += x[i]
    return s


def sum_small(double[::1] x):
    cdef Py_ssize_t i
    cdef double s = 0
    for i in range(x.shape[0]):
        s += x[i]
    return s


def sum_f32(float[::1] x):
    cdef Py_ssize_t i
    cdef double s = 0
    for i in prange(x.shape[0], nogil=True, schedule="static", use_threads_if=x.shape[0] > 20000):
        s += x[i]
    return s


def sum_strided(double[:] x):
    cdef Py_ssize_t i
    cdef double s = 0
    for i in prange(x.shape[0], nogil=True, schedule="static", use_threads_if=x.shape[0] > 20000):
        s += x[i]
    return s


def sum_columns(double[:, ::1] x):
    cdef Py_ssize_t i, j, k, width = 256
    cdef double[::1] out = np.zeros(x.shape[1])
    for k in prange((x.shape[1] + width - 1) // width, nogil=True, schedule="static"):
        for i in range(x.shape[0]):
            for j in range(k * width, min((k + 1) * width, x.shape[1])):
                out[j] += x[i, j]
    return np.asarray(out)


def axpy(double a, double[::1] x, double[::1] y, double[::1] out):
    cdef Py_ssize_t i
    for i in prange(x.shape[0], nogil=True, schedule="static", use_threads_if=x.shape[0] > 20000):
        out[i] = a * x[i] + y[i]


def axpy_new(double a, double[::1] x, double[::1] y):
    out = np.empty(x.shape[0])
    axpy(a, x, y, out)
    return out


def axpy_small(double a, double[::1] x, double[::1] y, double[::1] out):
    cdef Py_ssize_t i
    for i in range(x.shape[0]):
        out[i] = a * x[i] + y[i]


def axpy_small_new(double a, double[::1] x, double[::1] y):
    out = np.empty(x.shape[0])
    cdef double[::1] o = out
    cdef Py_ssize_t i
    for i in range(x.shape[0]):
        o[i] = a * x[i] + y[i]
    return out


def gauss(double[::1] x, double[::1] out):
    cdef Py_ssize_t i
    for i in prange(x.shape[0], nogil=True, schedule="static", use_threads_if=x.shape[0] > 20000):
        out[i] = exp(-x[i] * x[i])


def logsqrt(double[::1] x, double[::1] out):
    cdef Py_ssize_t i
    for i in prange(x.shape[0], nogil=True, schedule="static", use_threads_if=x.shape[0] > 20000):
        out[i] = log(x[i]) * sqrt(x[i])


def sin_cos(double[::1] x, double[::1] out):
    cdef Py_ssize_t i
    for i in prange(x.shape[0], nogil=True, schedule="static", use_threads_if=x.shape[0] > 20000):
        out[i] = sine(x[i]) * cosine(x[i])


def leaky(double a, double[::1] x, double[::1] out):
    cdef Py_ssize_t i
    for i in prange(x.shape[0], nogil=True, schedule="static", use_threads_if=x.shape[0] > 20000):
        out[i] = x[i] if x[i] > 0 else a * x[i]


def black_scholes(double[::1] spot, double[::1] strike, double[::1] time, double[::1] out):
    cdef Py_ssize_t i
    cdef double deviation, d
    for i in prange(spot.shape[0], nogil=True, schedule="static", use_threads_if=spot.shape[0] > 2000):
        deviation = 0.2 * sqrt(time[i])
        d = (log(spot[i] / strike[i]) + 0.12 * time[i]) / deviation
        out[i] = (spot[i] * 0.5 * erfc(-d * 0.7071067811865476)
                  - strike[i] * exp(-0.1 * time[i]) * 0.5 * erfc((deviation - d) * 0.7071067811865476))


cdef inline long long escape(double re, double im, Py_ssize_t steps) noexcept nogil:
    cdef double a = 0, b = 0, t
    cdef Py_ssize_t k
    for k in range(steps):
        if a * a + b * b > 4:
            return k
        t = a * a - b * b + re
        b = 2 * a * b + im
        a = t
    return steps


def mandelbrot(double complex[:, ::1] c, Py_ssize_t steps, long long[:, ::1] out):
    cdef Py_ssize_t i, j
    for i in prange(c.shape[0], nogil=True, schedule="dynamic"):
        for j in range(c.shape[1]):
            out[i, j] = escape(c[i, j].real, c[i, j].imag, steps)


cdef inline void softmax_row(double* x, double* out, Py_ssize_t n) noexcept nogil:
    cdef Py_ssize_t j
    cdef double m = x[0], s = 0
    for j in range(n):
        m = x[j] if x[j] > m else m
    for j in range(n):
        out[j] = exp(x[j] - m)
        s += out[j]
    s = 1 / s
    for j in range(n):
        out[j] *= s


def softmax(double[:, ::1] x, double[:, ::1] out):
    cdef Py_ssize_t i
    for i in prange(x.shape[0], nogil=True, schedule="static"):
        softmax_row(&x[i, 0], &out[i, 0], x.shape[1])


def pairwise_distance(double[:, ::1] x, double[:, ::1] y, double[:, ::1] out):
    cdef Py_ssize_t i, j, k
    cdef double s
    for i in prange(x.shape[0], nogil=True, schedule="static"):
        for j in range(y.shape[0]):
            s = 0
            for k in range(x.shape[1]):
                s = s + (x[i, k] - y[j, k]) * (x[i, k] - y[j, k])
            out[i, j] = sqrt(s)


def cumsum(double[::1] x, double[::1] out):
    cdef Py_ssize_t i
    cdef double s = 0
    with nogil:
        for i in range(x.shape[0]):
            s += x[i]
            out[i] = s


def moving_mean(double[::1] x, Py_ssize_t window, double[::1] out):
    cdef Py_ssize_t i
    cdef double s = 0, scale = 1.0 / window
    with nogil:
        for i in range(window):
            s += x[i]
        out[0] = s * scale
        for i in range(window, x.shape[0]):
            s += x[i] - x[i - window]
            out[i - window + 1] = s * scale


def matmul4(double[:, :, ::1] a, double[:, :, ::1] b, double[:, :, ::1] out):
    cdef Py_ssize_t n, i, j, k
    cdef double s
    for n in prange(a.shape[0], nogil=True, schedule="static"):
        for i in range(4):
            for j in range(4):
                s = 0
                for k in range(4):
                    s = s + a[n, i, k] * b[n, k, j]
                out[n, i, j] = s


def triad(double a, double[::1] x, double[::1] y, double[::1] out):
    """The yardstick of the memory's bandwidth: no peer."""
    axpy(a, x, y, out)
