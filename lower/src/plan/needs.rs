//! What a function refers to: imports, constants, functions that the compiler adds.

use super::{DataItem, DataKind, FunctionItem, Plan, SymbolKind, foreign_name, import_name};
use super::{Environment, jlift_ir_index};
use crate::LowerError;
use crate::image::Image;
use jlift_ir::decl::Decl;
use jlift_ir::intrinsic::Shape;
use jlift_ir::module::value_type;
use jlift_ir::{
    Builtin, Const, ConstData, ForeignCall, Func, Function, Inst, Intrinsic, Module, Op, Type,
    TypeClass, Value,
};

/// Foreign calls that lowering itself gives a meaning, without any import.
const BUILT_IN: &[&str] = &[
    "jlift_alloca",
    "jlift_string_data",
    "jlift_object",
    "jlift_object_address",
    "jl_value_ptr",
    "jlift_clear_elements",
    "jlift_symbol_string",
    "jl_string_ptr",
    "jl_symbol_name",
    "jl_array_ptr",
    "jl_array_isassigned",
    "jlift_stack_is_low",
];

/// Those that take the bytes of a constant string or symbol, not the object.
const TAKE_BYTES: &[&str] = &["jlift_string_data", "jl_string_ptr", "jl_symbol_name"];

impl Plan {
    /// Collects what one function refers to.
    pub(super) fn scan(
        &mut self,
        module: &Module,
        func: Func,
        environment: Environment,
    ) -> Result<(), LowerError> {
        let f = &module.functions[func];
        let fail = |inst, message| LowerError {
            func,
            inst,
            message,
        };
        for &block in &f.layout {
            for &inst in &f.blocks[block].insts {
                self.scan_statement(module, f, inst, environment)
                    .map_err(|message| fail(Some(inst), message))?;
            }
            if let Some(value) = f.terminator_operand(block) {
                self.need_value(module, value)
                    .map_err(|message| fail(None, message))?;
            }
        }
        Ok(())
    }

    fn scan_statement(
        &mut self,
        module: &Module,
        f: &Function,
        inst: Inst,
        environment: Environment,
    ) -> Result<(), String> {
        let tables = &module.tables;
        let type_of = |v| value_type(tables, &module.globals, f, v).unwrap_or(Type::ANY);
        match &f.insts[inst].op {
            Op::ForeignCall(call) => return self.scan_foreign(module, f, call, environment),
            Op::Intrinsic(Intrinsic::Cglobal, args) => {
                if let Some(name) = f.args(*args).first().and_then(|&v| foreign_name(module, v)) {
                    self.add_data_import(name);
                }
                return Ok(());
            }
            // Orders of memory accesses and the like, which are no values.
            Op::Intrinsic(intrinsic, args) => {
                let is_store = intrinsic.shape() == Shape::PointerStore;
                if is_store
                    && let Some(&pointer) = f.args(*args).first()
                    && let Some(elem) = tables.pointee(type_of(pointer))
                {
                    self.need_drop(module, elem);
                }
                for &arg in f.args(*args) {
                    let text = matches!(type_of(arg), Type::SYMBOL | Type::STRING);
                    if is_store || !text {
                        self.need_value(module, arg)?;
                    }
                }
                return Ok(());
            }
            Op::Expr { .. } => return Ok(()),
            Op::Builtin(builtin, args) => {
                let args = f.args(*args);
                match builtin {
                    Builtin::GetField | Builtin::IsDefined | Builtin::SetField => {
                        if let &[object, field, ref rest @ ..] = args {
                            if *builtin == Builtin::SetField
                                && let Some(&value) = rest.first()
                            {
                                self.need_value(module, value)?;
                                let ty = field_type(module, type_of(object), field);
                                self.need_drop(module, ty.unwrap_or(Type::ANY));
                            }
                            self.need_value(module, object)?;
                            if !matches!(field, Value::Const(_)) {
                                self.need_value(module, field)?;
                            }
                        }
                        return Ok(());
                    }
                    Builtin::ArraySet => {
                        if let Some((elem, _)) =
                            args.get(1).and_then(|&a| tables.array_of(type_of(a)))
                        {
                            self.need_drop(module, elem);
                        }
                    }
                    Builtin::Box => {
                        if let Some(&object) = args.first() {
                            self.need_drop(module, type_of(object));
                        }
                    }
                    Builtin::CallDynamic => self.add_import(crate::dynamic::CALL_DYNAMIC),
                    Builtin::Egal if args.iter().all(|&v| has_text(module, type_of(v), 0)) => {
                        self.need_same_text();
                    }
                    Builtin::CompilerBarrier => {
                        return match args.get(1) {
                            Some(&value) => self.need_value(module, value),
                            None => Ok(()),
                        };
                    }
                    _ => {}
                }
            }
            Op::New { ty, .. } if tables.class(*ty) == TypeClass::Heap => {
                self.need_allocate(environment);
            }
            Op::Rethrow | Op::TheException => self.need_error_record(environment),
            Op::Release(value) | Op::Upsilon(Some(value)) => {
                self.need_drop(module, type_of(*value));
            }
            Op::PhiC(_) => self.need_drop(module, f.insts[inst].ty),
            Op::Cleanup(values) => {
                for &value in f.args(*values) {
                    self.need_drop(module, type_of(value));
                }
            }
            Op::Abort { message } => {
                self.add_import(import_name("jlift_sys_abort", environment));
                self.add_import(import_name("jlift_sys_write", environment));
                return self.need_bytes(module, *message);
            }
            _ => {}
        }
        let mut result = Ok(());
        f.for_each_operand(inst, |v| {
            if result.is_ok() {
                result = self.need_value(module, v);
            }
        });
        result
    }

