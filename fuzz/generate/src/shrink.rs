//! Making a program smaller while it stays as wrong as it is: statements become constants or
//! disappear, branches always go one way, blocks and functions that nothing needs are left out.
//! What is wrong with it is its caller's business.

use jlift_ir::cfg::Cfg;
use jlift_ir::function::{Op, Terminator};
use jlift_ir::verify::verify_module;
use jlift_ir::{Block, Func, Function, Inst, Module, Type, TypeClass, Value};
use std::collections::{HashMap, HashSet};

/// A program that is to be made smaller.
pub struct Shrinker<'a> {
    module: Module,
    root: Func,
    /// Whether a smaller program is still wrong.
    is_wrong: &'a mut dyn FnMut(&Module, Func) -> bool,
    /// Programs that may still be tried.
    tries: usize,
}

/// The smallest program found, and its root. At most `tries` programs are tried.
pub fn shrink(
    module: &Module,
    root: Func,
    tries: usize,
    is_wrong: &mut dyn FnMut(&Module, Func) -> bool,
) -> (Module, Func) {
    let mut shrinker = Shrinker {
        module: module.clone(),
        root,
        is_wrong,
        tries,
    };
    shrinker.drop_functions();
    loop {
        let before = shrinker.size();
        shrinker.branches();
        shrinker.statements();
        shrinker.blocks();
        shrinker.drop_functions();
        if shrinker.size() >= before || shrinker.tries == 0 {
            break;
        }
    }
    (shrinker.module, shrinker.root)
}

