/// Reverse-mode differentiation: a `Variable` is a tensor with a history, `backward()` returns
/// `Gradients`.
///
/// Every operation is a record that holds its forward and its backward side by side. Backward is
/// written on variables, so derivatives of any order come for free.
///
/// ## Ties and kinks
///
/// Where a function has no derivative, its gradient is what PyTorch's is, by its
/// `derivatives.yaml`, where only `cbrt` and `heaviside` are missing. The tests run this table.
///
/// | function | at | gradients |
/// |---|---|---|
/// | `relu(x)` | `x = 0` | `0` |
/// | `relu(x)` | `x = NaN` | `1` |
/// | `abs(x)` | `x = 0` | `0` |
/// | `sign(x)` | `x = 0` | `0` |
/// | `sqrt(x)` | `x = 0` | `∞` |
/// | `rsqrt(x)` | `x = 0` | `−∞` |
/// | `cbrt(x)` | `x = 0` | `∞` |
/// | `reciprocal(x)` | `x = 0` | `−∞` |
/// | `log(x)` | `x = 0` | `∞` |
/// | `pow(x, y)` | `x = 0, y = 0` | `0, 0` |
/// | `pow(x, y)` | `x = 0, y = ½` | `∞, 0` |
/// | `pow(x, y)` | `x = 0, y = 1` | `1, 0` |
/// | `pow(x, y)` | `x = 0, y = 2` | `0, 0` |
/// | `pow(x, y)` | `x = 0, y = −1` | `−∞, −∞` |
/// | `pow(x, y)` | `x = −2, y = 2` | `−4, NaN` |
/// | `pow(x, y)` | `x = −2, y = ½` | `NaN, NaN` |
/// | `asin(x)` | `x = 1` | `∞` |
/// | `acos(x)` | `x = 1` | `−∞` |
/// | `acosh(x)` | `x = 1` | `∞` |
/// | `atanh(x)` | `x = 1` | `∞` |
/// | `logit(x)` | `x = 0` | `∞` |
/// | `logit(x)` | `x = 2` | `NaN` |
/// | `hypot(x, y)` | `x = 0, y = 0` | `NaN, NaN` |
/// | `atan2(x, y)` | `x = 0, y = 0` | `NaN, NaN` |
/// | `atan2(x, y)` | `x = 0, y = −1` | `−1, 0` |
/// | `xlogy(x, y)` | `x = 0, y = 1` | `0, 0` |
/// | `xlogy(x, y)` | `x = 0, y = 0` | `0, NaN` |
/// | `xlogy(x, y)` | `x = 0, y = −1` | `0, 0` |
/// | `logaddexp(x, y)` | `x = 0, y = −∞` | `1, 0` |
/// | `logaddexp(x, y)` | `x = −∞, y = −∞` | `NaN, NaN` |
/// | `maximum(x, y)` | `x = 1, y = 1` | `½, ½` |
/// | `maximum(x, y)` | `x = NaN, y = 1` | `1, 1` |
/// | `minimum(x, y)` | `x = 1, y = 1` | `½, ½` |
/// | `clamp(x, low, high)` | `x = 0, low = 0, high = 1` | `1, 0, 0` |
/// | `clamp(x, low, high)` | `x = 1, low = 0, high = 1` | `1, 0, 0` |
/// | `clamp(x, low, high)` | `x = 2, low = 0, high = 1` | `0, 0, 1` |
/// | `clamp(x, low, high)` | `x = −1, low = 0, high = 0` | `0, 0, 0` |
/// | `clamp(x, low, high)` | `x = ½, low = 1, high = 0` | `0, 0, 1` |
/// | `clamp(x, low, high)` | `x = NaN, low = 0, high = 1` | `0, 0, 0` |
/// | `clampMin(x, low)` | `x = 0, low = 0` | `1, 0` |
/// | `clampMax(x, high)` | `x = 0, high = 0` | `1, 0` |
/// | `floor(x)`, `ceil(x)`, `trunc(x)` | `x = 1` | `0` |
/// | `round(x)` | `x = ½` | `0` |
/// | `frac(x)` | `x = 1` | `1` |
/// | `fmod(x, y)`, `remainder(x, y)` | `x = 6, y = 2` | `1, −3` |
/// | `fmod(x, y)` | `x = −7, y = 2` | `1, 3` |
/// | `remainder(x, y)` | `x = −7, y = 2` | `1, 4` |
/// | `copysign(x, y)` | `x = 0, y = −1` | `0, 0` |
/// | `copysign(x, y)` | `x = 2, y = −0` | `−1, 0` |
/// | `heaviside(x, y)` | `x = 0, y = 5` | `0, 1` |
/// | `lerp(x, end, weight)` | `x = 1, end = 3, weight = 1` | `0, 1, 2` |
/// | `nanToNum(x)` | `x = [NaN, ∞, −∞, 1]` | `[0, 0, 0, 1]` |
/// | `max(x)` | `x = [3, 1, 3]` | `[½, 0, ½]` |
/// | `min(x)` | `x = [3, 1, 1]` | `[0, ½, ½]` |
/// | `norm(x)` | `x = [0, 0]` | `[0, 0]` |
/// | `prod(x)` | `x = [0, 2, 3]` | `[6, 0, 0]` |
///
/// A gradient is what arrives times the slope. Where the slope is 0 by a condition (relu, clamp,
/// maximum, `where`), the product is 0 whatever arrives, be it infinite or NaN. Everywhere else 0·∞
/// is NaN: `where(x > 0, log(x), 0)` has the gradient NaN at `x = 0`, because 0 arrives at the
/// logarithm, whose slope is ∞ there. Choose before, not only after: `where(x > 0, log(where(x > 0,
/// x, 1)), 0)`.
package vectorgrad.autograd;
