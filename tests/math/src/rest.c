/* What is left of a function's exact value when its nearest double is taken away, in units of that double's last place: by the
   platform's long double, whose eleven bits more tell it to a hundredth. NaN where long double is no more than double. */

#include <float.h>
#include <math.h>

static double rest(long double exact, double rounded, double ulp) {
#if LDBL_MANT_DIG >= 64
    return (double)((exact - rounded) / ulp);
#else
    return NAN;
#endif
}

/* All are called alike. */
#define ONE(name) \
    double rest_##name(double x, double y, double rounded, double ulp) { \
        (void)y; \
        return rest(name##l(x), rounded, ulp); \
    }
#define TWO(name) \
    double rest_##name(double x, double y, double rounded, double ulp) { return rest(name##l(x, y), rounded, ulp); }

ONE(exp)
ONE(exp2)
ONE(expm1)
ONE(log)
ONE(log2)
ONE(log10)
ONE(log1p)
ONE(sin)
ONE(cos)
ONE(tan)
ONE(asin)
ONE(acos)
ONE(atan)
ONE(sinh)
ONE(cosh)
ONE(tanh)
ONE(erf)
ONE(erfc)
ONE(cbrt)
TWO(pow)
TWO(atan2)
TWO(hypot)
