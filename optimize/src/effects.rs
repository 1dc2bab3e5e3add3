//! What calling a function may do beyond returning a value: bottom up over the call graph,
//! with recursion to a fixed point.
//!
//! Effects are facts that hold for every call, named as Julia names its own (`nothrow`,
//! `terminates`); the default knows nothing. The functions of a strongly connected component of
//! the call graph start out with the best assumption and lose what one of their statements
//! contradicts, until nothing changes; termination is the exception, since an assumption that a
//! cycle ends proves nothing.
//!
//! A statement that throws inside a protected region goes to the region's handler: it does not
//! make its function throw. What it contributes is counted where control leaves the function.

use cranelift_entity::{EntityRef, SecondaryMap};
use hashbrown::HashMap;
use jlift_ir::intrinsic::Shape;
use jlift_ir::module::value_type;
use jlift_ir::{
    Block, Builtin, ConstData, Func, Function, Inst, Intrinsic, Module, Op, Terminator, TypeClass,
    Value,
};
use jlift_mutations::{Mutation, planted};

/// What is known of a call. Every field is a promise; `false` promises nothing.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Effects {
    /// Returns normally if it returns: no exception gets out.
    pub nothrow: bool,
    /// Makes no heap object.
    pub noalloc: bool,
    /// Writes no memory that others see.
    pub nowrite: bool,
    /// Reads no memory that others may write.
    pub noread: bool,
    /// Always ends, and does not stop the program.
    pub terminates: bool,
}

impl Effects {
    /// Computes a value and does nothing else.
    pub const PURE: Effects = Effects {
        nothrow: true,
        noalloc: true,
        nowrite: true,
        noread: true,
        terminates: true,
    };

    /// What holds of both.
    pub fn and(self, other: Effects) -> Effects {
        Effects {
            nothrow: self.nothrow && other.nothrow,
            noalloc: self.noalloc && other.noalloc,
            nowrite: self.nowrite && other.nowrite,
            noread: self.noread && other.noread,
            terminates: self.terminates && other.terminates,
        }
    }

    /// Whether a call whose value is not used may go.
    pub fn is_removable(self) -> bool {
        self.nothrow && self.nowrite && self.terminates
    }

    /// Whether two calls with the same arguments give the same value.
    pub fn is_consistent(self) -> bool {
        self.noread && self.nowrite && self.noalloc
    }
}

/// Effects by function.
pub type EffectTable = SecondaryMap<Func, Effects>;

/// The effects of these functions and of all that they call.
pub fn analyze(module: &Module, roots: &[Func]) -> EffectTable {
    let mut table = EffectTable::new();
    for component in components(module, roots, &|_| false) {
        analyze_component(module, &component, &|_| Effects::PURE, &mut table);
    }
    table
}

/// Adds the effects of a strongly connected component of the call graph to a table that has those
/// of everything else that its functions call; none is better than what `best` says of the function.
pub fn analyze_component(
    module: &Module,
    component: &[Func],
    best: &dyn Fn(Func) -> Effects,
    table: &mut EffectTable,
) {
    let is_cycle = is_cycle(module, component);
    for &func in component {
        let best = best(func);
        table[func] = Effects {
            terminates: best.terminates && !is_cycle,
            ..best
        };
    }
    loop {
        let mut changed = false;
        for &func in component {
            let found = function_effects(module, func, table).and(table[func]);
            changed |= found != table[func];
            table[func] = found;
        }
        if !changed || !is_cycle {
            break;
        }
    }
}

/// Whether the functions of a component may call themselves.
pub fn is_cycle(module: &Module, component: &[Func]) -> bool {
    match *component {
        [one] => calls(module, one, one),
        _ => true,
    }
}

