//! Argument passing compared with gcc: random signatures are called by code that gcc compiled, a
//! hand-written callee saves all registers and the stack, and every scalar must be where a code
//! generator that follows the classification would look for it. Results are tested the other way.

mod support;

use jlift_abi::classify::{
    AbiSignature, CallConv, Extend, Pad, PassMode, ReturnMode, classify_signature,
};
use jlift_abi::export::{CParam, Part, classify_export, classify_try, export_params};
use jlift_abi::layout::{Scalar, layout, leaves};
use jlift_ir::{Tables, Type};
use std::process::Command;
use support::random::{CType, Generator};

const SIGNATURES: usize = 250;

/// Where a machine parameter is, as a C expression for its address.
type Place = String;

/// Gives out registers and stack slots as Cranelift 0.135 does.
struct Machine {
    convention: CallConv,
    position: u32,
    ints: u32,
    floats: u32,
    stack: u32,
}

impl Machine {
    fn new(convention: CallConv) -> Self {
        let windows = convention == CallConv::WindowsX64;
        Self {
            convention,
            position: 0,
            ints: 0,
            floats: 0,
            stack: if windows { 32 } else { 0 },
        }
    }

    fn scalar(&mut self, float: bool) -> Place {
        let (used, free) = match self.convention {
            CallConv::WindowsX64 => {
                (self.ints, self.floats) = (self.position, self.position);
                (
                    if float {
                        &mut self.floats
                    } else {
                        &mut self.ints
                    },
                    4,
                )
            }
            CallConv::SystemV if !float => (&mut self.ints, 6),
            _ if float => (&mut self.floats, 8),
            _ => (&mut self.ints, 8),
        };
        self.position += 1;
        if *used < free {
            *used += 1;
            let index = *used - 1;
            return match float {
                true => format!("captured.floats[{index}]"),
                false => format!("&captured.ints[{index}]"),
            };
        }
        self.stack_bytes(8)
    }

    fn stack_bytes(&mut self, size: u32) -> Place {
        assert_eq!(size % 8, 0);
        self.stack += size;
        format!("captured.stack + {}", self.stack - size)
    }
}

/// Lines that check where the arguments of one signature arrived.
fn check_params(
    tables: &Tables,
    params: &[CType],
    signature: &AbiSignature,
    index: usize,
) -> String {
    let mut machine = Machine::new(signature.convention);
    let mut text = String::new();
    if let ReturnMode::Sret { .. } = signature.ret
        && signature.convention != CallConv::Aapcs64
    {
        machine.scalar(false);
    }
    for (i, (param, abi)) in params.iter().zip(&signature.params).enumerate() {
        for pad in &abi.pads {
            match pad {
                Pad::Int => machine.scalar(false),
                Pad::Float => machine.scalar(true),
                Pad::Stack => machine.stack_bytes(8),
            };
        }
        let mut check = |place: &str, leaf_offset: u32, size: u32, in_place: u32| {
            text += &format!(
                "  SAME(\"signature {index} parameter {i} offset {leaf_offset}\", \
                 (char *)({place}) + {in_place}, (char *)&a{i} + {leaf_offset}, {size});\n"
            );
        };
        let all = leaves(tables, param.ty, 1 << 16).unwrap();
        match &abi.mode {
            PassMode::Ignore => assert!(all.is_empty()),
            PassMode::Direct { scalar, .. } => {
                let place = machine.scalar(scalar.is_float());
                check(&place, 0, scalar.size(), 0);
            }
            PassMode::Split(pieces) => {
                let mut covered = 0;
                for piece in pieces {
                    let place = machine.scalar(piece.scalar.is_float());
                    assert!(piece.size <= piece.scalar.size());
                    for leaf in &all {
                        // A 128-bit integer is in two pieces.
                        let size = leaf.scalar.size().min(8);
                        for at in (leaf.offset..leaf.offset + leaf.scalar.size()).step_by(8) {
                            if at >= piece.offset && at + size <= piece.offset + piece.size {
                                check(&place, at, size, at - piece.offset);
                                covered += size;
                            }
                        }
                    }
                }
                let bytes: u32 = all.iter().map(|l| l.scalar.size()).sum();
                assert_eq!(covered, bytes, "pieces of {} miss a part", param.value);
            }
            PassMode::StackCopy { size, .. } => {
                let place = machine.stack_bytes(*size);
                for leaf in &all {
                    check(&place, leaf.offset, leaf.scalar.size(), leaf.offset);
                }
            }
            PassMode::Indirect { align, .. } => {
                let place = machine.scalar(false);
                text += &format!("  aligned |= *(u64 *)({place}) % {align};\n");
                for leaf in &all {
                    let copy = format!("*(char **)({place})");
                    text += &format!(
                        "  SAME(\"signature {index} parameter {i} copy\", {copy} + {o}, \
                         (char *)&a{i} + {o}, {});\n",
                        leaf.scalar.size(),
                        o = leaf.offset
                    );
                }
            }
        }
    }
    text
}

