//! How C passes and returns values, for whole signatures: a struct goes to the stack or not
//! depending on the registers that earlier parameters took. Knows registers only as counters; what
//! it answers is a list of machine values for a code generator, in the vocabulary of Cranelift.
//!
//! Reading an [`AbiSignature`]: a code generator walks the parameters in order and makes from each
//! one the machine parameters that [`PassMode`] says, after those of [`AbiParam::pads`]. A
//! generator that gives out registers one scalar after the other, first free register of its kind,
//! then 8-byte stack slots (which is what Cranelift does), then arrives at the places that C uses.
//! Pads fill registers or stack slots which C leaves unused: a caller passes zeros, a callee
//! ignores them.
//!
//! The rules are those of the System V psABI for AMD64, of AAPCS64, and of Microsoft's x64
//! convention, each in its own file.

mod aapcs64;
mod error;
mod system_v;
mod windows_x64;

pub use error::{AbiError, AbiProblem, Position};

use crate::layout::{Layout, Leaf, Scalar, layout, leaves, scalar};
use jlift_ir::{Tables, Type, TypeClass};
use target_lexicon::{Aarch64Architecture, Architecture, OperatingSystem, Triple};

/// A C calling convention.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum CallConv {
    /// x86-64 everywhere but on Windows.
    SystemV,
    /// 64-bit Arm, little endian.
    Aapcs64,
    /// Apple's variant of it: packed stack slots, widened narrow integers.
    AppleAarch64,
    /// x86-64 on Windows.
    WindowsX64,
}

impl CallConv {
    /// The convention of a target; `None` if it is not supported.
    pub fn of(target: &Triple) -> Option<CallConv> {
        let apple = matches!(
            target.operating_system,
            OperatingSystem::Darwin(_) | OperatingSystem::MacOSX(_) | OperatingSystem::IOS(_)
        );
        let windows = target.operating_system == OperatingSystem::Windows;
        match target.architecture {
            Architecture::X86_64 if windows => Some(CallConv::WindowsX64),
            Architecture::X86_64 => Some(CallConv::SystemV),
            Architecture::Aarch64(Aarch64Architecture::Aarch64) if apple => {
                Some(CallConv::AppleAarch64)
            }
            Architecture::Aarch64(Aarch64Architecture::Aarch64) if !windows => {
                Some(CallConv::Aapcs64)
            }
            _ => None,
        }
    }

    /// Whether a function that returns through memory also returns the address. On AAPCS64 the
    /// address comes in its own register, x8, which Cranelift's `StructReturn` means there.
    pub fn returns_sret_pointer(self) -> bool {
        matches!(self, CallConv::SystemV | CallConv::WindowsX64)
    }
}

/// How a narrow integer is widened by whoever passes or returns it. The receiver must not rely on
/// it: psABI leaves it open, and only some compilers widen.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Extend {
    None,
    Sext,
    Uext,
}

/// A part of an aggregate that travels as one machine value.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// In bytes from the start of the aggregate.
    pub offset: u32,
    /// Bytes of the aggregate in this piece, at most the size of `scalar`; the value holds them in
    /// its low bits, the others are unspecified (pass zeros). Padding counts.
    pub size: u32,
    /// The machine type. An [`Scalar::F64`] may well hold two `Float32`: pieces are bits.
    pub scalar: Scalar,
}

/// A machine parameter that fills a place which C leaves unused.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Pad {
    /// A 64-bit integer.
    Int,
    /// A `Float64`.
    Float,
    /// 8 bytes on the stack, whatever registers are free (a Cranelift `StructArgument(8)`).
    Stack,
}

/// How one parameter is passed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PassMode {
    /// Not at all: the type has no data.
    Ignore,
    /// As one scalar.
    Direct { scalar: Scalar, extend: Extend },
    /// As these scalars. Also used for aggregates on the stack where whole words stay together.
    Split(Vec<Piece>),
    /// As a copy on the stack. `size` is a multiple of 8 and may be larger than the type;
    /// Cranelift's `StructArgument(size)`. Pads have taken care of `align`.
    StackCopy { size: u32, align: u32 },
    /// As the address of a copy that the callee may change.
    Indirect { size: u32, align: u32 },
}

/// One parameter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AbiParam {
    /// To be passed before the parameter.
    pub pads: Vec<Pad>,
    pub mode: PassMode,
}

impl From<PassMode> for AbiParam {
    fn from(mode: PassMode) -> Self {
        AbiParam {
            pads: Vec::new(),
            mode,
        }
    }
}

/// How the result comes back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReturnMode {
    /// No data, or no return.
    Ignore,
    Direct {
        scalar: Scalar,
        extend: Extend,
    },
    /// As these scalars: up to two integers and floats, or up to four floats on AAPCS64.
    Split(Vec<Piece>),
    /// In memory whose address the caller passes, before all parameters (`StructReturn`).
    Sret {
        size: u32,
        align: u32,
    },
}

