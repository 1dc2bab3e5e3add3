//! Constants: a singleton's instance is of a singleton, bits fit the width, aggregates have the
//! fields of their type. Knows nothing of where they are used.

use super::{Check, Verifier, cut, ensure};
use crate::constant::{Const, ConstData};
use crate::function::Value;
use crate::module::constant_type;
use crate::text::type_text;
use crate::types::{Type, TypeClass};
use cranelift_entity::EntityRef;

impl Verifier<'_> {
    /// Checks the listed global constants.
    pub(super) fn globals(&mut self) {
        for global in self.module.globals.values() {
            let result = self.check_type(global.ty).and_then(|()| {
                self.constant(global.value)?;
                let fits = self.constant_fits(global.value, global.ty);
                ensure!(fits, "the value is not of the declared type");
                Ok(())
            });
            if let Err(message) = result {
                let name = cut(self.module.tables.names.str(global.name)).into_owned();
                self.error(None, None, format!("const {name}: {message}"));
            }
        }
    }

    /// Checks an operand that is a constant; statements and arguments are right by themselves.
    pub(super) fn constant(&mut self, value: Value) -> Check {
        match value {
            Value::Inst(_) | Value::Arg(_) | Value::Type(_) => Ok(()),
            Value::Imm { ty, bits } => {
                let text = || cut(&type_text(&self.module.tables, ty)).into_owned();
                match self.types.width(ty) {
                    None => Err(format!("a constant number of type {}", text())),
                    Some(width) if width > 64 => {
                        Err(format!("a constant of type {} in 64 bits", text()))
                    }
                    Some(width) => {
                        ensure!(
                            width == 64 || bits >> width == 0,
                            "a constant has more bits than {}",
                            text()
                        );
                        Ok(())
                    }
                }
            }
            Value::Instance(ty) => self.instance(ty),
            Value::Const(c) => {
                if self.checked_consts.len() <= c.index() {
                    self.checked_consts.resize(c.index() + 1, false);
                }
                if std::mem::replace(&mut self.checked_consts[c.index()], true) {
                    return Ok(());
                }
                self.pooled(c)
            }
        }
    }

    fn instance(&mut self, ty: Type) -> Check {
        self.check_type(ty)?;
        let single = match self.types.class(ty) {
            TypeClass::Singleton => true,
            TypeClass::Inline => self.size_of(ty) == Some(0) && !self.module.tables.is_tuple(ty),
            _ => false,
        };
        ensure!(
            single,
            "{} has more than one value, or is not declared",
            cut(&type_text(&self.module.tables, ty))
        );
        Ok(())
    }

    fn pooled(&mut self, c: Const) -> Check {
        let module = self.module;
        let text = |ty| cut(&type_text(&module.tables, ty)).into_owned();
        match module.tables.const_data(c) {
            ConstData::Wide { ty, .. } => {
                ensure!(
                    matches!(self.types.class(*ty), TypeClass::Primitive(65..)),
                    "a wide constant of type {}",
                    text(*ty)
                );
            }
            ConstData::Aggregate { ty, fields } => {
                self.check_type(*ty)?;
                match self.types.class(*ty) {
                    TypeClass::Inline | TypeClass::InlineWithReferences => {}
                    // A constant heap object that is not mutable, as Julia allocates `BoundsError`.
                    TypeClass::Heap => {}
                    _ => return Err(format!("a constant struct of type {}", text(*ty))),
                }
                let count = self.types.field_count(*ty).unwrap_or(fields.len());
                ensure!(
                    fields.len() == count,
                    "a constant {} with {} fields instead of {count}",
                    text(*ty),
                    fields.len()
                );
                for (n, &field) in fields.iter().enumerate() {
                    self.constant(field)?;
                    if let Some(want) = self.types.field_type(*ty, n) {
                        ensure!(
                            self.constant_fits(field, want),
                            "field {} of a constant {} is not of type {}",
                            n + 1,
                            text(*ty),
                            text(want)
                        );
                    }
                }
            }
            ConstData::Array { ty, dims, elems } => {
                self.check_type(*ty)?;
                let Some((elem, count)) = self.module.tables.array_of(*ty) else {
                    return Err(format!("a constant array of type {}", text(*ty)));
                };
                let length = dims.iter().try_fold(1i64, |len, &d| len.checked_mul(d));
                ensure!(
                    dims.len() == count as usize
                        && dims.iter().all(|&d| d >= 0)
                        && length == i64::try_from(elems.len()).ok(),
                    "a constant {} with {} elements that its sizes do not explain",
                    text(*ty),
                    elems.len()
                );
                for &value in elems.iter() {
                    self.constant(value)?;
                    ensure!(
                        self.constant_fits(value, elem),
                        "an element of a constant {} is not of type {}",
                        text(*ty),
                        text(elem)
                    );
                }
            }
            ConstData::Opaque(ty) => self.check_type(*ty)?,
            ConstData::String(_)
            | ConstData::Symbol(_)
            | ConstData::Module(_)
            | ConstData::Global(_)
            | ConstData::Binding(_) => {}
        }
        Ok(())
    }

    fn constant_fits(&mut self, value: Value, ty: Type) -> bool {
        if let Value::Type(t) = value {
            return self.types.type_value_fits(t, ty);
        }
        let m = self.module;
        constant_type(&m.tables, &m.globals, value).is_some_and(|found| self.types.fits(found, ty))
    }
}
