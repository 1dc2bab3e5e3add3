//! From an input on which two ways differ to a smaller one on which they still do: shorter arrays,
//! numbers with fewer bits, until nothing smaller differs.

use crate::diagnostic::Failure;
use crate::differential::{Argument, Batch, Call, Difference, Input, Settings, Way};
use jlift_abi::layout::layout;
use jlift_ir::{Module, Tables};

/// Rounds, each of which compiles the function once.
const MAX_ROUNDS: usize = 24;
/// Inputs that are tried in one round.
const MAX_CANDIDATES: usize = 400;

/// An input, and how two ways differ on it.
pub(super) struct Smallest {
    pub call: Call,
    pub difference: Difference,
}

/// Makes an input smaller. Inputs that were found for other ways are tried first: most differences
/// are those of typed IR, and the same for all.
pub(super) fn smallest(
    module: &Module,
    call: Call,
    difference: Difference,
    known: &[Call],
    settings: &Settings,
) -> Result<Smallest, Failure> {
    let way = difference.ways.1;
    if let Some(found) = first(module, known.to_vec(), way, settings)? {
        return Ok(found);
    }
    let mut best = Smallest { call, difference };
    for _ in 0..MAX_ROUNDS {
        let mut candidates = smaller(&module.tables, &best.call.input);
        candidates.truncate(MAX_CANDIDATES);
        let func = best.call.func;
        let calls = candidates.into_iter().map(|input| Call { func, input });
        match first(module, calls.collect(), way, settings)? {
            Some(found) => best = found,
            None => break,
        }
    }
    Ok(best)
}

/// The first of these calls on which a way differs from the interpreter.
fn first(
    module: &Module,
    calls: Vec<Call>,
    way: Way,
    settings: &Settings,
) -> Result<Option<Smallest>, Failure> {
    if calls.is_empty() {
        return Ok(None);
    }
    let mut batch = Batch::new(module, calls, settings.clone())?;
    let expected = batch.run(Way::Interpreter)?;
    batch.keep_defined(&expected);
    let found = batch.run(way)?;
    let next = batch.differences(&expected, &found).into_iter().next();
    Ok(next.and_then(|difference| {
        let call = batch.calls().nth(difference.call).cloned()?;
        Some(Smallest { call, difference })
    }))
}

/// Inputs that are smaller than this one, those that are much smaller first.
fn smaller(tables: &Tables, input: &Input) -> Vec<Input> {
    let mut out = Vec::new();
    for (n, arg) in input.args.iter().enumerate() {
        match arg {
            Argument::Bytes(bytes) => {
                for bytes in smaller_bytes(bytes) {
                    let mut next = input.clone();
                    next.args[n] = Argument::Bytes(bytes);
                    out.push(next);
                }
            }
            Argument::Text(text) => {
                for text in shorter(text) {
                    let mut next = input.clone();
                    next.args[n] = Argument::Text(text);
                    out.push(next);
                }
            }
            Argument::Array { buffer, sizes } => {
                for sizes in smaller_sizes(sizes) {
                    let mut next = input.clone();
                    let count = sizes.iter().product::<i64>().max(0) as usize;
                    let Some(elements) = next.buffers.get_mut(*buffer) else {
                        continue;
                    };
                    let stride = layout(tables, elements.elem).map_or(1, |l| l.stride() as usize);
                    elements.bytes.truncate(count * stride);
                    next.args[n] = Argument::Array {
                        buffer: *buffer,
                        sizes,
                    };
                    out.push(next);
                }
            }
            Argument::Pointer { .. } => {}
        }
    }
    for (n, buffer) in input.buffers.iter().enumerate() {
        let stride = layout(tables, buffer.elem).map_or(1, |l| l.stride().max(1) as usize);
        let of_array =
            |arg: &Argument| matches!(arg, Argument::Array { buffer, .. } if *buffer == n);
        if !input.args.iter().any(of_array) {
            let count = buffer.bytes.len() / stride;
            for less in [1, count / 2, count.saturating_sub(1)] {
                if less > 0 && less < count {
                    let mut next = input.clone();
                    next.buffers[n].bytes.truncate(less * stride);
                    out.push(next);
                }
            }
        }
        if buffer.bytes.iter().any(|&b| b != 0) {
            let mut next = input.clone();
            next.buffers[n].bytes.fill(0);
            out.push(next);
        }
        for (e, element) in buffer.bytes.chunks(stride).enumerate() {
            for bytes in smaller_bytes(element) {
                let mut next = input.clone();
                next.buffers[n].bytes[e * stride..][..bytes.len()].copy_from_slice(&bytes);
                out.push(next);
            }
        }
    }
    out
}

/// Smaller numbers, the smallest first, by which any is reached in few steps; then fewer bits.
fn smaller_bytes(bytes: &[u8]) -> Vec<Vec<u8>> {
    if bytes.iter().all(|&b| b == 0) {
        return Vec::new();
    }
    let mut out = vec![vec![0; bytes.len()]];
    if bytes.len() <= 16 {
        let mut whole = [0; 16];
        whole[..bytes.len()].copy_from_slice(bytes);
        let number = u128::from_le_bytes(whole);
        let bits = 8 * bytes.len() as u32;
        let fewer = (1..bits).map(|n| number >> n);
        let less = (0..bits).filter_map(|n| number.checked_sub(1 << n));
        let mut tried: Vec<u128> = fewer.chain(less).filter(|&n| n != 0).collect();
        tried.sort_unstable();
        tried.dedup();
        out.extend(
            tried
                .into_iter()
                .map(|n| n.to_le_bytes()[..bytes.len()].to_vec()),
        );
    }
    for at in 0..bytes.len() {
        if bytes[at] != 0 {
            let mut next = bytes.to_vec();
            next[at] &= next[at] - 1;
            if !out.contains(&next) {
                out.push(next);
            }
        }
    }
    out
}

fn shorter(text: &[u8]) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    for length in [0, text.len() / 2, text.len().saturating_sub(1)] {
        if length < text.len() {
            out.push(text[..length].to_vec());
            out.push(text[text.len() - length..].to_vec());
        }
    }
    out
}

fn smaller_sizes(sizes: &[i64]) -> Vec<Vec<i64>> {
    let mut out = Vec::new();
    for d in 0..sizes.len() {
        for less in [0, sizes[d] / 2, sizes[d] - 1] {
            if (0..sizes[d]).contains(&less) {
                let mut next = sizes.to_vec();
                next[d] = less;
                if !out.contains(&next) {
                    out.push(next);
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_is_smaller_and_ends() {
        let size = |bytes: &[u8]| {
            let mut whole = [0; 16];
            whole[..bytes.len()].copy_from_slice(bytes);
            u128::from_le_bytes(whole)
        };
        for number in [1u64, 101, u64::MAX, 1 << 63] {
            let bytes = number.to_le_bytes();
            for next in smaller_bytes(&bytes) {
                assert!(size(&next) < number.into(), "{next:?} from {number}");
            }
        }
        assert!(smaller_bytes(&[0; 8]).is_empty());
        assert!(smaller_sizes(&[0, 0]).is_empty());
        assert!(shorter(b"").is_empty());
    }
}
