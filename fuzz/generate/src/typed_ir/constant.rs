//! Constants of any type of plain bits, and strings.

use super::Generator;
use crate::choices::Choices;
use crate::number::number;
use jlift_ir::{ConstData, Type, TypeClass, Value};

const TEXTS: [&[u8]; 4] = [b"", b"a", b"hello", b"\xc3\xa9t\xc3\xa9 \"x\"\n"];

impl Generator<'_> {
    /// A constant; `None` of types whose values are made by statements.
    pub fn constant(&mut self, c: &mut Choices, ty: Type) -> Option<Value> {
        let tables = &mut self.module.tables;
        match tables.class(ty) {
            TypeClass::Primitive(width) => {
                let bits = number(c, ty, width);
                Some(tables.primitive(ty, width, bits))
            }
            TypeClass::Singleton => Some(Value::Instance(ty)),
            TypeClass::String => {
                let text = c.one(&TEXTS).unwrap_or(b"");
                Some(tables.string(text))
            }
            TypeClass::Inline => {
                let fields = tables.field_types(ty)?;
                let fields: Option<Box<[Value]>> = fields
                    .into_iter()
                    .map(|field| self.constant(c, field))
                    .collect();
                let fields = fields?;
                let data = ConstData::Aggregate { ty, fields };
                Some(Value::Const(self.module.tables.constant(data)))
            }
            TypeClass::Union if tables.is_bits(ty) => {
                let members = tables.members(ty);
                let member = c.one(&members)?;
                self.constant(c, member)
            }
            _ => None,
        }
    }
}