fn function_effects(module: &Module, id: Func, table: &EffectTable) -> Effects {
    let func = &module.functions[id];
    if func.external || func.layout.is_empty() {
        return Effects::default();
    }
    let mut all = Effects::PURE;
    let regions = Regions::new(func);
    for &block in &func.layout {
        let Some(mut depth) = regions.entry_depth(block) else {
            continue;
        };
        if func.blocks[block]
            .term
            .successors()
            .any(|s| regions.order[s] <= regions.order[block])
        {
            all.terminates = false;
        }
        for &inst in &func.blocks[block].insts {
            let mut found = statement_effects(module, func, inst, table);
            // The handler of an enclosing region gets it.
            found.nothrow |= depth > 0;
            all = all.and(found);
            if let Op::Leave(n) = func.insts[inst].op {
                depth = depth.saturating_sub(n);
            }
        }
    }
    all
}

/// What one statement may do, where `table` has the effects of the functions that it may call.
pub fn statement_effects(
    module: &Module,
    func: &Function,
    inst: Inst,
    table: &EffectTable,
) -> Effects {
    let pure = Effects::PURE;
    let throws = Effects {
        nothrow: false,
        ..pure
    };
    let type_of = |v: Value| value_type(&module.tables, &module.globals, func, v);
    let class = |v: Value| type_of(v).map(|ty| module.tables.class(ty));
    match &func.insts[inst].op {
        Op::Nop
        | Op::Copy(_)
        | Op::Phi(_)
        | Op::Pi { .. }
        | Op::Enter
        | Op::Leave(_)
        | Op::TheException
        | Op::PopException(_)
        | Op::Upsilon(_)
        | Op::PhiC(_)
        | Op::GcPreserveBegin(_)
        | Op::GcPreserveEnd(_)
        | Op::Expr { .. } => pure,
        Op::Intrinsic(intrinsic, args) => intrinsic_effects(*intrinsic, func.args(*args), module),
        Op::Builtin(builtin, args) => {
            let args = func.args(*args);
            let by_value = matches!(
                args.first().and_then(|&v| class(v)),
                Some(TypeClass::Inline | TypeClass::InlineWithReferences | TypeClass::Singleton)
            );
            let unchecked = |n: usize| args.get(n).and_then(|v| v.as_bool()) == Some(false);
            match builtin {
                Builtin::Tuple
                | Builtin::Egal
                | Builtin::TypeOf
                | Builtin::IsA
                | Builtin::IfElse
                | Builtin::SizeOf
                | Builtin::NFields
                | Builtin::Subtype
                | Builtin::ArraySize
                | Builtin::IsDefined
                | Builtin::CompilerBarrier
                | Builtin::Box
                | Builtin::Unbox
                | Builtin::DoNotDelete => Effects {
                    noread: !matches!(
                        builtin,
                        Builtin::ArraySize | Builtin::IsDefined | Builtin::SizeOf
                    ),
                    ..pure
                },
                Builtin::GetField => {
                    let known = args.len() >= 2
                        && type_of(args[0]).is_some_and(|ty| match args[1] {
                            Value::Imm { bits, .. } => module
                                .tables
                                .field_types(ty)
                                .is_some_and(|f| bits >= 1 && bits <= f.len() as u64),
                            Value::Const(c) => match module.tables.const_data(c) {
                                ConstData::Symbol(name) => {
                                    module.tables.field_index(ty, *name).is_some()
                                }
                                _ => false,
                            },
                            _ => false,
                        });
                    Effects {
                        nothrow: known || unchecked(2),
                        noread: by_value,
                        ..pure
                    }
                }
                Builtin::SetField => Effects {
                    nothrow: args.len() == 3,
                    nowrite: false,
                    ..pure
                },
                Builtin::ArrayRef | Builtin::ConstArrayRef => Effects {
                    nothrow: unchecked(0),
                    noread: false,
                    ..pure
                },
                Builtin::ArraySet => Effects {
                    nothrow: unchecked(0),
                    nowrite: planted(Mutation::OptimizeArrayStoreUnseen),
                    ..pure
                },
                Builtin::Throw | Builtin::TypeAssert => throws,
                _ => Effects::default(),
            }
        }
        Op::Invoke { func: callee, .. } => table[*callee],
        Op::Call { .. } => Effects::default(),
        Op::New { ty, .. } => {
            let by_value = matches!(
                module.tables.class(*ty),
                TypeClass::Inline | TypeClass::InlineWithReferences | TypeClass::Singleton
            );
            Effects {
                noalloc: by_value,
                ..pure
            }
        }
        Op::ForeignCall(call) => foreign_effects(module, call.symbol),
        // The record is what throwing is; that it is written is no other effect.
        Op::ThrowRecord { .. } | Op::Rethrow | Op::ThrowUndefIfNot { .. } => throws,
        Op::Abort { .. } => Effects {
            nowrite: false,
            terminates: false,
            ..pure
        },
        // Counts are no one's business but the memory manager's.
        Op::Retain(_) | Op::Cleanup(_) => pure,
        Op::Release(_) => Effects {
            nowrite: false,
            ..pure
        },
    }
}