impl Shrinker<'_> {
    fn size(&self) -> usize {
        let functions = self.module.functions.values();
        functions.map(|f| f.statement_count() + 1).sum()
    }

    /// Takes another program if it is valid and still wrong.
    fn attempt(&mut self, module: Module, root: Func) -> bool {
        let Some(left) = self.tries.checked_sub(1) else {
            return false;
        };
        if verify_module(&module).is_err() {
            return false;
        }
        self.tries = left;
        let wrong = (self.is_wrong)(&module, root);
        if wrong {
            self.module = module;
            self.root = root;
        }
        wrong
    }

    fn functions(&self) -> Vec<Func> {
        self.module.functions.keys().collect()
    }

    /// Takes what a change makes of one function.
    fn change(&mut self, func: Func, change: impl FnOnce(&mut Module, &mut Function)) -> bool {
        let mut module = self.module.clone();
        let mut f = module.functions[func].clone();
        change(&mut module, &mut f);
        drop_unreachable(&mut f);
        drop_unused(&mut f);
        module.functions[func] = f;
        let root = self.root;
        self.attempt(module, root)
    }

    /// Leaves out functions that the root does not reach.
    fn drop_functions(&mut self) {
        let mut reached = vec![self.root];
        let mut seen: HashSet<Func> = reached.iter().copied().collect();
        let mut next = 0;
        while let Some(&func) = reached.get(next) {
            next += 1;
            for data in placed(&self.module.functions[func]) {
                if let &Op::Invoke { func, .. } = data.1
                    && seen.insert(func)
                {
                    reached.push(func);
                }
            }
        }
        if reached.len() == self.module.functions.len() {
            return;
        }
        reached.sort();
        let mut module = self.module.clone();
        module.functions.clear();
        let numbers: HashMap<Func, Func> = reached
            .iter()
            .enumerate()
            .map(|(n, &old)| (old, Func::from_u32(n as u32)))
            .collect();
        for &old in &reached {
            let mut f = self.module.functions[old].clone();
            for data in f.insts.values_mut() {
                if let Op::Invoke { func, .. } = &mut data.op {
                    match numbers.get(func) {
                        Some(&new) => *func = new,
                        // In no block any more.
                        None => data.op = Op::Nop,
                    }
                }
            }
            module.functions.push(f);
        }
        let root = numbers.get(&self.root).copied().unwrap_or(self.root);
        self.attempt(module, root);
    }

    /// Branches that always go one way.
    fn branches(&mut self) {
        for func in self.functions() {
            let blocks = self.module.functions[func].layout.clone();
            for block in blocks {
                let f = &self.module.functions[func];
                if !f.layout.contains(&block) {
                    continue;
                }
                let Terminator::Branch {
                    then_dest,
                    else_dest,
                    ..
                } = f.blocks[block].term
                else {
                    continue;
                };
                for (to, other) in [(then_dest, else_dest), (else_dest, then_dest)] {
                    let taken = self.change(func, |_, f| {
                        f.blocks[block].term = Terminator::Goto(to);
                        if to != other {
                            f.remove_phi_edges(other, block);
                        }
                    });
                    if taken {
                        break;
                    }
                }
            }
        }
    }

    /// Statements that are left out or replaced, many at once first.
    fn statements(&mut self) {
        for func in self.functions() {
            let mut size = 32;
            while size > 0 {
                let all: Vec<Inst> = placed(&self.module.functions[func])
                    .map(|(inst, _)| inst)
                    .collect();
                // Later ones depend on earlier ones.
                let mut end = all.len();
                while end > 0 {
                    let begin = end.saturating_sub(size);
                    self.replace(func, &all[begin..end], size == 1);
                    end = begin;
                }
                size /= 2;
            }
        }
    }

    fn replace(&mut self, func: Func, insts: &[Inst], one: bool) {
        let f = &self.module.functions[func];
        let there: HashSet<Inst> = placed(f).map(|(inst, _)| inst).collect();
        let insts: Vec<Inst> = insts
            .iter()
            .copied()
            .filter(|i| there.contains(i))
            .collect();
        let Some(&first) = insts.first() else { return };
        let constants = self.change(func, |module, f| {
            for &inst in &insts {
                let data = &f.insts[inst];
                let is_structure = matches!(
                    data.op,
                    Op::Enter
                        | Op::Leave(_)
                        | Op::PopException(_)
                        | Op::Upsilon(_)
                        | Op::TheException
                );
                if !is_structure && let Some(value) = plain_value(module, data.ty) {
                    substitute(f, inst, value);
                }
                if !is_structure && data_is_unused(f, inst) {
                    f.insts[inst].op = Op::Nop;
                }
            }
        });
        if constants || !one {
            return;
        }
        // An operand, or an argument, in place of what is computed from it.
        let f = &self.module.functions[func];
        let ty = f.insts[first].ty;
        let mut others = Vec::new();
        f.for_each_operand(first, |value| others.push(value));
        others.extend((0..f.params.len() as u32).map(|n| Value::Arg(n + 2)));
        others.retain(|&v| v != Value::Inst(first));
        others.retain(|&v| self.module.value_type(&self.module.functions[func], v) == Some(ty));
        others.truncate(4);
        for other in others {
            let taken = self.change(func, |_, f| {
                substitute(f, first, other);
                f.insts[first].op = Op::Nop;
            });
            if taken {
                return;
            }
        }
        // Nothing at all, where nobody wants its value.
        self.change(func, |_, f| {
            if data_is_unused(f, first) {
                f.insts[first].op = Op::Nop;
            }
        });
    }

    /// Protected regions without what they protect, and blocks that follow each other alone.
    fn blocks(&mut self) {
        for func in self.functions() {
            let enters: Vec<Block> = {
                let f = &self.module.functions[func];
                let enters = |b: &Block| matches!(f.blocks[*b].term, Terminator::Enter { .. });
                f.layout.iter().copied().filter(enters).collect()
            };
            for block in enters {
                self.change(func, |_, f| open_region(f, block));
            }
            self.change(func, |_, f| merge(f));
        }
    }
}

/// The statements that stand in blocks.
fn placed(f: &Function) -> impl Iterator<Item = (Inst, &Op)> {
    let blocks = f.layout.iter().flat_map(|&b| f.blocks[b].insts.iter());
    blocks.map(|&inst| (inst, &f.insts[inst].op))
}

/// Some constant of a type.
fn plain_value(module: &mut Module, ty: Type) -> Option<Value> {
    match module.tables.class(ty) {
        TypeClass::Primitive(width) => Some(module.tables.primitive(ty, width, 0)),
        TypeClass::Singleton => Some(Value::Instance(ty)),
        TypeClass::String => Some(module.tables.string(b"")),
        TypeClass::Union if module.tables.members(ty).contains(&Type::NOTHING) => {
            Some(Value::NOTHING)
        }
        _ => None,
    }
}

fn substitute(f: &mut Function, inst: Inst, value: Value) {
    let change = |v: Value| if v == Value::Inst(inst) { value } else { v };
    let all: Vec<Inst> = placed(f).map(|(inst, _)| inst).collect();
    for user in all {
        f.map_operands(user, change);
    }
    for block in f.layout.clone() {
        f.map_terminator_operand(block, change);
    }
}

