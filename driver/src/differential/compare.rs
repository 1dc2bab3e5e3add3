//! Comparison of what two ways made of the same calls, bit for bit. Two NaNs of one type are the same,
//! and bytes of which one way knows that they mean nothing are not compared.

use super::caller::Outcome;
use super::observation::{Bytes, Observation, Run};
use super::way::Way;
use super::{Batch, Ending};
use jlift_abi::layout::{first_selector, is_small_union, layout};
use jlift_ir::{Tables, Type, TypeClass};
use std::fmt;

/// A call that two ways do not agree on.
#[derive(Clone, PartialEq, Debug)]
pub struct Difference {
    /// The number of the call in its batch.
    pub call: usize,
    pub differs: Differs,
    pub ways: (Way, Way),
    pub seen: Box<(Observation, Observation)>,
}

/// What is different.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Differs {
    /// How the call ended, or the text of the exception.
    Ending,
    Result,
    /// The buffer of this number.
    Buffer(usize),
    /// Memory between the buffers.
    Elsewhere,
    Output,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = |bytes: &Bytes| -> String {
            let byte = |(n, b): (usize, &u8)| match &bytes.defined {
                Some(defined) if !defined[n] => "..".to_string(),
                _ => format!("{b:02x}"),
            };
            let shown = bytes.bytes.iter().enumerate().take(64).map(byte);
            shown.collect::<Vec<_>>().join(" ")
        };
        let text = |seen: &Observation| match self.differs {
            Differs::Ending => seen.ending.to_string(),
            Differs::Result => hex(&seen.result),
            Differs::Buffer(n) => seen.buffers.get(n).map(hex).unwrap_or_default(),
            Differs::Elsewhere => seen.strayed.to_string(),
            Differs::Output => String::from_utf8_lossy(&seen.output).into_owned(),
        };
        let what = match self.differs {
            Differs::Ending => "ending".to_string(),
            Differs::Result => "result".into(),
            Differs::Buffer(n) => format!("buffer {n}"),
            Differs::Elsewhere => "memory elsewhere".into(),
            Differs::Output => "output".into(),
        };
        writeln!(f, "{what}:")?;
        writeln!(f, "  {}: {}", self.ways.0, text(&self.seen.0))?;
        write!(f, "  {}: {}", self.ways.1, text(&self.seen.1))
    }
}

impl Batch {
    /// The calls that both runs executed and that they do not agree on, one difference for each.
    pub fn differences(&self, expected: &Run, found: &Run) -> Vec<Difference> {
        let pairs = expected.observations.iter().zip(&found.observations);
        pairs
            .enumerate()
            .filter(|(_, (a, b))| a.ending != Ending::NotRun && b.ending != Ending::NotRun)
            .filter_map(|(call, (a, b))| {
                Some(Difference {
                    call,
                    differs: self.differs(call, a, b)?,
                    ways: (expected.way, found.way),
                    seen: Box::new((a.clone(), b.clone())),
                })
            })
            .collect()
    }

    fn differs(&self, call: usize, a: &Observation, b: &Observation) -> Option<Differs> {
        if a.ending != b.ending {
            return Some(Differs::Ending);
        }
        let placed = &self.calls[call];
        let tables = &self.module.tables;
        if a.ending == Ending::Returned {
            let func = &self.module.functions[placed.call.func];
            let same = match self.callers[placed.caller].outcome {
                Outcome::Bits { .. } => same_values(tables, func.ret, (&a.result, &b.result), 0, 1),
                Outcome::Array { elem, dims } => {
                    let head = 8 * dims as usize;
                    let stride = layout(tables, elem).map_or(1, |l| l.stride().max(1) as usize);
                    let count = super::caller::CONTENT / stride;
                    same_bytes((&a.result, &b.result), 0, head)
                        && same_values(tables, elem, (&a.result, &b.result), head, count)
                }
                Outcome::Text => same_bytes((&a.result, &b.result), 0, a.result.bytes.len()),
                Outcome::Dropped => true,
            };
            if !same {
                return Some(Differs::Result);
            }
        }
        let buffers = placed.call.input.buffers.iter();
        for (n, (buffer, (x, y))) in buffers.zip(a.buffers.iter().zip(&b.buffers)).enumerate() {
            if !same_memory(tables, buffer.elem, x, y) {
                return Some(Differs::Buffer(n));
            }
        }
        if a.strayed != b.strayed {
            return Some(Differs::Elsewhere);
        }
        (a.output != b.output).then_some(Differs::Output)
    }
}