/// Lines that fill the result registers from `expected` and call `produce`.
fn check_return(
    tables: &Tables,
    ret: &CType,
    mode: &ReturnMode,
    convention: &str,
    index: usize,
) -> String {
    let call = |callee: &str| {
        format!(
            "  r = (({t} ({attr}*)(void)){callee}_{convention})();\n",
            attr = attribute(convention),
            t = ret.value
        )
    };
    let all = leaves(tables, ret.ty, 1 << 16).unwrap();
    let mut text =
        "  memset(&produced, 0x55, sizeof produced); fill(&expected, sizeof expected);\n"
            .to_owned();
    let (mut ints, mut floats) = (0, 0);
    let mut place = |scalar: Scalar| {
        let used = if scalar.is_float() {
            &mut floats
        } else {
            &mut ints
        };
        *used += 1;
        match scalar.is_float() {
            true => format!("produced.floats[{}]", *used - 1),
            false => format!("&produced.ints[{}]", *used - 1),
        }
    };
    match mode {
        ReturnMode::Ignore => return String::new(),
        ReturnMode::Direct { scalar, .. } => {
            text += &format!(
                "  memcpy({}, &expected, {});\n",
                place(*scalar),
                scalar.size()
            );
            text += &call("produce");
        }
        ReturnMode::Split(pieces) => {
            for p in pieces {
                let (offset, size) = (p.offset, p.size);
                text += &format!(
                    "  memcpy({}, (char *)&expected + {offset}, {size});\n",
                    place(p.scalar)
                );
            }
            text += &call("produce");
        }
        ReturnMode::Sret { size, .. } => {
            text +=
                &format!("  produced.size = {size}; memcpy(produced.memory, &expected, {size});\n");
            text += &call("produce_sret");
        }
    }
    for leaf in all {
        text += &format!(
            "  SAME(\"signature {index} result offset {o}\", (char *)&r + {o}, \
             (char *)&expected + {o}, {});\n",
            leaf.scalar.size(),
            o = leaf.offset
        );
    }
    text
}

fn attribute(convention: &str) -> &'static str {
    if convention == "ms" {
        "__attribute__((ms_abi)) "
    } else {
        ""
    }
}

