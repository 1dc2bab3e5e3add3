//! The parts of an error text: what is constant as bytes, what is not as values that a runtime
//! function formats. Knows how `print` and `show` compose a value's text, nothing of exceptions.

use super::display::{constant_text, type_display};
use super::rewrite::Rewriter;
use crate::inline::singleton;
use jlift_ir::{Builtin, ConstData, Inst, Intrinsic, Op, PartMode, Type, TypeClass, Value};

/// One part of an error text.
#[derive(Clone, PartialEq, Debug)]
pub enum Part {
    Text(Vec<u8>),
    /// A number, character, `Bool`, string or symbol that is known at run time; of an unsigned
    /// number that is shown, the digits without `0x`.
    Value {
        mode: PartMode,
        value: Value,
    },
}

/// Why a value's text cannot be composed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unprintable {
    /// Its text is a matter of the program's own methods.
    Custom,
    /// Its text is known to Julia, but not to this compiler.
    Unknown(String),
}

/// Parts under construction; neighbouring texts are joined.
#[derive(Default, Debug)]
pub struct Parts {
    pub list: Vec<Part>,
}

impl Parts {
    /// Appends constant text.
    pub fn text(&mut self, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        match self.list.last_mut() {
            _ if bytes.is_empty() => {}
            Some(Part::Text(text)) => text.extend_from_slice(bytes),
            _ => self.list.push(Part::Text(bytes.to_vec())),
        }
    }

    /// Appends a value as `print` or `show` writes it.
    pub fn value(
        &mut self,
        rw: &mut Rewriter,
        value: Value,
        mode: PartMode,
    ) -> Result<(), Unprintable> {
        let value = super::throws::content(rw, value);
        let ty = rw.type_of(value);
        let tables = &rw.session.module.tables;
        let constant = match value.is_const() {
            true => Some(value),
            false => singleton(tables, ty),
        };
        if let Some(constant) = constant {
            if let Some(text) = constant_text(tables, constant, mode) {
                self.text(text);
                return Ok(());
            }
            if is_lazy(ty) {
                return self.lazy(rw, value, mode);
            }
        }
        match tables.class(ty) {
            TypeClass::Primitive(_) if ty.builtin_bits().is_some() => {
                if mode == PartMode::Show && ty.is_unsigned() {
                    self.text("0x");
                }
                self.list.push(Part::Value { mode, value });
                Ok(())
            }
            TypeClass::Pointer => {
                let head = format!("{} @0x", type_display(tables, ty));
                self.text(head);
                let address = rw.bitcast(value, Type::UINT64);
                self.list.push(Part::Value {
                    mode: PartMode::Show,
                    value: address,
                });
                Ok(())
            }
            TypeClass::Inline | TypeClass::InlineWithReferences | TypeClass::Singleton => {
                match tables.tuple_elems(ty) {
                    Some(elems) => self.tuple(rw, value, &elems),
                    None => Err(Unprintable::Custom),
                }
            }
            TypeClass::Heap if is_lazy(ty) => self.lazy(rw, value, mode),
            TypeClass::String | TypeClass::Symbol => self.dynamic_string(rw, value, mode),
            TypeClass::Abstract | TypeClass::Union if value.is_const() => Err(Unprintable::Custom),
            TypeClass::Abstract | TypeClass::Union => {
                let ty = jlift_ir::text::type_text(tables, ty);
                Err(Unprintable::Unknown(format!(
                    "the error text needs a value whose type is only known as {ty}"
                )))
            }
            _ => Err(Unprintable::Custom),
        }
    }

    /// The elements of a tuple, each as `show` writes it.
    fn tuple(
        &mut self,
        rw: &mut Rewriter,
        value: Value,
        elems: &[Type],
    ) -> Result<(), Unprintable> {
        self.text("(");
        for (i, _) in elems.iter().enumerate() {
            if i > 0 {
                self.text(", ");
            }
            let elem = element(rw, value, i, elems[i]);
            self.value(rw, elem, PartMode::Show)?;
        }
        self.text(if elems.len() == 1 { ",)" } else { ")" });
        Ok(())
    }

