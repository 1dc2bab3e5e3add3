//! Control flow: blocks and phis, branches, protected regions, the failing return.

use crate::convention::Convention;
use crate::counted::Count;
use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::repr::Repr;
use crate::value::{Access, Result, Typed, Val};
use crate::writer::Label;
use cranelift_entity::SecondaryMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Inst, Op, Terminator, Type, Value};
use jlift_mutations::{Mutation, either, planted};

/// What is known of a block.
#[derive(Clone, Default)]
pub(crate) struct BlockInfo {
    pub label: Option<Label>,
    /// Handlers of the protected regions around the start of the block, innermost last.
    pub handlers: Vec<Block>,
    /// Phis that have values.
    pub phis: Vec<Inst>,
}

impl Body<'_, '_> {
    /// Labels for the blocks, and what their phis are.
    pub(crate) fn create_blocks(&mut self, cfg: &Cfg) -> Result<()> {
        let f = self.f;
        for &block in cfg.rpo() {
            let label = self.w.block();
            let mut phis = Vec::new();
            for inst in f.block_phis(block) {
                self.current = Some(inst);
                let ty = f.insts[inst].ty;
                if ty == Type::BOTTOM {
                    continue;
                }
                let val = match self.repr(ty)? {
                    Repr::Ghost => Val::Ghost,
                    Repr::Scalar(machine) => {
                        let (phi, reg) = self.w.phi(label, machine);
                        self.phis.insert(inst, phi);
                        Val::Scalar(reg)
                    }
                    Repr::Memory { size, align } => {
                        let slot = self.w.alloca(size, align);
                        self.slots.insert(inst, slot.clone());
                        Val::Memory(slot)
                    }
                };
                self.values[inst] = Some(Typed { ty, val });
                phis.push(inst);
            }
            self.current = None;
            self.blocks[block] = BlockInfo {
                label: Some(label),
                handlers: Vec::new(),
                phis,
            };
        }
        Ok(())
    }

    /// The protected regions around each block: every block is entered with one stack of them.
    pub(crate) fn find_handlers(&mut self, cfg: &Cfg) {
        let f = self.f;
        let mut known: SecondaryMap<Block, bool> = SecondaryMap::new();
        for &block in cfg.rpo() {
            let mut stack = self.blocks[block].handlers.clone();
            for &inst in &f.blocks[block].insts {
                if let Op::Leave(n) = f.insts[inst].op {
                    stack.truncate(stack.len().saturating_sub(n as usize));
                }
            }
            let term = &f.blocks[block].term;
            if let Terminator::Enter { handler, .. } = *term {
                // The handler too begins inside of the region, which it leaves first.
                stack.push(handler);
            }
            for next in term.successors() {
                if !std::mem::replace(&mut known[next], true) {
                    self.blocks[next].handlers = stack.clone();
                }
            }
        }
    }

    fn label(&self, block: Block) -> Result<Label> {
        self.blocks[block]
            .label
            .ok_or_else(|| "a branch to a dead block".into())
    }

    pub(crate) fn write_terminator(&mut self, block: Block) -> Result<()> {
        match self.f.blocks[block].term {
            Terminator::Goto(to) => self.go(block, to),
            Terminator::Enter { body, .. } => self.go(block, body),
            Terminator::Return(value) => {
                let typed = self.operand(value)?;
                self.return_value(typed)
            }
            Terminator::Unreachable => {
                self.w.trap();
                Ok(())
            }
            Terminator::Branch {
                cond,
                then_dest,
                else_dest,
            } => match cond.as_bool() {
                Some(true) => self.go(block, then_dest),
                Some(false) => self.go(block, else_dest),
                None if then_dest == else_dest => self.go(block, then_dest),
                None => {
                    let cond = self.condition(cond)?;
                    // An edge may need code of its own.
                    let (yes, no) = (self.edge(then_dest)?, self.edge(else_dest)?);
                    self.w.branch(&cond, yes, no);
                    for (edge, to) in [(yes, then_dest), (no, else_dest)] {
                        if edge != self.label(to)? {
                            self.w.switch_to(edge);
                            self.go(block, to)?;
                        }
                    }
                    Ok(())
                }
            },
        }
    }

    /// A Bool operand.
    pub(crate) fn condition(&mut self, value: Value) -> Result<Reg> {
        let cond = self.scalar(value)?;
        match cond.ty {
            Machine::I1 => Ok(cond),
            _ => Err("a condition that is no Bool".into()),
        }
    }

    /// The block to which a two-way branch goes on the way to `to`.
    fn edge(&mut self, to: Block) -> Result<Label> {
        match self.blocks[to].phis.is_empty() {
            true => self.label(to),
            false => Ok(self.w.block()),
        }
    }

