//! The C side of the test: the same types and the same folding, calls of every exported function with
//! several sets of values, the C functions that Julia code calls, and a `main` that counts.

use crate::jir::{FOLD_FACTOR, FOLD_SHIFT, START, STEP};
use crate::signature::Signature;
use crate::types::{Bits, CForm, Id, Kind, SCALARS, Types};
use std::fmt::Write;

/// Sets of values that each function is called with.
pub const ROUNDS: usize = 5;

/// The whole program.
pub fn program(types: &Types, signatures: &[Signature]) -> String {
    let mut out = prelude();
    for id in 0..types.list.len() {
        define_type(&mut out, types, id);
    }
    for (n, signature) in signatures.iter().enumerate() {
        called_function(&mut out, types, n, signature);
        declare_exports(&mut out, types, n, signature);
        test_function(&mut out, types, n, signature);
    }
    let _ = writeln!(out, "int main(void) {{");
    for n in 0..signatures.len() {
        let _ = writeln!(out, "  test_{n}();");
    }
    let _ = writeln!(
        out,
        "  printf(\"{} signatures, %d checks, %d failures\\n\", checks, failures);\n  return failures != 0;\n}}",
        signatures.len()
    );
    out
}

fn prelude() -> String {
    format!(
        r#"#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef __int128 int128;
typedef unsigned __int128 uint128;
// As fields, 128-bit integers have Julia's alignment.
typedef __int128 int128_field __attribute__((aligned(8)));
typedef unsigned __int128 uint128_field __attribute__((aligned(8)));

static int checks, failures;

static uint64_t mix(uint64_t acc, uint64_t word) {{
  uint64_t x = (acc ^ word) * {FOLD_FACTOR}u;
  return x ^ x >> {FOLD_SHIFT};
}}

static uint64_t step(uint64_t *acc) {{
  return *acc = mix(*acc, {STEP}u);
}}

static uint64_t fold(uint64_t acc, const uint64_t *words, const uint64_t *end) {{
  while (words < end) acc = mix(acc, *words++);
  return acc;
}}

static void check(const char *what, int signature, int round, const uint64_t *got, const uint64_t *want, size_t words) {{
  checks++;
  if (!memcmp(got, want, words * 8)) return;
  failures++;
  printf("signature %d, round %d: %s\n", signature, round, what);
  for (size_t i = 0; i < words; i++)
    printf("  word %zu: got %016llx, expected %016llx%s\n", i, (unsigned long long)got[i], (unsigned long long)want[i],
           got[i] == want[i] ? "" : " <--");
}}

static void must_not_return(int signature) {{
  failures++;
  printf("signature %d: no status for a failure\n", signature);
}}

const char *jlift_last_error(void);
"#
    )
}

/// The type's name where it is a field.
fn field_type(types: &Types, id: Id) -> String {
    match types.list[id].c.as_str() {
        name @ ("int128" | "uint128") => format!("{name}_field"),
        name => name.into(),
    }
}

/// The type's definition and the functions that take values apart and make them.
fn define_type(out: &mut String, types: &Types, id: Id) {
    let info = &types.list[id];
    let c = &info.c;
    if info.is_ghost() {
        return;
    }
    if let Kind::Aggregate { parts, form, .. } = &info.kind {
        match form {
            CForm::Complex => {}
            CForm::Array => {
                let elem = field_type(types, parts[0].0);
                let _ = writeln!(out, "typedef struct {{ {elem} v[{}]; }} {c};", parts.len());
            }
            CForm::Fields => {
                let _ = write!(out, "typedef struct {{");
                for (i, &(part, _)) in parts.iter().enumerate() {
                    if !types.list[part].is_ghost() {
                        let _ = write!(out, " {} f{i};", field_type(types, part));
                    }
                }
                let _ = writeln!(out, " }} {c};");
                for (i, &(part, offset)) in parts.iter().enumerate() {
                    if !types.list[part].is_ghost() {
                        let _ = writeln!(
                            out,
                            "_Static_assert(offsetof({c}, f{i}) == {offset}, \"{c}.f{i}\");"
                        );
                    }
                }
            }
        }
        let _ = writeln!(
            out,
            "_Static_assert(sizeof({c}) == {}, \"{c}\");",
            info.size
        );
        let _ = writeln!(
            out,
            "_Static_assert(_Alignof({c}) == {}, \"{c}\");",
            info.align
        );
    }
    let _ = writeln!(out, "static uint64_t *put_{id}(uint64_t *to, {c} x) {{");
    match &info.kind {
        Kind::Scalar(s) => put_scalar(out, SCALARS[*s].bits),
        Kind::Aggregate { parts, form, .. } => {
            for (i, &(part, _)) in parts.iter().enumerate() {
                if !types.list[part].is_ghost() {
                    let _ = writeln!(out, "  to = put_{part}(to, {});", part_of("x", *form, i));
                }
            }
        }
        Kind::Ghost(_) => {}
    }
    let _ = writeln!(
        out,
        "  return to;\n}}\nstatic {c} make_{id}(uint64_t *acc) {{\n  {c} x;"
    );
    match &info.kind {
        Kind::Scalar(s) => make_scalar(out, SCALARS[*s].bits),
        Kind::Aggregate { parts, form, .. } => {
            for (i, &(part, _)) in parts.iter().enumerate() {
                if !types.list[part].is_ghost() {
                    let _ = writeln!(out, "  {} = make_{part}(acc);", part_of("x", *form, i));
                }
            }
        }
        Kind::Ghost(_) => {}
    }
    let _ = writeln!(out, "  return x;\n}}");
}

