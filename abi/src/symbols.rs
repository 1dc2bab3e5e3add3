//! Symbol names. Exports keep the plain name of the Julia function: `Main.harmonic` is `harmonic`.
//!
//! What C cannot spell is mangled: a trailing or inner `!` becomes `_bang`, any other character
//! outside of `A-Za-z0-9_` becomes `_uHEX_` with its code point (`∇f` is `_u2207_f`), and a name
//! that is a keyword of C or C++ gets a `_` at its end. If several methods of one name are exported, each gets
//! a suffix from its parameter types ([`type_code`]): `norm(::Float64)` is `norm_f64` and
//! `norm(::Ptr{Float32}, ::Int64)` is `norm_pf32_i64`; `_void` without parameters. Names that still
//! coincide are an error: silently numbered names would change with the order of exports.
//!
//! Nothing here knows the object format; names with a `.` are only used for local symbols.

use jlift_ir::{ConstData, Tables, Type, TypeClass, TypeParam, Value};
use std::collections::HashMap;
use std::fmt;

/// The function that gives the message of the last failure.
pub const LAST_ERROR: &str = "jlift_last_error";
/// The function that gives the address of the error record (runtime, never exported).
pub const ERROR_RECORD: &str = "jlift_error_record";

/// Longer names of types are cut and end in a hash.
const MAX_TYPE_NAME: usize = 80;

/// A function to be exported.
#[derive(Copy, Clone, Debug)]
pub struct ExportName<'a> {
    /// With its module, as in `Main.harmonic`.
    pub name: &'a str,
    pub params: &'a [Type],
    /// Whether it has a `_try` entry too.
    pub may_throw: bool,
}

/// Two exports that would need the same symbol.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SymbolError {
    pub symbol: String,
    /// The Julia names that lead to it.
    pub names: [String; 2],
}

impl fmt::Display for SymbolError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let [a, b] = &self.names;
        write!(
            f,
            "exports `{a}` and `{b}` both need the symbol `{}`",
            self.symbol
        )
    }
}

impl std::error::Error for SymbolError {}

/// The C symbols of a set of exports, in their order. The set decides: a name with one method stays
/// plain.
pub fn export_symbols(tables: &Tables, exports: &[ExportName]) -> Result<Vec<String>, SymbolError> {
    // Only methods of one Julia name are overloads; `f!` beside `f_bang` is a clash.
    let mut methods: HashMap<&str, usize> = HashMap::new();
    for export in exports {
        *methods.entry(base_name(export.name)).or_default() += 1;
    }
    let symbols: Vec<String> = exports
        .iter()
        .map(|export| {
            let name = base_name(export.name);
            match methods[name] {
                1 => mangle(name),
                _ => mangle(name) + &overload_suffix(tables, export.params),
            }
        })
        .collect();
    let mut taken: HashMap<String, &str> = HashMap::new();
    for (symbol, export) in symbols.iter().zip(exports) {
        let try_symbol = export.may_throw.then(|| try_symbol(symbol));
        for needed in std::iter::once(symbol.clone()).chain(try_symbol) {
            if let Some(other) = taken.insert(needed.clone(), export.name) {
                return Err(SymbolError {
                    symbol: needed,
                    names: [other.to_owned(), export.name.to_owned()],
                });
            }
        }
    }
    Ok(symbols)
}

/// The symbol of the entry that reports exceptions by its status.
pub fn try_symbol(symbol: &str) -> String {
    format!("{symbol}_try")
}

/// The local symbol of a function that is not exported; `index` makes it unique in its module.
pub fn internal_symbol(name: &str, index: usize) -> String {
    format!("{}.{index}", mangle(base_name(name)))
}

/// The local symbol of a data object; `index` makes it unique among data.
pub fn data_symbol(index: usize) -> String {
    format!(".Ljlift.data.{index}")
}

/// The name without its module: `Main.A.f!` gives `f!`, `Main.var"#f#1"` gives `#f#1`.
pub fn base_name(qualified: &str) -> &str {
    if let Some(inner) = qualified.strip_suffix('"')
        && let Some(at) = inner.rfind("var\"")
    {
        return &inner[at + 4..];
    }
    // An operator may itself consist of dots, as `..` of `Main...` does.
    let operand = qualified.trim_end_matches('.');
    if operand.len() < qualified.len() {
        return qualified.get(operand.len() + 1..).unwrap_or(qualified);
    }
    qualified.rsplit('.').next().unwrap_or(qualified)
}

/// A C identifier for a Julia name; see the head of this file.
pub fn mangle(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => out.push(c),
            '!' => out.push_str("_bang"),
            c => out.push_str(&format!("_u{:x}_", c as u32)),
        }
    }
    if out.is_empty() || out.starts_with(|c: char| c.is_ascii_digit()) {
        out.insert(0, '_');
    }
    if is_c_word(&out) || out == LAST_ERROR || out == ERROR_RECORD {
        out.push('_');
    }
    out
}

