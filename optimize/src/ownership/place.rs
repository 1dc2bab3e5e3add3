//! Writes retains, releases and cleanups into a function whose liveness is known. Everything is
//! decided on the function as it was; then blocks are put together anew, and edges that need code
//! of their own are split.

use super::Context;
use super::liveness::{Liveness, backwards, handler_at_end, phi_uses};
use super::regions::Regions;
use super::values::{Consumed, Values};
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use hashbrown::HashMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, BlockData, Builtin, Function, Inst, Loc, Op, Terminator, Type, Value};
use jlift_mutations::{Mutation, planted};
use std::collections::BTreeSet;

/// Code at one place: references to be added, then roots to be released.
#[derive(Clone, Default, Debug)]
struct Code {
    retains: Vec<Consumed>,
    releases: Vec<u32>,
}

impl Code {
    fn is_empty(&self) -> bool {
        self.retains.is_empty() && self.releases.is_empty()
    }
}

/// What is written around one statement.
#[derive(Clone, Default)]
struct Around {
    before: Code,
    /// What to release if the statement, a call, fails.
    cleanup: Vec<u32>,
    /// The statement loads a reference, to be retained.
    retain_result: bool,
    after: Vec<u32>,
}

/// What is decided.
#[derive(Default)]
struct Decided {
    around: SecondaryMap<Inst, Option<Box<Around>>>,
    /// Behind the phis of a block.
    starts: SecondaryMap<Block, Code>,
    /// Before the end of a block.
    ends: SecondaryMap<Block, Code>,
    /// On edges that need a block of their own.
    edges: Vec<(Block, Block, Code)>,
    any: bool,
}

/// Makes ownership explicit.
pub fn place(
    cx: &Context,
    func: &mut Function,
    cfg: &Cfg,
    regions: &Regions,
    values: &Values,
    live: &Liveness,
) {
    let mut decided = Decided::default();
    for &block in cfg.rpo() {
        decide_block(cx, func, regions, values, live, block, &mut decided);
        decide_edges(cx, func, cfg, values, live, block, &mut decided);
    }
    if decided.any {
        write(cx, func, cfg, values, decided);
    }
}

/// Which of these operands, taken over one after the other where the roots of `kept` live on, are
/// moved; the others are retained.
fn take(
    cx: &Context,
    func: &Function,
    values: &Values,
    consumed: &[Consumed],
    kept: impl Fn(u32) -> bool,
) -> (BTreeSet<u32>, Vec<Consumed>) {
    let mut moved = BTreeSet::new();
    let mut retained = Vec::new();
    for &(value, to) in consumed {
        let origin = values.origin_of(value);
        let movable = origin.whole && cx.fits(cx.type_of(func, value), to);
        match values.root_of(value) {
            Some(root)
                if movable
                    && (!kept(root) || planted(Mutation::OptimizeMovedWhileAlive))
                    && moved.insert(root) => {}
            _ => retained.push((value, to)),
        }
    }
    (moved, retained)
}

