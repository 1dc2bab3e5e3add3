//! Inputs for a signature: numbers at the ends of their ranges and random ones, arrays and memory of
//! many lengths, strings; and how an input is written for a reader. Knows nothing of what is called.

use crate::differential::{Argument, Buffer, Input};
use jlift_abi::layout::{first_selector, is_small_union, layout};
use jlift_ir::text::type_text;
use jlift_ir::{Func, Module, Tables, Type, TypeClass};
use std::fmt::Write;

/// Lengths of arrays and of memory behind pointers, in elements.
const LENGTHS: &[usize] = &[0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100];
/// Elements of memory behind a pointer at least: functions read before they look.
const LEAST_BEHIND_POINTER: usize = 1;
/// Types inside of types that are filled.
const MAX_DEPTH: u32 = 50;

/// Makes inputs.
pub(super) struct Generator {
    random: fastrand::Rng,
}

impl Generator {
    pub fn new(seed: u64) -> Generator {
        Generator {
            random: fastrand::Rng::with_seed(seed),
        }
    }

    /// Inputs for a function; if there can be none, why.
    pub fn calls(
        &mut self,
        module: &Module,
        func: Func,
        count: usize,
    ) -> Result<Vec<Input>, String> {
        let params: Vec<Type> = module.functions[func].params.iter().map(|p| p.ty).collect();
        for &ty in &params {
            check(&module.tables, ty)?;
        }
        // Without parameters there is one call.
        let count = if params.is_empty() {
            count.min(1)
        } else {
            count
        };
        Ok((0..count)
            .map(|n| self.input(&module.tables, &params, n))
            .collect())
    }

    fn input(&mut self, tables: &Tables, params: &[Type], n: usize) -> Input {
        let mut input = Input::default();
        // One length for all in most calls: functions want arrays that fit together.
        let common = self.length(n);
        let mut lengths = Vec::new();
        for &ty in params {
            let length = match self.random.u8(..4) {
                0 => self.length(n),
                _ => common,
            };
            let arg = if let Some(elem) = tables.pointee(ty) {
                let elem = if tables.is_bits(elem) && layout(tables, elem).is_ok_and(|l| l.size > 0)
                {
                    elem
                } else {
                    Type::UINT8
                };
                let length = length.max(LEAST_BEHIND_POINTER);
                input.buffers.push(self.buffer(tables, elem, length, n));
                lengths.push(length);
                Argument::Pointer {
                    buffer: input.buffers.len() - 1,
                    offset: 0,
                }
            } else if let Some((elem, dims)) = tables.array_of(ty) {
                let sizes = self.sizes(length, dims);
                let length = sizes.iter().product::<i64>() as usize;
                input.buffers.push(self.buffer(tables, elem, length, n));
                lengths.push(length);
                Argument::Array {
                    buffer: input.buffers.len() - 1,
                    sizes,
                }
            } else if ty == Type::STRING {
                lengths.push(length);
                Argument::Text((0..length).map(|_| self.character()).collect())
            } else {
                Argument::Bytes(Vec::new())
            };
            input.args.push(arg);
        }
        // Numbers come last: many of them are lengths, or indices.
        for (arg, &ty) in input.args.iter_mut().zip(params) {
            if let Argument::Bytes(bytes) = arg {
                let size = layout(tables, ty).map_or(0, |l| l.size as usize);
                bytes.resize(size, 0);
                self.fill(tables, ty, bytes, n, &lengths, 0);
            }
        }
        input
    }

    fn length(&mut self, n: usize) -> usize {
        match LENGTHS.get(n) {
            Some(&length) => length,
            None if self.random.bool() => *self.choose(LENGTHS),
            None => self.random.usize(..65),
        }
    }

    /// Sizes of an array with about as many elements.
    fn sizes(&mut self, length: usize, dims: u32) -> Vec<i64> {
        match dims {
            0 => Vec::new(),
            1 => vec![length as i64],
            _ => {
                let most = (length as f64).powf(1.0 / f64::from(dims)).ceil() as i64;
                let square = self.random.bool();
                (0..dims)
                    .map(|_| {
                        if square {
                            most
                        } else {
                            self.random.i64(0..=most + 1)
                        }
                    })
                    .collect()
            }
        }
    }