    fn scan_foreign(
        &mut self,
        module: &Module,
        f: &Function,
        call: &ForeignCall,
        environment: Environment,
    ) -> Result<(), String> {
        let name = foreign_name(module, call.symbol);
        match name {
            Some("jlift_error_record") => self.need_error_record(environment),
            Some(name) if BUILT_IN.contains(&name) => {}
            Some(name) => self.add_import(import_name(name, environment)),
            None => self.need_value(module, call.symbol)?,
        }
        let args = f.args(call.args);
        if name == Some("jlift_clear_elements")
            && let Some(&array) = args.first()
            && let Some(ty) = value_type(&module.tables, &module.globals, f, array)
            && let Some((elem, _)) = module.tables.array_of(ty)
        {
            self.need_drop(module, elem);
        }
        let takes_bytes = name.is_some_and(|n| TAKE_BYTES.contains(&n));
        for &arg in args {
            match arg {
                Value::Const(c) if takes_bytes => self.need_bytes(module, c)?,
                _ => self.need_value(module, arg)?,
            }
        }
        Ok(())
    }

    fn add_data_import(&mut self, name: &str) {
        if !self.data_imports.contains_key(name) {
            let index = self.add_data(DataItem {
                name: name.into(),
                kind: DataKind::Import,
                align: 1,
            });
            self.data_imports.insert(name.into(), index);
        }
    }

    fn need_same_text(&mut self) {
        if self.same_text.is_none() {
            self.add_import("memcmp");
            self.same_text = Some(self.add_function(FunctionItem {
                kind: SymbolKind::SameText,
                name: "same text".into(),
                exported: false,
            }));
        }
    }

    /// Plans the function that gives memory for objects.
    pub(super) fn need_allocate(&mut self, environment: Environment) {
        if self.allocate.is_some() {
            return;
        }
        self.add_import("malloc");
        self.add_import(import_name("jlift_sys_abort", environment));
        self.add_import(import_name("jlift_sys_write", environment));
        self.out_of_memory = Some(self.add_data(DataItem {
            name: "out of memory".into(),
            kind: DataKind::ReadOnly(OUT_OF_MEMORY.into()),
            align: 1,
        }));
        self.allocate = Some(self.add_function(FunctionItem {
            kind: SymbolKind::Allocate,
            name: "allocate".into(),
            exported: false,
        }));
    }

    /// Plans what the value of an operand is made of.
    fn need_value(&mut self, module: &Module, value: Value) -> Result<(), String> {
        let Value::Const(c) = value else {
            return Ok(());
        };
        match module.tables.const_data(c) {
            ConstData::Global(g) => self.need_value(module, module.globals[*g].value),
            ConstData::Aggregate { ty, fields } if module.tables.class(*ty) != TypeClass::Heap => {
                if self.aggregates.contains_key(&c) {
                    return Ok(());
                }
                let is_bits = module.tables.is_bits(*ty);
                match Image::of_value(module, self, value) {
                    Ok(image) => {
                        let index = self.add_image("const", image);
                        self.aggregates.insert(c, index);
                    }
                    // What cannot be in memory can still be used field by field.
                    Err(_) if !is_bits => {
                        for &field in fields.iter() {
                            self.need_value(module, field)?;
                        }
                    }
                    Err(message) => return Err(message),
                }
                Ok(())
            }
            ConstData::String(_)
            | ConstData::Symbol(_)
            | ConstData::Module(_)
            | ConstData::Array { .. }
            | ConstData::Aggregate { .. } => self.need_object(module, c).map(|_| ()),
            _ => Ok(()),
        }
    }