fn overload_suffix(tables: &Tables, params: &[Type]) -> String {
    if params.is_empty() {
        return "_void".to_owned();
    }
    params
        .iter()
        .map(|&ty| format!("_{}", type_code(tables, ty)))
        .collect()
}

/// The short form of a type in names: `i64`, `u8`, `f32`, `bool`, `char`, `str`; `p` before the
/// code of a pointer's target, `aN` before the element's of an array; other types by
/// [`type_identifier`].
pub fn type_code(tables: &Tables, ty: Type) -> String {
    cut(type_code_full(tables, ty))
}

fn type_code_full(tables: &Tables, ty: Type) -> String {
    match ty {
        Type::BOOL => return "bool".to_owned(),
        Type::CHAR => return "char".to_owned(),
        Type::STRING => return "str".to_owned(),
        _ => {}
    }
    if let Some(bits) = ty.builtin_bits() {
        let kind = match ty {
            _ if ty.is_float() => 'f',
            _ if ty.is_signed() => 'i',
            _ => 'u',
        };
        return format!("{kind}{bits}");
    }
    if let Some(target) = tables.pointee(ty) {
        return match target {
            Type::NOTHING => "pvoid".to_owned(),
            _ => format!("p{}", type_code_full(tables, target)),
        };
    }
    if let Some((elem, dims)) = tables.array_of(ty) {
        return format!("a{dims}{}", type_code_full(tables, elem));
    }
    type_identifier_full(tables, ty)
}

/// A C identifier for a struct, tuple or other nominal type: its name without the module and its
/// parameters, as in `Complex_f64`, `Tuple_i64_f64`, `Tuple_3_f64` for three equal elements.
pub fn type_identifier(tables: &Tables, ty: Type) -> String {
    cut(type_identifier_full(tables, ty))
}

fn type_identifier_full(tables: &Tables, ty: Type) -> String {
    if let Some(elems) = tables.tuple_elems(ty)
        && let [first, rest @ ..] = &elems[..]
        && !rest.is_empty()
        && rest.iter().all(|e| e == first)
    {
        return format!("Tuple_{}_{}", elems.len(), type_code_full(tables, *first));
    }
    let mut out = match tables.type_name(ty) {
        Some(name) => mangle(base_name(name)),
        None if tables.class(ty) == TypeClass::Union => "Union".to_owned(),
        None => return mangle(&jlift_ir::text::type_text(tables, ty)),
    };
    for param in tables.params(ty) {
        out.push('_');
        match param {
            TypeParam::Type(t) => out.push_str(&type_code_full(tables, *t)),
            TypeParam::Value(v) => out.push_str(&value_code(tables, *v)),
        }
    }
    out
}

fn value_code(tables: &Tables, value: Value) -> String {
    match value {
        Value::Imm {
            ty: Type::BOOL,
            bits,
        } => (bits != 0).to_string(),
        Value::Imm { ty, bits } if ty.is_signed() => match bits as i64 {
            n if n < 0 => format!("m{}", n.unsigned_abs()),
            n => n.to_string(),
        },
        Value::Imm { bits, .. } => bits.to_string(),
        Value::Type(ty) | Value::Instance(ty) => type_code_full(tables, ty),
        Value::Const(c) => match tables.const_data(c) {
            ConstData::Symbol(name) => mangle(tables.names.str(*name)),
            ConstData::Aggregate { fields, .. } => {
                let parts: Vec<String> = fields.iter().map(|&f| value_code(tables, f)).collect();
                parts.join("_")
            }
            _ => format!("c{}", c.as_u32()),
        },
        Value::Inst(_) | Value::Arg(_) => "v".to_owned(),
    }
}

/// Long names end in the FNV-1a hash of the whole, so that they stay different.
fn cut(name: String) -> String {
    if name.len() <= MAX_TYPE_NAME {
        return name;
    }
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    });
    // Identifiers are ASCII, so every index is a character boundary.
    format!("{}_{hash:016x}", &name[..MAX_TYPE_NAME - 17])
}

/// Keywords of C11 and C++20, and what <stdbool.h> and <stdint.h> define.
pub(crate) fn is_c_word(word: &str) -> bool {
    C_WORDS.contains(&word)
}