fn decide_block(
    cx: &Context,
    func: &Function,
    regions: &Regions,
    values: &Values,
    live: &Liveness,
    block: Block,
    decided: &mut Decided,
) {
    let mut alive: BTreeSet<u32> = live.at_end(func, values, block).into_iter().collect();
    // What a handler needs is alive wherever its region is open.
    let for_handler = |alive: &mut BTreeSet<u32>, handler: Option<Block>, at: usize| {
        let mut added = Vec::new();
        for &root in handler.map_or(&[][..], |h| live.at_start(h)) {
            let def = &values.roots[root as usize];
            if (def.block != block || def.position < at) && alive.insert(root) {
                added.push(root);
            }
        }
        added
    };
    let count = func.blocks[block].insts.len();
    let mut known_handler = handler_at_end(func, regions, block);
    for_handler(&mut alive, known_handler, count);
    if let Terminator::Return(value) = func.blocks[block].term
        && values.is_counted(value)
    {
        let (moved, retains) = take(cx, func, values, &[(value, func.ret)], |_| false);
        let root = values.root_of(value);
        let releases = root.into_iter().filter(|r| !moved.contains(r)).collect();
        let code = Code { retains, releases };
        decided.any |= !code.is_empty();
        decided.ends[block] = code;
        alive.extend(root);
    }
    for (n, (inst, handler)) in backwards(func, regions, block).into_iter().enumerate() {
        let position = count - 1 - n;
        let mut around = Around::default();
        let data = &func.insts[inst];
        if let Some(root) = values.root_of(Value::Inst(inst))
            && values.roots[root as usize].inst == inst
        {
            let def = &values.roots[root as usize];
            if alive.remove(&root) {
                around.retain_result = def.loads && !planted(Mutation::OptimizeLoadNotRetained);
            } else if !def.loads && !planted(Mutation::OptimizeUnusedNotReleased) {
                around.after.push(root);
            }
        }
        let consumed = values.consumed(cx, func, inst);
        let borrowed = values.borrows(func, inst, &consumed);
        let kept = |root: u32| alive.contains(&root) || borrowed.binary_search(&root).is_ok();
        let (moved, retains) = take(cx, func, values, &consumed, kept);
        around.before.retains = retains;
        let mut used: BTreeSet<u32> = borrowed.into_iter().collect();
        used.extend(consumed.iter().filter_map(|&(v, _)| values.root_of(v)));
        for &root in &used {
            if alive.insert(root)
                && !moved.contains(&root)
                && !planted(Mutation::OptimizeLastUseNotReleased)
            {
                around.after.push(root);
            }
        }
        // What is alive for a handler stays so as far up as that handler is the one.
        if handler != known_handler {
            let added = for_handler(&mut alive, handler, position);
            around.after.extend(added);
            known_handler = handler;
        }
        let kept_by_handler = |root: &u32| handler.is_some_and(|h| live.is_at_start(h, *root));
        let may_fail = match data.op {
            Op::Invoke { func: callee, .. } => !cx.effects[callee].nothrow,
            Op::Builtin(Builtin::CallDynamic, _) => true,
            _ => false,
        };
        match data.op {
            _ if may_fail => {
                around.cleanup = alive
                    .iter()
                    .copied()
                    .filter(|r| !kept_by_handler(r) || planted(Mutation::OptimizeKeptByHandler))
                    .collect();
            }
            Op::Rethrow => {
                let gone = alive.iter().copied().filter(|r| !kept_by_handler(r));
                around.before.releases = gone.collect();
            }
            _ => {}
        }
        if data.ty == Type::BOTTOM && !matches!(data.op, Op::Phi(_) | Op::PhiC(_)) {
            // Control does not get behind it.
            around.after.clear();
        }
        let is_phi = matches!(data.op, Op::Phi(_));
        if is_phi {
            decided.any |= !around.after.is_empty();
            decided.starts[block].releases.append(&mut around.after);
        }
        let some = around.retain_result
            || !around.before.is_empty()
            || !around.cleanup.is_empty()
            || !around.after.is_empty();
        if some {
            decided.any = true;
            decided.around[inst] = Some(Box::new(around));
        }
    }
}

fn decide_edges(
    cx: &Context,
    func: &Function,
    cfg: &Cfg,
    values: &Values,
    live: &Liveness,
    from: Block,
    decided: &mut Decided,
) {
    let term = &func.blocks[from].term;
    let alive = live.at_end(func, values, from);
    let successors: Vec<Block> = match *term {
        // To the handler control comes from within the region.
        Terminator::Enter { body, .. } => vec![body],
        _ => term.successors().collect(),
    };
    for &to in &successors {
        let consumed = phi_uses(func, values, from, to);
        let (moved, retains) = take(cx, func, values, &consumed, |root| {
            live.is_at_start(to, root)
        });
        let enters = matches!(term, Terminator::Enter { .. });
        let releases: Vec<u32> = alive
            .iter()
            .copied()
            .filter(|_| !planted(Mutation::OptimizeEdgeNotReleased))
            .filter(|&r| !enters && !live.is_at_start(to, r) && !moved.contains(&r))
            .collect();
        let code = Code { retains, releases };
        if code.is_empty() {
            continue;
        }
        decided.any = true;
        if let [_] = successors[..] {
            let end = &mut decided.ends[from];
            end.retains.extend(code.retains);
            end.releases.extend(code.releases);
        } else if let [_] = cfg.preds(to) {
            // Before what the phis of the block release.
            let start = &mut decided.starts[to];
            start.retains.extend(code.retains);
            start.releases.splice(0..0, code.releases);
        } else {
            decided.edges.push((from, to, code));
        }
    }
}

