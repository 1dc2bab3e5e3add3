//! What a handler throws again is what it has caught, even if it caught something else in the meantime. A thread has
//! one error record; a handler in which others may come to run keeps a copy of it, and puts it back before it throws
//! again. So does a function that throws again what its caller handles. Comes before anything is inlined: then only
//! `rethrow()` is `expr rethrow()`. Where exceptions are objects nothing of this is needed.
//!
//! ```text
//! #4: …                                  #4: %5 = invoke record_keep()::String
//!     invoke cleanup()                       invoke cleanup()
//!     invoke rethrow()                       invoke record_restore(%5)
//!                                            invoke rethrow()
//! ```

use super::rewrite::Session;
use cranelift_entity::{EntityRef, EntitySet, SecondaryMap};
use hashbrown::HashMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::{
    Block, ConstData, ForeignCall, Func, Function, Inst, Module, Op, Terminator, Type, Value,
};
use jlift_mutations::{Mutation, planted};

/// Functions whose calls matter to who handles an exception.
pub struct Reach {
    /// A call of them may throw again what the caller handles.
    rethrow: EntitySet<Func>,
    /// A call of them may catch something, which overwrites the record.
    catch: EntitySet<Func>,
    /// The number of functions that were looked at; of those made since nothing is known.
    known: usize,
}

impl Reach {
    /// Looks at all functions of a module.
    fn of(module: &Module) -> Reach {
        let mut callers: SecondaryMap<Func, Vec<Func>> = SecondaryMap::new();
        // Callers that are not handling an exception themselves when they call.
        let mut bare_callers: SecondaryMap<Func, Vec<Func>> = SecondaryMap::new();
        let (mut rethrow, mut catch) = (Vec::new(), Vec::new());
        for (id, f) in &module.functions {
            let asks = asks_for_record(module, f);
            let walk = Walk::of(f);
            for point in &walk.points {
                match point.what {
                    What::Call(callee) => {
                        callers[callee].push(id);
                        if point.handler == 0 {
                            bare_callers[callee].push(id);
                        }
                    }
                    What::Rethrow if point.handler == 0 && !asks => rethrow.push(id),
                    What::Rethrow => {}
                    What::Enter => catch.push(id),
                }
            }
        }
        Reach {
            rethrow: closed(rethrow, &bare_callers),
            catch: closed(catch, &callers),
            known: module.functions.len(),
        }
    }

    fn may_rethrow(&self, module: &Module, func: Func) -> bool {
        self.rethrow.contains(func) || self.is_unknown(module, func)
    }

    fn may_catch(&self, module: &Module, func: Func) -> bool {
        self.catch.contains(func) || self.is_unknown(module, func)
    }

    fn is_unknown(&self, module: &Module, func: Func) -> bool {
        func.index() >= self.known && !is_shim(module, func)
    }
}

/// Whether a function belongs to what legalization brings: it throws what it writes, and catches nothing.
fn is_shim(module: &Module, func: Func) -> bool {
    let name = module.functions[func].name;
    module.tables.names.str(name).starts_with("Shims.")
}

/// Functions and all that call them.
fn closed(mut work: Vec<Func>, callers: &SecondaryMap<Func, Vec<Func>>) -> EntitySet<Func> {
    let mut set = EntitySet::new();
    while let Some(func) = work.pop() {
        if set.insert(func) {
            work.extend_from_slice(&callers[func]);
        }
    }
    set
}

/// Whether a function asks for the record: it writes what it throws, or is legal already.
fn asks_for_record(module: &Module, f: &Function) -> bool {
    let is_record = |call: &ForeignCall| {
        let Value::Const(c) = call.symbol else {
            return false;
        };
        match module.tables.const_data(c) {
            ConstData::Symbol(name) => module.tables.names.str(*name) == "jlift_error_record",
            _ => false,
        }
    };
    (f.layout.iter().flat_map(|&b| &f.blocks[b].insts))
        .any(|&i| matches!(&f.insts[i].op, Op::ForeignCall(call) if is_record(call)))
}

/// Who handles an exception: a handler, or, as the first of a function, its callers.
struct Handler {
    /// Where that begins.
    block: Block,
    /// The one in whose course it was entered.
    outer: Option<usize>,
}

enum What {
    Rethrow,
    Call(Func),
    /// The end of a block that enters a protected region.
    Enter,
}

/// A statement that matters, and in the course of which handler it is executed.
struct Point {
    handler: usize,
    block: Block,
    inst: Inst,
    what: What,
}

/// What of a function matters.
#[derive(Default)]
struct Walk {
    handlers: Vec<Handler>,
    points: Vec<Point>,
}

