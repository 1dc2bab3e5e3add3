//! Constants in registers. What they are in memory is made in [`crate::image`].

use crate::function::FunctionLowerer;
use crate::plan::Symbol;
use crate::repr::Repr;
use crate::value::{Lowered, Result, Typed};
use cranelift_codegen::ir::{self, InstBuilder, immediates, types};
use jlift_ir::{Const, ConstData, Type, TypeClass, Value};

impl FunctionLowerer<'_, '_> {
    /// A constant operand.
    pub(crate) fn constant(&mut self, value: Value) -> Result<Typed> {
        let scalar = |ty, v| {
            Ok(Typed {
                ty,
                value: Lowered::Scalar(v),
            })
        };
        match value {
            Value::Imm { ty, bits } => {
                let v = match self.repr(ty)? {
                    Repr::Scalar(types::F32) => self
                        .b
                        .ins()
                        .f32const(immediates::Ieee32::with_bits(bits as u32)),
                    Repr::Scalar(types::F64) => {
                        self.b.ins().f64const(immediates::Ieee64::with_bits(bits))
                    }
                    Repr::Scalar(t) => {
                        // Immediates are sign-extended from the width of the type.
                        let shift = 64 - t.bits().min(64);
                        let imm = ((bits << shift) as i64) >> shift;
                        self.b.ins().iconst(t, imm)
                    }
                    _ => return Err("a literal of a type without literals".into()),
                };
                scalar(ty, v)
            }
            Value::Instance(ty) => Ok(Typed {
                ty,
                value: Lowered::Ghost,
            }),
            Value::Type(t) => Ok(Typed {
                ty: self
                    .module
                    .tables
                    .known_type_type(t)
                    .unwrap_or(Type::DATA_TYPE),
                value: Lowered::Ghost,
            }),
            Value::Const(c) => match self.module.tables.const_data(c) {
                ConstData::Wide { ty, bits } => {
                    let v = self.wide(*bits);
                    scalar(*ty, v)
                }
                ConstData::Global(g) => self.constant(self.module.globals[*g].value),
                ConstData::String(_) => {
                    let v = self.object_address(c)?;
                    scalar(Type::STRING, v)
                }
                ConstData::Symbol(_) => {
                    let v = self.object_address(c)?;
                    scalar(Type::SYMBOL, v)
                }
                ConstData::Aggregate { ty, .. }
                    if self.module.tables.class(*ty) == TypeClass::Heap =>
                {
                    let ty = *ty;
                    let v = self.object_address(c)?;
                    scalar(ty, v)
                }
                ConstData::Aggregate { ty, fields } => {
                    let (ty, fields) = (*ty, fields.clone());
                    match self.repr(ty)? {
                        Repr::Memory { .. } => {
                            let Some(symbol) = self.l.plan.aggregate(c) else {
                                return Err("a constant that was not planned".into());
                            };
                            let addr = self.data_address(symbol);
                            Ok(Typed {
                                ty,
                                value: Lowered::Memory(addr),
                            })
                        }
                        _ => self.aggregate_of(ty, &fields),
                    }
                }
                ConstData::Array { ty, .. } => {
                    let ty = *ty;
                    let v = self.object_address(c)?;
                    scalar(ty, v)
                }
                ConstData::Module(_) => {
                    let v = self.object_address(c)?;
                    scalar(Type::MODULE, v)
                }
                ConstData::Binding(name) => Err(format!(
                    "the value of the global `{}` is not known",
                    self.module.tables.names.str(*name)
                )),
                ConstData::Opaque(ty) => Err(format!(
                    "a constant of type {} whose value is not known",
                    self.type_text(*ty)
                )),
            },
            Value::Inst(_) | Value::Arg(_) => Err("not a constant".into()),
        }
    }

    /// A 128-bit constant.
    pub(crate) fn wide(&mut self, bits: u128) -> ir::Value {
        let lo = self.b.ins().iconst(types::I64, bits as u64 as i64);
        let hi = self.b.ins().iconst(types::I64, (bits >> 64) as u64 as i64);
        self.b.ins().iconcat(lo, hi)
    }

    /// Address of the immortal object of a constant.
    fn object_address(&mut self, c: Const) -> Result<ir::Value> {
        match self.l.plan.object(c) {
            Some(symbol) => Ok(self.data_address(symbol)),
            None => Err("a constant that was not planned".into()),
        }
    }

    /// Address of the bytes of a String or Symbol constant.
    pub(crate) fn string_address(&mut self, value: Value) -> Result<ir::Value> {
        let Value::Const(c) = value else {
            return Err("expected a constant string".into());
        };
        match self.l.plan.string(c) {
            Some(symbol) => Ok(self.data_address(symbol)),
            None => Err("expected a constant string".into()),
        }
    }

    /// Address of a data object.
    pub(crate) fn data_address(&mut self, symbol: Symbol) -> ir::Value {
        let gv = self.data_ref(symbol, false, false);
        self.b.ins().symbol_value(types::I64, gv)
    }

    /// Reference to a data object from this function.
    pub(crate) fn data_ref(
        &mut self,
        symbol: Symbol,
        tls: bool,
        imported: bool,
    ) -> ir::GlobalValue {
        if let Some(&gv) = self.data_refs.get(&symbol) {
            return gv;
        }
        let name = self
            .b
            .func
            .declare_imported_user_function(symbol.external_name());
        let gv = self.b.create_global_value(ir::GlobalValueData::Symbol {
            name: ir::ExternalName::User(name),
            offset: 0.into(),
            colocated: !imported,
            tls,
        });
        self.data_refs.insert(symbol, gv);
        gv
    }

    /// Address of the error record of the current thread.
    pub(crate) fn error_record(&mut self) -> Result<ir::Value> {
        if let Some(index) = self.l.plan.error_record {
            let symbol = Symbol::Data(index);
            let tls = matches!(
                self.l.plan.data[index as usize].kind,
                crate::plan::DataKind::Zeroed {
                    thread_local: true,
                    ..
                }
            );
            let gv = self.data_ref(symbol, tls, false);
            return Ok(if tls {
                self.b.ins().tls_value(types::I64, gv)
            } else {
                self.b.ins().symbol_value(types::I64, gv)
            });
        }
        let regs = self.call_import("jlift_error_record", &[], Some(types::I64))?;
        regs.ok_or_else(|| "the error record has no address".into())
    }
}