    fn buffer(&mut self, tables: &Tables, elem: Type, length: usize, n: usize) -> Buffer {
        let place = layout(tables, elem);
        let (size, stride) = place.map_or((0, 0), |l| (l.size as usize, l.stride() as usize));
        let mut bytes = vec![0; stride * length];
        // Some are of small numbers, some all of one kind, most of anything.
        let small = self.random.u8(..3) == 0;
        for start in (0..bytes.len()).step_by(stride.max(1)) {
            if let Some(place) = bytes.get_mut(start..start + size) {
                let n = if small { usize::MAX } else { n + 3 };
                self.fill(tables, elem, place, n, &[], 0);
            }
        }
        Buffer { bytes, elem }
    }

    /// Fills the place of a value of plain bits.
    fn fill(
        &mut self,
        tables: &Tables,
        ty: Type,
        bytes: &mut [u8],
        n: usize,
        lengths: &[usize],
        depth: u32,
    ) {
        let Ok(place) = layout(tables, ty) else {
            return;
        };
        if depth > MAX_DEPTH {
            return;
        }
        match tables.class(ty) {
            TypeClass::Primitive(_) | TypeClass::Pointer => {
                let number = self.number(ty, place.size as usize * 8, n, lengths);
                let size = bytes.len().min(16);
                bytes[..size].copy_from_slice(&number.to_le_bytes()[..size]);
            }
            TypeClass::Union if is_small_union(tables, ty) => {
                let members = tables.members(ty);
                let member = self.random.usize(..members.len());
                let size = layout(tables, members[member]).map_or(0, |l| l.size as usize);
                if let Some(payload) = bytes.get_mut(..size) {
                    self.fill(tables, members[member], payload, n, lengths, depth + 1);
                }
                if let Some(selector) = bytes.last_mut() {
                    *selector = member as u8 + first_selector(tables, ty);
                }
            }
            _ => {
                for field in &place.fields {
                    let end = (field.offset + field.size) as usize;
                    if let Some(place) = bytes.get_mut(field.offset as usize..end) {
                        self.fill(tables, field.ty, place, n, lengths, depth + 1);
                    }
                }
            }
        }
    }

    fn number(&mut self, ty: Type, bits: usize, n: usize, lengths: &[usize]) -> u128 {
        if ty == Type::BOOL {
            return u128::from(self.random.bool());
        }
        if ty == Type::CHAR {
            return self.char_bits();
        }
        if ty.is_float() {
            return self.float(ty, n);
        }
        let mask = if bits >= 128 {
            u128::MAX
        } else {
            (1 << bits) - 1
        };
        let sign = 1u128 << (bits.clamp(1, 128) - 1);
        let small = |random: &mut fastrand::Rng| random.i64(-4..20) as i128 as u128;
        let number = match self.random.u8(..10) {
            _ if n == usize::MAX => small(&mut self.random),
            // What an index or a length may be.
            0..=3 if !lengths.is_empty() => {
                let length = *self.choose(lengths) as u128;
                match self.random.u8(..4) {
                    0..=1 => length,
                    2 => self.random.u128(..=length),
                    _ => length.wrapping_add(small(&mut self.random)),
                }
            }
            0..=4 => small(&mut self.random),
            5 => sign.wrapping_add(self.random.i64(-2..=2) as i128 as u128),
            6 => mask.wrapping_sub(self.random.u128(..3)),
            7 => 1u128 << self.random.usize(..bits.max(1)),
            8 => self.random.u128(..) >> self.random.usize(..128),
            _ => self.random.u128(..),
        };
        number & mask
    }

    fn float(&mut self, ty: Type, n: usize) -> u128 {
        const ENDS: &[f64] = &[
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            f64::MAX,
            f64::MIN_POSITIVE,
            5e-324,
            f64::EPSILON,
            9007199254740993.0,
            -9223372036854775808.0,
            1e308,
            -2.5,
            3.999999,
            65504.0,
            65520.0,
            1.1754943508222875e-38,
        ];
        let value = match self.random.u8(..8) {
            _ if n == usize::MAX => self.random.i64(-10..10) as f64,
            0..=2 => *self.choose(ENDS),
            3..=4 => self.random.i64(-1000..1000) as f64 / 8.0,
            5 => (self.random.f64() - 0.5) * 100.0,
            6 => 10f64.powf(self.random.f64() * 600.0 - 300.0),
            _ => return self.random.u128(..) & float_mask(ty),
        };
        match ty {
            Type::FLOAT64 => value.to_bits().into(),
            Type::FLOAT32 => (value as f32).to_bits().into(),
            _ => self.random.u16(..).into(),
        }
    }

