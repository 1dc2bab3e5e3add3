//! Shared by the tests: the repository's typed IR, brought to each stage.

#![allow(dead_code)]

pub mod kernels;

use jlift_interp::{Interpreter, Options, Stage};
use jlift_ir::import::Library;
use jlift_ir::text::parse;
use jlift_ir::{Func, Module};
use jlift_optimize::inliner::Policy;
use jlift_optimize::legalize::{Capabilities, legalize, reachable};
use jlift_optimize::pipeline::Level;
use jlift_optimize::program::Optimizer;
use std::path::{Path, PathBuf};

/// How far a module is taken.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Until {
    /// As it was written.
    Read,
    /// Legal for a machine that has everything, or little.
    Legal(Capabilities),
    /// Optimized, with counted references.
    Optimized(Level),
}

impl Until {
    pub fn stage(self) -> Stage {
        match self {
            Until::Read => Stage::Typed,
            Until::Legal(_) => Stage::Legal,
            Until::Optimized(_) => Stage::Owned,
        }
    }

    pub fn all() -> Vec<Until> {
        vec![
            Until::Read,
            Until::Legal(Capabilities {
                fma: has_fma(),
                ..Capabilities::complete()
            }),
            Until::Legal(Capabilities::cranelift(has_fma())),
            Until::Optimized(Level::O0),
            Until::Optimized(Level::O1),
            Until::Optimized(Level::O2),
        ]
    }
}

pub fn options(stage: Stage) -> Options {
    Options {
        stage,
        fma: has_fma(),
        ..Options::default()
    }
}

/// A folder of the repository.
pub fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The typed IR files of a folder, with their texts.
pub fn texts(path: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder(path))
        .unwrap_or_else(|e| panic!("{path}: {e}"))
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            (path.extension()? == "jir").then_some(())?;
            let name = path.file_stem()?.to_string_lossy().into_owned();
            Some((name, std::fs::read_to_string(&path).ok()?))
        })
        .collect();
    files.sort();
    files
}

pub fn shims() -> Library {
    Library::new(jlift_runtime_shims::TEXTS.iter().copied())
}

pub fn read(text: &str) -> Module {
    let mut module = parse(text).unwrap_or_else(|e| panic!("{}\n{text}", e[0]));
    if let Err(errors) = jlift_ir::verify::verify_module(&module) {
        panic!("{}", errors[0]);
    }
    module.resolve_externals(&shims());
    module
}

/// Takes a module some way, everything that `roots` reach.
pub fn bring(module: &mut Module, roots: &[Func], until: Until) {
    let caps = match until {
        Until::Read => return,
        Until::Legal(caps) => caps,
        Until::Optimized(_) => Capabilities::cranelift(has_fma()),
    };
    if let Err(errors) = legalize(module, roots, &shims(), &caps) {
        let at = module.describe(errors[0].func);
        panic!("{at}: {}", errors[0].message);
    }
    if let Until::Optimized(level) = until {
        let mut optimizer = Optimizer::new(level, Policy::of(level));
        optimizer.optimize(module, roots, &[]);
        let live = reachable(module, roots);
        optimizer.finish(module, &live);
    }
}

/// The exported function of this name and number of arguments.
pub fn exported(module: &Module, name: &str, arguments: usize) -> Func {
    module
        .exports()
        .find(|&f| {
            let f = &module.functions[f];
            let full = module.tables.names.str(f.name);
            full.rsplit('.').next() == Some(name) && f.params.len() == arguments
        })
        .unwrap_or_else(|| panic!("no function {name}"))
}

/// An interpreter of a module at a stage.
pub fn interpreter(module: &Module, stage: Stage) -> Interpreter<'_> {
    Interpreter::new(module, options(stage))
}

/// Whether this machine has a fused multiply-add.
pub fn has_fma() -> bool {
    #[cfg(target_arch = "x86_64")]
    return std::arch::is_x86_feature_detected!("fma");
    #[cfg(not(target_arch = "x86_64"))]
    return true;
}

/// Random numbers, the same for a seed.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    pub fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 16) % n
    }

    /// A number of a type: mostly small, sometimes at a boundary, sometimes anything.
    pub fn number(&mut self, ty: jlift_ir::Type) -> u128 {
        use jlift_ir::Type;
        let width = ty.builtin_bits().unwrap_or(64);
        let float = match self.below(8) {
            0..4 => self.below(64) as f64 / 4.0 - 2.0,
            4 => self.below(1 << 20) as f64,
            5 => [
                0.0,
                -0.0,
                f64::NAN,
                f64::INFINITY,
                f64::NEG_INFINITY,
                5e-324,
            ][self.below(6) as usize],
            6 => f64::from_bits(self.next()),
            _ => self.below(1 << 30) as f64 / (1 << 30) as f64,
        };
        match ty {
            Type::FLOAT64 => float.to_bits().into(),
            Type::FLOAT32 => (float as f32).to_bits().into(),
            Type::BOOL => self.below(2).into(),
            Type::CHAR => u128::from(0x20 + self.below(0x60)) << 24,
            _ => {
                let any = u128::from(self.next()) << 64 | u128::from(self.next());
                let number = match self.below(10) {
                    0..6 => self.below(14).into(),
                    6 => -(self.below(6) as i128) as u128,
                    7 => [
                        1 << (width - 1),
                        (1 << (width - 1)) - 1,
                        u128::MAX,
                        1 << (width / 2),
                    ][self.below(4) as usize],
                    8 => self.below(300).into(),
                    _ => any,
                };
                number & (u128::MAX >> (128 - width))
            }
        }
    }
}
