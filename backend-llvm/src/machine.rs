//! The machine types that values have in LLVM IR, and operands of instructions. Knows nothing of
//! Julia's types.

use jlift_abi::layout::Scalar;
use std::fmt;
use std::rc::Rc;

/// A scalar type of LLVM IR.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Machine {
    /// A `Bool` outside of memory.
    I1,
    I8,
    I16,
    I32,
    I64,
    I128,
    F32,
    F64,
    Ptr,
}

impl Machine {
    /// The integer type of a width in bits.
    pub fn int(bits: u32) -> Option<Machine> {
        Some(match bits {
            8 => Machine::I8,
            16 => Machine::I16,
            32 => Machine::I32,
            64 => Machine::I64,
            128 => Machine::I128,
            _ => return None,
        })
    }

    /// The type of a scalar in memory. `Float16` is held as its bits.
    pub fn of_scalar(scalar: Scalar) -> Machine {
        match scalar {
            Scalar::I8 => Machine::I8,
            Scalar::I16 | Scalar::F16 => Machine::I16,
            Scalar::I32 => Machine::I32,
            Scalar::I64 => Machine::I64,
            Scalar::I128 => Machine::I128,
            Scalar::F32 => Machine::F32,
            Scalar::F64 => Machine::F64,
            Scalar::Ptr => Machine::Ptr,
        }
    }

    /// Width in bits.
    pub fn bits(self) -> u32 {
        match self {
            Machine::I1 => 1,
            Machine::I8 => 8,
            Machine::I16 => 16,
            Machine::I32 | Machine::F32 => 32,
            Machine::I64 | Machine::F64 | Machine::Ptr => 64,
            Machine::I128 => 128,
        }
    }

    /// Alignment in memory that this IR guarantees.
    pub fn align(self) -> u32 {
        (self.bits() / 8).clamp(1, 8)
    }

    pub fn is_float(self) -> bool {
        matches!(self, Machine::F32 | Machine::F64)
    }

    /// The integer type of the same width, of a Bool the byte that it is in memory.
    pub fn as_int(self) -> Machine {
        match self {
            Machine::I1 => Machine::I8,
            Machine::F32 => Machine::I32,
            Machine::F64 | Machine::Ptr => Machine::I64,
            int => int,
        }
    }

    /// How a constant of all zero bits is written.
    pub fn zero(self) -> Reg {
        let text = match self {
            Machine::I1 => "false",
            Machine::F32 | Machine::F64 => "0.0",
            Machine::Ptr => "null",
            _ => "0",
        };
        Reg::new(self, text)
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Machine::I1 => "i1",
            Machine::I8 => "i8",
            Machine::I16 => "i16",
            Machine::I32 => "i32",
            Machine::I64 => "i64",
            Machine::I128 => "i128",
            Machine::F32 => "float",
            Machine::F64 => "double",
            Machine::Ptr => "ptr",
        })
    }
}

/// An operand: a register, a constant or the address of a symbol. `{x}` writes its name, `{x:#}`
/// its type and name.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Reg {
    pub ty: Machine,
    text: Rc<str>,
}

impl Reg {
    pub fn new(ty: Machine, text: impl Into<Rc<str>>) -> Reg {
        Reg {
            ty,
            text: text.into(),
        }
    }

    /// An integer constant.
    pub fn int(ty: Machine, value: i128) -> Reg {
        Reg::new(ty, value.to_string())
    }

    /// A 64-bit integer constant.
    pub fn i64(value: i64) -> Reg {
        Reg::int(Machine::I64, value.into())
    }

    /// A truth value.
    pub fn bool(value: bool) -> Reg {
        Reg::new(Machine::I1, if value { "true" } else { "false" })
    }

    /// An address in this process.
    pub fn address(value: u64) -> Reg {
        match value {
            0 => Machine::Ptr.zero(),
            _ => Reg::new(Machine::Ptr, format!("inttoptr (i64 {value} to ptr)")),
        }
    }

    /// A constant of any type by its bits.
    pub fn bits(ty: Machine, bits: u128) -> Reg {
        match ty {
            Machine::I1 => Reg::bool(bits & 1 != 0),
            Machine::F64 => Reg::new(ty, format!("0x{:016X}", bits as u64)),
            Machine::F32 => {
                let value = f32::from_bits(bits as u32);
                // A float is written as the double of the same value, which NaNs do not have.
                Reg::new(
                    ty,
                    match value.is_nan() {
                        true => format!("bitcast (i32 {} to float)", bits as u32),
                        false => format!("0x{:016X}", f64::from(value).to_bits()),
                    },
                )
            }
            Machine::Ptr => Reg::address(bits as u64),
            int => {
                let shift = 128 - int.bits();
                Reg::int(int, ((bits << shift) as i128) >> shift)
            }
        }
    }

    /// The name without the type.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Reg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            write!(f, "{} ", self.ty)?;
        }
        f.write_str(&self.text)
    }
}

/// A global name as LLVM IR spells it: always quoted, any bytes.
pub fn symbol(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 3);
    out.push_str("@\"");
    push_escaped(&mut out, name.as_bytes());
    out.push('"');
    out
}

/// Bytes between quotes.
pub fn push_escaped(out: &mut String, bytes: &[u8]) {
    for &byte in bytes {
        match byte {
            b'"' | b'\\' | 0..=31 | 127.. => out.push_str(&format!("\\{byte:02X}")),
            _ => out.push(char::from(byte)),
        }
    }
}
