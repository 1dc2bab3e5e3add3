//! Global variables: memory that typed IR reads and writes through the address of a cell.

use super::function::Emitter;
use crate::dynamic::Action;
use crate::world::World;
use crate::world::modules::{Binding, CellData, CellId, ModuleId, storage_symbol};
use jlift_frontend::surface::Home;
use jlift_ir::{Builtin, Func, Function, Intrinsic, Name, Op, Param, Type, Value};

impl World {
    /// The symbol of the memory that holds a variable at its type of now.
    fn cell_symbol(&mut self, cell: CellId) -> (Value, Type) {
        let ty = self.cells[cell].ty;
        let number = match self.cells[cell].storage {
            Some(n) if self.storages[n as usize] == ty => n,
            old => {
                let n = self.storages.len() as u32;
                self.storages.push(ty);
                if let Some(old) = old
                    && self.cells[cell].assigned
                {
                    self.moves.push((old, n));
                }
                self.cells[cell].storage = Some(n);
                n
            }
        };
        let symbol = self.name(&storage_symbol(number));
        (self.symbol_value(symbol), ty)
    }

    /// The flag of a variable that was not seen to have a value.
    fn cell_flag(&mut self, cell: CellId) -> CellId {
        if let Some(flag) = self.cells[cell].flag {
            return flag;
        }
        let flag = self.cells.push(CellData {
            ty: Type::BOOL,
            storage: None,
            is_const: false,
            assigned: true,
            relied_on: false,
            flag: None,
            ..self.cells[cell]
        });
        self.cells[cell].flag = Some(flag);
        self.unassigned.push(cell);
        flag
    }

    /// A function of the runtime by name, imported when the module is legalized.
    pub(crate) fn external_function(&mut self, name: Name, params: &[Type], ret: Type) -> Func {
        if let Some(&func) = self.externals.get(&name) {
            return func;
        }
        let params = params
            .iter()
            .map(|&ty| Param {
                name: Name::EMPTY,
                ty,
            })
            .collect();
        let text = format!("typeof({})", self.text(name));
        let self_type = self.module.tables.nominal(&text, &[]);
        self.module.tables.declare(
            self_type,
            jlift_ir::decl::Decl::Singleton {
                supertype: Type::FUNCTION,
            },
        );
        let mut f = Function::new(name, params, ret, self_type);
        f.external = true;
        let func = self.module.functions.push(f);
        self.externals.insert(name, func);
        func
    }
}

