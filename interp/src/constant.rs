//! Operands: results of statements, arguments and constants. Constants that are objects are made in
//! constant memory when they are first used, and live forever.

use crate::interpreter::Interpreter;
use crate::memory::Owner;
use crate::outcome::{Result, Stop, unsupported};
use crate::value::Value;
use jlift_abi::object;
use jlift_ir::{Const, ConstData, Type, TypeClass, Value as Operand};

/// Constants inside of constants.
const MAX_DEPTH: u32 = 256;

impl Interpreter<'_> {
    /// The value of an operand of the innermost call.
    pub(crate) fn operand(&mut self, operand: Operand) -> Result<Value> {
        match operand {
            Operand::Inst(inst) => match self.frame()?.get(inst) {
                Some(value) => Ok(value.clone()),
                None => unsupported("a result that was not computed is used"),
            },
            Operand::Arg(n) => match self.frame()?.arg(n) {
                Some(value) => Ok(value.clone()),
                None => unsupported("an argument that does not exist is used"),
            },
            constant => self.constant(constant),
        }
    }

    pub(crate) fn operands(&mut self, operands: &[Operand]) -> Result<Vec<Value>> {
        operands.iter().map(|&v| self.operand(v)).collect()
    }

    /// The value of a constant operand.
    pub(crate) fn constant(&mut self, constant: Operand) -> Result<Value> {
        self.constant_within(constant, MAX_DEPTH)
    }

    fn constant_within(&mut self, constant: Operand, depth: u32) -> Result<Value> {
        let Some(depth) = depth.checked_sub(1) else {
            return unsupported("a deeply nested constant");
        };
        let c = match constant {
            Operand::Imm { ty, bits } => return Ok(Value::bits(ty, bits.into())),
            Operand::Instance(ty) => return Ok(Value::Singleton(ty)),
            Operand::Type(ty) => return Ok(Value::Type(ty)),
            Operand::Const(c) => c,
            Operand::Inst(_) | Operand::Arg(_) => return unsupported("not a constant"),
        };
        let module = self.module;
        match module.tables.const_data(c) {
            ConstData::Wide { ty, bits } => Ok(Value::bits(*ty, *bits)),
            ConstData::Global(global) => self.constant_within(module.globals[*global].value, depth),
            // To a host it is an object that holds its name.
            ConstData::Module(name) if self.is_hosted() => {
                if let Some(known) = self.constants.get(&c) {
                    return Ok(known.clone());
                }
                let text = module.tables.names.str(*name).as_bytes();
                let value = self.constant_text(text, Type::MODULE)?;
                self.constants.insert(c, value.clone());
                Ok(value)
            }
            ConstData::Module(name) => Ok(Value::Module(*name)),
            ConstData::Symbol(name) => self.symbol(module.tables.names.str(*name).as_bytes()),
            ConstData::Aggregate { ty, fields } if module.tables.class(*ty) != TypeClass::Heap => {
                let fields: Result<Vec<Value>> = fields
                    .iter()
                    .map(|&f| self.constant_within(f, depth))
                    .collect();
                Ok(Value::Aggregate(*ty, fields?.into()))
            }
            ConstData::String(_) | ConstData::Array { .. } | ConstData::Aggregate { .. } => {
                if let Some(known) = self.constants.get(&c) {
                    return Ok(known.clone());
                }
                let value = self.constant_object(c, depth)?;
                self.constants.insert(c, value.clone());
                Ok(value)
            }
            ConstData::Binding(name) => unsupported(format!(
                "the value of the global `{}`",
                module.tables.names.str(*name)
            )),
            ConstData::Opaque(_) => unsupported("a constant that the text does not hold"),
        }
    }

    fn constant_object(&mut self, c: Const, depth: u32) -> Result<Value> {
        let module = self.module;
        match module.tables.const_data(c) {
            ConstData::String(bytes) => self.constant_text(bytes, Type::STRING),
            ConstData::Aggregate { ty, fields } => {
                let layout = self.object_layout(*ty)?;
                let size = object::HEADER_SIZE as u64 + u64::from(layout.size);
                let address = self.immortal(*ty, size)?;
                for (&field, place) in fields.iter().zip(&layout.fields) {
                    let field = self.constant_within(field, depth)?;
                    let offset = object::HEADER_SIZE + place.offset;
                    self.store(place.ty, &field, address + u64::from(offset))?;
                }
                self.memory.protect(address);
                Ok(Value::Object { ty: *ty, address })
            }
            ConstData::Array { ty, dims, elems } => {
                let Some((elem, count)) = module.tables.array_of(*ty) else {
                    return unsupported("a constant array of no array type");
                };
                let stride = u64::from(self.layout(elem)?.stride());
                let head = u64::from(object::array_object_size(count));
                let address = self.immortal(*ty, head + stride * elems.len() as u64)?;
                self.write_array_head(address, *ty, elems.len() as u64, address + head)?;
                self.write_sizes(address, *ty, dims)?;
                for (n, &value) in elems.iter().enumerate() {
                    let value = self.constant_within(value, depth)?;
                    self.store(elem, &value, address + head + n as u64 * stride)?;
                }
                self.memory.protect(address);
                Ok(Value::Object { ty: *ty, address })
            }
            _ => unsupported("a constant that is no object"),
        }
    }

    /// Memory of a constant object, with the header of one that lives forever.
    fn immortal(&mut self, ty: Type, size: u64) -> Result<u64> {
        let address = self.memory.allocate(size, Owner::Constant, true, None)?;
        let flags = address + u64::from(object::FLAGS_OFFSET);
        let count = address + u64::from(object::REFERENCE_COUNT_OFFSET);
        self.memory
            .write_all(flags, &object::FLAG_IMMORTAL.to_le_bytes())?;
        self.memory
            .write_all(count, &object::IMMORTAL_COUNT.to_le_bytes())?;
        self.tell_type(ty, address)?;
        Ok(address)
    }

    fn constant_text(&mut self, bytes: &[u8], ty: Type) -> Result<Value> {
        let start = u64::from(object::STRING_BYTES_OFFSET);
        let address = self.immortal(ty, start + bytes.len() as u64 + 1)?;
        let length = address + u64::from(object::STRING_LENGTH_OFFSET);
        self.memory
            .write_all(length, &(bytes.len() as u64).to_le_bytes())?;
        self.memory.write_all(address + start, bytes)?;
        self.memory.protect(address);
        Ok(Value::Object { ty, address })
    }

    /// The symbol of this name.
    pub(crate) fn symbol(&mut self, name: &[u8]) -> Result<Value> {
        if let Some(&address) = self.symbols.get(name) {
            let ty = Type::SYMBOL;
            return Ok(Value::Object { ty, address });
        }
        let symbol = self.constant_text(name, Type::SYMBOL)?;
        if let Value::Object { address, .. } = symbol {
            self.symbols.insert(name.to_vec(), address);
        }
        Ok(symbol)
    }

    /// The bytes of a string or symbol constant.
    pub(crate) fn constant_bytes(&self, c: Const) -> Vec<u8> {
        match self.module.tables.const_data(c) {
            ConstData::String(bytes) => bytes.to_vec(),
            ConstData::Symbol(name) => self.name(*name).as_bytes().to_vec(),
            _ => Vec::new(),
        }
    }

    /// A number that is known, as the address or size that it is.
    pub(crate) fn number(&self, value: &Value, what: &'static str) -> Result<u64> {
        match *value {
            Value::Bits {
                bits, undefined: 0, ..
            } => Ok(bits as u64),
            Value::Bits { .. } | Value::Undefined => Err(Stop::Undefined(what)),
            _ => unsupported(format!("{what} that is no number")),
        }
    }
}
