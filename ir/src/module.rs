//! A compilation unit: tables, global constants, functions and source locations. Knows nothing of
//! where it came from.

use crate::function::{Function, Inst, Value};
use crate::names::Name;
use crate::source::LocTable;
use crate::tables::Tables;
use crate::types::Type;
use cranelift_entity::{PrimaryMap, entity_impl};
use std::sync::Arc;

/// A function of the module.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Func(u32);
entity_impl!(Func, "@");

/// A listed global constant.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Global(u32);
entity_impl!(Global, "global");

/// `const MODULE.NAME::TYPE = VALUE`.
#[derive(Clone, PartialEq, Debug)]
pub struct GlobalData {
    pub name: Name,
    pub ty: Type,
    pub value: Value,
}

/// A compilation unit.
#[derive(Clone, Default)]
pub struct Module {
    pub tables: Tables,
    pub globals: PrimaryMap<Global, GlobalData>,
    pub functions: PrimaryMap<Func, Function>,
    pub locs: LocTable,
    /// The name of the input, for diagnostics.
    pub source_name: Arc<str>,
}

impl Module {
    /// The static type of an operand inside `func`.
    pub fn value_type(&self, func: &Function, value: Value) -> Option<Type> {
        value_type(&self.tables, &self.globals, func, value)
    }

    /// `name(types...)::ret` for messages.
    pub fn describe(&self, func: Func) -> String {
        let f = &self.functions[func];
        let params: Vec<String> = f
            .params
            .iter()
            .map(|p| crate::text::type_text(&self.tables, p.ty))
            .collect();
        format!("{}({})", self.tables.names.str(f.name), params.join(", "))
    }

    /// The exported functions in order.
    pub fn exports(&self) -> impl Iterator<Item = Func> {
        self.functions
            .iter()
            .filter(|(_, f)| f.export)
            .map(|(id, _)| id)
    }
}

/// The static type of an operand; `None` for an argument that does not exist, and `Type{T}`s that
/// were never interned are reported as `DataType`.
pub fn value_type(
    tables: &Tables,
    globals: &PrimaryMap<Global, GlobalData>,
    func: &Function,
    value: Value,
) -> Option<Type> {
    match value {
        Value::Inst(i) => Some(func.insts.get(i)?.ty),
        Value::Arg(n) => func.arg_type(n),
        _ => constant_type(tables, globals, value),
    }
}

/// The type of a constant; `None` for results of statements and arguments, `DataType` for types.
pub fn constant_type(
    tables: &Tables,
    globals: &PrimaryMap<Global, GlobalData>,
    value: Value,
) -> Option<Type> {
    use crate::constant::ConstData;
    Some(match value {
        Value::Inst(_) | Value::Arg(_) => return None,
        Value::Imm { ty, .. } | Value::Instance(ty) => ty,
        Value::Type(_) => Type::DATA_TYPE,
        Value::Const(c) => match tables.const_data(c) {
            ConstData::Wide { ty, .. }
            | ConstData::Aggregate { ty, .. }
            | ConstData::Array { ty, .. }
            | ConstData::Opaque(ty) => *ty,
            ConstData::String(_) => Type::STRING,
            ConstData::Symbol(_) => Type::SYMBOL,
            ConstData::Module(_) => Type::MODULE,
            ConstData::Global(g) => globals.get(*g)?.ty,
            ConstData::Binding(_) => Type::ANY,
        },
    })
}

/// A place in a module, for messages: function and statement.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Place {
    pub func: Func,
    pub inst: Option<Inst>,
}
