"""Loops for Numba, plain as one would write them; `contenders.py` compiles them, with threads and without."""

import math

import numpy as np
from numba import prange


def sum(x):
    s = 0.0
    for i in prange(x.shape[0]):
        s += x[i]
    return s


sum_f32 = sum_strided = sum_unaligned = sum


def sum_small(x):
    s = 0.0
    for i in range(x.shape[0]):
        s += x[i]
    return s


def sum_columns(x):
    out = np.zeros(x.shape[1])
    blocks = (x.shape[1] + 255) // 256
    for k in prange(blocks):
        part = out[k * 256 : k * 256 + 256]
        for i in range(x.shape[0]):
            row = x[i, k * 256 : k * 256 + 256]
            for j in range(part.shape[0]):
                part[j] += row[j]
    return out


def axpy(a, x, y, out):
    for i in prange(x.shape[0]):
        out[i] = a * x[i] + y[i]


axpy_mixed = axpy_strided = axpy


def axpy_new(a, x, y):
    out = np.empty_like(x)
    for i in prange(x.shape[0]):
        out[i] = a * x[i] + y[i]
    return out


def axpy_small(a, x, y, out):
    for i in range(x.shape[0]):
        out[i] = a * x[i] + y[i]


def axpy_small_new(a, x, y):
    out = np.empty_like(x)
    for i in range(x.shape[0]):
        out[i] = a * x[i] + y[i]
    return out


def gauss(x, out):
    for i in prange(x.shape[0]):
        out[i] = np.exp(-x[i] * x[i])


def logsqrt(x, out):
    for i in prange(x.shape[0]):
        out[i] = np.log(x[i]) * np.sqrt(x[i])


def sin_cos(x, out):
    for i in prange(x.shape[0]):
        out[i] = np.sin(x[i]) * np.cos(x[i])


def leaky(a, x, out):
    for i in prange(x.shape[0]):
        out[i] = x[i] if x[i] > 0 else a * x[i]


def black_scholes(spot, strike, time, out):
    for i in prange(spot.shape[0]):
        deviation = 0.2 * np.sqrt(time[i])
        d = (np.log(spot[i] / strike[i]) + 0.12 * time[i]) / deviation
        below = 0.5 * math.erfc(-d * 0.7071067811865476)
        out[i] = spot[i] * below - strike[i] * np.exp(-0.1 * time[i]) * 0.5 * math.erfc((deviation - d) * 0.7071067811865476)


def mandelbrot(c, steps, out):
    for i in prange(c.shape[0]):
        for j in range(c.shape[1]):
            re, im, a, b, k = c[i, j].real, c[i, j].imag, 0.0, 0.0, 0
            while k < steps and a * a + b * b <= 4.0:
                a, b = a * a - b * b + re, 2 * a * b + im
                k += 1
            out[i, j] = k


def softmax(x, out):
    for i in prange(x.shape[0]):
        m = x[i, 0]
        for j in range(x.shape[1]):
            m = max(m, x[i, j])
        s = 0.0
        for j in range(x.shape[1]):
            out[i, j] = np.exp(x[i, j] - m)
            s += out[i, j]
        scale = 1 / s
        for j in range(x.shape[1]):
            out[i, j] *= scale


def pairwise_distance(x, y, out):
    for i in prange(x.shape[0]):
        for j in range(y.shape[0]):
            s = 0.0
            for k in range(x.shape[1]):
                s += (x[i, k] - y[j, k]) ** 2
            out[i, j] = np.sqrt(s)


def cumsum(x, out):
    s = 0.0
    for i in range(x.shape[0]):
        s += x[i]
        out[i] = s


def moving_mean(x, window, out):
    s = 0.0
    for i in range(window):
        s += x[i]
    out[0] = s / window
    for i in range(window, x.shape[0]):
        s += x[i] - x[i - window]
        out[i - window + 1] = s / window


def matmul4(a, b, out):
    for n in prange(a.shape[0]):
        for i in range(4):
            for j in range(4):
                s = 0.0
                for k in range(4):
                    s += a[n, i, k] * b[n, k, j]
                out[n, i, j] = s
