//! Tuples and structs, comparison of whole values, and hints.

use super::body::Body;
use jlift_ir::function::Op;
use jlift_ir::{Builtin, Type, TypeClass, Value};

impl Body<'_, '_, '_, '_, '_> {
    /// A tuple or struct of values that are made too.
    pub fn make_aggregate(&mut self, ty: Type, depth: usize) -> Option<Value> {
        let fields = self.g.module.tables.field_types(ty)?;
        let mut values = Vec::with_capacity(fields.len());
        for field in fields {
            values.push(self.value_within(field, depth)?);
        }
        let is_tuple = self.g.module.tables.is_tuple(ty);
        Some(match is_tuple && self.c.percent(80) {
            true => self.builtin(Builtin::Tuple, &values, ty),
            false => {
                let args = self.f.value_list(&values);
                self.push(Op::New { ty, args }, ty)
            }
        })
    }

    /// A statement that makes an aggregate or takes one apart.
    pub fn aggregates(&mut self) -> Option<()> {
        let is_aggregate = |me: &Self, ty| {
            matches!(
                me.class(ty),
                TypeClass::Inline | TypeClass::InlineWithReferences
            )
        };
        let found = self.find(is_aggregate);
        let Some(found) = found.filter(|_| self.c.percent(65)) else {
            let ty = match self.c.percent(25) {
                true => self.c.one(&self.g.types.holders),
                false => self.c.one(&self.g.types.aggregates),
            };
            let ty = ty?;
            let value = self.make_aggregate(ty, 3)?;
            self.define(value, ty);
            return Some(());
        };
        let fields = self.g.module.tables.field_types(found.ty)?;
        let same = fields.iter().all(|&f| f == fields[0]);
        if same && fields.len() > 1 && self.c.percent(30) {
            // Any number: a wrong one throws.
            let index = self.value_of(Type::INT64)?;
            if index.is_const() {
                return None;
            }
            let index = match self.c.percent(70) {
                true => {
                    let mask = Value::int64(1);
                    let low = jlift_ir::Intrinsic::AndInt;
                    let bit = self.intrinsic(low, &[index, mask], Type::INT64);
                    self.intrinsic(jlift_ir::Intrinsic::AddInt, &[bit, mask], Type::INT64)
                }
                false => index,
            };
            let value = self.builtin(
                Builtin::GetField,
                &[found.value, index, Value::bool(true)],
                fields[0],
            );
            self.define(value, fields[0]);
            return Some(());
        }
        let n = self.c.below(fields.len());
        let index = Value::int64(n as i64 + 1);
        let value = self.builtin(Builtin::GetField, &[found.value, index], fields[n]);
        self.define(value, fields[n]);
        Some(())
    }

    /// `===` of values of one type.
    pub fn identity(&mut self) -> Option<()> {
        let a = self.find(|me, ty| me.g.module.tables.pointee(ty).is_none())?;
        let b = self.value_of(a.ty)?;
        let (x, y) = match a.ty.is_float() {
            true => (self.canonical(a.value, a.ty), self.canonical(b, a.ty)),
            false if self.may_hold_nan(a.ty) => return None,
            false => (a.value, b),
        };
        let value = self.builtin(Builtin::Egal, &[x, y], Type::BOOL);
        self.define(value, Type::BOOL);
        Some(())
    }

    /// Statements that compute what is known before, or nothing.
    pub fn hint(&mut self) -> Option<()> {
        let any = self.find(|_, _| true)?;
        match self.c.below(4) {
            0 => {
                let symbol = self.g.module.tables.symbol("type");
                let barrier = [symbol, any.value];
                let value = self.builtin(Builtin::CompilerBarrier, &barrier, any.ty);
                self.define(value, any.ty);
            }
            1 => {
                self.builtin(Builtin::DoNotDelete, &[any.value], Type::NOTHING);
            }
            2 => {
                let value = self.push(Op::Copy(any.value), any.ty);
                self.define(value, any.ty);
            }
            _ => {
                let text = self.find(|_, ty| ty == Type::STRING)?;
                let size = self.builtin(Builtin::SizeOf, &[text.value], Type::INT64);
                self.define(size, Type::INT64);
            }
        }
        Some(())
    }
}
