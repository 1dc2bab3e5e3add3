//! Text of numbers for code in the compiler's process: what `jir/text.jir`, `jir/floats.jir` and
//! `jir/print.jir` do for outputs, to the byte.

use std::fmt::Write;

/// Text in the making; long enough for any number.
struct Text {
    bytes: [u8; CAPACITY],
    len: usize,
}

const CAPACITY: usize = 64;

impl Write for Text {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.len + text.len();
        let place = self.bytes.get_mut(self.len..end).ok_or(std::fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

impl Text {
    /// What `write` makes; no number has more bytes than there is room for.
    fn of(write: impl FnOnce(&mut Text) -> std::fmt::Result) -> Text {
        let mut text = Text {
            bytes: [0; CAPACITY],
            len: 0,
        };
        let _ = write(&mut text);
        text
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&[])
    }

    /// Shortest digits in scientific form, of which the last one was rounded up from exactly half:
    /// the even digit below is as near, and the one that is printed if it says the same number, which
    /// it does not below a power of two. `exact` is the number with so many decimals.
    fn settle_tie(
        &mut self,
        exact: impl FnOnce(usize) -> String,
        is_same: impl FnOnce(&str) -> bool,
    ) {
        let Some(end) = self.bytes().iter().position(|&b| b == b'e') else {
            return;
        };
        let decimals = match self.bytes().iter().position(|&b| b == b'.') {
            Some(point) => end - point - 1,
            None => return,
        };
        // With fewer digits the neighbours of a Float32 already are other numbers.
        let odd = self.bytes[end - 1] % 2 == 1;
        if decimals < 7 || !odd {
            return;
        }
        let longer = exact(decimals + 60);
        let longer = longer.as_bytes();
        let below = self.bytes[end - 1] - 1;
        let tie = longer.get(..end - 1) == self.bytes.get(..end - 1)
            && longer.get(end - 1) == Some(&below)
            && longer.get(end) == Some(&b'5')
            && (longer.iter().skip(end + 1))
                .take_while(|b| b.is_ascii_digit())
                .all(|&b| b == b'0');
        if tie {
            let above = std::mem::replace(&mut self.bytes[end - 1], below);
            if !is_same(as_str(self)) {
                self.bytes[end - 1] = above;
            }
        }
    }

    /// Writes the text at offset `pos` of a buffer as far as it lies below `cap`; gives the offset
    /// behind all of it.
    fn append(&self, buf: *mut u8, pos: i64, cap: i64) -> i64 {
        let bytes = self.bytes();
        let room = usize::try_from(cap.saturating_sub(pos)).unwrap_or(0);
        let count = room.min(bytes.len());
        if let Ok(at) = usize::try_from(pos) {
            // SAFETY: the caller's buffer has `cap` bytes, and `at + count` is at most `cap`
            // unless `count` is 0.
            unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), buf.wrapping_add(at), count) };
        }
        pos + bytes.len() as i64
    }
}

/// A float from its shortest digits in scientific form (`-1.25e-7`), as Julia prints it: with a
/// point from 0.0001 to below 10^6, else with an exponent behind `marker`.
fn float(text: &mut Text, scientific: &str, marker: char) -> std::fmt::Result {
    let (sign, scientific) = match scientific.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", scientific),
    };
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (first, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    text.write_str(sign)?;
    if !(-4..6).contains(&exponent) {
        let fraction = if fraction.is_empty() { "0" } else { fraction };
        return write!(text, "{first}.{fraction}{marker}{exponent}");
    }
    match usize::try_from(exponent) {
        Ok(whole) => {
            text.write_str(first)?;
            let inside = fraction.get(..whole).unwrap_or(fraction);
            text.write_str(inside)?;
            for _ in inside.len()..whole {
                text.write_char('0')?;
            }
            let rest = fraction.get(whole..).unwrap_or("");
            write!(text, ".{}", if rest.is_empty() { "0" } else { rest })?;
        }
        Err(_) => {
            text.write_str("0.")?;
            for _ in exponent..-1 {
                text.write_char('0')?;
            }
            text.write_str(first)?;
            text.write_str(fraction)?;
        }
    }
    // A Float32 is known by its marker.
    text.write_str(if marker == 'f' { "f0" } else { "" })
}

fn float64(text: &mut Text, x: f64) -> std::fmt::Result {
    match x {
        _ if x.is_nan() => text.write_str("NaN"),
        _ if x.is_infinite() => text.write_str(if x > 0.0 { "Inf" } else { "-Inf" }),
        _ => {
            let mut digits = Text::of(|t| write!(t, "{x:e}"));
            digits.settle_tie(|n| format!("{x:.n$e}"), |t| t.parse() == Ok(x));
            float(text, as_str(&digits), 'e')
        }
    }
}

fn float32(text: &mut Text, x: f32, marker: char) -> std::fmt::Result {
    match x {
        _ if x.is_nan() => text.write_str("NaN"),
        _ if x.is_infinite() => text.write_str(if x > 0.0 { "Inf" } else { "-Inf" }),
        _ => {
            let mut digits = Text::of(|t| write!(t, "{x:e}"));
            digits.settle_tie(|n| format!("{x:.n$e}"), |t| t.parse() == Ok(x));
            float(text, as_str(&digits), marker)
        }
    }
}

fn as_str(text: &Text) -> &str {
    // All of it was written as strings.
    std::str::from_utf8(text.bytes()).unwrap_or("")
}

pub(crate) extern "C" fn append_int64(buf: *mut u8, pos: i64, cap: i64, x: i64) -> i64 {
    Text::of(|t| write!(t, "{x}")).append(buf, pos, cap)
}