    /// Goes from the end of `from` to `to` and gives the phis there their values: those in memory
    /// are copied, all sources before any destination.
    fn go(&mut self, from: Block, to: Block) -> Result<()> {
        let dest = self.label(to)?;
        let mut scalars = Vec::new();
        let mut copies = Vec::new();
        for n in 0..self.blocks[to].phis.len() {
            let inst = self.blocks[to].phis[n];
            let ty = self.f.insts[inst].ty;
            let value = match self.f.phi_value(inst, from) {
                Some(value) => Some(self.operand_as(value, ty)?),
                None => None,
            };
            match (self.repr(ty)?, value) {
                (Repr::Ghost, _) => {}
                (Repr::Scalar(_), Some(Val::Scalar(v))) => scalars.push((inst, v)),
                (Repr::Scalar(machine), None) => scalars.push((inst, machine.zero())),
                (Repr::Memory { size, align }, Some(Val::Memory(source))) => {
                    if let Some(slot) = self.slots.get(&inst)
                        && *slot != source
                    {
                        copies.push((slot.clone(), source, size, align));
                    }
                }
                (Repr::Memory { size, .. }, None) => {
                    // The value is never used, but what it holds may be dropped; and what is computed
                    // from it ahead of time must not be LLVM's `undef`.
                    if let Some(slot) = self.slots.get(&inst).cloned() {
                        self.zero(&slot, size);
                    }
                }
                _ => return Err("a phi of a value in an unexpected representation".into()),
            }
        }
        if copies.len() > 1 && !planted(Mutation::LlvmPhiCopiesInOrder) {
            // A source may lie in the memory of another phi of the same block.
            for (_, source, size, align) in &mut copies {
                let staged = self.w.alloca(*size, *align);
                self.copy(&staged, *align, source, *align, *size);
                *source = staged;
            }
        }
        for (slot, source, size, align) in &copies {
            self.copy(slot, *align, source, *align, *size);
        }
        if planted(Mutation::LlvmPhiEdge)
            && let [(_, x), (_, y)] = &mut scalars[..]
            && x.ty == y.ty
        {
            std::mem::swap(x, y);
        }
        let here = self.w.here();
        if !self.w.has_ended() {
            for (inst, value) in scalars {
                if let Some(&phi) = self.phis.get(&inst) {
                    self.w.phi_input(phi, here, &value);
                }
            }
        }
        self.w.jump(dest);
        Ok(())
    }

    /// Where control goes when a statement here fails: the innermost handler, or the block that
    /// returns with the error status.
    pub(crate) fn failure_target(&mut self) -> Result<Label> {
        let innermost = self.handlers.last();
        if let Some(&handler) = either(Mutation::LlvmHandlerOuter, self.handlers.first(), innermost)
        {
            if !self.blocks[handler].phis.is_empty() {
                return Err("a handler of exceptions that begins with phis".into());
            }
            return self.label(handler);
        }
        if !self.may_throw {
            return Err("a statement that throws in a function that cannot".into());
        }
        Ok(match self.fail {
            Some(label) => label,
            None => {
                let label = self.w.block();
                self.fail = Some(label);
                label
            }
        })
    }

    /// The block that returns with the error status, if anything goes there.
    pub(crate) fn write_fail_block(&mut self, convention: &Convention) {
        let Some(label) = self.fail else { return };
        self.w.switch_to(label);
        let mut regs: Vec<Reg> = convention.returns.iter().map(|ty| ty.zero()).collect();
        if let Some(status) = regs.last_mut() {
            *status = Reg::int(Machine::I8, 1);
        }
        self.return_registers(&regs);
    }

    /// Memory for the values that cross protected regions.
    pub(crate) fn prepare_phi_c(&mut self) -> Result<()> {
        let f = self.f;
        for &block in &f.layout {
            for &inst in &f.blocks[block].insts {
                if !matches!(f.insts[inst].op, Op::PhiC(_)) {
                    continue;
                }
                self.current = Some(inst);
                let ty = f.insts[inst].ty;
                let slot = match self.repr(ty)? {
                    Repr::Ghost => continue,
                    Repr::Scalar(machine) => {
                        let slot = self.w.alloca(machine.bits().div_ceil(8), machine.align());
                        self.store_scalar(&machine.zero(), &slot, 0, Access::Own);
                        slot
                    }
                    Repr::Memory { size, align } => {
                        let slot = self.w.alloca(size, align);
                        self.zero(&slot, size);
                        slot
                    }
                };
                self.slots.insert(inst, slot);
            }
        }
        self.current = None;
        Ok(())
    }

    /// `upsilon(v)`: the phi-c nodes that list it take this value. Where that holds counted
    /// references, a phi-c node owns what was stored until it is read or stored to again, and an
    /// upsilon without value empties it.
    pub(crate) fn upsilon(&mut self, inst: Inst, value: Option<Value>) -> Result<()> {
        let f = self.f;
        let mut readers: Vec<Inst> = self
            .slots
            .keys()
            .copied()
            .filter(|&reader| match f.insts[reader].op {
                Op::PhiC(list) => f.args(list).contains(&Value::Inst(inst)),
                _ => false,
            })
            .collect();
        readers.sort_unstable();
        for reader in readers {
            let ty = f.insts[reader].ty;
            let Some(slot) = self.slots.get(&reader).cloned() else {
                continue;
            };
            let value = match value {
                Some(value) => Some(self.operand_as(value, ty)?),
                None => None,
            };
            if planted(Mutation::LlvmUpsilonLost) {
                continue;
            }
            if !self.p.is_counted(ty) {
                if let Some(value) = value {
                    self.store(ty, &value, &slot, 0, Access::Own)?;
                }
                continue;
            }
            let old = self.load(ty, &slot, 0, Access::Own, false)?;
            match value {
                Some(value) => self.store(ty, &value, &slot, 0, Access::Own)?,
                None => self.empty(ty, &slot)?,
            }
            self.count_value(&Typed { ty, val: old }, Count::Down, true)?;
        }
        Ok(())
    }

    /// Leaves no reference in memory.
    fn empty(&mut self, ty: Type, slot: &Reg) -> Result<()> {
        let size = self.layout(ty)?.size;
        self.zero(slot, size);
        Ok(())
    }

    /// `phic(...)`: the value stored last, with the references that it holds.
    pub(crate) fn phi_c(&mut self, inst: Inst) -> Result<Val> {
        let ty = self.f.insts[inst].ty;
        let Some(slot) = self.slots.get(&inst).cloned() else {
            return self.undefined(ty);
        };
        // Later stores go to the same memory.
        let value = self.load(ty, &slot, 0, Access::Own, false)?;
        if self.p.is_counted(ty) {
            self.empty(ty, &slot)?;
        }
        Ok(value)
    }
}
