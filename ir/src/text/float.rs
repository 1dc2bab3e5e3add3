//! Shortest text of a `Float64` in Julia's form.

/// A finite `Float64` as Julia prints it: shortest digits that read back to the same number.
pub fn float64_text(x: f64) -> String {
    let text = format!("{:e}", x.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if x.is_sign_negative() { "-" } else { "" };
    let len = digits.len() as i32;
    match exponent {
        // Julia switches to scientific notation below 1e-4 and from 1e6 on.
        -4..0 => format!("{sign}0.{}{digits}", "0".repeat((-exponent - 1) as usize)),
        0..=5 if len <= exponent + 1 => {
            format!(
                "{sign}{digits}{}.0",
                "0".repeat((exponent + 1 - len) as usize)
            )
        }
        0..=5 => {
            let (whole, fraction) = digits.split_at(exponent as usize + 1);
            format!("{sign}{whole}.{fraction}")
        }
        _ => {
            let (first, rest) = digits.split_at(1);
            let rest = if rest.is_empty() { "0" } else { rest };
            format!("{sign}{first}.{rest}e{exponent}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::float64_text;

    #[test]
    fn switches_to_scientific_notation_where_julia_does() {
        for (x, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (0.0001, "0.0001"),
            (1.0e-5, "1.0e-5"),
            (123456.0, "123456.0"),
            (999999.5, "999999.5"),
            (1.0e6, "1.0e6"),
            (-1.25e300, "-1.25e300"),
            (5e-324, "5.0e-324"),
        ] {
            assert_eq!(float64_text(x), text);
        }
    }
}
