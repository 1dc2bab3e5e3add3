//! Values as the registers and pieces of memory in which C passes them.

use super::*;

impl FunctionLowerer<'_, '_> {
    /// A scalar as C has it in a register.
    pub(super) fn value_in_c_register(&mut self, scalar: Scalar, v: ir::Value) -> ir::Value {
        if scalar != Scalar::F16 {
            return v;
        }
        let wide = self.b.ins().uextend(types::I32, v);
        self.b
            .ins()
            .bitcast(types::F32, ir::MemFlagsData::new(), wide)
    }

    /// The inverse of [`Self::value_in_c_register`]. C leaves the high bits open.
    pub(super) fn value_from_c_register(&mut self, scalar: Scalar, v: ir::Value) -> ir::Value {
        if scalar != Scalar::F16 {
            return v;
        }
        let wide = self.b.ins().bitcast(types::I32, ir::MemFlagsData::new(), v);
        self.b.ins().ireduce(types::I16, wide)
    }

    pub(super) fn padded_copy(
        &mut self,
        ty: Type,
        value: &Lowered,
        size: u32,
        align: u32,
    ) -> Result<ir::Value> {
        let addr = self.stack_memory(size.next_multiple_of(16), align.max(8));
        self.store(ty, value, addr, 0, own_memory())?;
        Ok(addr)
    }

    /// The leaves of a type, where each piece is exactly one of them.
    pub(super) fn matching_leaves(&self, ty: Type, pieces: &[Piece]) -> bool {
        match leaves(&self.module.tables, ty, pieces.len()) {
            Ok(leaves) => {
                leaves.len() == pieces.len()
                    && leaves.iter().zip(pieces).all(|(l, p): (&Leaf, &Piece)| {
                        l.offset == p.offset && clif_type(l.scalar) == clif_type(p.scalar)
                    })
            }
            Err(_) => false,
        }
    }

    pub(super) fn value_to_pieces(
        &mut self,
        ty: Type,
        value: &Lowered,
        pieces: &[Piece],
    ) -> Result<Vec<ir::Value>> {
        if let Lowered::Parts(parts) = value
            && self.matching_leaves(ty, pieces)
        {
            let parts = parts.iter().zip(pieces);
            return Ok(parts
                .map(|(&v, p)| self.value_in_c_register(p.scalar, v))
                .collect());
        }
        let layout = self.layout(ty)?;
        // Pieces may be wider than the bytes that they hold.
        let addr = self.stack_memory(layout.size.next_multiple_of(16) + 16, 16);
        self.store(ty, value, addr, 0, own_memory())?;
        Ok(pieces
            .iter()
            .map(|p| {
                let ty = clif_type(p.scalar);
                let flags = user_memory();
                let v = self.b.ins().load(ty, flags, addr, p.offset as i32);
                self.value_in_c_register(p.scalar, v)
            })
            .collect())
    }

    pub(super) fn pieces_to_value(
        &mut self,
        ty: Type,
        pieces: &[Piece],
        regs: &[ir::Value],
    ) -> Result<Lowered> {
        let values: Vec<ir::Value> = pieces
            .iter()
            .zip(regs)
            .map(|(p, &v)| self.value_from_c_register(p.scalar, v))
            .collect();
        if matches!(self.repr(ty)?, Repr::Leaves(_)) && self.matching_leaves(ty, pieces) {
            return self.clean_bools(ty, Lowered::Parts(values));
        }
        let layout = self.layout(ty)?;
        let addr = self.stack_memory(layout.size.next_multiple_of(16) + 16, 16);
        // Later pieces overwrite what earlier ones wrote beyond their size.
        for (piece, v) in pieces.iter().zip(values) {
            self.b
                .ins()
                .store(user_memory(), v, addr, piece.offset as i32);
        }
        self.load(ty, addr, 0, own_memory(), true)
    }
}
