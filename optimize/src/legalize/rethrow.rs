//! What a handler throws again is what it has caught, even if it caught something else in the meantime. A thread has
//! one error record; a handler in which others may come to run keeps a copy of it, and puts it back before it throws
//! again. Comes before anything is inlined: then only `rethrow()` is `expr rethrow()`. Where exceptions are objects
//! nothing of this is needed. A function that throws again what its caller handles is one for which the caller does it.
//!
//! ```text
//! #4: …                                  #4: %5 = foreigncall jlift_error_record()
//!     invoke cleanup()                       %6 = foreigncall jlift_alloca(1024)
//!     invoke rethrow()                       %7 = invoke record_copy(%6, %5)
//!                                            …
//!                                            invoke cleanup()
//!                                            %9 = invoke record_copy(%5, %6)
//!                                            invoke rethrow()
//! ```

use super::rewrite::Session;
use cranelift_entity::{EntitySet, SecondaryMap};
use hashbrown::HashMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::error_record::SIZE;
use jlift_ir::{
    Block, ConstData, ForeignCall, Func, Function, Inst, Module, Op, Terminator, Type, Value,
};

/// Functions whose calls matter to a handler.
#[derive(Default)]
pub struct Reach {
    /// A call of them may throw again what is being handled.
    rethrow: EntitySet<Func>,
    /// A call of them may catch something, which overwrites the record.
    catch: EntitySet<Func>,
    /// Number of functions that were looked at.
    known: usize,
}

impl Reach {
    /// Looks at the functions of a module unless it was done before; legalization adds only functions that do neither.
    fn find(&mut self, module: &Module) {
        if self.known > 0 {
            return;
        }
        self.known = module.functions.len();
        let mut callers: SecondaryMap<Func, Vec<Func>> = SecondaryMap::new();
        let (mut rethrow, mut catch) = (Vec::new(), Vec::new());
        for (id, f) in &module.functions {
            for callee in super::callees(f) {
                callers[callee].push(id);
            }
            if throws_again(module, f) {
                rethrow.push(id);
            }
            if enters(f).next().is_some() {
                catch.push(id);
            }
        }
        close(&mut self.rethrow, rethrow, &callers);
        close(&mut self.catch, catch, &callers);
    }
}

/// Adds functions and all that call them.
fn close(set: &mut EntitySet<Func>, mut work: Vec<Func>, callers: &SecondaryMap<Func, Vec<Func>>) {
    while let Some(func) = work.pop() {
        if set.insert(func) {
            work.extend_from_slice(&callers[func]);
        }
    }
}

/// The blocks that enter a protected region, each with its handler.
fn enters(f: &Function) -> impl Iterator<Item = (Block, Block)> {
    (f.layout.iter()).filter_map(|&b| match f.blocks[b].term {
        Terminator::Enter { handler, .. } => Some((b, handler)),
        _ => None,
    })
}

/// Whether a function throws what is being handled. One that asks for the record itself writes what it throws, or is
/// legal already.
fn throws_again(module: &Module, f: &Function) -> bool {
    let mut rethrows = false;
    for &inst in f.layout.iter().flat_map(|&b| &f.blocks[b].insts) {
        match &f.insts[inst].op {
            Op::Rethrow => rethrows = true,
            Op::ForeignCall(call) if is_record(module, call) => return false,
            _ => {}
        }
    }
    rethrows
}

fn is_record(module: &Module, call: &ForeignCall) -> bool {
    let Value::Const(c) = call.symbol else {
        return false;
    };
    match module.tables.const_data(c) {
        ConstData::Symbol(name) => module.tables.names.str(*name) == "jlift_error_record",
        _ => false,
    }
}

/// Lets the handlers of a function keep the record where they need to.
pub fn keep_records(session: &mut Session, reach: &mut Reach, id: Func, func: &mut Function) {
    if session.caps.exception_objects || enters(func).next().is_none() {
        return;
    }
    reach.find(session.module);
    let asks = (func.layout.iter().flat_map(|&b| &func.blocks[b].insts))
        .any(|&i| matches!(&func.insts[i].op, Op::ForeignCall(c) if is_record(session.module, c)));
    if asks {
        return;
    }
    let handlers = find_handlers(func, reach, id);
    for handler in handlers.into_iter().filter(|h| h.may_lose) {
        if handler.throws.is_empty() {
            continue;
        }
        if let Err(message) = keep_record(session, func, &handler) {
            session.diagnostics.push(super::Diagnostic {
                func: id,
                inst: handler.throws.first().map(|&(_, inst)| inst),
                message,
            });
        }
    }
}

