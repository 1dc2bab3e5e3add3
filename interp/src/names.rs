//! Types and functions as Julia prints them, seen from `Main`.

use crate::interpreter::Interpreter;
use jlift_ir::types::TypeParam;
use jlift_ir::{ConstData, Tables, Type, TypeClass, TypeData, Value as Operand};

/// Names of `Base` and `Core` that are exported, and so printed without their module: types, and the
/// functions that error texts name.
const EXPORTED: &str = "
    AbstractArray AbstractChar AbstractDict AbstractFloat AbstractIrrational AbstractMatrix
    AbstractRange AbstractSet AbstractString AbstractUnitRange AbstractVecOrMat AbstractVector Any
    ArgumentError Array AssertionError BigFloat BigInt BitArray BitMatrix BitSet BitVector Bool
    BoundsError CapturedException CartesianIndex CartesianIndices Cdouble Channel Char Colon
    Complex CompositeException Condition DataType DenseArray DenseMatrix DenseVector Dict
    DimensionMismatch DivideError DomainError EOFError Enum ErrorException Event Exception
    ExponentialBackOff Function HTML IO IOBuffer IOContext IOStream IdDict IndexCartesian
    IndexLinear IndexStyle InexactError Integer InterruptException InvalidStateException KeyError
    LazyString LinRange LinearIndices LoadError MIME Matrix MethodError Missing MissingException
    Module Nothing Number OrdinalRange OutOfMemoryError OverflowError Pair PartialQuickSort
    PermutedDimsArray ProcessFailedException QuickSort RawFD Rational Real ReentrantLock Ref Regex
    RegexMatch RoundingMode Set Signed SkipMissing Some StackOverflowError StepRange StepRangeLen
    StridedArray String StringIndexError SubArray SubString Symbol SystemError TaskFailedException
    Text Timer Tuple Type TypeError UndefKeywordError UndefRefError UndefVarError UnitRange Unsigned
    Val Vector VersionNumber WeakKeyDict
    + - * / \\ ^ % ÷ == != < <= > >= ! ~ & | abs abs2 acos asin atan cbrt ceil cld convert cos cosh
    div divrem exp exp2 filter fld floor getindex hypot identity inv isless isodd iseven length log
    log10 log1p log2 map max maximum min minimum mod one print println prod rem round setindex! sign
    sin sinh size sqrt string sum tan tanh trunc zero";

/// A qualified name as it is printed.
fn visible(name: &str) -> &str {
    let short = name.strip_prefix("Main.").or_else(|| {
        name.strip_prefix("Base.")
            .or_else(|| name.strip_prefix("Core."))
            .filter(|rest| EXPORTED.split_whitespace().any(|e| e == *rest))
    });
    short.unwrap_or(name)
}

fn of_function(name: &str) -> Option<&str> {
    name.strip_prefix("typeof(")?.strip_suffix(')')
}

impl Interpreter<'_> {
    /// A type as Julia prints it.
    pub(crate) fn type_name(&self, ty: Type) -> String {
        type_name(&self.module.tables, ty)
    }

    /// The name of a type without module and parameters.
    pub(crate) fn plain_name(&self, ty: Type) -> &str {
        let name = self.module.tables.type_name(ty).unwrap_or("");
        match name.rfind('.') {
            Some(dot) if !name.contains(['"', '(']) => &name[dot + 1..],
            _ => name,
        }
    }

    /// A function as Julia prints it, by its type.
    pub(crate) fn function_text(&self, ty: Type) -> Option<String> {
        let name = of_function(self.module.tables.type_name(ty)?)?;
        Some(visible(name).to_string())
    }

    /// Whether values of a type are, or may be, arrays, whose summary is their size.
    pub(crate) fn may_be_array(&self, ty: Type) -> bool {
        let tables = &self.module.tables;
        let mut at = ty;
        for _ in 0..64 {
            let name = tables.type_name(at).unwrap_or("");
            let is_array = matches!(
                name.rsplit('.').next(),
                Some(
                    "Array"
                        | "AbstractArray"
                        | "AbstractVector"
                        | "AbstractMatrix"
                        | "DenseArray"
                        | "AbstractRange"
                        | "OrdinalRange"
                        | "AbstractUnitRange"
                )
            );
            if is_array || tables.class(at) == TypeClass::Array {
                return true;
            }
            match tables.supertype(at) {
                Some(Type::ANY) => return false,
                Some(up) => at = up,
                None => return true,
            }
        }
        true
    }
}

fn type_name(t: &Tables, ty: Type) -> String {
    match t.type_data(ty) {
        TypeData::Bottom => "Union{}".into(),
        TypeData::Union(_) => format!("Union{{{}}}", list(t, t.params(ty))),
        TypeData::Var(name) => t.names.str(name).into(),
        TypeData::Vararg { elem, count } => {
            let count = count.map_or(String::new(), |c| format!(", {}", list(t, &[c])));
            format!("Vararg{{{}{count}}}", type_name(t, elem))
        }
        TypeData::UnionAll {
            var,
            lower,
            upper,
            body,
        } => {
            let mut out = type_name(t, body) + " where ";
            if lower != Type::BOTTOM {
                out += &format!("{}<:", type_name(t, lower));
            }
            out += t.names.str(var);
            if upper != Type::ANY {
                out += &format!("<:{}", type_name(t, upper));
            }
            out
        }
        TypeData::Data { name, .. } => data_name(t, ty, t.names.str(name)),
    }
}

