//! Targets, CPUs and code generation settings. Knows nothing of programs.

use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use std::fmt;
use target_lexicon::{Architecture, Triple};

/// How much work code generation puts into the code.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum CodegenLevel {
    /// As fast as possible: no mid-end, single-pass register allocation.
    None,
    /// No mid-end, but good register allocation: for code without loops, to which the mid-end adds
    /// little that optimization of typed IR has not done.
    Straight,
    /// Everything.
    Speed,
}

/// What code is generated for.
#[derive(Clone, Debug)]
pub struct TargetSpec {
    pub triple: Triple,
    /// `native`, `baseline`, or a named level such as `x86-64-v3`.
    pub cpu: String,
    pub level: CodegenLevel,
    /// Position-independent code, for libraries and executables; never for the JIT.
    pub pic: bool,
}

/// A target or CPU that cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TargetError(pub String);

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TargetError {}

/// Features of the x86-64 micro-architecture levels, cumulative.
const X86_64_V2: &[&str] = &[
    "has_sse3",
    "has_ssse3",
    "has_cmpxchg16b",
    "has_sse41",
    "has_sse42",
    "has_popcnt",
];
const X86_64_V3: &[&str] = &[
    "has_avx",
    "has_avx2",
    "has_bmi1",
    "has_bmi2",
    "has_fma",
    "has_lzcnt",
];
const X86_64_V4: &[&str] = &["has_avx512f", "has_avx512vl", "has_avx512dq"];

/// The CPU names that a triple accepts, `native` aside.
pub fn cpu_names(triple: &Triple) -> &'static [&'static str] {
    match triple.architecture {
        Architecture::X86_64 => &["baseline", "x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"],
        Architecture::Aarch64(_) => &["baseline", "generic"],
        _ => &[],
    }
}

/// Whether the CPU has a fused multiply-add.
pub fn has_fma(isa: &dyn isa::TargetIsa) -> bool {
    match isa.triple().architecture {
        Architecture::Aarch64(_) => true,
        _ => {
            let on = |name: &str| {
                isa.isa_flags()
                    .iter()
                    .any(|flag| flag.name == name && flag.as_bool() == Some(true))
            };
            // Cranelift 0.135 needs both to use the instruction.
            on("has_fma") && on("has_avx")
        }
    }
}

/// The instruction set of a target specification.
pub fn target_isa(spec: &TargetSpec) -> Result<OwnedTargetIsa, TargetError> {
    let mut flags = settings::builder();
    let mut set = |name: &str, value: &str| {
        flags
            .set(name, value)
            .map_err(|e| TargetError(format!("setting {name}: {e}")))
    };
    set("is_pic", if spec.pic { "true" } else { "false" })?;
    set(
        "opt_level",
        match spec.level {
            CodegenLevel::None | CodegenLevel::Straight => "none",
            CodegenLevel::Speed => "speed",
        },
    )?;
    if spec.level == CodegenLevel::None {
        set("regalloc_algorithm", "single_pass")?;
    }
    set(
        "enable_verifier",
        if cfg!(debug_assertions) {
            "true"
        } else {
            "false"
        },
    )?;
    set("unwind_info", "false")?;
    set("enable_llvm_abi_extensions", "true")?;
    set("tls_model", "elf_gd")?;
    set("enable_probestack", "true")?;
    set("probestack_strategy", "inline")?;
    let mut isa = if spec.cpu == "native" {
        let host = Triple::host();
        if spec.triple.architecture != host.architecture
            || spec.triple.operating_system != host.operating_system
        {
            return Err(TargetError(format!(
                "the CPU `native` is not one of {}",
                spec.triple
            )));
        }
        cranelift_native::builder().map_err(|e| TargetError(e.to_string()))?
    } else {
        isa::lookup(spec.triple.clone())
            .map_err(|e| TargetError(format!("the target {} is not supported: {e}", spec.triple)))?
    };
    if spec.cpu != "native" {
        if !cpu_names(&spec.triple).contains(&spec.cpu.as_str()) {
            return Err(TargetError(format!(
                "the CPU `{}` is not known for {}; known are native, {}",
                spec.cpu,
                spec.triple,
                cpu_names(&spec.triple).join(", ")
            )));
        }
        let levels: &[&[&str]] = match spec.cpu.as_str() {
            "x86-64" => &[],
            "x86-64-v3" => &[X86_64_V2, X86_64_V3],
            "x86-64-v4" => &[X86_64_V2, X86_64_V3, X86_64_V4],
            _ if spec.triple.architecture == Architecture::X86_64 => &[X86_64_V2],
            _ => &[],
        };
        for feature in levels.iter().copied().flatten() {
            isa.enable(feature)
                .map_err(|e| TargetError(format!("CPU feature {feature}: {e}")))?;
        }
    }
    isa.finish(settings::Flags::new(flags))
        .map_err(|e| TargetError(e.to_string()))
}
