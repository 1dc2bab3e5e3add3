//! One call: where it is, and what its statements have computed.

use crate::value::Value;
use cranelift_entity::SecondaryMap;
use hashbrown::HashMap;
use jlift_ir::{Block, Func, Function, Inst};

/// A protected region that is open.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Handler {
    pub block: Block,
    /// The block that entered the region, as the phis of the handler name it.
    pub entered_from: Block,
}

/// A call.
pub(crate) struct Frame<'m> {
    pub id: Func,
    pub func: &'m Function,
    pub callee: Value,
    pub args: Vec<Value>,
    values: SecondaryMap<Inst, Option<Value>>,
    pub block: Block,
    /// The next statement of the block, by its position.
    pub next: usize,
    pub handlers: Vec<Handler>,
    /// What phi-c nodes hold.
    pub phic: HashMap<Inst, Value>,
    /// What to release if the call that follows fails.
    pub cleanup: Vec<Value>,
    /// Memory that is freed when the call returns.
    pub stack: Vec<u64>,
    /// How many exceptions were being handled when it began.
    pub handling: usize,
}

/// A call while the module may change.
pub(crate) struct SavedFrame {
    id: Func,
    callee: Value,
    args: Vec<Value>,
    values: SecondaryMap<Inst, Option<Value>>,
    block: Block,
    next: usize,
    handlers: Vec<Handler>,
    phic: HashMap<Inst, Value>,
    cleanup: Vec<Value>,
    stack: Vec<u64>,
    handling: usize,
}

impl SavedFrame {
    /// The call of the same function, which has not changed.
    pub fn resume<'m>(self, body: impl Fn(Func) -> Option<&'m Function>) -> Option<Frame<'m>> {
        Some(Frame {
            id: self.id,
            func: body(self.id)?,
            callee: self.callee,
            args: self.args,
            values: self.values,
            block: self.block,
            next: self.next,
            handlers: self.handlers,
            phic: self.phic,
            cleanup: self.cleanup,
            stack: self.stack,
            handling: self.handling,
        })
    }
}

impl<'m> Frame<'m> {
    pub fn save(self) -> SavedFrame {
        SavedFrame {
            id: self.id,
            callee: self.callee,
            args: self.args,
            values: self.values,
            block: self.block,
            next: self.next,
            handlers: self.handlers,
            phic: self.phic,
            cleanup: self.cleanup,
            stack: self.stack,
            handling: self.handling,
        }
    }

    pub fn new(
        id: Func,
        func: &'m Function,
        entry: Block,
        callee: Value,
        args: Vec<Value>,
        handling: usize,
    ) -> Frame<'m> {
        Frame {
            id,
            func,
            callee,
            args,
            values: SecondaryMap::new(),
            block: entry,
            next: 0,
            handlers: Vec::new(),
            phic: HashMap::new(),
            cleanup: Vec::new(),
            stack: Vec::new(),
            handling,
        }
    }

    /// The statement that was begun last in the block.
    pub fn current(&self) -> Option<Inst> {
        let before = self.next.checked_sub(1)?;
        self.func.blocks[self.block].insts.get(before).copied()
    }

    /// What a statement has computed, if it was executed.
    pub fn get(&self, inst: Inst) -> Option<&Value> {
        self.values.get(inst)?.as_ref()
    }

    pub fn set(&mut self, inst: Inst, value: Value) {
        self.values[inst] = Some(value);
    }

    /// Argument `_n`; `_1` is the callee itself.
    pub fn arg(&self, n: u32) -> Option<&Value> {
        match n {
            0 => None,
            1 => Some(&self.callee),
            _ => self.args.get(n as usize - 2),
        }
    }
}
