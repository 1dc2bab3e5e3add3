//! The natural C signature of an exported function: what each Julia parameter becomes in C.
//! `Array{T, N}` is a pointer to its elements and `N` sizes as `int64_t`, `String` a pointer to its
//! bytes and their number, a parameter without data nothing; everything else is itself. An export
//! that may throw also has a `_try` form: the same parameters, then the address for the result
//! unless it has no data, and an `int32_t` status as the result.

use crate::classify::{AbiError, AbiProblem, AbiSignature, CallConv, Passed, Position, classify};
use crate::layout::{Scalar, layout};
use jlift_ir::{Tables, Type, TypeClass};

/// An exported function.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Export {
    /// The name in Julia, without the module.
    pub name: String,
    /// The C symbol of the plain entry.
    pub symbol: String,
    /// Names, possibly empty, and types of the parameters.
    pub params: Vec<(String, Type)>,
    pub ret: Type,
    /// Whether there is a `_try` entry.
    pub may_throw: bool,
    /// For the documentation of the generated texts.
    pub julia_signature: String,
}

/// One C parameter.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct CParam {
    /// Which Julia parameter it belongs to, counted from 0.
    pub source: usize,
    pub part: Part,
}

/// What of a Julia parameter a C parameter carries.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// The value, of a type with data.
    Value(Type),
    /// The address of the first element of an array of this element type.
    Elements(Type),
    /// The size of a dimension of an array, counted from 0, as `Int64`.
    Size(u32),
    /// The address of the bytes of a string.
    Bytes,
    /// The number of bytes of a string, as `Int64`.
    ByteLength,
}

/// An array of more dimensions than this is not accepted as a parameter.
const MAX_DIMENSIONS: u32 = 16;

/// The C parameters of an export with these parameter types, in order.
pub fn export_params(tables: &Tables, params: &[Type]) -> Result<Vec<CParam>, AbiError> {
    let mut out = Vec::with_capacity(params.len());
    for (source, &ty) in params.iter().enumerate() {
        let position = Position::Param(source);
        let mut push = |part| out.push(CParam { source, part });
        match tables.class(ty) {
            TypeClass::String => {
                push(Part::Bytes);
                push(Part::ByteLength);
            }
            TypeClass::Array => match tables.array_of(ty) {
                Some((elem, dims)) if dims <= MAX_DIMENSIONS && tables.is_bits(elem) => {
                    push(Part::Elements(elem));
                    (0..dims).for_each(|d| push(Part::Size(d)));
                }
                _ => return Err(not_c(tables, ty, position)),
            },
            _ => {
                if has_data(tables, ty, position)? {
                    push(Part::Value(ty));
                }
            }
        }
    }
    Ok(out)
}

/// Classifies the plain entry of an export; its parameters are those of [`export_params`].
pub fn classify_export(
    tables: &Tables,
    convention: CallConv,
    params: &[Type],
    ret: Type,
) -> Result<AbiSignature, AbiError> {
    has_data(tables, ret, Position::Return)?;
    let params = passed(&export_params(tables, params)?);
    classify(tables, convention, &params, Passed::Julia(ret))
}

/// Classifies the `_try` entry of an export: the parameters of [`export_params`] and, if the result
/// has data, the address to which it goes; the result is the status, 0 or 1.
pub fn classify_try(
    tables: &Tables,
    convention: CallConv,
    params: &[Type],
    ret: Type,
) -> Result<AbiSignature, AbiError> {
    let mut params = passed(&export_params(tables, params)?);
    if has_data(tables, ret, Position::Return)? {
        params.push(Passed::Scalar(Scalar::Ptr));
    }
    classify(tables, convention, &params, Passed::Scalar(Scalar::I32))
}

fn passed(params: &[CParam]) -> Vec<Passed> {
    params
        .iter()
        .map(|p| match p.part {
            Part::Value(ty) => Passed::Julia(ty),
            Part::Elements(_) | Part::Bytes => Passed::Scalar(Scalar::Ptr),
            Part::Size(_) | Part::ByteLength => Passed::Scalar(Scalar::I64),
        })
        .collect()
}

/// Whether a type that C can pass by value has data; an error for any other type.
pub(crate) fn has_data(tables: &Tables, ty: Type, position: Position) -> Result<bool, AbiError> {
    match tables.class(ty) {
        TypeClass::Bottom | TypeClass::Singleton => Ok(false),
        TypeClass::Pointer | TypeClass::Primitive(_) => Ok(true),
        TypeClass::Inline => match layout(tables, ty) {
            Ok(layout) => Ok(layout.size > 0),
            Err(e) => Err(AbiError {
                position,
                problem: AbiProblem::Layout(e),
            }),
        },
        _ => Err(not_c(tables, ty, position)),
    }
}

pub(crate) fn not_c(tables: &Tables, ty: Type, position: Position) -> AbiError {
    AbiError {
        position,
        problem: AbiProblem::NotC(crate::layout::short_text(tables, ty)),
    }
}