/// A classified signature.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AbiSignature {
    pub convention: CallConv,
    /// One entry for every parameter, also for those without data.
    pub params: Vec<AbiParam>,
    pub ret: ReturnMode,
}

/// What is passed: a Julia type, or a scalar that only the C side has.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Passed {
    Julia(Type),
    Scalar(Scalar),
}

/// Classifies the signature of a C call. Arrays, strings and other objects are passed as their
/// reference, as `ccall` does; exports are spelt out by [`crate::export`]. Unions and aggregates
/// with references by value have no C counterpart and are errors. The arguments of a variadic call
/// may be given as parameters on System V and AAPCS64, not on Apple's and Microsoft's conventions.
pub fn classify_signature(
    tables: &Tables,
    convention: CallConv,
    params: &[Type],
    ret: Type,
) -> Result<AbiSignature, AbiError> {
    let params: Vec<Passed> = params.iter().map(|&ty| Passed::Julia(ty)).collect();
    classify(tables, convention, &params, Passed::Julia(ret))
}

pub(crate) fn classify(
    tables: &Tables,
    convention: CallConv,
    params: &[Passed],
    ret: Passed,
) -> Result<AbiSignature, AbiError> {
    let at = |position| move |problem| AbiError { position, problem };
    let ret = Shape::of(tables, ret).map_err(at(Position::Return))?;
    let ret = match convention {
        CallConv::SystemV => system_v::classify_return(&ret),
        CallConv::Aapcs64 | CallConv::AppleAarch64 => aapcs64::classify_return(&ret, convention),
        CallConv::WindowsX64 => windows_x64::classify_return(&ret).map_err(at(Position::Return))?,
    };
    let sret = matches!(ret, ReturnMode::Sret { .. });
    let mut system_v = system_v::Registers::new(sret);
    let mut aapcs64 = aapcs64::Registers::new(convention);
    let mut modes = Vec::with_capacity(params.len());
    for (i, &param) in params.iter().enumerate() {
        let position = Position::Param(i);
        let shape = Shape::of(tables, param).map_err(at(position))?;
        modes.push(match convention {
            CallConv::SystemV => system_v.pass(&shape),
            CallConv::Aapcs64 | CallConv::AppleAarch64 => aapcs64.pass(&shape),
            CallConv::WindowsX64 => windows_x64::pass(&shape).map_err(at(position))?,
        });
    }
    Ok(AbiSignature {
        convention,
        params: modes,
        ret,
    })
}

/// Scalars of the largest aggregate that any convention takes apart: 16 bytes of `Int8`.
const MAX_LEAVES: usize = 16;

/// What a convention needs to know of a type.
enum Shape {
    Nothing,
    Scalar {
        scalar: Scalar,
        extend: Extend,
    },
    /// `leaves` is `None` for an aggregate that has too many of them to go into registers.
    Aggregate {
        layout: Layout,
        leaves: Option<Vec<Leaf>>,
    },
}

impl Shape {
    fn of(tables: &Tables, passed: Passed) -> Result<Shape, AbiProblem> {
        let ty = match passed {
            Passed::Julia(ty) => ty,
            Passed::Scalar(scalar) => {
                return Ok(Shape::Scalar {
                    scalar,
                    extend: Extend::None,
                });
            }
        };
        let not_c = || AbiProblem::NotC(crate::layout::short_text(tables, ty));
        match tables.class(ty) {
            TypeClass::Bottom | TypeClass::Singleton => Ok(Shape::Nothing),
            TypeClass::Union | TypeClass::InlineWithReferences => Err(not_c()),
            TypeClass::Inline => {
                let layout = layout(tables, ty)?;
                if layout.size == 0 {
                    return Ok(Shape::Nothing);
                }
                let leaves = leaves(tables, ty, MAX_LEAVES).ok();
                Ok(Shape::Aggregate { layout, leaves })
            }
            TypeClass::Primitive(bits) => Ok(Shape::Scalar {
                scalar: scalar(tables, ty).ok_or_else(not_c)?,
                extend: match bits {
                    8 | 16 if ty.is_signed() => Extend::Sext,
                    8 | 16 if ty != Type::FLOAT16 => Extend::Uext,
                    _ => Extend::None,
                },
            }),
            TypeClass::Pointer
            | TypeClass::Heap
            | TypeClass::Array
            | TypeClass::String
            | TypeClass::Symbol
            | TypeClass::Abstract => Ok(Shape::Scalar {
                scalar: Scalar::Ptr,
                extend: Extend::None,
            }),
        }
    }
}

/// The two halves of a 128-bit integer.
fn halves() -> Vec<Piece> {
    let half = |offset| Piece {
        offset,
        size: 8,
        scalar: Scalar::I64,
    };
    vec![half(0), half(8)]
}

/// `size` bytes as words of `word` bytes each, all of one machine type; the last may be partly
/// filled.
fn words(size: u32, word: u32, scalar: Scalar) -> Vec<Piece> {
    (0..size.div_ceil(word))
        .map(|i| Piece {
            offset: i * word,
            size: word.min(size - i * word),
            scalar,
        })
        .collect()
}
