//! An interpreter inside of a host: a program that grows while it runs. Calls of the host's functions
//! end the interpreter's turn, so that nothing of the module is borrowed while the host answers; the
//! host may run other functions meanwhile. Memory that is not the interpreter's is the host's then,
//! and values of abstract types are objects whose headers tell their types.

use crate::foreign::Foreign;
use crate::frame::{Frame, SavedFrame};
use crate::interpreter::{Interpreter, Options, Stage};
use crate::layout::Layouts;
use crate::memory::Memory;
use crate::outcome::{Outcome, Result, Stop, Thrown, unsupported};
use crate::value::Value;
use cranelift_entity::EntityRef;
use cranelift_entity::EntitySet;
use hashbrown::HashMap;
use jlift_abi::object;
use jlift_ir::{Const, Func, Function, Module, Type, TypeClass};

/// The bodies that are executed, where they are not those of the module.
pub type Bodies = HashMap<Func, Box<Function>>;

/// A call of a function of the host's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HostCall {
    pub name: String,
    pub args: Vec<u64>,
}

/// How a turn of the interpreter ended.
#[derive(Clone, PartialEq, Debug)]
pub enum Turn {
    /// The function that was begun has ended.
    Done(Outcome),
    /// What the host answers is to be told by [`Interpreter::answer`].
    Host(HostCall),
}

/// What an answer of the host's is.
#[derive(Clone, Debug)]
pub(crate) enum Pending {
    /// A word as a value of a type.
    Word(Type),
    /// Whether an exception is on its way; if not, there is an object at an address.
    Status { result: u64 },
}

/// The function of the host's that calls what a site reaches for its arguments.
const CALL_DYNAMIC: &str = "jlift_call_dynamic";

/// An interpreter between two turns: all but the module and the bodies.
pub struct Suspended {
    options: Options,
    is_host: Option<fn(&str) -> bool>,
    memory: Memory,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    frames: Vec<SavedFrame>,
    /// Calls that wait for the host, outermost first, and what they wait for.
    outer: Vec<(Vec<SavedFrame>, Option<Pending>)>,
    pending: Option<Pending>,
    fuel: u64,
    layouts: Layouts,
    constants: HashMap<Const, Value>,
    symbols: HashMap<Vec<u8>, u64>,
    boxes: HashMap<u64, Value>,
    boxed_types: BoxedTypes,
    globals: HashMap<String, u64>,
    record: u64,
    recorded: Option<Thrown>,
    exceptions: Vec<Thrown>,
    exception_types: Option<HashMap<u64, Type>>,
    foreign: Option<Box<dyn Foreign>>,
}

/// The types of the objects that hold a value, by the types of the values.
#[derive(Default)]
pub(crate) struct BoxedTypes {
    known: HashMap<Type, Type>,
    /// Number of types that were looked at.
    seen: usize,
}

impl Suspended {
    /// An interpreter that has not begun. `is_host` tells the functions of the host's, `record` is
    /// the address of its error record.
    pub fn new(
        options: Options,
        foreign: Box<dyn Foreign>,
        is_host: fn(&str) -> bool,
        record: u64,
    ) -> Suspended {
        let mut memory = Memory::new(options.memory);
        memory.shares_with_host();
        Suspended {
            fuel: options.fuel,
            options: Options {
                stage: Stage::Owned,
                ..options
            },
            is_host: Some(is_host),
            memory,
            stdout: Vec::new(),
            stderr: Vec::new(),
            frames: Vec::new(),
            outer: Vec::new(),
            pending: None,
            layouts: Layouts::default(),
            constants: HashMap::new(),
            symbols: HashMap::new(),
            boxes: HashMap::new(),
            boxed_types: BoxedTypes::default(),
            globals: HashMap::new(),
            record,
            recorded: None,
            exceptions: Vec::new(),
            exception_types: None,
            foreign: Some(foreign),
        }
    }

    /// The C variable, or global cell, of this name is at this address.
    pub fn define_global(&mut self, name: &str, address: u64) {
        self.globals.insert(name.to_string(), address);
    }

    /// Begins a turn.
    pub fn resume<'m>(self, module: &'m Module, bodies: &'m Bodies) -> Interpreter<'m> {
        let body = |id: Func| bodies.get(&id).map(|f| &**f).or(module.functions.get(id));
        let frames = self.frames.into_iter().filter_map(|f| f.resume(body));
        Interpreter {
            module,
            bodies: Some(bodies),
            is_host: self.is_host,
            options: self.options,
            memory: self.memory,
            stdout: self.stdout,
            stderr: self.stderr,
            frames: frames.collect(),
            outer: self.outer,
            pending: self.pending,
            fuel: self.fuel,
            layouts: self.layouts,
            constants: self.constants,
            symbols: self.symbols,
            boxes: self.boxes,
            boxed_types: self.boxed_types,
            globals: self.globals,
            record: self.record,
            recorded: self.recorded,
            exceptions: self.exceptions,
            exception_types: self.exception_types,
            foreign: self.foreign,
            // Of each turn alone.
            entered: EntitySet::new(),
        }
    }
}