/// A C program that tests random signatures, and how many of their parameters each way takes.
fn program(convention: CallConv, seed: u64) -> (String, [usize; 5]) {
    let name = match convention {
        CallConv::SystemV => "sysv",
        CallConv::WindowsX64 => "ms",
        CallConv::Aapcs64 | CallConv::AppleAarch64 => "aapcs64",
    };
    let mut g = Generator::new(seed);
    g.wide = convention != CallConv::WindowsX64;
    g.half = convention != CallConv::WindowsX64;
    let mut tests = String::new();
    let mut ways = [0; 5];
    for index in 0..SIGNATURES {
        let count = g.random.below(13);
        let float_heavy = index % 3 == 0;
        let mut params = Vec::with_capacity(count);
        for _ in 0..count {
            g.only_floats = float_heavy && g.random.below(4) > 0;
            params.push(g.any(2));
        }
        g.only_floats = false;
        let ret = g.any(2);
        // A parameter without data is nothing in C.
        let ghost = g.random.below(4) == 0;
        let mut types: Vec<Type> = params.iter().map(|p| p.ty).collect();
        if ghost {
            types.push(Type::NOTHING);
        }
        let signature = classify_signature(&g.tables, convention, &types, ret.ty).unwrap();
        if ghost {
            assert_eq!(signature.params.last().unwrap().mode, PassMode::Ignore);
        }
        for param in &signature.params {
            ways[match param.mode {
                PassMode::Ignore => 0,
                PassMode::Direct { .. } => 1,
                PassMode::Split(_) => 2,
                PassMode::StackCopy { .. } => 3,
                PassMode::Indirect { .. } => 4,
            }] += 1;
        }
        params.truncate(count);
        let mut text = format!("static void test{index}(void) {{\n  u64 aligned = 0;\n");
        let mut sizes = params.clone();
        sizes.push(ret.clone());
        for (i, param) in params.iter().enumerate() {
            text += &format!("  {} a{i}; fill(&a{i}, sizeof a{i});\n", param.value);
            text += &normalize_bools(&g.tables, param.ty, &format!("a{i}"));
        }
        for ty in &sizes {
            let size = layout(&g.tables, ty.ty).unwrap().size;
            text += &format!(
                "  _Static_assert(sizeof({}) == {size}, \"size\");\n",
                ty.value
            );
        }
        let types: Vec<&str> = params.iter().map(|p| p.value.as_str()).collect();
        let types = if types.is_empty() {
            "void".to_owned()
        } else {
            types.join(", ")
        };
        let args: Vec<String> = (0..params.len()).map(|i| format!("a{i}")).collect();
        text += &format!(
            "  (({} ({}*)({types}))capture_{name})({});\n",
            ret.value,
            attribute(name),
            args.join(", ")
        );
        text += &check_params(&g.tables, &params, &signature, index);
        text += &format!("  {t} r; {t} expected;\n", t = ret.value);
        let mut result = check_return(&g.tables, &ret, &signature.ret, name, index);
        let bools = normalize_bools(&g.tables, ret.ty, "expected");
        result = result.replacen(
            "sizeof expected);\n",
            &format!("sizeof expected);\n{bools}"),
            1,
        );
        text += &result;
        text += &format!(
            "  if (aligned) SAME(\"signature {index}: alignment of a copy\", \"0\", \"1\", 1);\n}}\n"
        );
        tests += &text;
    }
    let calls: String = (0..SIGNATURES).map(|i| format!("  test{i}();\n")).collect();
    let text = format!(
        "{}{}{a}void capture_{name}(void); {a}void produce_{name}(void); \
         {a}void produce_sret_{name}(void);\n\
         {tests}int run(void) {{\n{calls}  return failures;\n}}\n",
        include_str!("support/prelude.c"),
        g.definitions,
        a = attribute(name)
    );
    (text, ways)
}

/// C may canonicalise a `_Bool` that is neither 0 nor 1, so random ones are made one of these.
/// Every single byte is treated so, since leaves do not tell `Bool` from `UInt8`.
fn normalize_bools(tables: &Tables, ty: Type, name: &str) -> String {
    leaves(tables, ty, 1 << 16)
        .unwrap()
        .iter()
        .filter(|l| l.scalar == Scalar::I8)
        .map(|l| format!("  ((unsigned char *)&{name})[{}] &= 1;\n", l.offset))
        .collect()
}

fn compile_and_run(name: &str, text: &str, assembly: &str, compiler: &str, runner: Option<&str>) {
    let dir = support::scratch(name);
    let (c, s, exe) = (dir.join("test.c"), dir.join("callees.s"), dir.join("test"));
    std::fs::write(&c, text).unwrap();
    std::fs::write(&s, assembly).unwrap();
    support::must_succeed(
        Command::new(compiler)
            .args([
                "-std=gnu11",
                "-O0",
                "-w",
                "-ffreestanding",
                "-fno-stack-protector",
            ])
            .args(["-fno-pie", "-static", "-nostdlib", "-o"])
            .args([&exe, &c, &s]),
    );
    support::must_succeed(&mut match runner {
        Some(runner) => {
            let mut command = Command::new(runner);
            command.arg(&exe);
            command
        }
        None => Command::new(&exe),
    });
}