fn data_is_unused(f: &Function, inst: Inst) -> bool {
    let mut used = false;
    for (user, _) in placed(f) {
        f.for_each_operand(user, |v| used |= v == Value::Inst(inst));
    }
    let ends = f.layout.iter().filter_map(|&b| f.terminator_operand(b));
    !used && !ends.into_iter().any(|v| v == Value::Inst(inst))
}

/// Leaves out blocks that control does not get to, and what names them.
fn drop_unreachable(f: &mut Function) {
    let mut cfg = Cfg::default();
    cfg.compute(f);
    let dead: Vec<Block> = (f.layout.iter().copied())
        .filter(|&b| !cfg.is_reachable(b))
        .collect();
    for &block in &dead {
        let next: Vec<Block> = f.blocks[block].term.successors().collect();
        for to in next {
            f.remove_phi_edges(to, block);
        }
    }
    f.layout.retain(|b| !dead.contains(b));
    // Upsilons that are gone are read by nobody.
    let there: HashSet<Inst> = placed(f).map(|(inst, _)| inst).collect();
    let phics: Vec<(Inst, Vec<Value>)> = placed(f)
        .filter_map(|(inst, op)| match op {
            Op::PhiC(list) => Some((inst, f.args(*list).to_vec())),
            _ => None,
        })
        .collect();
    for (inst, mut values) in phics {
        values.retain(|v| v.as_inst().is_none_or(|i| there.contains(&i)));
        let list = f.value_list(&values);
        f.insts[inst].op = Op::PhiC(list);
    }
}

/// Leaves out statements that only compute something that nobody wants, and what stands nowhere.
fn drop_unused(f: &mut Function) {
    loop {
        let mut used: HashSet<Inst> = HashSet::new();
        for (user, _) in placed(f) {
            f.for_each_operand(user, |v| used.extend(v.as_inst()));
        }
        for &block in &f.layout {
            used.extend(f.terminator_operand(block).and_then(Value::as_inst));
        }
        let idle = |op: &Op| matches!(op, Op::Phi(_) | Op::Copy(_) | Op::Pi { .. } | Op::PhiC(_));
        let gone: HashSet<Inst> = placed(f)
            .filter(|(inst, op)| matches!(op, Op::Nop) || (idle(op) && !used.contains(inst)))
            .map(|(inst, _)| inst)
            .collect();
        if gone.is_empty() {
            return;
        }
        for block in f.layout.clone() {
            f.blocks[block].insts.retain(|i| !gone.contains(i));
        }
    }
}

/// Takes away a protected region: what it protects runs without.
fn open_region(f: &mut Function, block: Block) {
    let Terminator::Enter { body, handler } = f.blocks[block].term else {
        return;
    };
    // Where the region is left on the way out of its body, by the first block that does.
    let mut seen = HashSet::new();
    let mut work = vec![body];
    while let Some(at) = work.pop() {
        if !seen.insert(at) {
            continue;
        }
        let insts = f.blocks[at].insts.clone();
        let leave = insts
            .iter()
            .find(|&&i| matches!(f.insts[i].op, Op::Leave(1)));
        match leave {
            Some(&leave) => f.insts[leave].op = Op::Nop,
            None => work.extend(f.blocks[at].term.successors()),
        }
    }
    if let Some(enter) = f.blocks[block].insts.pop() {
        f.insts[enter].op = Op::Nop;
    }
    f.blocks[block].term = Terminator::Goto(body);
    f.remove_phi_edges(handler, block);
}

/// Blocks that only one goes to, and nothing else, become part of it.
fn merge(f: &mut Function) {
    loop {
        let mut preds: HashMap<Block, Vec<Block>> = HashMap::new();
        for &block in &f.layout {
            for to in f.blocks[block].term.successors() {
                preds.entry(to).or_default().push(block);
            }
        }
        let pair = f.layout.iter().copied().find_map(|block| {
            let Terminator::Goto(to) = f.blocks[block].term else {
                return None;
            };
            let alone = preds.get(&to).is_some_and(|p| p.len() == 1) && to != block;
            (alone && f.block_phis(to).next().is_none()).then_some((block, to))
        });
        let Some((block, to)) = pair else { return };
        let insts = std::mem::take(&mut f.blocks[to].insts);
        f.blocks[block].insts.extend(insts);
        f.blocks[block].term = f.blocks[to].term.clone();
        let next: Vec<Block> = f.blocks[block].term.successors().collect();
        for after in next {
            f.rename_phi_pred(after, to, block);
        }
        f.layout.retain(|&b| b != to);
    }
}
