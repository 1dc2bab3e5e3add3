//! `Float16`, by way of `Float64`, in which every number of it is exact.

/// The value of a `Float16`.
pub(crate) fn to_f64(bits: u16) -> f64 {
    let sign = if bits & 0x8000 != 0 { -1.0 } else { 1.0 };
    let exponent = i32::from(bits >> 10 & 0x1f);
    let fraction = f64::from(bits & 0x3ff);
    match exponent {
        0 => sign * fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => sign * f64::INFINITY,
        31 => {
            // The payload moves to the top of the wider one, and is quiet.
            let payload = u64::from(bits & 0x3ff) << 42 | 1 << 51;
            let sign = u64::from(bits & 0x8000) << 48;
            f64::from_bits(sign | 0x7ff << 52 | payload)
        }
        _ => sign * (1024.0 + fraction) * 2f64.powi(exponent - 25),
    }
}

/// The `Float16` next to a number; of two equally near ones the even one.
pub(crate) fn from_f64(x: f64) -> u16 {
    let sign = if x.is_sign_negative() { 0x8000 } else { 0 };
    if x.is_nan() {
        let payload = (x.to_bits() >> 42) as u16 & 0x3ff;
        return sign | 0x7c00 | 0x200 | payload;
    }
    let size = x.abs();
    // Halfway between the largest number and what would come next.
    if size >= 65520.0 {
        return sign | 0x7c00;
    }
    // The distance of the numbers here: 2^-24 among subnormal ones.
    let exponent = (size.to_bits() >> 52) as i32 - 1023;
    let exponent = exponent.max(-14);
    let units = (size * 2f64.powi(10 - exponent)).round_ties_even() as u32;
    // Units of 1024 and more carry into the exponent as they should.
    let biased = (exponent + 14) as u32;
    sign | (units + (biased << 10)) as u16
}
