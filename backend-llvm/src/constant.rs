//! Constants as operands. What they are in memory is made in [`crate::image`].

use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::repr::Repr;
use crate::statement::scalar;
use crate::value::{Result, Typed, Val};
use jlift_ir::{ConstData, Type, Value};

impl Body<'_, '_> {
    /// A constant operand.
    pub(crate) fn constant(&mut self, value: Value) -> Result<Typed> {
        let ghost = |ty| {
            Ok(Typed {
                ty,
                val: Val::Ghost,
            })
        };
        let c = match value {
            Value::Imm { ty, bits } => {
                return match self.repr(ty)? {
                    Repr::Scalar(machine) => Ok(scalar(ty, Reg::bits(machine, bits.into()))),
                    _ => Err("a literal of a type without literals".into()),
                };
            }
            Value::Instance(ty) => return ghost(ty),
            Value::Type(ty) => {
                let known = self.module.tables.known_type_type(ty);
                return ghost(known.unwrap_or(Type::DATA_TYPE));
            }
            Value::Inst(_) | Value::Arg(_) => return Err("not a constant".into()),
            Value::Const(c) => c,
        };
        let module = self.module;
        match module.tables.const_data(c) {
            ConstData::Wide { ty, bits } => Ok(scalar(*ty, Reg::bits(Machine::I128, *bits))),
            ConstData::Global(g) => self.constant(module.globals[*g].value),
            ConstData::String(_) => Ok(scalar(Type::STRING, self.p.object(c)?)),
            ConstData::Symbol(_) => Ok(scalar(Type::SYMBOL, self.p.object(c)?)),
            ConstData::Array { ty, .. } => Ok(scalar(*ty, self.p.object(c)?)),
            ConstData::Aggregate { ty, .. } if self.is_heap(*ty) => {
                Ok(scalar(*ty, self.p.object(c)?))
            }
            ConstData::Aggregate { ty, fields } => match self.repr(*ty)? {
                Repr::Ghost => ghost(*ty),
                _ => match self.p.aggregate(c) {
                    Ok(addr) => Ok(Typed {
                        ty: *ty,
                        val: Val::Memory(addr),
                    }),
                    // What cannot be data can still be used field by field.
                    Err(_) if !module.tables.is_bits(*ty) => self.aggregate_of(*ty, fields),
                    Err(message) => Err(message),
                },
            },
            ConstData::Module(_) => Ok(scalar(Type::MODULE, self.p.object(c)?)),
            ConstData::Binding(name) => Err(format!(
                "the value of the global `{}` is not known",
                module.tables.names.str(*name)
            )),
            ConstData::Opaque(ty) => Err(format!(
                "a constant of type {} whose value is not known",
                self.type_text(*ty)
            )),
        }
    }
}
