package vectorgrad.accel;

/// Java's `StrictMath` in OpenCL C, to the last bit: OpenCL promises every bit of a sum, a product,
/// a quotient and a square root of f64, and fdlibm, which `StrictMath` follows by its
/// specification, is made of nothing else. Only what is needed is here:
///
/// | function | of | for |
/// |---|---|---|
/// | `vg_log` | positive numbers | normal numbers, quantiles |
/// | `vg_sin`, `vg_cos` | `[0, 2π]` | normal numbers |
/// | `vg_exp` | numbers up to 0 | running sums of powers |
/// | `vg_log1p` | `[0, 1]` | running sums of powers |
/// | `vg_quantile` | `[0, 1]` | [vectorgrad.numerics.Gaussian#quantile], of truncated draws |
///
/// Source: Sun Microsystems, *fdlibm 5.3* (`e_log.c`, `k_sin.c`, `k_cos.c`, `e_rem_pio2.c`,
/// `e_exp.c`, `s_log1p.c`), 1993.
final class StrictFunctions {
  private StrictFunctions() {}

  /// The functions.
  static final String SOURCE =
      """
      int vg_high(double x) { return (int) (as_ulong(x) >> 32); }
      double vg_joined(int high, ulong low) {
        return as_double((ulong) (uint) high << 32 | (low & 0xffffffffUL));
      }
      /* x = 2^k (1 + f), log x = k log 2 + log(1 + f), with s = f / (2 + f) in the last one */
      double vg_log(double number) {
        const double ln2_high = as_double(0x3fe62e42fee00000L);
        const double ln2_low = as_double(0x3dea39ef35793c76L);
        const int is_small = number < 0x1p-1022;
        const double x = is_small ? number * 0x1p54 : number;
        int h = vg_high(x);
        int k = (h >> 20) - (is_small ? 1023 + 54 : 1023);
        h &= 0xfffff;
        const int above = (h + 0x95f64) & 0x100000;
        const double f = vg_joined(h | (above ^ 0x3ff00000), as_ulong(x)) - 1.0;
        k += above >> 20;
        const double whole = k;
        if ((0xfffff & (2 + h)) < 3) {
          if (f == 0) return k == 0 ? 0.0 : whole * ln2_high + whole * ln2_low;
          const double r = f * f * (0.5 - as_double(0x3fd5555555555555L) * f);
          return k == 0 ? f - r : whole * ln2_high - ((r - whole * ln2_low) - f);
        }
        const double s = f / (2.0 + f);
        const double z = s * s;
        const double w = z * z;
        const double even =
            w * (as_double(0x3fd999999997fa04L)
                + w * (as_double(0x3fcc71c51d8e78afL) + w * as_double(0x3fc39a09d078c69fL)));
        const double odd =
            z * (as_double(0x3fe5555555555593L)
                + w * (as_double(0x3fd2492494229359L)
                    + w * (as_double(0x3fc7466496cb03deL) + w * as_double(0x3fc2f112df3e5244L))));
        const double r = odd + even;
        if (((h - 0x6147a) | (0x6b851 - h)) > 0) {
          const double half_square = 0.5 * f * f;
          return k == 0
              ? f - (half_square - s * (half_square + r))
              : whole * ln2_high
                  - ((half_square - (s * (half_square + r) + whole * ln2_low)) - f);
        }
        return k == 0
            ? f - s * (f - r)
            : whole * ln2_high - ((s * (f - r) - whole * ln2_low) - f);
      }
      /* of x + y, where y is what x is too short for and |x| at most pi / 4 */
      double vg_near_sin(double x, double y, int is_exact) {
        if ((vg_high(x) & 0x7fffffff) < 0x3e400000) return x;
        const double z = x * x;
        const double v = z * x;
        const double r =
            as_double(0x3f8111111110f8a6L)
                + z * (as_double(0xbf2a01a019c161d5L)
                    + z * (as_double(0x3ec71de357b1fe7dL)
                        + z * (as_double(0xbe5ae5e68a2b9cebL)
                            + z * as_double(0x3de5d93a5acfd57cL))));
        const double third = as_double(0xbfc5555555555549L);
        return is_exact
            ? x + v * (third + z * r)
            : x - ((z * (0.5 * y - v * r) - y) - v * third);
      }
      double vg_near_cos(double x, double y) {
        const int h = vg_high(x) & 0x7fffffff;
        if (h < 0x3e400000) return 1.0;
        const double z = x * x;
        const double r =
            z * (as_double(0x3fa555555555554cL)
                + z * (as_double(0xbf56c16c16c15177L)
                    + z * (as_double(0x3efa01a019cb1590L)
                        + z * (as_double(0xbe927e4f809c52adL)
                            + z * (as_double(0x3e21ee9ebdb4b1c4L)
                                + z * as_double(0xbda8fae9be8838d4L))))));
        if (h < 0x3fd33333) return 1.0 - (0.5 * z - (z * r - x * y));
        const double q = h > 0x3fe90000 ? 0.28125 : vg_joined(h - 0x00200000, 0);
        const double half_square = 0.5 * z - q;
        return (1.0 - q) - (half_square - (z * r - x * y));
      }
      /* x = n pi / 2 + y[0] + y[1], with as many digits of pi as are needed */
      int vg_quadrant(double x, double* y) {
        const int h = vg_high(x);
        const double part1 = as_double(0x3ff921fb54400000L);
        const double rest1 = as_double(0x3dd0b4611a626331L);
        const double part2 = as_double(0x3dd0b4611a600000L);
        const double rest2 = as_double(0x3ba3198a2e037073L);
        const double part3 = as_double(0x3ba3198a2e000000L);
        const double rest3 = as_double(0x397b839a252049c1L);
        if (h <= 0x3fe921fb) {
          y[0] = x;
          y[1] = 0;
          return 0;
        }
        if (h < 0x4002d97c) {
          double z = x - part1;
          double rest = rest1;
          if (h == 0x3ff921fb) {
            z -= part2;
            rest = rest2;
          }
          y[0] = z - rest;
          y[1] = (z - y[0]) - rest;
          return 1;
        }
        const int n = (int) (x * as_double(0x3fe45f306dc9c883L) + 0.5);
        const double whole = n;
        double r = x - whole * part1;
        double w = whole * rest1;
        y[0] = r - w;
        if (((h >> 20) - (vg_high(y[0]) >> 20 & 0x7ff)) > 16) {
          double before = r;
          w = whole * part2;
          r = before - w;
          w = whole * rest2 - ((before - r) - w);
          y[0] = r - w;
          if (((h >> 20) - (vg_high(y[0]) >> 20 & 0x7ff)) > 49) {
            before = r;
            w = whole * part3;
            r = before - w;
            w = whole * rest3 - ((before - r) - w);
            y[0] = r - w;
          }
        }
        y[1] = (r - y[0]) - w;
        return n & 3;
      }
      double vg_sin(double x) {
        double y[2];
        const int n = vg_quadrant(x, y);
        const double v =
            n & 1 ? vg_near_cos(y[0], y[1]) : vg_near_sin(y[0], y[1], vg_high(x) <= 0x3fe921fb);
        return n & 2 ? -v : v;
      }
      double vg_cos(double x) {
        double y[2];
        const int n = vg_quadrant(x, y);
        const double v = n & 1 ? vg_near_sin(y[0], y[1], 0) : vg_near_cos(y[0], y[1]);
        return (n + 1) & 2 ? -v : v;
      }
      /* e^x = 2^k e^(x - k log 2) */
      double vg_exp(double number) {
        const double ln2_high = as_double(0x3fe62e42fee00000L);
        const double ln2_low = as_double(0x3dea39ef35793c76L);
        double x = number;
        const int h = vg_high(x) & 0x7fffffff;
        if (x < as_double(0xc0874910d52d3051L)) return 0.0;
        int k = 0;
        double high = 0;
        double low = 0;
        if (h > 0x3fd62e42) {
          k = h < 0x3ff0a2b2 ? -1 : (int) (as_double(0x3ff71547652b82feL) * x - 0.5);
          high = x - k * ln2_high;
          low = k * ln2_low;
          x = high - low;
        } else if (h < 0x3e300000) {
          return 1.0 + x;
        }
        const double t = x * x;
        const double c =
            x - t * (as_double(0x3fc555555555553eL)
                + t * (as_double(0xbf66c16c16bebd93L)
                    + t * (as_double(0x3f11566aaf25de2cL)
                        + t * (as_double(0xbebbbd41c5d26bf1L)
                            + t * as_double(0x3e66376972bea4d0L)))));
        if (k == 0) return 1.0 - ((x * c) / (c - 2.0) - x);
        const double y = 1.0 - ((low - (x * c) / (2.0 - c)) - high);
        return k >= -1021
            ? as_double(as_long(y) + ((long) k << 52))
            : as_double(as_long(y) + ((long) (k + 1000) << 52)) * 0x1p-1000;
      }
      /* 1 + x = 2^k (1 + f), and c for what 1 + x has lost */
      double vg_log1p(double x) {
        const double ln2_high = as_double(0x3fe62e42fee00000L);
        const double ln2_low = as_double(0x3dea39ef35793c76L);
        const int h = vg_high(x);
        if (h < 0x3e200000) return h < 0x3c900000 ? x : x - x * x * 0.5;
        int k = 0;
        int rest = 1;
        double f = x;
        double c = 0;
        if (h >= 0x3fda827a) {
          double u = 1.0 + x;
          k = (vg_high(u) >> 20) - 1023;
          c = (k > 0 ? 1.0 - (u - x) : x - (u - 1.0)) / u;
          rest = vg_high(u) & 0xfffff;
          if (rest < 0x6a09e) {
            u = vg_joined(rest | 0x3ff00000, as_ulong(u));
          } else {
            k++;
            u = vg_joined(rest | 0x3fe00000, as_ulong(u));
            rest = (0x100000 - rest) >> 2;
          }
          f = u - 1.0;
        }
        const double whole = k;
        const double half_square = 0.5 * f * f;
        if (rest == 0) {
          if (f == 0) return k == 0 ? 0.0 : whole * ln2_high + (c + whole * ln2_low);
          const double r = half_square * (1.0 - as_double(0x3fe5555555555555L) * f);
          return k == 0 ? f - r : whole * ln2_high - ((r - (whole * ln2_low + c)) - f);
        }
        const double s = f / (2.0 + f);
        const double z = s * s;
        const double r =
            z * (as_double(0x3fe5555555555593L)
                + z * (as_double(0x3fd999999997fa04L)
                    + z * (as_double(0x3fd2492494229359L)
                        + z * (as_double(0x3fcc71c51d8e78afL)
                            + z * (as_double(0x3fc7466496cb03deL)
                                + z * (as_double(0x3fc39a09d078c69fL)
                                    + z * as_double(0x3fc2f112df3e5244L)))))));
        return k == 0
            ? f - (half_square - s * (half_square + r))
            : whole * ln2_high
                - ((half_square - (s * (half_square + r) + (whole * ln2_low + c))) - f);
      }
      /* Wichura's PPND16; see vectorgrad.numerics.Gaussian */
      __constant double vg_centre[8] = {
        0x1.39a296f7d925ep+11, 0x1.052d26b2e45e4p+15,
        0x1.06c1c55b78f20p+16, 0x1.66c3e869b752ap+15,
        0x1.ad1d8cd4ee71dp+13, 0x1.ece5d2213c0ccp+10,
        0x1.0a4888b1a436ep+7, 0x1.b18d91e9eef75p+1};
      __constant double vg_centre_divisor[8] = {
        0x1.46a7eca984b69p+12, 0x1.c0e457cb1ae76p+14,
        0x1.3317caa64f4bep+15, 0x1.4b772d5d65266p+14,
        0x1.512322e75c89fp+12, 0x1.5797efdc8b3f7p+9,
        0x1.5281b386e1ab5p+5, 0x1.0000000000000p+0};
      __constant double vg_middle[8] = {
        0x1.9615ac0b7ace9p-11, 0x1.744eb6c45ec67p-6,
        0x1.ef2abb9b85c37p-3, 0x1.453cc085375b2p+0,
        0x1.d2ecb1a3d02c4p+1, 0x1.713f71462256ap+2,
        0x1.2857748cab19bp+2, 0x1.6c665fde9526ap+0};
      __constant double vg_middle_divisor[8] = {
        0x1.20d3f686439e4p-30, 0x1.1f18cbfdf2728p-11,
        0x1.f207a7eab17bfp-7, 0x1.2f5123394f040p-3,
        0x1.61292f23385c9p-1, 0x1.ad278e6526633p+0,
        0x1.06cefbb46a449p+1, 0x1.0000000000000p+0};
      __constant double vg_tail[8] = {
        0x1.afb74d693bf93p-23, 0x1.c6ec6cc59e02ap-16,
        0x1.45c1908425345p-10, 0x1.b2b41193b4ee7p-6,
        0x1.2fad9315255cfp-2, 0x1.c8ea6461fa445p+0,
        0x1.5daea6e875003p+2, 0x1.aa1b1c13ee526p+2};
      __constant double vg_tail_divisor[8] = {
        0x1.269bff1f8c190p-49, 0x1.31446f740b9e0p-23,
        0x1.35c2c496374bfp-16, 0x1.9c8bc979dc5d7p-11,
        0x1.e76f93215462ap-7, 0x1.186eb183443fbp-3,
        0x1.331d34fc7d77fp-1, 0x1.0000000000000p+0};
      double vg_polynomial(__constant const double* coefficients, double x) {
        double sum = 0;
        for (int i = 0; i < 8; i++) sum = sum * x + coefficients[i];
        return sum;
      }
      double vg_quantile(double p) {
        const double q = p - 0.5;
        if (fabs(q) <= 0.425) {
          const double r = 0.180625 - q * q;
          return q * vg_polynomial(vg_centre, r) / vg_polynomial(vg_centre_divisor, r);
        }
        const double outside = q < 0 ? p : 1 - p;
        if (outside == 0) return q < 0 ? -INFINITY : INFINITY;
        const double r = sqrt(-vg_log(outside));
        const double x =
            r <= 5
                ? vg_polynomial(vg_middle, r - 1.6) / vg_polynomial(vg_middle_divisor, r - 1.6)
                : vg_polynomial(vg_tail, r - 5) / vg_polynomial(vg_tail_divisor, r - 5);
        return q < 0 ? -x : x;
      }
      """;
}