#[rustfmt::skip]
const C_WORDS: &[&str] = &[
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch",
    "char", "char16_t", "char32_t", "char8_t", "class", "co_await", "co_return", "co_yield", "compl", "concept",
    "const", "const_cast", "consteval", "constexpr", "constinit", "continue", "decltype", "default", "delete",
    "do", "double", "dynamic_cast", "else", "enum", "explicit", "export", "extern", "false", "float", "for",
    "friend", "goto", "if", "inline", "int", "int16_t", "int32_t", "int64_t", "int8_t", "linux", "long", "mutable",
    "namespace", "new", "noexcept", "not", "not_eq", "nullptr", "operator", "or", "or_eq", "private",
    "protected", "public", "register", "reinterpret_cast", "requires", "restrict", "return", "short", "signed",
    "sizeof", "static", "static_assert", "static_cast", "struct", "switch", "template", "this", "thread_local",
    "throw", "true", "try", "typedef", "typeid", "typename", "typeof", "uint16_t", "uint32_t", "uint64_t",
    "uint8_t", "union", "unix", "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while", "xor",
    "xor_eq",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols(
        tables: &Tables,
        list: &[(&str, &[Type], bool)],
    ) -> Result<Vec<String>, SymbolError> {
        let exports: Vec<ExportName> = list
            .iter()
            .map(|&(name, params, may_throw)| ExportName {
                name,
                params,
                may_throw,
            })
            .collect();
        export_symbols(tables, &exports)
    }

    #[test]
    fn single_methods_keep_their_plain_names() {
        let tables = Tables::default();
        let got = symbols(
            &tables,
            &[
                ("Main.harmonic_forward", &[Type::INT64], true),
                ("Main.A.sort!", &[], false),
                ("Main.∇f", &[], false),
                ("Main.double", &[], false),
                ("Main.var\"#a.b#1\"", &[], false),
                ("Main.*", &[], false),
                ("Main...", &[], false),
            ],
        );
        let want = [
            "harmonic_forward",
            "sort_bang",
            "_u2207_f",
            "double_",
            "_u23_a_u2e_b_u23_1",
            "_u2a_",
            "_u2e__u2e_",
        ];
        assert_eq!(got.unwrap(), want);
    }

    #[test]
    fn overloads_are_told_apart_by_their_parameter_types() {
        let mut tables = Tables::default();
        let pointer = tables.ptr(Type::FLOAT32);
        let matrix = tables.array(Type::FLOAT64, 2);
        let triple = tables.tuple(&[Type::UINT8; 3]);
        let pair = tables.tuple(&[Type::INT64, Type::BOOL]);
        let complex = tables.nominal("Base.Complex", &[TypeParam::Type(Type::FLOAT64)]);
        let got = symbols(
            &tables,
            &[
                ("Main.f", &[], false),
                ("Main.f", &[Type::FLOAT64], false),
                ("Main.f", &[pointer, Type::INT64], false),
                ("Main.f", &[matrix, Type::STRING], false),
                ("Main.f", &[triple, pair, complex, Type::CHAR], false),
                ("Main.g", &[Type::INT8], false),
            ],
        );
        let want = [
            "f_void",
            "f_f64",
            "f_pf32_i64",
            "f_a2f64_str",
            "f_Tuple_3_u8_Tuple_i64_bool_Complex_f64_char",
            "g",
        ];
        assert_eq!(got.unwrap(), want);
    }

    #[test]
    fn names_that_coincide_are_refused() {
        let tables = Tables::default();
        let error =
            |list: &[(&str, &[Type], bool)]| symbols(&tables, list).unwrap_err().to_string();
        assert_eq!(
            error(&[("Main.f!", &[], false), ("Main.f_bang", &[], false)]),
            "exports `Main.f!` and `Main.f_bang` both need the symbol `f_bang`"
        );
        assert_eq!(
            error(&[("Main.f_try", &[], false), ("Main.f", &[], true)]),
            "exports `Main.f_try` and `Main.f` both need the symbol `f_try`"
        );
        error(&[
            ("Main.f", &[Type::INT8], false),
            ("Main.A.f", &[Type::INT8], false),
        ]);
        // Without a `_try` entry there is no clash.
        let fine = symbols(
            &tables,
            &[("Main.f_try", &[], false), ("Main.f", &[], false)],
        );
        assert_eq!(fine.unwrap(), ["f_try", "f"]);
    }

    #[test]
    fn long_type_names_are_cut_but_stay_different() {
        let mut tables = Tables::default();
        let mut long = |last| {
            let mut params = vec![TypeParam::Type(Type::FLOAT64); 60];
            params.push(TypeParam::Type(last));
            tables.nominal("Main.Long", &params)
        };
        let (a, b) = (long(Type::INT8), long(Type::INT16));
        let (a, b) = (type_identifier(&tables, a), type_identifier(&tables, b));
        assert_eq!((a.len(), b.len()), (MAX_TYPE_NAME, MAX_TYPE_NAME));
        assert_ne!(a, b);
    }

    #[test]
    fn internal_symbols_cannot_meet_exports() {
        assert_eq!(
            internal_symbol("Main.#newton#9", 12),
            "_u23_newton_u23_9.12"
        );
        assert!(data_symbol(3).contains('.'));
    }
}
