"""Kernels for Pythran: NumPy's expressions where it fuses them, loops where they pay. Without `-fopenmp` the `omp` lines are comments."""

import numpy as np


# pythran export sum(float64[])
def sum(x):
    s = 0.0
    # omp parallel for reduction(+:s)
    for i in range(x.shape[0]):
        s += x[i]
    return s


# pythran export sum_small(float64[])
def sum_small(x):
    return np.sum(x)


# pythran export sum_f32(float32[])
def sum_f32(x):
    s = 0.0
    # omp parallel for reduction(+:s)
    for i in range(x.shape[0]):
        s += x[i]
    return s


# pythran export sum_strided(float64[::])
def sum_strided(x):
    s = 0.0
    # omp parallel for reduction(+:s)
    for i in range(x.shape[0]):
        s += x[i]
    return s


# pythran export sum_columns(float64[:, :])
def sum_columns(x):
    return np.sum(x, axis=0)


# pythran export axpy_new(float64, float64[], float64[])
def axpy_new(a, x, y):
    return a * x + y


# pythran export axpy(float64, float64[], float64[], float64[])
def axpy(a, x, y, out):
    # omp parallel for
    for i in range(x.shape[0]):
        out[i] = a * x[i] + y[i]


# pythran export axpy_small_new(float64, float64[], float64[])
def axpy_small_new(a, x, y):
    return a * x + y


# pythran export axpy_small(float64, float64[], float64[], float64[])
def axpy_small(a, x, y, out):
    out[:] = a * x + y


# pythran export gauss(float64[], float64[])
def gauss(x, out):
    # omp parallel for
    for i in range(x.shape[0]):
        out[i] = np.exp(-x[i] * x[i])


# pythran export logsqrt(float64[], float64[])
def logsqrt(x, out):
    # omp parallel for
    for i in range(x.shape[0]):
        out[i] = np.log(x[i]) * np.sqrt(x[i])


# pythran export sin_cos(float64[], float64[])
def sin_cos(x, out):
    # omp parallel for
    for i in range(x.shape[0]):
        out[i] = np.sin(x[i]) * np.cos(x[i])


# pythran export leaky(float64, float64[], float64[])
def leaky(a, x, out):
    # omp parallel for
    for i in range(x.shape[0]):
        out[i] = x[i] if x[i] > 0 else a * x[i]


# pythran export mandelbrot(complex128[:, :], int, int64[:, :])
def mandelbrot(c, steps, out):
    # omp parallel for schedule(dynamic)
    for i in range(c.shape[0]):
        for j in range(c.shape[1]):
            re, im = c[i, j].real, c[i, j].imag
            a, b, k = 0.0, 0.0, 0
            while k < steps and a * a + b * b <= 4.0:
                t = a * a - b * b + re
                b = 2 * a * b + im
                a = t
                k += 1
            out[i, j] = k


# pythran export pairwise_distance(float64[:, :], float64[:, :], float64[:, :])
def pairwise_distance(x, y, out):
    # omp parallel for
    for i in range(x.shape[0]):
        for j in range(y.shape[0]):
            s = 0.0
            for k in range(x.shape[1]):
                s += (x[i, k] - y[j, k]) * (x[i, k] - y[j, k])
            out[i, j] = np.sqrt(s)


# pythran export cumsum(float64[], float64[])
def cumsum(x, out):
    s = 0.0
    for i in range(x.shape[0]):
        s += x[i]
        out[i] = s
