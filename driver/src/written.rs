//! Which constant arrays the code of an output may change: those cannot be constants of typed IR, whose
//! elements are read when code is compiled and lie in memory that cannot be written. Looks at typed IR
//! before it is optimized. Where it cannot tell it says that an array is changed, which only costs speed.

use cranelift_entity::SecondaryMap;
use hashbrown::{HashMap, HashSet};
use jlift_ir::{
    Builtin, Const, ConstData, Func, Function, Inst, Intrinsic, Module, Op, Tables, Value,
};
use jlift_optimize::effects::callees;

/// Whether a constant is an array or holds one.
pub(crate) fn holds_array(tables: &Tables, value: Value) -> bool {
    let Value::Const(c) = value else { return false };
    match tables.const_data(c) {
        ConstData::Array { .. } => true,
        ConstData::Aggregate { fields, .. } => fields.iter().any(|&f| holds_array(tables, f)),
        _ => false,
    }
}

/// The constants that hold arrays which `exports`, and what they call, may change.
pub(crate) fn changed_constants(module: &Module, exports: &[Func]) -> HashSet<Const> {
    let mut analysis = Analysis {
        module,
        holding: HashMap::new(),
        arguments: HashSet::new(),
        constants: HashSet::new(),
        grown: false,
    };
    let mut live: Vec<Func> = exports.to_vec();
    let mut known: HashSet<Func> = live.iter().copied().collect();
    let mut next = 0;
    while let Some(&func) = live.get(next) {
        live.extend(callees(&module.functions[func]).filter(|&f| known.insert(f)));
        next += 1;
    }
    // What is known of callees grows, and never shrinks.
    loop {
        // Callees come behind their first callers.
        for &func in live.iter().rev() {
            analysis.function(func);
        }
        if !std::mem::take(&mut analysis.grown) {
            return analysis.constants;
        }
    }
}

/// Where a value may come from.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
enum Root {
    /// The argument of the function with this number.
    Argument(u32),
    Constant(Const),
}

struct Analysis<'m> {
    module: &'m Module,
    /// Whether constants hold arrays.
    holding: HashMap<Const, bool>,
    /// Arguments that may be changed, or kept where anybody may change them.
    arguments: HashSet<(Func, u32)>,
    constants: HashSet<Const>,
    grown: bool,
}

type Roots = SecondaryMap<Inst, Vec<Root>>;

impl Analysis<'_> {
    fn function(&mut self, func: Func) {
        let f = &self.module.functions[func];
        let mut roots: Roots = SecondaryMap::new();
        // Loops carry values backwards.
        loop {
            let mut grown = false;
            for &block in &f.layout {
                for &inst in &f.blocks[block].insts {
                    grown |= self.flow(f, inst, &mut roots);
                }
            }
            if !grown {
                break;
            }
        }
        for &block in &f.layout {
            for &inst in &f.blocks[block].insts {
                self.changes(func, f, inst, &roots);
            }
        }
    }

    /// What the result of a statement may hold.
    fn flow(&mut self, f: &Function, inst: Inst, roots: &mut Roots) -> bool {
        let data = &f.insts[inst];
        // What a phi-c node reads is written down at another statement.
        let carries = matches!(data.op, Op::Upsilon(_)) || self.module.tables.is_counted(data.ty);
        if !carries || matches!(data.op, Op::ForeignCall(_)) {
            return false;
        }
        let mut found = roots[inst].clone();
        let before = found.len();
        f.for_each_operand(inst, |v| {
            for root in self.roots(f, v, roots) {
                if !found.contains(&root) {
                    found.push(root);
                }
            }
        });
        let grown = found.len() > before;
        if grown {
            roots[inst] = found;
        }
        grown
    }

    fn roots(&mut self, f: &Function, value: Value, roots: &Roots) -> Vec<Root> {
        let tables = &self.module.tables;
        match value {
            Value::Inst(inst) => roots[inst].clone(),
            Value::Arg(n) if f.arg_type(n).is_some_and(|ty| tables.is_counted(ty)) => {
                vec![Root::Argument(n)]
            }
            Value::Const(c) => {
                let holds = self.holding.entry(c);
                let holds = *holds.or_insert_with(|| holds_array(tables, value));
                if holds {
                    vec![Root::Constant(c)]
                } else {
                    Vec::new()
                }
            }
            _ => Vec::new(),
        }
    }

    /// Notes what a statement may change.
    fn changes(&mut self, func: Func, f: &Function, inst: Inst, roots: &Roots) {
        let mut changed: Vec<Value> = Vec::new();
        match &f.insts[inst].op {
            Op::Builtin(builtin, args) if !only_reads(*builtin) => changed.extend(f.args(*args)),
            Op::Intrinsic(intrinsic, args) if *intrinsic != Intrinsic::ArrayLen => {
                changed.extend(f.args(*args));
            }
            Op::Invoke {
                func: callee,
                callee: object,
                args,
            } => {
                let external = self.module.functions[*callee].external;
                let passed = object.iter().map(|&v| (1, v));
                let passed = passed.chain(
                    f.args(*args)
                        .iter()
                        .enumerate()
                        .map(|(n, &v)| (n as u32 + 2, v)),
                );
                for (n, value) in passed {
                    if external || self.arguments.contains(&(*callee, n)) {
                        changed.push(value);
                    }
                }
            }
            Op::Call { callee, args } => {
                changed.push(*callee);
                changed.extend(f.args(*args));
            }
            Op::ForeignCall(call) => changed.extend(f.args(call.args)),
            _ => {}
        }
        for value in changed {
            for root in self.roots(f, value, roots) {
                self.grown |= match root {
                    Root::Argument(n) => self.arguments.insert((func, n)),
                    Root::Constant(c) => self.constants.insert(c),
                };
            }
        }
    }
}

/// Builtins that change nothing and keep nothing but in their result.
fn only_reads(builtin: Builtin) -> bool {
    matches!(
        builtin,
        Builtin::GetField
            | Builtin::Tuple
            | Builtin::Egal
            | Builtin::TypeOf
            | Builtin::IsA
            | Builtin::IfElse
            | Builtin::SizeOf
            | Builtin::ArrayRef
            | Builtin::ConstArrayRef
            | Builtin::ArraySize
            | Builtin::Throw
            | Builtin::NFields
            | Builtin::IsDefined
            | Builtin::TypeAssert
            | Builtin::CompilerBarrier
            | Builtin::DoNotDelete
    )
}