/// Whether both mean something at all of these bytes.
fn both_defined(a: &Bytes, b: &Bytes, at: usize) -> bool {
    let defined = |bytes: &Bytes| match &bytes.defined {
        Some(defined) => defined.get(at).copied().unwrap_or(false),
        None => true,
    };
    defined(a) && defined(b)
}

fn same_bytes((a, b): (&Bytes, &Bytes), at: usize, size: usize) -> bool {
    (at..at + size).all(|n| a.bytes.get(n) == b.bytes.get(n) || !both_defined(a, b, n))
}

/// Whether memory that holds values of a type, one after the other, means the same: two NaNs do, and
/// bytes of which one side knows that they mean nothing are not compared.
pub fn same_memory(tables: &Tables, elem: Type, a: &Bytes, b: &Bytes) -> bool {
    let size = a.bytes.len();
    let stride = layout(tables, elem).map_or(1, |l| l.stride().max(1) as usize);
    let count = size / stride;
    let rest = count * stride;
    size == b.bytes.len()
        && (count == 0 || same_values(tables, elem, (a, b), 0, count))
        && same_bytes((a, b), rest, size - rest)
}

/// Compares values that lie one after the other.
fn same_values(
    tables: &Tables,
    ty: Type,
    bytes: (&Bytes, &Bytes),
    at: usize,
    count: usize,
) -> bool {
    let Ok(found) = layout(tables, ty) else {
        return false;
    };
    let stride = found.stride() as usize;
    let size = found.size as usize;
    // Most are equal to the last bit.
    same_bytes(bytes, at, stride * count.saturating_sub(1) + size)
        || (0..count).all(|n| same_value(tables, ty, bytes, at + n * stride, 0))
}

/// Nesting of values that is looked into; layouts have a limit of their own.
const MAX_DEPTH: u32 = 100;

fn same_value(tables: &Tables, ty: Type, bytes: (&Bytes, &Bytes), at: usize, depth: u32) -> bool {
    let Ok(found) = layout(tables, ty) else {
        return false;
    };
    let size = found.size as usize;
    if same_bytes(bytes, at, size) {
        return true;
    }
    if depth > MAX_DEPTH {
        return false;
    }
    match tables.class(ty) {
        TypeClass::Primitive(_) if ty.is_float() => {
            is_nan(ty, bytes.0, at) && is_nan(ty, bytes.1, at)
        }
        TypeClass::Inline => found.fields.iter().all(|field| {
            same_value(
                tables,
                field.ty,
                bytes,
                at + field.offset as usize,
                depth + 1,
            )
        }),
        TypeClass::Union if is_small_union(tables, ty) => {
            let selector = at + size - 1;
            let chosen = |bytes: &Bytes| {
                let selector = bytes.bytes.get(selector)?;
                Some(selector.checked_sub(first_selector(tables, ty)))
            };
            let (a, b) = (chosen(bytes.0), chosen(bytes.1));
            let member = match (a, b) {
                (Some(Some(a)), Some(Some(b))) if a == b => a,
                _ => return same_bytes(bytes, at, size),
            };
            match tables.members(ty).get(usize::from(member)) {
                Some(&member) => same_value(tables, member, bytes, at, depth + 1),
                None => false,
            }
        }
        _ => false,
    }
}

fn is_nan(ty: Type, bytes: &Bytes, at: usize) -> bool {
    let word = |size: usize| {
        let bytes = bytes.bytes.get(at..at + size).unwrap_or(&[]);
        bytes
            .iter()
            .rev()
            .fold(0u64, |word, &b| word << 8 | u64::from(b))
    };
    match ty {
        Type::FLOAT64 => f64::from_bits(word(8)).is_nan(),
        Type::FLOAT32 => f32::from_bits(word(4) as u32).is_nan(),
        Type::FLOAT16 => word(2) & 0x7fff > 0x7c00,
        _ => false,
    }
}