impl<'m> Interpreter<'m> {
    /// Ends a turn.
    pub fn suspend(self) -> Suspended {
        Suspended {
            options: self.options,
            is_host: self.is_host,
            memory: self.memory,
            stdout: self.stdout,
            stderr: self.stderr,
            frames: self.frames.into_iter().map(Frame::save).collect(),
            outer: self.outer,
            pending: self.pending,
            fuel: self.fuel,
            layouts: self.layouts,
            constants: self.constants,
            symbols: self.symbols,
            boxes: self.boxes,
            boxed_types: self.boxed_types,
            globals: self.globals,
            record: self.record,
            recorded: self.recorded,
            exceptions: self.exceptions,
            exception_types: self.exception_types,
            foreign: self.foreign,
        }
    }

    /// Begins a function without parameters; what waits for the host goes on when it has ended.
    pub fn begin(&mut self, func: Func) -> Turn {
        let frames = std::mem::take(&mut self.frames);
        let frames = frames.into_iter().map(Frame::save).collect();
        self.outer.push((frames, self.pending.take()));
        let callee = match self.function(func) {
            Some(f) => Value::undefined(&self.module.tables, f.self_type),
            None => Value::Undefined,
        };
        match self.enter_function(func, callee, Vec::new()) {
            Ok(()) => self.turn(),
            Err(stop) => {
                let outcome = self.ended(stop);
                self.finished(outcome)
            }
        }
    }

    /// What the function of the host's has returned.
    pub fn answer(&mut self, word: u64) -> Turn {
        match self.take_answer(word) {
            Ok(()) => self.turn(),
            Err(stop) => {
                let stopped = self.stopped(stop);
                self.after(stopped)
            }
        }
    }

    fn turn(&mut self) -> Turn {
        let stopped = self.run();
        self.after(stopped)
    }

    fn after(&mut self, stopped: std::result::Result<Outcome, HostCall>) -> Turn {
        match stopped {
            Ok(outcome) => self.finished(outcome),
            Err(call) => Turn::Host(call),
        }
    }

    fn finished(&mut self, outcome: Outcome) -> Turn {
        self.end_all_frames();
        if let Some((frames, pending)) = self.outer.pop() {
            let bodies = self.bodies;
            let module = self.module;
            let body = |id: Func| {
                let own = bodies.and_then(|b| b.get(&id)).map(|f| &**f);
                own.or(module.functions.get(id))
            };
            self.frames = frames.into_iter().filter_map(|f| f.resume(body)).collect();
            self.pending = pending;
        }
        Turn::Done(outcome)
    }