impl Walk {
    fn of(func: &Function) -> Walk {
        let mut walk = Walk::default();
        let Some(entry) = func.entry() else {
            return walk;
        };
        walk.handlers.push(Handler {
            block: entry,
            outer: None,
        });
        let enters = |&b: &Block| matches!(func.blocks[b].term, Terminator::Enter { .. });
        if !func.layout.iter().any(enters) {
            for &block in &func.layout {
                walk.block(func, block, 0, &HashMap::new());
            }
            return walk;
        }
        let cfg = Cfg::new(func);
        let mut of: HashMap<Inst, usize> = HashMap::new();
        let mut at_start: SecondaryMap<Block, Option<usize>> = SecondaryMap::new();
        for &block in cfg.rpo() {
            let (now, entered) = walk.block(func, block, at_start[block].unwrap_or(0), &of);
            let term = &func.blocks[block].term;
            for succ in term.successors() {
                let mut begins_in = now;
                if let (Terminator::Enter { handler, .. }, Some(inst)) = (term, entered)
                    && *handler == succ
                {
                    begins_in = walk.handlers.len();
                    of.insert(inst, begins_in);
                    walk.handlers.push(Handler {
                        block: succ,
                        outer: Some(now),
                    });
                }
                // Where handled and not handled come together, what follows throws neither again.
                let agrees = at_start[succ].is_none_or(|old| old == begins_in);
                at_start[succ] = Some(if agrees { begins_in } else { 0 });
            }
        }
        walk
    }

    /// Notes what is in a block that begins in the course of a handler; in the course of which it ends, and the
    /// statement by which it enters a region.
    fn block(
        &mut self,
        func: &Function,
        block: Block,
        mut handler: usize,
        of: &HashMap<Inst, usize>,
    ) -> (usize, Option<Inst>) {
        let mut entered = None;
        for &inst in &func.blocks[block].insts {
            let what = match func.insts[inst].op {
                Op::Rethrow => What::Rethrow,
                Op::Invoke { func: callee, .. } => What::Call(callee),
                Op::Enter => {
                    entered = Some(inst);
                    What::Enter
                }
                Op::PopException(Value::Inst(token)) => {
                    let popped = of.get(&token).and_then(|&h| self.handlers[h].outer);
                    handler = popped.unwrap_or(handler);
                    continue;
                }
                _ => continue,
            };
            self.points.push(Point {
                handler,
                block,
                inst,
                what,
            });
        }
        (handler, entered)
    }
}

/// Lets the handlers of a function that is not legal yet keep the record where they need to. What is known of the
/// other functions is found when it is needed for the first time.
pub fn keep_records(session: &mut Session, reach: &mut Option<Reach>, id: Func) {
    if session.caps.exception_objects || is_shim(session.module, id) {
        return;
    }
    let walk = Walk::of(&session.module.functions[id]);
    // One that loses the record, and one that throws again.
    if walk.points.len() < 2 {
        return;
    }
    if asks_for_record(session.module, &session.module.functions[id]) {
        return;
    }
    let reach = reach.get_or_insert_with(|| Reach::of(session.module));
    let mut loses = vec![false; walk.handlers.len()];
    let mut throws: Vec<Vec<(Block, Inst)>> = vec![Vec::new(); walk.handlers.len()];
    for point in &walk.points {
        let (again, catches) = match point.what {
            What::Rethrow => (true, false),
            What::Enter => (false, true),
            What::Call(callee) => (
                reach.may_rethrow(session.module, callee),
                reach.may_catch(session.module, callee)
                    && !planted(Mutation::OptimizeRecordNotKept),
            ),
        };
        if again {
            throws[point.handler].push((point.block, point.inst));
        }
        // Handlers around this one have lost theirs already, where its region was entered.
        if catches {
            loses[point.handler] = true;
        }
    }
    for (h, handler) in walk.handlers.iter().enumerate() {
        if !loses[h] || throws[h].is_empty() {
            continue;
        }
        if let Err(message) = keep_record(session, id, handler.block, &throws[h]) {
            session.diagnostics.push(super::Diagnostic {
                func: id,
                inst: throws[h].first().map(|&(_, inst)| inst),
                message,
            });
        }
    }
}

/// Copies the record where a handler begins, and back where it throws again.
fn keep_record(
    session: &mut Session,
    id: Func,
    begin: Block,
    throws: &[(Block, Inst)],
) -> Result<(), String> {
    let module = &mut *session.module;
    let mut shim = |name: &str, params: &[Type]| {
        (session.shims.function(module, name, params)).map_err(|e| e.to_string())
    };
    let keep = shim("Shims.record_keep", &[])?;
    let restore = shim("Shims.record_restore", &[Type::STRING])?;
    let func = &mut session.module.functions[id];
    let call = |func: &mut Function, callee: Func, args: &[Value], ty: Type| {
        let args = func.value_list(args);
        let op = Op::Invoke {
            func: callee,
            callee: None,
            args,
        };
        func.make_inst(op, ty, None.into())
    };
    let kept = call(func, keep, &[], Type::STRING);
    // Behind the `leave` with which a handler begins: memory for the copy may lack.
    let insts = &func.blocks[begin].insts;
    let begins = |&&i: &&Inst| {
        matches!(
            func.insts[i].op,
            Op::Nop | Op::Phi(_) | Op::PhiC(_) | Op::Leave(_)
        )
    };
    let at = insts.iter().take_while(begins).count();
    func.blocks[begin].insts.insert(at, kept);
    for &(block, inst) in throws {
        let back = call(func, restore, &[Value::Inst(kept)], Type::NOTHING);
        let insts = &mut func.blocks[block].insts;
        if let Some(at) = insts.iter().position(|&i| i == inst) {
            insts.insert(at, back);
        }
    }
    Ok(())
}