impl Emitter<'_> {
    /// Reads a global.
    pub fn read_global(&mut self, home: Home, name: Name) -> Value {
        let module = self.world.instances[self.inst].module;
        let module = self.world.home(home, module);
        if self.world.looks_up_late() && !self.is_bound(module, name) {
            return self.look_up(module, name);
        }
        self.read_binding(module, name)
    }

    fn is_bound(&mut self, module: ModuleId, name: Name) -> bool {
        match self.world.lookup(module, name) {
            Some(Binding::Const(_)) => true,
            Some(Binding::Cell(cell)) => self.world.cells[cell].ty != Type::BOTTOM,
            Some(Binding::Alias(..)) | None => false,
        }
    }

    /// Reads a global that is not bound now: it may be when this runs.
    fn look_up(&mut self, module: ModuleId, name: Name) -> Value {
        let callee = self.world.builtin_value(Builtin::GetGlobal);
        let args = [
            self.world.module_value(module),
            self.world.symbol_value(name),
        ];
        self.call_dynamic(Action::Call, callee, &args, Type::ANY)
    }

    fn read_binding(&mut self, module: ModuleId, name: Name) -> Value {
        match self.world.lookup(module, name) {
            Some(Binding::Const(v)) => v,
            Some(Binding::Cell(cell)) if self.world.cells[cell].ty != Type::BOTTOM => {
                if let Some(cond) = self.is_assigned(cell) {
                    let name = self.world.symbol_value(name);
                    self.push(Op::ThrowUndefIfNot { name, cond }, Type::ANY);
                }
                self.read_cell(cell)
            }
            _ => {
                let text = self.world.text(name).to_string();
                self.throw_text(
                    Type::UNDEF_VAR_ERROR,
                    &format!("UndefVarError: `{text}` not defined"),
                );
                Value::NOTHING
            }
        }
    }

    fn read_cell(&mut self, cell: CellId) -> Value {
        let ty = self.world.cells[cell].ty;
        if let crate::lattice::Lat::Const(v) = self.world.lat_of(ty) {
            return v;
        }
        let pointer = self.cell_pointer(cell);
        let list = self
            .f
            .value_list(&[pointer, Value::int64(1), Value::int64(1)]);
        self.push(Op::Intrinsic(Intrinsic::PointerRef, list), ty)
    }

    /// Whether a variable has a value, if that is not known.
    fn is_assigned(&mut self, cell: CellId) -> Option<Value> {
        if self.world.cells[cell].assigned {
            return None;
        }
        let flag = self.world.cell_flag(cell);
        Some(self.read_cell(flag))
    }

    /// Whether a global has a value.
    pub fn global_is_defined(&mut self, module: ModuleId, name: Name) -> Value {
        match self.world.lookup(module, name) {
            Some(Binding::Cell(cell)) if self.world.cells[cell].ty == Type::BOTTOM => {
                Value::bool(false)
            }
            Some(Binding::Cell(cell)) => self.is_assigned(cell).unwrap_or(Value::bool(true)),
            Some(_) => Value::bool(true),
            None => Value::bool(false),
        }
    }

    /// Whether a global that code of this function names has a value.
    pub fn named_global_is_defined(&mut self, home: Home, name: Name) -> Value {
        let module = self.world.instances[self.inst].module;
        let module = self.world.home(home, module);
        self.global_is_defined(module, name)
    }

    /// Assigns a global variable.
    pub fn write_global(&mut self, home: Home, name: Name, value: Value) {
        let module = self.world.instances[self.inst].module;
        let module = self.world.home(home, module);
        self.write_binding(module, name, value);
    }

    /// A value that is assigned to a global, converted to the type that was declared.
    pub fn converted(&mut self, index: usize, home: Home, name: Name, value: Value) -> Value {
        let Some(result) = self.body.calls[index].clone() else {
            return value;
        };
        let module = self.world.instances[self.inst].module;
        let module = self.world.home(home, module);
        let declared = self.world.declared_type(module, name);
        let (Some(ty), Some(convert)) = (declared, self.world.base_const("convert")) else {
            return value;
        };
        let value = self.call(&result, convert, &[Value::Type(ty), value]);
        let have = self.type_of(value);
        match self.at.is_some() && self.world.is_dynamic(have) {
            true => self.assert_dynamic(value, ty),
            false => value,
        }
    }

    fn write_binding(&mut self, module: ModuleId, name: Name, value: Value) {
        if self.at.is_none() {
            return;
        }
        match self.world.lookup(module, name) {
            Some(Binding::Cell(cell)) => {
                self.write_cell(cell, value);
                if !self.world.cells[cell].assigned {
                    let flag = self.world.cell_flag(cell);
                    self.write_cell(flag, Value::bool(true));
                }
            }
            _ => {
                let text = self.world.text(name).to_string();
                self.throw_text(
                    Type::ERROR_EXCEPTION,
                    &format!("invalid redefinition of constant {text}"),
                );
            }
        }
    }

    fn write_cell(&mut self, cell: CellId, value: Value) {
        let ty = self.world.cells[cell].ty;
        if let crate::lattice::Lat::Const(_) = self.world.lat_of(ty) {
            return;
        }
        let pointer = self.cell_pointer(cell);
        let pointer_ty = self.type_of(pointer);
        let value = self.coerce(value, ty);
        let list = self
            .f
            .value_list(&[pointer, value, Value::int64(1), Value::int64(1)]);
        self.push(Op::Intrinsic(Intrinsic::PointerSet, list), pointer_ty);
    }

    fn cell_pointer(&mut self, cell: CellId) -> Value {
        let (symbol, ty) = self.world.cell_symbol(cell);
        let ptr = self.world.module.tables.ptr(ty);
        let list = self.f.value_list(&[symbol, Value::Type(ty)]);
        self.push(Op::Intrinsic(Intrinsic::Cglobal, list), ptr)
    }

    /// `getglobal` and `setglobal!`.
    pub fn global_builtin(&mut self, b: Builtin, args: &[Value]) -> Value {
        let (Some(module), Some(name)) = (
            self.world.as_module(args[0]),
            self.world.const_symbol(args[1]),
        ) else {
            return Value::NOTHING;
        };
        if b == Builtin::GetGlobal {
            return self.read_binding(module, name);
        }
        self.write_binding(module, name, args[2]);
        args[2]
    }
}

impl World {
    /// Number of the memory that holds a variable at its type of now.
    pub fn cell_storage(&mut self, cell: CellId) -> u32 {
        self.cell_symbol(cell);
        self.cells[cell].storage.unwrap_or(0)
    }

    /// A function that copies variables whose type has grown to their new memory.
    pub fn emit_moves(&mut self, moves: &[(u32, u32)]) -> Func {
        let name = self.name("Main.move_globals");
        let f = Function::new(name, Vec::new(), Type::NOTHING, Type::NOTHING);
        let mut emitter = Emitter::bare(self, f);
        for &(from, to) in moves {
            emitter.move_storage(from, to);
        }
        emitter.end(jlift_ir::Terminator::Return(Value::NOTHING));
        let f = emitter.f;
        self.module.functions.push(f)
    }
}

impl Emitter<'_> {
    fn storage_pointer(&mut self, number: u32) -> (Value, Type) {
        let ty = self.world.storages[number as usize];
        let symbol = self.world.name(&storage_symbol(number));
        let symbol = self.world.symbol_value(symbol);
        let ptr = self.world.module.tables.ptr(ty);
        let list = self.f.value_list(&[symbol, Value::Type(ty)]);
        let pointer = self.push(Op::Intrinsic(Intrinsic::Cglobal, list), ptr);
        (pointer, ty)
    }

    fn move_storage(&mut self, from: u32, to: u32) {
        let (old, old_ty) = self.storage_pointer(from);
        let (new, new_ty) = self.storage_pointer(to);
        let one = Value::int64(1);
        let value = match self.world.lat_of(old_ty) {
            crate::lattice::Lat::Const(v) => v,
            _ => {
                let list = self.f.value_list(&[old, one, one]);
                self.push(Op::Intrinsic(Intrinsic::PointerRef, list), old_ty)
            }
        };
        let value = self.coerce(value, new_ty);
        let ptr = self.world.module.tables.ptr(new_ty);
        let list = self.f.value_list(&[new, value, one, one]);
        self.push(Op::Intrinsic(Intrinsic::PointerSet, list), ptr);
    }
}