fn data_name(t: &Tables, ty: Type, name: &str) -> String {
    let params = t.params(ty);
    if t.is_tuple(ty) {
        return tuple_name(t, params);
    }
    if t.is_named_tuple(ty)
        && let Some(text) = named_tuple_name(t, params)
    {
        return text;
    }
    if let Some(function) = of_function(name) {
        return format!("typeof({})", visible(function));
    }
    if let ("Base.Complex", [TypeParam::Type(elem)]) = (name, params) {
        match *elem {
            Type::FLOAT64 => return "ComplexF64".into(),
            Type::FLOAT32 => return "ComplexF32".into(),
            Type::FLOAT16 => return "ComplexF16".into(),
            _ => {}
        }
    }
    if let ("Base.BitArray", [TypeParam::Value(Operand::Imm { bits, .. })]) = (name, params) {
        match bits {
            1 => return "BitVector".into(),
            2 => return "BitMatrix".into(),
            _ => {}
        }
    }
    if let [elem, TypeParam::Value(Operand::Imm { bits, .. })] = params {
        let alias = match (name, bits) {
            ("Array", 1) => "Vector",
            ("Array", 2) => "Matrix",
            ("AbstractArray", 1) => "AbstractVector",
            ("AbstractArray", 2) => "AbstractMatrix",
            ("DenseArray", 1) => "DenseVector",
            ("DenseArray", 2) => "DenseMatrix",
            _ => "",
        };
        if !alias.is_empty() {
            return format!("{alias}{{{}}}", list(t, &[*elem]));
        }
    }
    match params {
        [] => visible(name).into(),
        _ => format!("{}{{{}}}", visible(name), list(t, params)),
    }
}

fn list(t: &Tables, params: &[TypeParam]) -> String {
    let texts: Vec<String> = params
        .iter()
        .map(|param| match *param {
            TypeParam::Type(ty) => type_name(t, ty),
            TypeParam::Value(value) => parameter(t, value).unwrap_or("_".into()),
        })
        .collect();
    texts.join(", ")
}

/// A value as the parameter of a type.
fn parameter(t: &Tables, value: Operand) -> Option<String> {
    Some(match value {
        Operand::Imm {
            ty: Type::BOOL,
            bits,
        } => (bits & 1 != 0).to_string(),
        Operand::Imm { ty, bits } => {
            let width = ty.builtin_bits()?;
            match ty {
                _ if ty.is_signed() => crate::value::signed(bits.into(), width).to_string(),
                _ if ty.is_unsigned() => format!("0x{bits:0n$x}", n = width as usize / 4),
                Type::FLOAT64 => jlift_ir::text::float64_text(f64::from_bits(bits)),
                _ => return None,
            }
        }
        Operand::Type(ty) => type_name(t, ty),
        Operand::Const(c) => match t.const_data(c) {
            ConstData::Symbol(name) => format!(":{}", t.names.str(*name)),
            ConstData::Aggregate { ty, fields } if t.is_tuple(*ty) => {
                let parts: Option<Vec<String>> = fields.iter().map(|&f| parameter(t, f)).collect();
                let parts = parts?;
                let comma = if parts.len() == 1 { "," } else { "" };
                format!("({}{comma})", parts.join(", "))
            }
            _ => return None,
        },
        _ => return None,
    })
}

/// More than three equal types at the end of a tuple are counted.
fn tuple_name(t: &Tables, params: &[TypeParam]) -> String {
    let tail = match params.last() {
        Some(last) => params.iter().rev().take_while(|p| *p == last).count(),
        None => 0,
    };
    let head = &params[..params.len() - tail];
    match tail {
        0..=3 => format!("Tuple{{{}}}", list(t, params)),
        _ if head.is_empty() => format!("NTuple{{{tail}, {}}}", list(t, &params[..1])),
        _ => {
            let last = list(t, &params[params.len() - 1..]);
            format!("Tuple{{{}, Vararg{{{last}, {tail}}}}}", list(t, head))
        }
    }
}

fn named_tuple_name(t: &Tables, params: &[TypeParam]) -> Option<String> {
    let &[
        TypeParam::Value(Operand::Const(names)),
        TypeParam::Type(types),
    ] = params
    else {
        return None;
    };
    let (ConstData::Aggregate { fields: names, .. }, types) =
        (t.const_data(names), t.tuple_elems(types)?)
    else {
        return None;
    };
    let mut parts = Vec::new();
    for (&name, &ty) in names.iter().zip(&types) {
        let Operand::Const(name) = name else {
            return None;
        };
        let ConstData::Symbol(name) = t.const_data(name) else {
            return None;
        };
        let name = t.names.str(*name);
        parts.push(match ty {
            Type::ANY => name.to_string(),
            _ => format!("{name}::{}", type_name(t, ty)),
        });
    }
    Some(format!("@NamedTuple{{{}}}", parts.join(", ")))
}