fn intrinsic_effects(intrinsic: Intrinsic, args: &[Value], module: &Module) -> Effects {
    let pure = Effects::PURE;
    match intrinsic.shape() {
        Shape::CheckedDivide => {
            let divisor = args.get(1).and_then(|&v| module.tables.primitive_bits(v));
            let signed = matches!(
                intrinsic,
                Intrinsic::CheckedSdivInt | Intrinsic::CheckedSremInt
            );
            // Unsigned division fails by 0 only; of signed divisors take those that are plainly
            // positive at every width.
            let safe = divisor.is_some_and(|d| d != 0 && (!signed || d < 0x80));
            Effects {
                nothrow: safe,
                ..pure
            }
        }
        Shape::PointerLoad | Shape::ArrayLength => Effects {
            noread: false,
            ..pure
        },
        Shape::PointerStore => Effects {
            nowrite: false,
            ..pure
        },
        Shape::Atomic => Effects {
            nowrite: false,
            noread: false,
            ..pure
        },
        Shape::Refused => Effects::default(),
        _ => pure,
    }
}

/// Functions of libm that have no effect but their result; `errno` is not looked at.
const PURE_SYMBOLS: &[&str] = &[
    "fma",
    "fmaf",
    "fmod",
    "fmodf",
    "sqrt",
    "sqrtf",
    "floor",
    "ceil",
    "trunc",
    "rint",
    "exp",
    "exp2",
    "log",
    "log2",
    "log10",
    "log1p",
    "expm1",
    "pow",
    "powf",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "atan2",
    "sinh",
    "cosh",
    "tanh",
    "cbrt",
    "hypot",
    "jlift_string_data",
];

fn foreign_effects(module: &Module, symbol: Value) -> Effects {
    let name = match symbol {
        Value::Const(c) => match module.tables.const_data(c) {
            ConstData::Symbol(name) => Some(module.tables.names.str(*name)),
            _ => None,
        },
        _ => None,
    };
    match name {
        Some(name) if PURE_SYMBOLS.contains(&name) => Effects::PURE,
        // The address of the record is the thread's, and constant.
        Some("jlift_error_record") => Effects::PURE,
        Some(
            "jlift_object_address" | "jlift_symbol_string" | "jl_string_ptr" | "jl_symbol_name",
        ) => Effects::PURE,
        Some("jl_array_ptr" | "jl_array_isassigned" | "jlift_stack_is_low") => Effects {
            noread: false,
            ..Effects::PURE
        },
        // The object is the caller's from then on.
        Some("jlift_object") => Effects {
            noalloc: false,
            ..Effects::PURE
        },
        // Memory of the calling function, another at each call.
        Some("jlift_alloca") => Effects {
            noread: false,
            ..Effects::PURE
        },
        // C code may do anything but throw.
        _ => Effects {
            nothrow: true,
            ..Effects::default()
        },
    }
}

/// How many protected regions enclose each block.
struct Regions {
    /// One more than the depth at the block's start; 0 for unreachable blocks.
    depth: SecondaryMap<Block, u32>,
    /// Position in a depth-first postorder, reversed.
    order: SecondaryMap<Block, u32>,
}