/// Puts statements together.
struct Writer<'a, 'm> {
    cx: &'a Context<'m>,
    func: &'a mut Function,
    values: &'a Values,
    out: Vec<Inst>,
    loc: PackedOption<Loc>,
}

impl Writer<'_, '_> {
    fn emit(&mut self, op: Op, ty: Type) -> Inst {
        let inst = self.func.make_inst(op, ty, self.loc);
        self.out.push(inst);
        inst
    }

    fn root(&self, root: u32) -> Value {
        Value::Inst(self.values.roots[root as usize].inst)
    }

    fn code(&mut self, code: &Code) {
        for &(value, to) in &code.retains {
            let ty = self.cx.type_of(self.func, value);
            let value = if self.cx.fits(ty, to) {
                value
            } else {
                // Where the value is of another type, nothing gets there to own.
                Value::Inst(self.emit(Op::Pi { value, ty: to }, to))
            };
            self.emit(Op::Retain(value), Type::NOTHING);
        }
        self.releases(&code.releases);
    }

    fn releases(&mut self, roots: &[u32]) {
        for &root in roots {
            let value = self.root(root);
            self.emit(Op::Release(value), Type::NOTHING);
        }
    }
}

fn write(cx: &Context, func: &mut Function, cfg: &Cfg, values: &Values, decided: Decided) {
    for &block in cfg.rpo() {
        let insts = std::mem::take(&mut func.blocks[block].insts);
        let term_loc = func.blocks[block].term_loc;
        let mut writer = Writer {
            cx,
            func,
            values,
            out: Vec::with_capacity(insts.len()),
            loc: term_loc,
        };
        let mut in_phis = true;
        for &inst in &insts {
            let data = &writer.func.insts[inst];
            writer.loc = data.loc;
            if in_phis && !matches!(data.op, Op::Phi(_) | Op::Nop) {
                in_phis = false;
                writer.code(&decided.starts[block]);
            }
            if matches!(writer.func.insts[inst].op, Op::Enter) {
                writer.code(&decided.ends[block]);
            }
            let Some(around) = &decided.around[inst] else {
                writer.out.push(inst);
                continue;
            };
            writer.code(&around.before);
            if !around.cleanup.is_empty() {
                let roots: Vec<Value> = around.cleanup.iter().map(|&r| writer.root(r)).collect();
                let list = writer.func.value_list(&roots);
                writer.emit(Op::Cleanup(list), Type::NOTHING);
            }
            writer.out.push(inst);
            if around.retain_result {
                writer.emit(Op::Retain(Value::Inst(inst)), Type::NOTHING);
            }
            writer.releases(&around.after);
        }
        writer.loc = term_loc;
        if in_phis {
            writer.code(&decided.starts[block]);
        }
        let enters = matches!(writer.func.blocks[block].term, Terminator::Enter { .. });
        if !enters {
            writer.code(&decided.ends[block]);
        }
        let out = writer.out;
        func.blocks[block].insts = out;
    }
    let mut behind: HashMap<Block, Vec<Block>> = HashMap::new();
    for (from, to, code) in &decided.edges {
        let loc = func.blocks[*from].term_loc;
        let middle = func.blocks.push(BlockData::default());
        let mut writer = Writer {
            cx,
            func,
            values,
            out: Vec::new(),
            loc,
        };
        writer.code(code);
        let insts = writer.out;
        func.blocks[middle] = BlockData {
            insts,
            term: Terminator::Goto(*to),
            term_loc: loc,
        };
        func.blocks[*from]
            .term
            .map_successors(|s| if s == *to { middle } else { s });
        func.rename_phi_pred(*to, *from, middle);
        behind.entry(*from).or_default().push(middle);
    }
    if !behind.is_empty() {
        let blocks = std::mem::take(&mut func.layout);
        for block in blocks {
            func.layout.push(block);
            func.layout
                .extend(behind.remove(&block).unwrap_or_default());
        }
    }
}