    /// A function by its number: as it is executed here.
    pub(crate) fn function(&self, id: Func) -> Option<&'m Function> {
        let own = self.bodies.and_then(|b| b.get(&id)).map(|f| &**f);
        own.or(self.module.functions.get(id))
    }

    pub(crate) fn is_hosted(&self) -> bool {
        self.is_host.is_some()
    }

    /// Ends the turn if a C function is the host's.
    pub(crate) fn host_call(&mut self, name: &str, args: &[Value], ret: Type) -> Result<()> {
        if !self.is_host.is_some_and(|is_host| is_host(name)) {
            return Ok(());
        }
        let mut words = Vec::with_capacity(args.len());
        for arg in args {
            words.push(self.address_of(arg)?);
        }
        self.pending = Some(Pending::Word(ret));
        Err(Stop::Host(Box::new(HostCall {
            name: name.into(),
            args: words,
        })))
    }

    /// `Core.call_dynamic(site, args...)`: the host's, too.
    pub(crate) fn call_site(&mut self, site: &Value, args: &[Value]) -> Result<Value> {
        if !self.is_hosted() {
            // What a call site calls for which types is not part of the module.
            return unsupported("`call_dynamic`");
        }
        let site = self.number(site, "a call site")?;
        let size = 8 * (args.len() as u64 + 1);
        let place = self.place();
        let owner = crate::memory::Owner::Stack;
        let result = self.memory.allocate(size, owner, true, place)?;
        self.frame()?.stack.push(result);
        for (n, arg) in args.iter().enumerate() {
            let address = self.address_of(arg)?;
            let at = result + 8 * (n as u64 + 1);
            self.memory.write_all(at, &address.to_le_bytes())?;
        }
        self.pending = Some(Pending::Status { result });
        Err(Stop::Host(Box::new(HostCall {
            name: CALL_DYNAMIC.into(),
            args: vec![site, result + 8, result],
        })))
    }

    fn take_answer(&mut self, word: u64) -> Result<()> {
        let value = match self.pending.take() {
            Some(Pending::Word(ty)) => self.value_from_host(word, ty)?,
            Some(Pending::Status { result }) => {
                if word & 0xff != 0 {
                    return Err(self.rethrow()?);
                }
                self.memory.mark(result, 8, true)?;
                let object = self.memory.word(result)?.unwrap_or(0);
                let frame = self.frame()?;
                frame.stack.retain(|&address| address != result);
                frame.cleanup.clear();
                self.memory.free(result, crate::memory::Owner::Stack)?;
                self.dynamic_object(object)?
            }
            None => return unsupported("an answer that nobody waits for"),
        };
        let frame = self.frame()?;
        if let Some(inst) = frame.current() {
            frame.set(inst, value);
        }
        Ok(())
    }

    /// A word that C or the host gives, as a value of a type.
    pub(crate) fn value_from_host(&mut self, word: u64, ty: Type) -> Result<Value> {
        let tables = &self.module.tables;
        match tables.class(ty) {
            TypeClass::Abstract => self.dynamic_object(word),
            TypeClass::Heap | TypeClass::Array | TypeClass::String | TypeClass::Symbol => {
                Ok(match word {
                    0 => Value::Unset,
                    address => Value::Object { ty, address },
                })
            }
            _ => Ok(match crate::value::width(tables, ty) {
                Some(width) => Value::bits(ty, u128::from(word) & crate::value::mask(width)),
                None => Value::undefined(tables, ty),
            }),
        }
    }

    /// The object behind a reference of an abstract type, by its header.
    pub(crate) fn dynamic_object(&mut self, address: u64) -> Result<Value> {
        if address == 0 {
            return Ok(Value::Unset);
        }
        let at = address.wrapping_add(object::TYPE_INDEX_OFFSET.into());
        let Some(number) = self.memory.read_all(at, 4)? else {
            return Err(Stop::Undefined("the type of an object"));
        };
        let mut word = [0; 4];
        word.copy_from_slice(&number);
        let number = u32::from_le_bytes(word) as usize;
        let tables = &self.module.tables;
        if number >= tables.type_count() {
            return unsupported("an object of a type that does not exist");
        }
        let content = Type::new(number);
        let ty = match tables.class(content) {
            TypeClass::Heap | TypeClass::Array | TypeClass::String | TypeClass::Symbol => content,
            TypeClass::Abstract => content,
            _ => {
                let types = &mut self.boxed_types;
                while types.seen < tables.type_count() {
                    let ty = Type::new(types.seen);
                    if let Some(of) = tables.boxed_content(ty) {
                        types.known.insert(of, ty);
                    }
                    types.seen += 1;
                }
                // The host may box what no code does, and so no code looks into.
                types.known.get(&content).copied().unwrap_or(content)
            }
        };
        Ok(Value::Object { ty, address })
    }

    /// Writes into an object what it is as a dynamic value.
    pub(crate) fn tell_type(&mut self, ty: Type, address: u64) -> Result<()> {
        if self.is_hosted() && self.memory.is_writable(address) {
            let ty = self.module.tables.boxed_content(ty).unwrap_or(ty);
            let at = address.wrapping_add(object::TYPE_INDEX_OFFSET.into());
            self.memory.write_all(at, &ty.as_u32().to_le_bytes())?;
        }
        Ok(())
    }

    /// Frees an object that the host has had the last reference to.
    pub fn drop_object(&mut self, address: u64) -> Outcome {
        let dropped = self.dynamic_object(address).and_then(|object| {
            // It is counted down to nothing.
            let count = address.wrapping_add(object::REFERENCE_COUNT_OFFSET.into());
            self.memory.write_all(count, &1u64.to_le_bytes())?;
            self.release(&object)
        });
        match dropped {
            Ok(()) => Outcome::Returned(Value::NOTHING),
            Err(stop) => self.ended(stop),
        }
    }

    /// Frees memory of the heap.
    pub fn free(&mut self, address: u64) -> Outcome {
        match self.memory.free(address, crate::memory::Owner::Heap) {
            Ok(()) => Outcome::Returned(Value::NOTHING),
            Err(fault) => self.ended(fault.into()),
        }
    }

    /// What memory of this size holds if a value of type `ty` is stored in it.
    pub fn bytes_of_value(
        &mut self,
        ty: Type,
        value: &Value,
        size: u64,
    ) -> std::result::Result<Vec<u8>, Outcome> {
        let bytes = self.stored_bytes(ty, value, size);
        bytes.map_err(|stop| self.ended(stop))
    }

    pub(crate) fn stored_bytes(&mut self, ty: Type, value: &Value, size: u64) -> Result<Vec<u8>> {
        let owner = crate::memory::Owner::Interpreter;
        let address = self.memory.allocate(size.max(1), owner, true, None)?;
        self.store(ty, value, address)?;
        // What padding holds does not matter.
        self.memory.mark(address, size, true)?;
        let bytes = self.memory.read_all(address, size)?.unwrap_or_default();
        self.memory.free(address, owner)?;
        Ok(bytes)
    }
}