    /// The bits of a `Char`: valid ones and, rarely, others.
    fn char_bits(&mut self) -> u128 {
        let c = match self.random.u8(..8) {
            0 => 'é',
            1 => '€',
            2 => '𝔸',
            3 => '\0',
            4 => return self.random.u32(..).into(),
            _ => char::from(self.random.u8(32..127)),
        };
        let mut bytes = [0; 4];
        let text = c.encode_utf8(&mut bytes).as_bytes();
        let bits = text.iter().fold(0u32, |bits, &b| bits << 8 | u32::from(b));
        (bits << (8 * (4 - text.len()))).into()
    }

    fn character(&mut self) -> u8 {
        match self.random.u8(..20) {
            0 => self.random.u8(..),
            1 => b' ',
            2 => b'\n',
            3..=6 => self.random.u8(b'0'..=b'9'),
            _ => self.random.u8(33..127),
        }
    }

    fn choose<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.random.usize(..from.len())]
    }
}

fn float_mask(ty: Type) -> u128 {
    match ty {
        Type::FLOAT64 => u64::MAX.into(),
        Type::FLOAT32 => u32::MAX.into(),
        _ => u16::MAX.into(),
    }
}

/// Whether arguments of a type can be made.
fn check(tables: &Tables, ty: Type) -> Result<(), String> {
    let plain = |ty: Type| {
        let number_or_pointer = !holds_pointer(tables, ty, 0);
        tables.is_bits(ty) && layout(tables, ty).is_ok() && number_or_pointer
    };
    let fits = match tables.array_of(ty) {
        Some((elem, _)) => plain(elem) && layout(tables, elem).is_ok_and(|l| l.size > 0),
        None => ty == Type::STRING || tables.pointee(ty).is_some() || plain(ty),
    };
    match fits {
        true => Ok(()),
        false => Err(format!(
            "no arguments of type {} can be made",
            type_text(tables, ty)
        )),
    }
}

/// Whether a value holds addresses, which random bits are not.
fn holds_pointer(tables: &Tables, ty: Type, depth: u32) -> bool {
    if tables.pointee(ty).is_some() || depth > MAX_DEPTH {
        return true;
    }
    let parts = match tables.class(ty) {
        TypeClass::Union => tables.members(ty),
        _ => tables.field_types(ty).unwrap_or_default(),
    };
    parts
        .into_iter()
        .any(|t| holds_pointer(tables, t, depth + 1))
}

/// An input, for a reader: a call, and the memory that it is given.
pub(super) fn show(module: &Module, func: Func, input: &Input) -> String {
    let tables = &module.tables;
    let f = &module.functions[func];
    let name = crate::export::plain_name(tables.names.str(f.name));
    let value = |ty: Type, bytes: &[u8]| crate::show::show_value(tables, ty, bytes);
    let elements = |buffer: usize, count: usize| match input.buffers.get(buffer) {
        Some(b) => {
            let stride = layout(tables, b.elem).map_or(1, |l| l.stride().max(1) as usize);
            let size = layout(tables, b.elem).map_or(0, |l| l.size as usize);
            let all = b.bytes.chunks(stride).take(count);
            let shown: Vec<String> = all
                .map(|e| value(b.elem, &e[..size.min(e.len())]))
                .collect();
            format!("{}[{}]", type_text(tables, b.elem), shown.join(", "))
        }
        None => "?".into(),
    };
    let mut args = Vec::new();
    for (arg, param) in input.args.iter().zip(&f.params) {
        args.push(match arg {
            Argument::Bytes(bytes) => {
                let mut text = value(param.ty, bytes);
                if param.ty != Type::INT64 && param.ty != Type::FLOAT64 && param.ty != Type::BOOL {
                    let _ = write!(text, "::{}", type_text(tables, param.ty));
                }
                text
            }
            Argument::Pointer { buffer, offset: 0 } => {
                format!("pointer({})", elements(*buffer, usize::MAX))
            }
            Argument::Pointer { buffer, offset } => {
                format!("pointer({}) + {offset}", elements(*buffer, usize::MAX))
            }
            Argument::Array { buffer, sizes } => {
                let count = sizes.iter().product::<i64>().max(0) as usize;
                let list = elements(*buffer, count);
                match sizes.len() {
                    1 => list,
                    _ => format!("reshape({list}, {sizes:?})"),
                }
            }
            Argument::Text(bytes) => format!("{:?}", String::from_utf8_lossy(bytes)),
        });
    }
    format!("{name}({})", args.join(", "))
}
