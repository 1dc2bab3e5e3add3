//! Control flow: blocks and phis, branches, protected regions, the failing return.
//!
//! Branch order matters to Cranelift 0.135: loop-invariant code is hoisted out of the second
//! successor of `brif` only, so the successor that leaves the loop or fails is put first.

use crate::counted::Count;
use crate::function::{FunctionLowerer, is_cold};
use crate::repr::Repr;
use crate::value::{Lowered, Result, Typed, own_memory};
use cranelift_codegen::ir::condcodes::CondCode;
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, TrapCode, types};
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Inst, Op, Terminator, Type, Value};
use jlift_mutations::{Mutation, either, planted};

/// Reached only if the compiler or the producer of the IR was wrong.
pub(crate) const UNREACHABLE: TrapCode = TrapCode::unwrap_user(1);

/// What is known of a block.
#[derive(Clone, Default)]
pub(crate) struct BlockInfo {
    pub clif: Option<ir::Block>,
    /// Handlers of the protected regions around the start of the block, innermost last.
    pub handlers: Vec<Block>,
    /// Phis whose values travel as block parameters, with the number of their registers.
    pub phis: Vec<Inst>,
}

impl FunctionLowerer<'_, '_> {
    pub(crate) fn create_blocks(&mut self, cfg: &Cfg, _entry: Block) -> Result<()> {
        let f = self.f;
        for &block in cfg.rpo() {
            let clif = self.b.create_block();
            if is_cold(f, block) {
                self.b.set_cold_block(clif);
            }
            let mut phis = Vec::new();
            for phi in f.block_phis(block) {
                self.current = Some(phi);
                let ty = f.insts[phi].ty;
                if ty == Type::BOTTOM {
                    continue;
                }
                let repr = self.repr(ty)?;
                for reg in repr.registers() {
                    self.b.append_block_param(clif, reg);
                }
                phis.push(phi);
            }
            self.current = None;
            self.blocks[block] = BlockInfo {
                clif: Some(clif),
                handlers: Vec::new(),
                phis,
            };
        }
        Ok(())
    }

