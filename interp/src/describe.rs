//! The texts of exceptions, as Julia 1.10's `showerror` writes them.

use crate::interpreter::Interpreter;
use crate::outcome::{Result, unsupported};
use crate::show::Mode;
use crate::value::Value;
use jlift_ir::{Type, TypeClass};

use Mode::{Print, Show};

impl Interpreter<'_> {
    /// The text of an exception; its type where it has a text of its own.
    pub(crate) fn error_text(&mut self, exception: &Value) -> Result<Vec<u8>> {
        let Some(ty) = exception.ty() else {
            return unsupported("an exception without type");
        };
        let mut fields = Vec::new();
        match exception {
            Value::Aggregate(_, parts) => fields.extend(parts.iter().cloned()),
            &Value::Object { ty, address } if self.module.tables.class(ty) == TypeClass::Heap => {
                for index in 0..self.object_layout(ty)?.fields.len() {
                    fields.push(self.heap_field(ty, address, index)?);
                }
            }
            Value::Singleton(_) => {}
            _ => return unsupported("an exception that is no struct"),
        }
        // Fields that were never assigned are last.
        let assigned = fields.iter().take_while(|f| **f != Value::Unset).count();
        fields.truncate(assigned);
        // Fields of type `Any` may hold boxes, and types are singletons in them.
        for field in &mut fields {
            *field = self.content(field)?;
            if let Value::Singleton(ty) = *field
                && let Some(ty) = self.module.tables.type_of_type(ty)
            {
                *field = Value::Type(ty);
            }
        }
        match self.described(ty, &fields)? {
            Some(text) => Ok(text),
            None => Ok(self.type_name(ty).into_bytes()),
        }
    }

    fn described(&mut self, ty: Type, fields: &[Value]) -> Result<Option<Vec<u8>>> {
        let name = self.module.tables.type_name(ty).unwrap_or("");
        let name = name
            .strip_prefix("Core.")
            .or_else(|| name.strip_prefix("Base."))
            .unwrap_or(name);
        let fixed = |text: &str| Ok(Some(text.as_bytes().to_vec()));
        match (name, fields) {
            ("DomainError", [value, message]) => self.joined(
                &["DomainError with ", ":\n"],
                &[(value, Print), (message, Print)],
            ),
            ("InexactError", [function, to, value]) => {
                let function_name = self.text(function, Print)?;
                let same = match to {
                    Value::Type(to) => {
                        function_name.as_deref() == Some(self.plain_name(*to).as_bytes())
                    }
                    _ => false,
                };
                let (function, to, value) = ((function, Print), (to, Print), (value, Print));
                let text = match same {
                    true => self.joined(&["InexactError: ", "("], &[function, value]),
                    false => self.joined(&["InexactError: ", "(", ", "], &[function, to, value]),
                };
                Ok(text?.map(|t| [&t[..], b")"].concat()))
            }
            ("BoundsError", []) => fixed("BoundsError"),
            ("BoundsError", [object, index @ ..]) => {
                self.bounds_message(object, index.first()).map(Some)
            }
            ("ErrorException", [message]) => self.text(message, Print),
            (
                "OverflowError" | "ArgumentError" | "AssertionError" | "DimensionMismatch",
                [message],
            ) => self.joined(&[name, ": "], &[(message, Print)]),
            ("StringIndexError", [nearby, _]) if nearby.ty() == Some(Type::LAZY_STRING) => {
                self.joined(&["StringIndexError: "], &[(nearby, Print)])
            }
            ("KeyError", [key]) => {
                let text = self.joined(&["KeyError: key "], &[(key, Show)])?;
                Ok(text.map(|t| [&t[..], b" not found"].concat()))
            }
            ("UndefVarError", [variable, ..]) => {
                let text = self.joined(&["UndefVarError: `"], &[(variable, Print)])?;
                Ok(text.map(|t| [&t[..], b"` not defined"].concat()))
            }
            ("UndefKeywordError", [variable]) => {
                let begin = "UndefKeywordError: keyword argument `";
                let text = self.joined(&[begin], &[(variable, Print)])?;
                Ok(text.map(|t| [&t[..], b"` not assigned"].concat()))
            }
            ("TypeError", [function, context, Value::Type(expected), got]) => {
                self.type_error(function, context, *expected, got)
            }
            ("DivideError", []) => fixed("DivideError: integer division error"),
            ("EOFError", []) => fixed("EOFError: read end of file"),
            ("UndefRefError", []) => fixed("UndefRefError: access to undefined reference"),
            ("StackOverflowError", []) => fixed("StackOverflowError:"),
            ("OutOfMemoryError", []) => fixed("OutOfMemoryError()"),
            ("InterruptException", []) => fixed("InterruptException:"),
            _ => self.shown_struct(ty, fields),
        }
    }

    /// Texts and values in turns. More than one text may come before the first value.
    fn joined(&mut self, texts: &[&str], values: &[(&Value, Mode)]) -> Result<Option<Vec<u8>>> {
        let mut out = Vec::new();
        let before = texts.len() + 1 - values.len().min(texts.len());
        let mut texts = texts.iter();
        for text in texts.by_ref().take(before) {
            out.extend(text.as_bytes());
        }
        for &(value, mode) in values {
            match self.text(value, mode)? {
                Some(text) => out.extend(text),
                None => return Ok(None),
            }
            if let Some(text) = texts.next() {
                out.extend(text.as_bytes());
            }
        }
        Ok(Some(out))
    }

    /// An exception of the program's own, as `show` writes a struct.
    fn shown_struct(&mut self, ty: Type, fields: &[Value]) -> Result<Option<Vec<u8>>> {
        let tables = &self.module.tables;
        let name = tables.type_name(ty).unwrap_or("");
        let own = name.contains('.') && !name.starts_with("Base.") && !name.starts_with("Core.");
        let count = tables.field_types(ty).map(|f| f.len());
        if !own || count != Some(fields.len()) {
            return Ok(None);
        }
        let mut out = self.type_name(ty).into_bytes();
        out.push(b'(');
        for (n, field) in fields.iter().enumerate() {
            if n > 0 {
                out.extend(b", ");
            }
            match self.text(field, Show)? {
                Some(text) => out.extend(text),
                None => return Ok(None),
            }
        }
        out.push(b')');
        Ok(Some(out))
    }

    fn type_error(
        &mut self,
        function: &Value,
        context: &Value,
        expected: Type,
        got: &Value,
    ) -> Result<Option<Vec<u8>>> {
        let Some(found) = got.ty() else {
            return Ok(None);
        };
        let found = self.type_name(found);
        if expected == Type::BOOL {
            let text = format!("TypeError: non-boolean ({found}) used in boolean context");
            return Ok(Some(text.into_bytes()));
        }
        let (Some(function), Some(context)) =
            (self.text(function, Print)?, self.text(context, Print)?)
        else {
            return Ok(None);
        };
        let function = String::from_utf8_lossy(&function).into_owned();
        let context = String::from_utf8_lossy(&context).into_owned();
        let place = match (&function[..], &context[..]) {
            (_, "") => function,
            ("keyword argument", _) => format!("keyword argument {context}"),
            _ => format!("{function}, in {context}"),
        };
        let got = match got {
            Value::Type(ty) => format!("Type{{{}}}", self.type_name(*ty)),
            _ => format!("a value of type {found}"),
        };
        let expected = self.type_name(expected);
        let text = format!("TypeError: in {place}, expected {expected}, got {got}");
        Ok(Some(text.into_bytes()))
    }

    /// `BoundsError: attempt to access SUMMARY at index [I, …]`; the name alone where the object or
    /// the index has a text of its own.
    pub(crate) fn bounds_message(
        &mut self,
        object: &Value,
        index: Option<&Value>,
    ) -> Result<Vec<u8>> {
        let plain = || Ok(b"BoundsError".to_vec());
        let Some(summary) = self.summary(object)? else {
            return plain();
        };
        let mut out = format!("BoundsError: attempt to access {summary}").into_bytes();
        let Some(index) = index else {
            return Ok(out);
        };
        let list = match index {
            Value::Aggregate(ty, list) if *ty == Type::ANY || self.module.tables.is_tuple(*ty) => {
                list.to_vec()
            }
            Value::Singleton(ty) if self.module.tables.is_tuple(*ty) => Vec::new(),
            _ => vec![index.clone()],
        };
        out.extend(b" at index [");
        for (n, index) in list.iter().enumerate() {
            if n > 0 {
                out.extend(b", ");
            }
            match self.index_text(index)? {
                Some(text) => out.extend(text),
                None => return plain(),
            }
        }
        out.push(b']');
        Ok(out)
    }

    /// An integer, a range of them as `a:b`, or a `LazyString`.
    fn index_text(&mut self, index: &Value) -> Result<Option<Vec<u8>>> {
        match index {
            Value::Bits { ty, .. } if ty.is_integer() || *ty == Type::BOOL => {
                self.text(index, Show)
            }
            Value::Aggregate(ty, ends) if self.is_unit_range(*ty) => {
                let [start, stop] = &ends[..] else {
                    return Ok(None);
                };
                let (start, stop) = (self.text(start, Show)?, self.text(stop, Show)?);
                Ok(match (start, stop) {
                    (Some(start), Some(stop)) => Some([&start[..], b":", &stop[..]].concat()),
                    _ => None,
                })
            }
            // The text of something that is not known here.
            _ if index.ty() == Some(Type::LAZY_STRING) => self.text(index, Print),
            _ => Ok(None),
        }
    }

    fn is_unit_range(&self, ty: Type) -> bool {
        let tables = &self.module.tables;
        tables.type_name(ty) == Some("Base.UnitRange")
            && tables
                .field_types(ty)
                .is_some_and(|f| f == [Type::INT64, Type::INT64])
    }

    /// What `summary` says of an object; `None` if that is a matter of its own methods.
    fn summary(&mut self, object: &Value) -> Result<Option<String>> {
        let Some(ty) = object.ty() else {
            return Ok(None);
        };
        let name = self.type_name(ty);
        if ty == Type::LAZY_STRING {
            let text = self.text(object, Print)?;
            return Ok(text.map(|t| String::from_utf8_lossy(&t).into_owned()));
        }
        if let (Type::STRING, &Value::Object { address, .. }) = (ty, object) {
            return Ok(Some(format!(
                "{}-codeunit String",
                self.text_length(address)?
            )));
        }
        if let Some((_, dims)) = self.module.tables.array_of(ty) {
            let mut sizes = Vec::new();
            for d in 1..=dims {
                sizes.push((self.array_size(object, d.into())? as i64).to_string());
            }
            return Ok(Some(match &sizes[..] {
                [] => format!("0-dimensional {name}"),
                [size] => format!("{size}-element {name}"),
                _ => format!("{} {name}", sizes.join("\u{d7}")),
            }));
        }
        if self.is_unit_range(ty)
            && let Value::Aggregate(_, ends) = object
            && let [start, stop] = &ends[..]
        {
            let (start, stop) = (
                self.number(start, "a range")?,
                self.number(stop, "a range")?,
            );
            let length = stop.wrapping_sub(start).wrapping_add(1) as i64;
            return Ok(Some(format!("{length}-element {name}")));
        }
        Ok((!self.may_be_array(ty)).then_some(name))
    }

    /// Throws an exception whose type the module may not have.
    pub(crate) fn throw_named<T>(&mut self, name: &str, message: String) -> Result<T> {
        let tables = &self.module.tables;
        let mut types = (0..tables.type_count()).map(<Type as cranelift_entity::EntityRef>::new);
        let ty = types.find(|&ty| tables.type_name(ty) == Some(name));
        self.throw_text(ty.unwrap_or(Type::ANY), message.into_bytes())
    }
}
