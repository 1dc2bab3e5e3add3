//! Mutable structs that the program makes and changes.

use super::body::Body;
use jlift_ir::function::Op;
use jlift_ir::{Builtin, Type, TypeClass, Value};

impl Body<'_, '_, '_, '_, '_> {
    /// A new object; references at its end may be left unassigned.
    pub fn make_object(&mut self, ty: Type, depth: usize) -> Option<Value> {
        let fields = self.g.module.tables.field_types(ty)?;
        let mut values = Vec::with_capacity(fields.len());
        for (n, &field) in fields.iter().enumerate() {
            let is_last = n + 1 == fields.len();
            let may_be_unset = matches!(self.class(field), TypeClass::Array | TypeClass::Heap);
            if is_last && may_be_unset && self.c.percent(20) {
                break;
            }
            values.push(self.value_within(field, depth)?);
        }
        let args = self.f.value_list(&values);
        Some(self.push(Op::New { ty, args }, ty))
    }

    /// A statement with an object.
    pub fn objects(&mut self) -> Option<()> {
        let found = self.find(|me, ty| me.class(ty) == TypeClass::Heap);
        let Some(found) = found.filter(|_| self.c.percent(85)) else {
            let ty = self.c.one(&self.g.types.objects)?;
            let object = self.make_object(ty, 3)?;
            self.define(object, ty);
            return Some(());
        };
        let fields = self.g.module.tables.field_types(found.ty)?;
        let n = self.c.below(fields.len());
        let field = *fields.get(n)?;
        let name = self.g.module.tables.symbol(&format!("x{}", n + 1));
        match self.c.weighted(&[5, 5, 1]) {
            0 => {
                let value = self.builtin(Builtin::GetField, &[found.value, name], field);
                self.define(value, field);
            }
            1 => {
                let value = self.value_of(field)?;
                let ty = self.g.module.value_type(&self.f, value).unwrap_or(field);
                self.builtin(Builtin::SetField, &[found.value, name, value], ty);
            }
            _ => {
                let value = self.builtin(Builtin::IsDefined, &[found.value, name], Type::BOOL);
                self.define(value, Type::BOOL);
            }
        }
        Some(())
    }
}