    /// A `LazyString`: its parts, each as `print` writes it.
    fn lazy(&mut self, rw: &mut Rewriter, value: Value, mode: PartMode) -> Result<(), Unprintable> {
        let unknown = || Unprintable::Unknown("the error text is not built here".to_string());
        if mode == PartMode::Show {
            return Err(unknown());
        }
        let tuple = match value {
            Value::Const(c) => match rw.session.module.tables.const_data(c) {
                ConstData::Aggregate { fields, .. } => fields.first().copied(),
                _ => None,
            },
            _ => rw
                .definition(value)
                .and_then(|i| match rw.func.insts[i].op {
                    Op::New { args, .. } => rw.func.args(args).first().copied(),
                    _ => None,
                }),
        };
        let tuple = super::throws::content(rw, tuple.ok_or_else(unknown)?);
        let values = elements(rw, tuple).ok_or_else(unknown)?;
        for v in values {
            self.value(rw, v, PartMode::Print)?;
        }
        Ok(())
    }

    /// A string or symbol that is not constant; the parts of a `string(…)` of printable values.
    fn dynamic_string(
        &mut self,
        rw: &mut Rewriter,
        value: Value,
        mode: PartMode,
    ) -> Result<(), Unprintable> {
        if mode == PartMode::Print
            && let Some(inst) = rw.definition(value)
            && let Some(values) = concatenated(rw, inst)
        {
            let mut shown = Parts::default();
            let printable = values
                .into_iter()
                .try_for_each(|v| shown.value(rw, v, PartMode::Print));
            if printable.is_ok() {
                self.list.append(&mut shown.list);
                return Ok(());
            }
            // A part that is not printed here: the string is made at run time after all.
        }
        self.list.push(Part::Value { mode, value });
        Ok(())
    }
}

fn is_lazy(ty: Type) -> bool {
    ty == Type::LAZY_STRING
}

/// The operands of a call of `string` or `print_to_string`, the texts of which it joins.
pub fn concatenated(rw: &Rewriter, inst: Inst) -> Option<Vec<Value>> {
    let Op::Invoke { func, args, .. } = rw.func.insts[inst].op else {
        return None;
    };
    if !is_concatenation(rw.session.module, func) {
        return None;
    }
    let mut values = rw.func.args(args).to_vec();
    if is_gathered(rw.session.module, func) {
        let rest = values.pop()?;
        values.extend(elements(rw, rest)?);
    }
    Some(values)
}

/// Whether the arguments behind the fixed ones come as one tuple: what a front end that gathers
/// them says by the name.
fn is_gathered(module: &jlift_ir::Module, func: jlift_ir::Func) -> bool {
    let name = module.tables.names.str(module.functions[func].name);
    name.ends_with("...")
}

/// Whether a function joins the texts of its arguments and does nothing else.
pub fn is_concatenation(module: &jlift_ir::Module, func: jlift_ir::Func) -> bool {
    matches!(
        module.tables.names.str(module.functions[func].name),
        "Base.string" | "Base.print_to_string" | "Base.string..."
    )
}

/// The elements of a tuple that is constant or built in this function.
fn elements(rw: &Rewriter, tuple: Value) -> Option<Vec<Value>> {
    match tuple {
        Value::Const(c) => match rw.session.module.tables.const_data(c) {
            ConstData::Aggregate { fields, .. } => Some(fields.to_vec()),
            _ => None,
        },
        _ => match rw.func.insts[rw.definition(tuple)?].op {
            Op::Builtin(Builtin::Tuple, args) | Op::New { args, .. } => {
                Some(rw.func.args(args).to_vec())
            }
            _ => None,
        },
    }
}

/// Element `index` (from 0) of a tuple.
pub fn element(rw: &mut Rewriter, tuple: Value, index: usize, ty: Type) -> Value {
    if let Some(v) = elements(rw, tuple).and_then(|e| e.get(index).copied()) {
        return v;
    }
    rw.builtin(
        Builtin::GetField,
        &[tuple, Value::int64(index as i64 + 1)],
        ty,
    )
}

/// A signed or unsigned integer of at most 64 bits, widened to 64.
pub fn widen(rw: &mut Rewriter, value: Value, ty: Type) -> Value {
    match ty {
        Type::INT64 | Type::UINT64 => value,
        _ if ty.is_signed() => rw.convert(Intrinsic::SextInt, value, Type::INT64),
        _ => rw.convert(Intrinsic::ZextInt, value, Type::UINT64),
    }
}