    /// Protected regions around each block, by a walk in reverse postorder.
    pub(crate) fn compute_handlers(&mut self, cfg: &Cfg, _entry: Block) -> Result<()> {
        let f = self.f;
        let mut seen = cranelift_entity::SecondaryMap::<Block, bool>::new();
        for &block in cfg.rpo() {
            let mut stack = self.blocks[block].handlers.clone();
            for &inst in &f.blocks[block].insts {
                if let Op::Leave(n) = f.insts[inst].op {
                    let keep = stack.len().saturating_sub(n as usize);
                    stack.truncate(keep);
                }
            }
            match f.blocks[block].term {
                Terminator::Enter { body, handler } => {
                    // A handler begins inside of its region, which it leaves first.
                    stack.push(handler);
                    for block in [handler, body] {
                        if !seen[block] {
                            seen[block] = true;
                            self.blocks[block].handlers = stack.clone();
                        }
                    }
                }
                ref term => {
                    for succ in term.successors() {
                        if !seen[succ] {
                            seen[succ] = true;
                            self.blocks[succ].handlers = stack.clone();
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Stack memory for phis of aggregates that do not fit into registers.
    pub(crate) fn prepare_phi_memory(&mut self, cfg: &Cfg) -> Result<()> {
        for &block in cfg.rpo() {
            for i in 0..self.blocks[block].phis.len() {
                let phi = self.blocks[block].phis[i];
                if let Repr::Memory { size, align } = self.repr(self.f.insts[phi].ty)? {
                    let addr = self.stack_memory(size, align);
                    self.phi_memory.insert(phi, addr);
                }
            }
        }
        Ok(())
    }

    pub(crate) fn bind_phis(&mut self, block: Block) -> Result<()> {
        let Some(clif) = self.blocks[block].clif else {
            return Ok(());
        };
        let params: Vec<ir::Value> = self.b.block_params(clif).to_vec();
        let mut at = 0;
        for i in 0..self.blocks[block].phis.len() {
            let phi = self.blocks[block].phis[i];
            let ty = self.f.insts[phi].ty;
            let value = match self.repr(ty)? {
                Repr::Memory { .. } => match self.phi_memory.get(&phi) {
                    Some(&addr) => Lowered::Memory(addr),
                    None => return Err("a phi without memory".into()),
                },
                repr => {
                    let count = repr.registers().len();
                    at += count;
                    self.value_from_registers(ty, &params[at - count..at])?
                }
            };
            self.values[phi] = Some(Typed { ty, value });
        }
        Ok(())
    }

    /// The arguments for the parameters of `to` on the edge from `from`; phis in memory are
    /// copied here, all sources before any destination.
    fn edge_args(&mut self, from: Block, to: Block) -> Result<Vec<BlockArg>> {
        let mut args = Vec::new();
        let mut copies = Vec::new();
        for i in 0..self.blocks[to].phis.len() {
            let phi = self.blocks[to].phis[i];
            let ty = self.f.insts[phi].ty;
            let repr = self.repr(ty)?;
            let value = match self.f.phi_value(phi, from) {
                Some(v) => {
                    let typed = self.operand(v)?;
                    Some(self.coerce(typed, ty)?)
                }
                None => None,
            };
            match (&repr, value) {
                (Repr::Memory { size, .. }, Some(Lowered::Memory(source))) => {
                    if let Some(&dest) = self.phi_memory.get(&phi)
                        && dest != source
                    {
                        copies.push((dest, source, *size));
                    }
                }
                (Repr::Memory { size, .. }, None) if self.is_counted(ty) => {
                    // The value is never used, but it is dropped.
                    if let Some(&dest) = self.phi_memory.get(&phi) {
                        self.zero_memory(dest, 0, *size);
                    }
                }
                (Repr::Memory { .. }, _) => {}
                (_, Some(value)) => {
                    args.extend(self.registers(&value).into_iter().map(BlockArg::from))
                }
                (_, None) => {
                    let value = self.undefined(ty)?;
                    args.extend(self.registers(&value).into_iter().map(BlockArg::from));
                }
            }
        }
        if planted(Mutation::LowerPhiEdge)
            && let [BlockArg::Value(x), BlockArg::Value(y)] = args[..]
            && self.b.func.dfg.value_type(x) == self.b.func.dfg.value_type(y)
        {
            args.swap(0, 1);
        }
        if let [(dest, source, size)] = copies[..] {
            self.copy_memory(dest, own_memory(), source, own_memory(), size);
        } else {
            if planted(Mutation::LowerPhiCopiesInOrder) {
                for (dest, source, size) in copies {
                    self.copy_memory(dest, own_memory(), source, own_memory(), size);
                }
                return Ok(args);
            }
            // A source may lie in the memory of another phi of the same block.
            let mut staged = Vec::with_capacity(copies.len());
            for (dest, source, size) in copies {
                let temp = self.stack_memory(size, 16);
                self.copy_memory(temp, own_memory(), source, own_memory(), size);
                staged.push((dest, temp, size));
            }
            for (dest, temp, size) in staged {
                self.copy_memory(dest, own_memory(), temp, own_memory(), size);
            }
        }
        Ok(args)
    }

    /// Whether the edge needs code of its own: copies of phis in memory.
    fn edge_copies(&self, to: Block) -> bool {
        self.blocks[to]
            .phis
            .iter()
            .any(|phi| self.phi_memory.contains_key(phi))
    }

    pub(crate) fn clif_block(&self, block: Block) -> Result<ir::Block> {
        self.blocks[block]
            .clif
            .ok_or_else(|| "a branch to a dead block".into())
    }

    pub(crate) fn lower_terminator(&mut self, block: Block) -> Result<()> {
        let f = self.f;
        match f.blocks[block].term {
            Terminator::Goto(dest) => self.jump(block, dest),
            Terminator::Enter { body, .. } => self.jump(block, body),
            Terminator::Return(value) => {
                let typed = self.operand(value)?;
                self.return_value(typed)
            }
            Terminator::Unreachable => {
                self.trap_unreachable();
                Ok(())
            }
            Terminator::Branch {
                cond,
                then_dest,
                else_dest,
            } => match cond.as_bool() {
                Some(true) => self.jump(block, then_dest),
                Some(false) => self.jump(block, else_dest),
                None if then_dest == else_dest => self.jump(block, then_dest),
                None => self.branch(block, cond, then_dest, else_dest),
            },
        }
    }

    fn jump(&mut self, from: Block, to: Block) -> Result<()> {
        let args = self.edge_args(from, to)?;
        let dest = self.clif_block(to)?;
        self.b.ins().jump(dest, &args);
        Ok(())
    }

    fn branch(
        &mut self,
        from: Block,
        cond: Value,
        then_dest: Block,
        else_dest: Block,
    ) -> Result<()> {
        let cond = self.scalar(cond)?;
        let exits = |d: Block| self.loops.leaves(from, d) || is_cold(self.f, d);
        // The exit goes first; inverting the condition puts the other destination second.
        let invert = !exits(then_dest) && exits(else_dest);
        let (cond, first, second) = if invert {
            let inverted = either(Mutation::LowerBranchNotInverted, cond, self.inverted(cond));
            (inverted, else_dest, then_dest)
        } else {
            (cond, then_dest, else_dest)
        };
        let (first_block, first_args, first_edge) = self.prepare_edge(from, first)?;
        let (second_block, second_args, second_edge) = self.prepare_edge(from, second)?;
        self.b
            .ins()
            .brif(cond, first_block, &first_args, second_block, &second_args);
        for (edge, to) in [(first_edge, first), (second_edge, second)] {
            if edge {
                let edge_block = if to == first {
                    first_block
                } else {
                    second_block
                };
                self.b.switch_to_block(edge_block);
                self.jump(from, to)?;
            }
        }
        Ok(())
    }

    /// The destination and arguments of an edge of a two-way branch; an edge that has to copy
    /// memory gets a block of its own, which the caller fills.
    fn prepare_edge(&mut self, from: Block, to: Block) -> Result<(ir::Block, Vec<BlockArg>, bool)> {
        if self.edge_copies(to) {
            Ok((self.b.create_block(), Vec::new(), true))
        } else {
            let args = self.edge_args(from, to)?;
            Ok((self.clif_block(to)?, args, false))
        }
    }

    /// The negation of a condition, by the opposite comparison where it is one.
    pub(crate) fn inverted(&mut self, cond: ir::Value) -> ir::Value {
        if let Some(inst) = self.b.func.dfg.value_def(cond).inst() {
            match self.b.func.dfg.insts[inst] {
                ir::InstructionData::IntCompare { cond, args, .. } => {
                    return self.b.ins().icmp(cond.complement(), args[0], args[1]);
                }
                ir::InstructionData::FloatCompare { cond, args, .. } => {
                    return self.b.ins().fcmp(cond.complement(), args[0], args[1]);
                }
                _ => {}
            }
        }
        self.b
            .ins()
            .icmp_imm_s(ir::condcodes::IntCC::Equal, cond, 0)
    }

    /// Where control goes when a statement here fails: the innermost handler, or the block that
    /// returns with the error status.
    pub(crate) fn failure_target(&mut self) -> Result<ir::Block> {
        let innermost = self.handlers.last();
        if let Some(&handler) = either(
            Mutation::LowerHandlerOuter,
            self.handlers.first(),
            innermost,
        ) {
            return self.clif_block(handler);
        }
        if !self.signature.may_throw {
            return Err("a statement that throws in a function that cannot".into());
        }
        Ok(match self.fail_block {
            Some(block) => block,
            None => {
                let block = self.b.create_block();
                self.b.set_cold_block(block);
                self.fail_block = Some(block);
                block
            }
        })
    }

    /// The block that returns with the error status, if anything went there.
    pub(crate) fn finish_fail_block(&mut self) {
        let Some(block) = self.fail_block else { return };
        self.b.switch_to_block(block);
        let types: Vec<ir::Type> = self
            .signature
            .signature
            .returns
            .iter()
            .map(|p| p.value_type)
            .collect();
        let mut regs: Vec<ir::Value> = Vec::with_capacity(types.len());
        if let Some((_, values)) = types.split_last() {
            for &ty in values {
                let zero = self.zero(ty);
                regs.push(zero);
            }
            regs.push(self.b.ins().iconst(types::I8, 1));
        }
        self.b.ins().return_(&regs);
    }

    /// Registers for the values that cross protected regions.
    pub(crate) fn prepare_phic(&mut self) -> Result<()> {
        let f = self.f;
        for &block in &f.layout {
            for &inst in &f.blocks[block].insts {
                if matches!(f.insts[inst].op, Op::PhiC(_)) {
                    let ty = f.insts[inst].ty;
                    let repr = self.repr(ty)?;
                    if let Repr::Memory { size, align } = repr {
                        let addr = self.stack_memory(size, align);
                        self.phi_memory.insert(inst, addr);
                    }
                    let regs = repr.registers();
                    let vars = regs.into_iter().map(|t| self.b.declare_var(t)).collect();
                    self.phic_vars.insert(inst, vars);
                    if self.is_counted(ty) {
                        self.set_phic(inst, None)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// `upsilon(v)`: the phi-c nodes that list it take this value. Where that holds counted
    /// references, a phi-c node owns what was stored until it is read or stored to again, and an
    /// upsilon without value empties it.
    pub(crate) fn upsilon(&mut self, inst: Inst, value: Option<Value>) -> Result<()> {
        let mut readers: Vec<Inst> = self
            .phic_vars
            .keys()
            .copied()
            .filter(|&phic| match self.f.insts[phic].op {
                Op::PhiC(list) => self.f.args(list).contains(&Value::Inst(inst)),
                _ => false,
            })
            .collect();
        readers.sort_unstable();
        for phic in readers {
            if planted(Mutation::LowerUpsilonLost) {
                break;
            }
            let ty = self.f.insts[phic].ty;
            let value = match value {
                Some(value) => {
                    let typed = self.operand(value)?;
                    Some(self.coerce(typed, ty)?)
                }
                None => None,
            };
            if !self.is_counted(ty) {
                if value.is_some() {
                    self.set_phic(phic, value)?;
                }
                continue;
            }
            let old = self.read_phic(phic)?;
            self.set_phic(phic, value)?;
            self.count_value(&Typed { ty, value: old }, Count::Down, true)?;
        }
        Ok(())
    }

    /// Stores to a phi-c node, or empties it.
    fn set_phic(&mut self, phic: Inst, value: Option<Lowered>) -> Result<()> {
        let ty = self.f.insts[phic].ty;
        let value = match value {
            Some(value) => value,
            None => self.undefined(ty)?,
        };
        if let (Some(&memory), Lowered::Memory(source)) = (self.phi_memory.get(&phic), &value) {
            let size = self.layout(ty)?.size;
            self.copy_memory(memory, own_memory(), *source, own_memory(), size);
            return Ok(());
        }
        let regs = self.registers(&value);
        for (i, reg) in regs.into_iter().enumerate() {
            let var = self.phic_vars[&phic][i];
            self.b.def_var(var, reg);
        }
        Ok(())
    }

    /// `phic(...)`: the value stored last, with the references that it holds.
    pub(crate) fn phic(&mut self, inst: Inst) -> Result<Lowered> {
        let value = self.read_phic(inst)?;
        let ty = self.f.insts[inst].ty;
        if self.is_counted(ty) {
            self.set_phic(inst, None)?;
        }
        Ok(value)
    }

    /// What is in memory is copied: later stores go there too.
    fn read_phic(&mut self, inst: Inst) -> Result<Lowered> {
        let ty = self.f.insts[inst].ty;
        if let Some(&memory) = self.phi_memory.get(&inst) {
            return self.load(ty, memory, 0, own_memory(), false);
        }
        let vars = self.phic_vars.get(&inst).cloned().unwrap_or_default();
        let regs: Vec<ir::Value> = vars.into_iter().map(|v| self.b.use_var(v)).collect();
        self.value_from_registers(ty, &regs)
    }
}
