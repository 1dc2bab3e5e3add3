//! Which file lowers which function of the plan, and `jlift_last_error`.

use crate::error::LowerError;
use crate::function::Lowerer;
use crate::plan::SymbolKind;
use cranelift_codegen::ir::{self, InstBuilder, types};
use jlift_ir::{Func, error_record};

impl Lowerer<'_> {
    /// Lowers a function item of the plan, whatever its kind.
    pub fn lower_item(
        &mut self,
        kind: SymbolKind,
        clif: &mut ir::Function,
        uncaught: Option<Func>,
    ) -> std::result::Result<(), LowerError> {
        match kind {
            SymbolKind::Body(func) => self.lower_body(func, clif),
            SymbolKind::Entry(func) => self.lower_entry(func, clif, false, uncaught),
            SymbolKind::TryEntry(func) => self.lower_entry(func, clif, true, uncaught),
            SymbolKind::Start(func) => self.lower_start(func, clif),
            SymbolKind::LastError => self.lower_last_error(clif),
            SymbolKind::Drop(ty) => self.lower_drop(ty, clif),
            SymbolKind::DropAll(count) => self.lower_drop_all(count, clif),
            SymbolKind::Allocate => self.lower_allocate(clif),
            SymbolKind::SameText => self.lower_same_text(clif),
            SymbolKind::Import => Ok(()),
        }
    }

    fn lower_last_error(&mut self, clif: &mut ir::Function) -> std::result::Result<(), LowerError> {
        self.lower_helper(clif, 0, Some(types::I64), |b, _| {
            let record = b.error_record()?;
            let offset = i64::from(error_record::MESSAGE_OFFSET);
            let message = b.b.ins().iadd_imm_s(record, offset);
            b.b.ins().return_(&[message]);
            Ok(())
        })
    }
}
