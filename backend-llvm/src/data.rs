//! The data of a module: constants, variables, the error record. Knows what holds them, not what is
//! in constants, which is `image`'s.

use crate::image::Image;
use crate::machine::{Machine, Reg, push_escaped, symbol};
use crate::program::{Environment, Program, Variable, VariableData};
use crate::symbols::check_c_name;
use crate::value::Result;
use hashbrown::HashMap;
use jlift_ir::{Const, ConstData, Value, error_record};
use std::fmt::Write;

/// The error record.
const ERROR_RECORD: &str = "jlift_error";

/// The symbol of an object whose address variables hold.
fn variable_object(number: u32) -> String {
    format!("jlift_cell_object.{number}")
}

/// The data written so far, and where the constants are.
#[derive(Default)]
pub(crate) struct Data {
    /// Finished data.
    pub text: String,
    texts: HashMap<Const, String>,
    objects: HashMap<Const, String>,
    aggregates: HashMap<Const, String>,
    variables: HashMap<String, Reg>,
    count: usize,
    record: bool,
}

impl Program<'_> {
    fn data_name(&mut self, prefix: &str) -> String {
        self.data.count += 1;
        let name = format!("{prefix}.{}", self.data.count);
        self.symbols.define(&name);
        symbol(&name)
    }

    /// Constant bytes with a NUL behind them.
    pub fn bytes(&mut self, bytes: &[u8]) -> Reg {
        let name = self.data_name("str");
        let mut text = String::new();
        push_escaped(&mut text, bytes);
        let _ = writeln!(
            self.data.text,
            "{name} = private unnamed_addr constant [{} x i8] c\"{text}\\00\"",
            bytes.len() + 1
        );
        Reg::new(Machine::Ptr, name)
    }

    /// The bytes of a String or Symbol constant, with a NUL behind them.
    pub fn text(&mut self, c: Const) -> Option<Reg> {
        if let Some(name) = self.data.texts.get(&c) {
            return Some(Reg::new(Machine::Ptr, name.as_str()));
        }
        let module = self.module;
        let bytes: &[u8] = match module.tables.const_data(c) {
            ConstData::String(bytes) => bytes,
            ConstData::Symbol(name) => module.tables.names.str(*name).as_bytes(),
            ConstData::Global(g) => {
                return match module.globals[*g].value {
                    Value::Const(inner) if inner != c => self.text(inner),
                    _ => None,
                };
            }
            _ => return None,
        };
        let reg = self.bytes(bytes);
        self.data.texts.insert(c, reg.to_string());
        Some(reg)
    }

    /// The immortal object of a constant.
    pub fn object(&mut self, c: Const) -> Result<Reg> {
        if let Some(name) = self.data.objects.get(&c) {
            return Ok(Reg::new(Machine::Ptr, name.as_str()));
        }
        let name = self.data_name("object");
        // A constant that refers to itself refers to this name.
        self.data.objects.insert(c, name.clone());
        let image = Image::of_object(self, c, &name)?;
        self.add_image(&name, &image);
        Ok(Reg::new(Machine::Ptr, name))
    }

    /// The memory of an aggregate constant.
    pub fn aggregate(&mut self, c: Const) -> Result<Reg> {
        if let Some(name) = self.data.aggregates.get(&c) {
            return Ok(Reg::new(Machine::Ptr, name.as_str()));
        }
        let image = Image::of_value(self, Value::Const(c))?;
        let name = self.data_name("const");
        self.add_image(&name, &image);
        self.data.aggregates.insert(c, name.clone());
        Ok(Reg::new(Machine::Ptr, name))
    }

    fn add_image(&mut self, name: &str, image: &Image) {
        let (ty, value) = image.initializer();
        let _ = writeln!(
            self.data.text,
            "{name} = private constant {ty} {value}, align {}",
            image.align
        );
    }

    /// The objects whose addresses the variables hold.
    pub fn add_objects(&mut self) {
        for (n, data) in (self.request.objects)().iter().enumerate() {
            let name = variable_object(n as u32);
            self.symbols.define(&name);
            self.add_variable(&symbol(&name), data);
        }
    }

    fn add_variable(&mut self, name: &str, data: &VariableData) {
        let image = Image::of_variable(data, |object| symbol(&variable_object(object)));
        let (ty, value) = image.initializer();
        let _ = writeln!(
            self.data.text,
            "{name} = internal global {ty} {value}, align {}",
            image.align
        );
    }

    /// A variable named by `cglobal`.
    pub fn variable(&mut self, name: &str) -> Result<Reg> {
        if let Some(found) = self.data.variables.get(name) {
            return Ok(found.clone());
        }
        let reg = match (self.request.variable)(name) {
            Some(Variable::Address(address)) => Reg::address(address),
            Some(Variable::Data(data)) => {
                check_c_name(name)?;
                self.symbols.define(name);
                let quoted = symbol(name);
                self.add_variable(&quoted, &data);
                Reg::new(Machine::Ptr, quoted)
            }
            None => {
                check_c_name(name)?;
                self.import_variable(name)
            }
        };
        self.data.variables.insert(name.to_string(), reg.clone());
        Ok(reg)
    }

    /// The error record, where it is data of the program; per thread or not.
    pub fn record(&mut self) -> Option<Reg> {
        let environment = self.request.environment;
        if environment == Environment::Process {
            return None;
        }
        let per_thread = environment == Environment::Library;
        let name = symbol(ERROR_RECORD);
        if !self.data.record {
            self.data.record = true;
            self.symbols.define(ERROR_RECORD);
            let _ = writeln!(
                self.data.text,
                "{name} = internal {}global [{} x i8] zeroinitializer, align 16",
                if per_thread { "thread_local " } else { "" },
                error_record::SIZE
            );
        }
        Some(Reg::new(Machine::Ptr, name))
    }
}
