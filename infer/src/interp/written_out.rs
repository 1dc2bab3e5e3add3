//! Code that is made for the arguments of an instance: `Base.fold_elements(op, acc, t)` is a call of
//! `op` for each element of `t`, one behind the other. So a literal or a call of many elements costs one
//! body, however many types its elements have; a recursion over the rest of the tuple would need a
//! type of tuple, and an instance, for each. Knows nothing of what `op` does.

use super::instance::InstId;
use crate::world::World;
use cranelift_entity::{EntityRef, PrimaryMap};
use jlift_frontend::lowered::{Code, Operand, Rvalue, Slot, Stmt, StmtId};
use jlift_ir::{Builtin, Value};
use std::sync::Arc;

/// A function of Base that is written out. What it calls is its first parameter; tuples of equal length are the last.
#[derive(Copy, Clone, PartialEq, Eq)]
enum WrittenOut {
    /// `fold_elements(op, acc, t)`: `acc = op(acc, t[1])`, and so on.
    Fold,
    /// `fold_elements_back(op, acc, t)`, from the last element on.
    FoldBack,
    /// `fold_pairs(op, acc, s, t)`: `acc = op(acc, s[1], t[1])`, and so on.
    FoldPairs,
    /// `map_elements(f, t)`: `(f(t[1]), …)`.
    Map,
}

impl WrittenOut {
    fn named(name: &str) -> Option<WrittenOut> {
        Some(match name {
            "fold_elements" => WrittenOut::Fold,
            "fold_elements_back" => WrittenOut::FoldBack,
            "fold_pairs" => WrittenOut::FoldPairs,
            "map_elements" => WrittenOut::Map,
            _ => return None,
        })
    }

    /// How many of the last parameters are tuples.
    fn tuples(self) -> usize {
        1 + usize::from(self == WrittenOut::FoldPairs)
    }
}

const CALLED: usize = 1;

impl World {
    /// What an instance executes: the code of its method, or what is made for its arguments.
    pub(super) fn instance_code(&mut self, id: InstId, code: Arc<Code>) -> Arc<Code> {
        let inst = &self.instances[id];
        let Some(what) = WrittenOut::named(self.text(inst.name)) else {
            return code;
        };
        if inst.module != self.base {
            return code;
        }
        let args = inst.args.clone();
        let first = args.len().saturating_sub(what.tuples());
        let mut counts = Vec::with_capacity(what.tuples());
        for tuple in args.iter().skip(first) {
            let ty = self.widen(tuple);
            if !self.module.tables.is_tuple(ty) {
                return code;
            }
            counts.push(self.field_count(ty));
        }
        match counts[..] {
            [Some(count)] => self.written_out(&code, what, count),
            [Some(count), other] if other == Some(count) => self.written_out(&code, what, count),
            // The length is known when it runs.
            _ => code,
        }
    }

    fn written_out(&mut self, code: &Code, what: WrittenOut, count: usize) -> Arc<Code> {
        let getfield = Operand::Const(self.builtin_value(Builtin::GetField));
        let span = code.spans.values().flatten().next().copied();
        let called = Operand::Slot(Slot::new(CALLED));
        let params = code.params as usize;
        let mut acc = Operand::Slot(Slot::new(CALLED + 1));
        let mut results = Vec::with_capacity(count);
        let mut stmts = PrimaryMap::new();
        let mut call = |callee: &Operand, args: Vec<Operand>| {
            let callee = callee.clone();
            Operand::Ssa(stmts.push(Stmt::Value(Rvalue::Call { callee, args })))
        };
        for n in 1..=count {
            let at = match what {
                WrittenOut::FoldBack => count + 1 - n,
                _ => n,
            };
            let mut args = Vec::with_capacity(what.tuples() + 1);
            if what != WrittenOut::Map {
                args.push(acc.clone());
            }
            for slot in params.saturating_sub(what.tuples())..params {
                let place = vec![
                    Operand::Slot(Slot::new(slot)),
                    Operand::Const(Value::int64(at as i64)),
                ];
                args.push(call(&getfield, place));
            }
            let result = call(&called, args);
            match what {
                WrittenOut::Map => results.push(result),
                _ => acc = result,
            }
        }
        if what == WrittenOut::Map {
            acc = call(&Operand::Const(self.builtin_value(Builtin::Tuple)), results);
        }
        stmts.push(Stmt::Return(acc));
        let spans: PrimaryMap<StmtId, _> = stmts.values().map(|_| span).collect();
        Arc::new(Code {
            stmts,
            spans,
            closures: PrimaryMap::new(),
            ..code.clone()
        })
    }

    /// The element types of a tuple type, each once, in the order in which they appear first.
    pub(super) fn distinct_elements(&mut self, tuple: jlift_ir::Type) -> jlift_ir::Type {
        let mut seen = hashbrown::HashSet::new();
        let mut types = self.tuple_params(tuple);
        types.retain(|&ty| seen.insert(ty));
        self.module.tables.tuple(&types)
    }
}