impl Regions {
    fn new(func: &Function) -> Self {
        let mut regions = Regions {
            depth: func.block_map(),
            order: func.block_map(),
        };
        let Some(entry) = func.entry() else {
            return regions;
        };
        let mut postorder = Vec::new();
        let mut visited: SecondaryMap<Block, bool> = func.block_map();
        let mut stack = vec![(entry, false)];
        regions.depth[entry] = 1;
        while let Some((block, done)) = stack.pop() {
            if done {
                postorder.push(block);
                continue;
            }
            if std::mem::replace(&mut visited[block], true) {
                continue;
            }
            stack.push((block, true));
            let left: u32 = func.blocks[block]
                .insts
                .iter()
                .map(|&i| match func.insts[i].op {
                    Op::Leave(n) => n,
                    _ => 0,
                })
                .sum();
            let end = regions.depth[block].saturating_sub(left).max(1);
            for succ in func.blocks[block].term.successors() {
                if visited[succ] {
                    continue;
                }
                let inside = matches!(
                    func.blocks[block].term,
                    Terminator::Enter { body, .. } if body == succ
                );
                regions.depth[succ] = end + u32::from(inside);
                stack.push((succ, false));
            }
        }
        for (i, block) in postorder.into_iter().rev().enumerate() {
            regions.order[block] = i as u32;
        }
        regions
    }

    fn entry_depth(&self, block: Block) -> Option<u32> {
        self.depth[block].checked_sub(1)
    }
}

fn calls(module: &Module, caller: Func, callee: Func) -> bool {
    callees(&module.functions[caller]).any(|f| f == callee)
}

/// The functions that a function calls, once for each call.
pub fn callees(f: &Function) -> impl Iterator<Item = Func> {
    f.layout
        .iter()
        .flat_map(|&b| f.blocks[b].insts.iter())
        .filter_map(|&i| match f.insts[i].op {
            Op::Invoke { func, .. } => Some(func),
            _ => None,
        })
}

/// The strongly connected components of the call graph below `roots`, callees first, without those
/// that are `known` and what only they call: the algorithm of R. Tarjan, "Depth-first search and
/// linear graph algorithms" (1972), without recursion.
pub fn components(module: &Module, roots: &[Func], known: &dyn Fn(Func) -> bool) -> Vec<Vec<Func>> {
    struct Frame {
        func: Func,
        callees: Vec<Func>,
        next: usize,
    }
    #[derive(Copy, Clone)]
    struct State {
        /// In order of discovery.
        number: u32,
        low: u32,
        on_stack: bool,
    }
    // Not by index: the module may be much larger than what is new in it.
    let mut states: HashMap<Func, State> = HashMap::new();
    let mut stack: Vec<Func> = Vec::new();
    let mut out = Vec::new();
    let mut count = 0;
    for &root in roots {
        if states.contains_key(&root) || known(root) {
            continue;
        }
        let mut frames: Vec<Frame> = Vec::new();
        let mut enter = Some(root);
        loop {
            if let Some(func) = enter.take() {
                count += 1;
                let state = State {
                    number: count,
                    low: count,
                    on_stack: true,
                };
                states.insert(func, state);
                stack.push(func);
                frames.push(Frame {
                    func,
                    callees: callees(&module.functions[func])
                        .filter(|&f| !known(f))
                        .collect(),
                    next: 0,
                });
            }
            let Some(frame) = frames.last_mut() else {
                break;
            };
            let func = frame.func;
            if let Some(&callee) = frame.callees.get(frame.next) {
                frame.next += 1;
                match states.get(&callee).copied() {
                    None => enter = Some(callee),
                    Some(found) if found.on_stack => {
                        let state = states.get_mut(&func);
                        state
                            .into_iter()
                            .for_each(|s| s.low = s.low.min(found.number));
                    }
                    Some(_) => {}
                }
                continue;
            }
            frames.pop();
            let Some(state) = states.get(&func).copied() else {
                continue;
            };
            if let Some(caller) = frames.last()
                && let Some(caller) = states.get_mut(&caller.func)
            {
                caller.low = caller.low.min(state.low);
            }
            if state.low == state.number {
                let mut component = Vec::new();
                while let Some(member) = stack.pop() {
                    states.entry(member).and_modify(|s| s.on_stack = false);
                    component.push(member);
                    if member == func {
                        break;
                    }
                }
                component.sort_by_key(|f| f.index());
                out.push(component);
            }
        }
    }
    out
}