#[test]
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
fn system_v_places_every_scalar_where_gcc_does() {
    let Some(gcc) = support::find_program(&["gcc"], "System V against gcc") else {
        return;
    };
    for seed in 1..=2 {
        let (text, ways) = program(CallConv::SystemV, seed);
        assert!(
            ways[0] > 30 && ways[1] > 300 && ways[2] > 200 && ways[3] > 200,
            "{ways:?}"
        );
        assert_eq!(ways[4], 0);
        let assembly = include_str!("support/capture_x86_64.s");
        compile_and_run(&format!("sysv{seed}"), &text, assembly, gcc, None);
    }
}

#[test]
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
fn windows_x64_places_every_scalar_where_gcc_does() {
    let Some(gcc) = support::find_program(&["gcc"], "Windows x64 against gcc") else {
        return;
    };
    let (text, ways) = program(CallConv::WindowsX64, 7);
    assert!(ways[1] > 300 && ways[2] > 60 && ways[4] > 200, "{ways:?}");
    let assembly = include_str!("support/capture_x86_64.s");
    compile_and_run("ms", &text, assembly, gcc, None);
}

#[test]
fn aapcs64_places_every_scalar_where_gcc_does() {
    let name = "AAPCS64 against gcc";
    let Some(gcc) = support::find_program(&["aarch64-linux-gnu-gcc"], name) else {
        return;
    };
    let qemu = ["qemu-aarch64", "qemu-aarch64-static"];
    let Some(qemu) = support::find_program(&qemu, name) else {
        return;
    };
    for seed in 11..=12 {
        let (text, ways) = program(CallConv::Aapcs64, seed);
        assert!(ways[1] > 300 && ways[2] > 300 && ways[4] > 200, "{ways:?}");
        let assembly = include_str!("support/capture_aarch64.s");
        compile_and_run(&format!("aapcs64-{seed}"), &text, assembly, gcc, Some(qemu));
    }
}

#[test]
fn register_rules_that_differ_between_conventions() {
    let mut g = Generator::new(1);
    let pair = g.tables.tuple(&[Type::INT64, Type::INT64]);
    let hfa = g.tables.tuple(&[Type::FLOAT32; 3]);
    let ints = vec![Type::INT64; 5];
    let modes = |convention, params: &[Type]| {
        classify_signature(&g.tables, convention, params, Type::NOTHING)
            .unwrap()
            .params
            .pop()
            .unwrap()
    };
    // One register is left and two are needed: the whole pair goes to the stack.
    let mut params = ints.clone();
    params.push(pair);
    assert_eq!(
        modes(CallConv::SystemV, &params).mode,
        PassMode::StackCopy { size: 16, align: 8 }
    );
    // With one register left of eight the pair goes to the stack, and the register stays unused.
    let mut params = vec![Type::INT64; 7];
    params.push(pair);
    let arm = modes(CallConv::Aapcs64, &params);
    assert_eq!(arm.pads, [Pad::Int]);
    assert!(matches!(arm.mode, PassMode::Split(ref p) if p.len() == 2));
    // 128-bit integers start at an even register, but not on Apple's.
    let arm = modes(CallConv::Aapcs64, &[Type::INT64, Type::INT128]);
    assert_eq!(arm.pads, [Pad::Int]);
    let apple = modes(CallConv::AppleAarch64, &[Type::INT64, Type::INT128]);
    assert!(apple.pads.is_empty());
    // Floats of one kind: two eightbytes, three registers, an address.
    let sizes = |mode: &PassMode| match mode {
        PassMode::Split(pieces) => pieces.iter().map(|p| (p.size, p.scalar)).collect(),
        _ => Vec::new(),
    };
    let on = |convention| modes(convention, &[hfa]).mode;
    assert_eq!(
        sizes(&on(CallConv::SystemV)),
        [(8, Scalar::F64), (4, Scalar::F32)]
    );
    assert_eq!(sizes(&on(CallConv::Aapcs64)), [(4, Scalar::F32); 3]);
    assert_eq!(
        on(CallConv::WindowsX64),
        PassMode::Indirect {
            size: 12,
            align: 16
        }
    );
}