    /// The number of the data object that is the immortal object of a constant.
    pub(crate) fn need_object(&mut self, module: &Module, c: Const) -> Result<u32, String> {
        if let Some(&known) = self.objects.get(&c) {
            return Ok(known);
        }
        if let ConstData::Aggregate { ty, .. } = module.tables.const_data(c)
            && let Some(Decl::Struct(decl)) = module.tables.decl(*ty)
            && decl.mutable
        {
            return Err("a constant object of a mutable type".into());
        }
        let image = Image::of_object(module, self, c)?;
        let index = self.add_image("object", image);
        self.objects.insert(c, index);
        Ok(index)
    }

    fn add_image(&mut self, prefix: &str, mut image: Image) -> u32 {
        let index = self.data.len() as u32;
        image.resolve_self(index);
        let kind = if image.addresses.is_empty() {
            DataKind::ReadOnly(image.bytes.into())
        } else {
            DataKind::ReadOnlyWithAddresses {
                bytes: image.bytes.into(),
                addresses: image.addresses.into(),
            }
        };
        self.add_data(DataItem {
            name: format!("{prefix}.{index}"),
            kind,
            align: image.align,
        })
    }

    /// Plans the bytes of a constant string or symbol, with a NUL behind them for C.
    fn need_bytes(&mut self, module: &Module, c: Const) -> Result<(), String> {
        let bytes: &[u8] = match module.tables.const_data(c) {
            ConstData::String(bytes) => bytes,
            ConstData::Symbol(name) => module.tables.names.str(*name).as_bytes(),
            ConstData::Global(g) => {
                return match module.globals[*g].value {
                    Value::Const(inner) => self.need_bytes(module, inner),
                    _ => Ok(()),
                };
            }
            _ => return Ok(()),
        };
        if !self.strings.contains_key(&c) {
            let mut data = bytes.to_vec();
            data.push(0);
            let index = self.add_data(DataItem {
                name: format!("str.{}", self.data.len()),
                kind: DataKind::ReadOnly(data.into()),
                align: 1,
            });
            self.strings.insert(c, index);
        }
        Ok(())
    }
}

/// What a program says that stops for lack of memory.
pub(crate) const OUT_OF_MEMORY: &[u8] = b"ERROR: OutOfMemoryError()\n";

fn field_type(module: &Module, object: Type, field: Value) -> Option<Type> {
    let tables = &module.tables;
    let index = match field {
        Value::Imm { bits, .. } => usize::try_from(bits).ok()?.checked_sub(1)?,
        Value::Const(c) => match tables.const_data(c) {
            ConstData::Symbol(name) => tables.field_index(object, *name)?,
            _ => return None,
        },
        _ => return None,
    };
    tables.field_type(object, index)
}

/// Whether values of a type hold strings or symbols, which are compared by their bytes.
pub(crate) fn has_text(module: &Module, ty: Type, depth: u32) -> bool {
    let tables = &module.tables;
    match tables.class(ty) {
        TypeClass::String | TypeClass::Symbol => true,
        _ if depth > jlift_abi::layout::MAX_DEPTH => false,
        TypeClass::InlineWithReferences => tables
            .field_types(ty)
            .unwrap_or_default()
            .iter()
            .any(|&f| has_text(module, f, depth + 1)),
        TypeClass::Union => {
            let members = tables.members(ty);
            members.iter().any(|&m| has_text(module, m, depth + 1))
        }
        _ => false,
    }
}

impl Plan {
    /// Functions and imports that the entries of an export need for its `String` parameters.
    pub(super) fn need_string_parameters(
        &mut self,
        module: &Module,
        func: Func,
        environment: Environment,
    ) {
        let params = &module.functions[func].params;
        if params.iter().any(|p| p.ty == Type::STRING) {
            self.need_allocate(environment);
            self.add_import("memcpy");
            self.need_drop(module, Type::STRING);
        }
    }

    /// Name of the code of a function: unique in the program.
    pub(super) fn body_name(module: &Module, func: Func) -> String {
        let name = module.tables.names.str(module.functions[func].name);
        format!("{name}#{}", jlift_ir_index(func))
    }
}