fn part_of(value: &str, form: CForm, index: usize) -> String {
    match (form, index) {
        (CForm::Fields, i) => format!("{value}.f{i}"),
        (CForm::Array, i) => format!("{value}.v[{i}]"),
        (CForm::Complex, 0) => format!("__real__ {value}"),
        (CForm::Complex, _) => format!("__imag__ {value}"),
    }
}

fn put_scalar(out: &mut String, bits: Bits) {
    let text = match bits {
        Bits::Int(128) => "  *to++ = (uint64_t)x;\n  *to++ = (uint64_t)((uint128)x >> 64);".into(),
        // Through memory: floats keep every bit, and a Bool that is neither 0 nor 1 is seen.
        _ => format!(
            "  uint64_t word = 0;\n  memcpy(&word, &x, {});\n  *to++ = word;",
            bits.size()
        ),
    };
    let _ = writeln!(out, "{text}");
}

fn make_scalar(out: &mut String, bits: Bits) {
    let text = match bits {
        Bits::Bool => "  x = (step(acc) & 1) < 1;".into(),
        Bits::Int(128) => {
            "  uint128 low = step(acc);\n  x = (uint128)step(acc) << 64 | low;".into()
        }
        _ => format!(
            "  uint64_t word = step(acc);\n  memcpy(&x, &word, {});",
            bits.size()
        ),
    };
    let _ = writeln!(out, "{text}");
}

/// The parameters that C sees: number in the signature and type.
fn visible<'s>(
    types: &'s Types,
    signature: &'s Signature,
) -> impl Iterator<Item = (usize, Id)> + 's {
    signature
        .params
        .iter()
        .copied()
        .enumerate()
        .filter(|&(_, p)| !types.list[p].is_ghost())
}

fn list_or_void(list: &[String]) -> String {
    if list.is_empty() {
        "void".into()
    } else {
        list.join(", ")
    }
}

/// `c_N`, which Julia code calls.
fn called_function(out: &mut String, types: &Types, n: usize, signature: &Signature) {
    let ret = &types.list[signature.ret];
    let params: Vec<String> = visible(types, signature)
        .map(|(i, p)| format!("{} a{i}", types.list[p].c))
        .collect();
    let words: u32 = signature.params.iter().map(|&p| types.words(p)).sum();
    let _ = writeln!(out, "\nstatic uint64_t seen_{n}[{}];", words.max(1));
    let _ = writeln!(out, "{} c_{n}({}) {{", ret.c, list_or_void(&params));
    let _ = writeln!(out, "  uint64_t *to = seen_{n};");
    for (i, p) in visible(types, signature) {
        let _ = writeln!(out, "  to = put_{p}(to, a{i});");
    }
    let _ = writeln!(
        out,
        "  uint64_t acc = fold({}u, seen_{n}, to);",
        START + n as u64
    );
    let _ = match ret.is_ghost() {
        true => writeln!(out, "  (void)acc;\n}}"),
        false => writeln!(out, "  return make_{}(&acc);\n}}", signature.ret),
    };
}

fn declare_exports(out: &mut String, types: &Types, n: usize, signature: &Signature) {
    let ret = &types.list[signature.ret];
    let mut plain: Vec<String> = visible(types, signature)
        .map(|(_, p)| types.list[p].c.clone())
        .collect();
    let mut pointers: Vec<String> = plain.iter().map(|c| format!("{c} *")).collect();
    if !ret.is_ghost() {
        pointers.push(format!("{} *", ret.c));
    }
    if signature.by_pointer {
        pointers.push("void *".into());
    }
    if signature.may_throw {
        plain.push("bool".into());
    }
    let _ = writeln!(out, "{} jl_{n}({});", ret.c, list_or_void(&plain));
    if signature.may_throw {
        if !ret.is_ghost() {
            plain.push(format!("{} *", ret.c));
        }
        let _ = writeln!(out, "int32_t jl_{n}_try({});", list_or_void(&plain));
    }
    let _ = writeln!(out, "void call_{n}({});", list_or_void(&pointers));
}