/// What happens while the exception of a region is being handled.
struct Handler {
    block: Block,
    /// Where what was caught may be thrown again.
    throws: Vec<(Block, Inst)>,
    /// Whether something else may be caught.
    may_lose: bool,
}

/// The handlers of a function.
fn find_handlers(func: &Function, reach: &Reach, id: Func) -> Vec<Handler> {
    let cfg = Cfg::new(func);
    let mut handlers: Vec<Handler> = Vec::new();
    // By `enter`: its handler's index, and the handler in which it is.
    let mut of: HashMap<Inst, (usize, Option<Inst>)> = HashMap::new();
    // The innermost exception that is being handled where a block begins.
    let mut at_start: SecondaryMap<Block, Option<Option<Inst>>> = SecondaryMap::new();
    for &block in cfg.rpo() {
        let mut caught = at_start[block].flatten();
        let mut entered = None;
        for &inst in &func.blocks[block].insts {
            let (throws, loses) = match func.insts[inst].op {
                Op::Rethrow => (true, false),
                Op::Invoke { func: callee, .. } => (
                    reach.rethrow.contains(callee),
                    reach.catch.contains(callee) || callee == id,
                ),
                Op::Enter => {
                    entered = Some(inst);
                    (false, true)
                }
                Op::PopException(Value::Inst(token)) => {
                    if let Some(&(_, outer)) = of.get(&token) {
                        caught = outer;
                    }
                    continue;
                }
                _ => continue,
            };
            if let Some(&(index, _)) = caught.as_ref().and_then(|c| of.get(c))
                && throws
            {
                handlers[index].throws.push((block, inst));
            }
            let mut outer = caught;
            while let Some(&(index, next)) = outer.as_ref().and_then(|c| of.get(c)) {
                handlers[index].may_lose |= loses;
                outer = next;
            }
        }
        let term = &func.blocks[block].term;
        for succ in term.successors() {
            let mut begins_with = caught;
            if let (Terminator::Enter { handler, .. }, Some(inst)) = (term, entered)
                && *handler == succ
            {
                of.insert(inst, (handlers.len(), caught));
                handlers.push(Handler {
                    block: succ,
                    throws: Vec::new(),
                    may_lose: false,
                });
                begins_with = Some(inst);
            }
            // Where handled and not handled come together, what follows throws neither again.
            let agrees = at_start[succ].is_none_or(|old| old == begins_with);
            at_start[succ] = Some(begins_with.filter(|_| agrees));
        }
    }
    handlers
}

/// Copies the record where a handler begins, and back where it throws again.
fn keep_record(
    session: &mut Session,
    func: &mut Function,
    handler: &Handler,
) -> Result<(), String> {
    let module = &mut *session.module;
    let bytes = module.tables.ptr(Type::UINT8);
    let copy = (session
        .shims
        .function(module, "Shims.record_copy", &[bytes, bytes]))
    .map_err(|e| e.to_string())?;
    let mut foreign = |func: &mut Function, symbol: &str, params: &[Type], args: &[Value]| {
        let tables = &mut module.tables;
        let op = Op::ForeignCall(Box::new(ForeignCall {
            symbol: tables.symbol(symbol),
            ret: bytes,
            params: params.into(),
            variadic_from: 0,
            convention: tables.names.intern("ccall"),
            args: func.value_list(args),
            roots: func.value_list(&[]),
        }));
        func.make_inst(op, bytes, None.into())
    };
    let record = foreign(func, "jlift_error_record", &[], &[]);
    let size = Value::int64(SIZE.into());
    let kept = foreign(func, "jlift_alloca", &[Type::INT64], &[size]);
    let copying = |func: &mut Function, to: Inst, from: Inst| {
        let args = func.value_list(&[Value::Inst(to), Value::Inst(from)]);
        let op = Op::Invoke {
            func: copy,
            callee: None,
            args,
        };
        func.make_inst(op, Type::NOTHING, None.into())
    };
    let keep = copying(func, kept, record);
    let at = (func.blocks[handler.block].insts.iter())
        .position(|&i| !matches!(func.insts[i].op, Op::Phi(_) | Op::PhiC(_)))
        .unwrap_or(func.blocks[handler.block].insts.len());
    func.blocks[handler.block]
        .insts
        .splice(at..at, [record, kept, keep]);
    for &(block, inst) in &handler.throws {
        let back = copying(func, record, kept);
        let insts = &mut func.blocks[block].insts;
        if let Some(at) = insts.iter().position(|&i| i == inst) {
            insts.insert(at, back);
        }
    }
    Ok(())
}