#[test]
fn narrow_integers_are_widened_where_the_convention_asks_for_it() {
    let tables = Tables::default();
    let types = [
        Type::INT8,
        Type::UINT16,
        Type::BOOL,
        Type::INT32,
        Type::FLOAT16,
    ];
    let extends = |convention| {
        let signature = classify_signature(&tables, convention, &types, Type::INT16).unwrap();
        let mut out: Vec<Extend> = Vec::new();
        for param in signature.params {
            match param.mode {
                PassMode::Direct { extend, .. } => out.push(extend),
                other => panic!("{other:?}"),
            }
        }
        match signature.ret {
            ReturnMode::Direct { extend, .. } => out.push(extend),
            other => panic!("{other:?}"),
        }
        out
    };
    use Extend::{None, Sext, Uext};
    let widened = [Sext, Uext, Uext, None, None, Sext];
    assert_eq!(extends(CallConv::SystemV), widened);
    assert_eq!(extends(CallConv::AppleAarch64), widened);
    assert_eq!(extends(CallConv::Aapcs64), [None; 6]);
}

#[test]
fn exports_spell_out_arrays_and_strings() {
    let mut tables = Tables::default();
    let matrix = tables.array(Type::FLOAT64, 2);
    let types = [Type::NOTHING, matrix, Type::STRING, Type::INT32];
    let part = |source, part| CParam { source, part };
    let want = [
        part(1, Part::Elements(Type::FLOAT64)),
        part(1, Part::Size(0)),
        part(1, Part::Size(1)),
        part(2, Part::Bytes),
        part(2, Part::ByteLength),
        part(3, Part::Value(Type::INT32)),
    ];
    assert_eq!(export_params(&tables, &types).unwrap(), want);
    let scalars = |signature: AbiSignature| -> Vec<Scalar> {
        let modes = signature.params.into_iter().map(|p| p.mode);
        modes
            .map(|mode| match mode {
                PassMode::Direct { scalar, .. } => scalar,
                other => panic!("{other:?}"),
            })
            .collect()
    };
    let (p, i) = (Scalar::Ptr, Scalar::I64);
    let plain = classify_export(&tables, CallConv::SystemV, &types, Type::FLOAT64).unwrap();
    assert_eq!(scalars(plain), [p, i, i, p, i, Scalar::I32]);
    let with_result = classify_try(&tables, CallConv::SystemV, &types, Type::FLOAT64).unwrap();
    assert_eq!(scalars(with_result), [p, i, i, p, i, Scalar::I32, p]);
    let without = classify_try(&tables, CallConv::SystemV, &[], Type::NOTHING).unwrap();
    let status = ReturnMode::Direct {
        scalar: Scalar::I32,
        extend: Extend::None,
    };
    assert_eq!((without.params.len(), without.ret), (0, status));
}

#[test]
fn targets_have_their_conventions() {
    let of = |triple: &str| CallConv::of(&triple.parse().unwrap());
    assert_eq!(of("x86_64-unknown-linux-gnu"), Some(CallConv::SystemV));
    assert_eq!(of("x86_64-apple-darwin"), Some(CallConv::SystemV));
    assert_eq!(of("x86_64-pc-windows-msvc"), Some(CallConv::WindowsX64));
    assert_eq!(of("aarch64-unknown-linux-gnu"), Some(CallConv::Aapcs64));
    assert_eq!(of("aarch64-apple-darwin"), Some(CallConv::AppleAarch64));
    assert_eq!(of("riscv64gc-unknown-linux-gnu"), None);
}