fn test_function(out: &mut String, types: &Types, n: usize, signature: &Signature) {
    let ret = &types.list[signature.ret];
    let ret_words = types.words(signature.ret) as usize;
    let words: u32 = signature.params.iter().map(|&p| types.words(p)).sum();
    let _ = writeln!(out, "static void test_{n}(void) {{");
    let _ = writeln!(out, "  for (int round = 0; round < {ROUNDS}; round++) {{");
    let _ = writeln!(out, "    uint64_t acc = {n}u * 1000 + (uint64_t)round;");
    let _ = writeln!(
        out,
        "    uint64_t given[{}] = {{0}}, *to = given;",
        words.max(1)
    );
    for (i, p) in visible(types, signature) {
        let _ = writeln!(
            out,
            "    {} a{i} = make_{p}(&acc);\n    to = put_{p}(to, a{i});",
            types.list[p].c
        );
    }
    let _ = writeln!(
        out,
        "    acc = fold({}u, given, to);\n    (void)acc;",
        START + n as u64
    );
    let mut args: Vec<String> = visible(types, signature)
        .map(|(i, _)| format!("a{i}"))
        .collect();
    let mut addresses: Vec<String> = args.iter().map(|a| format!("&{a}")).collect();
    if signature.may_throw {
        args.push("false".into());
    }
    if ret.is_ghost() {
        let _ = writeln!(out, "    jl_{n}({});", args.join(", "));
    } else {
        let ty = signature.ret;
        let _ = writeln!(
            out,
            "    uint64_t want[{ret_words}], got[{ret_words}];\n    put_{ty}(want, make_{ty}(&acc));\n    \
             {} result = jl_{n}({});\n    put_{ty}(got, result);\n    \
             check(\"C calls Julia code\", {n}, round, got, want, {ret_words});",
            ret.c,
            args.join(", ")
        );
        addresses.push("&result".into());
    }
    if signature.may_throw {
        try_calls(out, n, signature, &args, ret.is_ghost(), ret_words);
    }
    if signature.by_pointer {
        addresses.push(format!("(void *)c_{n}"));
    }
    let _ = writeln!(out, "    memset(seen_{n}, 0, sizeof seen_{n});");
    if !ret.is_ghost() {
        let _ = writeln!(out, "    memset(&result, 0, sizeof result);");
    }
    let _ = writeln!(
        out,
        "    call_{n}({});\n    \
         check(\"arguments of a C function that Julia code calls\", {n}, round, seen_{n}, given, (size_t)(to - given));",
        addresses.join(", ")
    );
    if !ret.is_ghost() {
        let _ = writeln!(
            out,
            "    put_{}(got, result);\n    \
             check(\"result of a C function that Julia code calls\", {n}, round, got, want, {ret_words});",
            signature.ret
        );
    }
    let _ = writeln!(out, "  }}\n}}");
}

/// Calls of the entry with status: one that succeeds, one that fails and leaves the result alone.
fn try_calls(
    out: &mut String,
    n: usize,
    signature: &Signature,
    args: &[String],
    ghost: bool,
    ret_words: usize,
) {
    let mut args = args.to_vec();
    if !ghost {
        args.push("&result".into());
        let _ = writeln!(out, "    memset(&result, 0, sizeof result);");
    }
    let _ = writeln!(
        out,
        "    uint64_t zero = 0, status = (uint32_t)jl_{n}_try({});\n    \
         check(\"status\", {n}, round, &status, &zero, 1);",
        args.join(", ")
    );
    let check_result = |out: &mut String, what: &str| {
        if !ghost {
            let _ = writeln!(
                out,
                "    put_{}(got, result);\n    check(\"{what}\", {n}, round, got, want, {ret_words});",
                signature.ret
            );
        }
    };
    check_result(out, "C calls Julia code through the entry with status");
    let fail = args.len() - if ghost { 1 } else { 2 };
    args[fail] = "true".into();
    let _ = writeln!(
        out,
        "    if (jl_{n}_try({}) != 1 || strcmp(jlift_last_error(), \"DivideError: integer division error\")) \
         must_not_return({n});",
        args.join(", ")
    );
    check_result(out, "result after a failure");
}