pub(crate) extern "C" fn append_uint64(buf: *mut u8, pos: i64, cap: i64, x: u64) -> i64 {
    Text::of(|t| write!(t, "{x}")).append(buf, pos, cap)
}

/// The lowest `digits` hexadecimal digits, 16 at most.
pub(crate) extern "C" fn append_hex(buf: *mut u8, pos: i64, cap: i64, x: u64, digits: i64) -> i64 {
    let digits = usize::try_from(digits).unwrap_or(0).min(16);
    let text = Text::of(|t| write!(t, "{x:016x}"));
    let shown = text.bytes().get(16 - digits..).unwrap_or(&[]);
    Text::of(|t| t.write_str(std::str::from_utf8(shown).unwrap_or(""))).append(buf, pos, cap)
}

pub(crate) extern "C" fn append_float64(buf: *mut u8, pos: i64, cap: i64, x: f64) -> i64 {
    Text::of(|t| float64(t, x)).append(buf, pos, cap)
}

pub(crate) extern "C" fn append_float32(buf: *mut u8, pos: i64, cap: i64, x: f32) -> i64 {
    Text::of(|t| float32(t, x, 'e')).append(buf, pos, cap)
}

/// As in a program: `1.0f0`, `Inf32`.
pub(crate) extern "C" fn show_float32(buf: *mut u8, pos: i64, cap: i64, x: f32) -> i64 {
    let suffix = if x.is_finite() { "" } else { "32" };
    Text::of(|t| {
        float32(t, x, 'f')?;
        t.write_str(suffix)
    })
    .append(buf, pos, cap)
}

unsafe extern "C" {
    #[link_name = "write"]
    fn system_write(fd: i32, bytes: *const u8, count: usize) -> isize;
}

/// All bytes to stdout; gives up silently on an error.
fn write_out(mut bytes: &[u8]) {
    while !bytes.is_empty() {
        // SAFETY: the bytes are there.
        let written = unsafe { system_write(1, bytes.as_ptr(), bytes.len()) };
        match usize::try_from(written) {
            Ok(count) if count > 0 => bytes = bytes.get(count..).unwrap_or(&[]),
            _ => return,
        }
    }
}

fn print(mut text: Text, newline: u64) -> i64 {
    if newline != 0 {
        let _ = text.write_char('\n');
    }
    write_out(text.bytes());
    0
}

pub(crate) extern "C" fn print_int64(x: i64, newline: u64) -> i64 {
    print(Text::of(|t| write!(t, "{x}")), newline)
}

pub(crate) extern "C" fn print_float64(x: f64, newline: u64) -> i64 {
    print(Text::of(|t| float64(t, x)), newline)
}

/// Bytes as they are, in one write with the newline.
pub(crate) extern "C" fn print_bytes(p: *const u8, n: i64, newline: u64) -> i64 {
    let count = usize::try_from(n).unwrap_or(0);
    // SAFETY: generated code hands over the bytes of a string.
    let bytes = match count {
        0 => &[][..],
        _ => unsafe { std::slice::from_raw_parts(p, count) },
    };
    if newline == 0 {
        write_out(bytes);
    } else {
        let mut line = Vec::with_capacity(count + 1);
        line.extend_from_slice(bytes);
        line.push(b'\n');
        write_out(&line);
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(append: impl Fn(*mut u8, i64, i64) -> i64) -> String {
        let mut buf = [0u8; 80];
        let end = append(buf.as_mut_ptr(), 3, 80);
        String::from_utf8_lossy(&buf[3..end as usize]).into_owned()
    }

    #[test]
    fn floats_have_a_point_in_the_middle_and_an_exponent_outside() {
        for (x, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (-2.5, "-2.5"),
            (0.1, "0.1"),
            (0.0001, "0.0001"),
            (0.00001, "1.0e-5"),
            (0.00012345, "0.00012345"),
            (100000.0, "100000.0"),
            (123456.789, "123456.789"),
            (1000000.0, "1.0e6"),
            (1234567.0, "1.234567e6"),
            (5e-324, "5.0e-324"),
            (f64::MAX, "1.7976931348623157e308"),
            (2.9289682539682538, "2.9289682539682538"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(shown(|b, p, c| append_float64(b, p, c, x)), text);
        }
        for (x, printed, written) in [
            (1.0f32, "1.0", "1.0f0"),
            (1e-10, "1.0e-10", "1.0f-10"),
            (16777216.0, "1.6777216e7", "1.6777216f7"),
            (f32::INFINITY, "Inf", "Inf32"),
            (f32::NAN, "NaN", "NaN32"),
        ] {
            assert_eq!(shown(|b, p, c| append_float32(b, p, c, x)), printed);
            assert_eq!(shown(|b, p, c| show_float32(b, p, c, x)), written);
        }
    }

    #[test]
    fn integers_have_all_digits() {
        assert_eq!(
            shown(|b, p, c| append_int64(b, p, c, i64::MIN)),
            "-9223372036854775808"
        );
        assert_eq!(
            shown(|b, p, c| append_uint64(b, p, c, u64::MAX)),
            "18446744073709551615"
        );
        assert_eq!(shown(|b, p, c| append_hex(b, p, c, 0x1f, 2)), "1f");
        assert_eq!(
            shown(|b, p, c| append_hex(b, p, c, 0x123, 16)),
            "0000000000000123"
        );
    }

    #[test]
    fn what_does_not_fit_is_counted_but_not_written() {
        let mut buf = [b'.'; 8];
        assert_eq!(append_int64(buf.as_mut_ptr(), 2, 5, 1234567), 9);
        assert_eq!(&buf, b"..123...");
        assert_eq!(append_int64(buf.as_mut_ptr(), 9, 5, 12), 11);
        assert_eq!(&buf, b"..123...");
    }
}
