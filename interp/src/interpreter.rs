//! The interpreter and its main loop: calls, blocks, the unwinding of exceptions. Calls of typed IR
//! are frames in a list and not calls of this program, so that depth is a number.

use crate::foreign::{Foreign, NoForeign};
use crate::frame::{Frame, Handler, SavedFrame};
use crate::host::{Bodies, BoxedTypes, HostCall, Pending};
use crate::layout::Layouts;
use crate::memory::{Leak, Memory, Owner};
use crate::outcome::{Lacking, Outcome, Report, Result, Stop, Thrown, unsupported};
use crate::value::Value;
use cranelift_entity::EntitySet;
use hashbrown::HashMap;
use jlift_ir::module::Place;
use jlift_ir::{
    Block, Const, Func, Function, Inst, Module, Name, Op, Terminator, Type, Value as Operand,
};

/// How far the module has come: what its statements still do by themselves.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stage {
    /// As its producer wrote it: statements check and throw, nothing is freed.
    Typed,
    /// Legalized: only calls and `rethrow` fail. Nothing is freed.
    Legal,
    /// References are counted: a store drops what it replaces, and a phi-c owns what it holds.
    Owned,
}

/// What a program may use, and what is executed.
#[derive(Clone, Debug)]
pub struct Options {
    pub stage: Stage,
    /// Statements that may be executed, terminators included.
    pub fuel: u64,
    /// Calls inside of one another.
    pub max_depth: usize,
    /// Bytes that may be allocated in all.
    pub memory: u64,
    /// Whether the target has a fused multiply-add, for `have_fma` and `muladd_float`.
    pub fma: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            stage: Stage::Typed,
            fuel: 10_000_000,
            max_depth: 20_000,
            memory: 256 << 20,
            fma: true,
        }
    }
}

/// Executes the functions of a module.
pub struct Interpreter<'m> {
    pub(crate) module: &'m Module,
    /// What is executed instead of the module's own bodies.
    pub(crate) bodies: Option<&'m Bodies>,
    /// Which C functions are those of a host; `None` without one.
    pub(crate) is_host: Option<fn(&str) -> bool>,
    pub(crate) options: Options,
    /// The program's memory, to which the caller may add its own.
    pub memory: Memory,
    /// What the program wrote to its standard streams.
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    pub(crate) frames: Vec<Frame<'m>>,
    /// Calls that wait for a host.
    pub(crate) outer: Vec<(Vec<SavedFrame>, Option<Pending>)>,
    pub(crate) pending: Option<Pending>,
    pub(crate) fuel: u64,
    pub(crate) layouts: Layouts,
    /// Constants that are objects.
    pub(crate) constants: HashMap<Const, Value>,
    pub(crate) symbols: HashMap<Vec<u8>, u64>,
    /// Values behind references of an abstract type.
    pub(crate) boxes: HashMap<u64, Value>,
    pub(crate) boxed_types: BoxedTypes,
    /// C variables by name.
    pub(crate) globals: HashMap<String, u64>,
    /// Address of the error record.
    pub(crate) record: u64,
    /// The exception that the record holds, as far as it did not come from legalized code.
    pub(crate) recorded: Option<Thrown>,
    /// The exceptions being handled.
    pub(crate) exceptions: Vec<Thrown>,
    /// Exception types by the hashes that records hold.
    pub(crate) exception_types: Option<HashMap<u64, Type>>,
    pub(crate) foreign: Option<Box<dyn Foreign>>,
    /// Functions that were called.
    pub(crate) entered: EntitySet<Func>,
}

/// What a step comes to.
enum Step {
    Next,
    Returned(Value),
}

impl<'m> Interpreter<'m> {
    /// An interpreter of the functions of a module, without C functions besides those that it
    /// models itself.
    pub fn new(module: &'m Module, options: Options) -> Interpreter<'m> {
        let mut memory = Memory::new(options.memory.saturating_add(4096));
        let size = u64::from(jlift_ir::error_record::SIZE);
        let record = memory.allocate(size, Owner::Interpreter, true, None);
        Interpreter {
            module,
            bodies: None,
            is_host: None,
            outer: Vec::new(),
            pending: None,
            boxed_types: BoxedTypes::default(),
            fuel: options.fuel,
            options,
            memory,
            stdout: Vec::new(),
            stderr: Vec::new(),
            frames: Vec::new(),
            layouts: Layouts::default(),
            constants: HashMap::new(),
            symbols: HashMap::new(),
            boxes: HashMap::new(),
            globals: HashMap::new(),
            record: record.unwrap_or(0),
            recorded: None,
            exceptions: Vec::new(),
            exception_types: None,
            foreign: Some(Box::new(NoForeign)),
            entered: EntitySet::new(),
        }
    }

    /// What calls the C functions that are not modelled.
    pub fn set_foreign(&mut self, foreign: Box<dyn Foreign>) {
        self.foreign = Some(foreign);
    }

    /// The C variable, or global cell, of this name is at this address.
    pub fn define_global(&mut self, name: &str, address: u64) {
        self.globals.insert(name.to_string(), address);
    }

    /// Statements that may still be executed.
    pub fn fuel(&self) -> u64 {
        self.fuel
    }

    /// The functions that were called so far, each once.
    pub fn entered(&self) -> impl Iterator<Item = Func> {
        self.entered.iter()
    }

    /// What is alive of the heap. After ownership was made explicit, and once the result of a call
    /// was released, that is what the program leaks.
    pub fn leaks(&self) -> Vec<Leak> {
        self.memory.leaks()
    }

    /// Calls a function without data of its own.
    pub fn call(&mut self, func: Func, args: &[Value]) -> Outcome {
        let callee = match self.function(func) {
            Some(f) => Value::undefined(&self.module.tables, f.self_type),
            None => Value::Undefined,
        };
        self.call_object(func, callee, args)
    }

    /// Calls a function with its callee object, such as a closure.
    pub fn call_object(&mut self, func: Func, callee: Value, args: &[Value]) -> Outcome {
        self.frames.clear();
        self.exceptions.clear();
        let begun = self.enter_function(func, callee, args.to_vec());
        let outcome = match begun {
            Ok(()) => match self.run() {
                Ok(outcome) => outcome,
                Err(call) => self.ended(Stop::Host(Box::new(call))),
            },
            Err(stop) => self.ended(stop),
        };
        self.end_all_frames();
        outcome
    }

    /// What calls had on their stacks is gone.
    pub(crate) fn end_all_frames(&mut self) {
        while let Some(frame) = self.frames.pop() {
            self.end_frame(&frame);
        }
    }

    /// Executes until the outermost call ends, or the host is called.
    pub(crate) fn run(&mut self) -> std::result::Result<Outcome, HostCall> {
        loop {
            match self.step() {
                Ok(Step::Next) => {}
                Ok(Step::Returned(value)) if value.is_defined() => {
                    return Ok(Outcome::Returned(value));
                }
                Ok(Step::Returned(_)) => return Ok(self.ended(Stop::Undefined("the result"))),
                Err(Stop::Throw(thrown)) => match self.unwind(*thrown) {
                    Ok(None) => {}
                    Ok(Some(thrown)) => return Ok(Outcome::Threw(thrown)),
                    Err(stop) => return Ok(self.ended(stop)),
                },
                Err(Stop::Host(call)) => return Err(*call),
                Err(stop) => return Ok(self.ended(stop)),
            }
        }
    }

    /// Goes on after something has stopped the innermost call.
    pub(crate) fn stopped(&mut self, stop: Stop) -> std::result::Result<Outcome, HostCall> {
        match stop {
            Stop::Throw(thrown) => match self.unwind(*thrown) {
                Ok(None) => self.run(),
                Ok(Some(thrown)) => Ok(Outcome::Threw(thrown)),
                Err(stop) => Ok(self.ended(stop)),
            },
            Stop::Host(call) => Err(*call),
            stop => Ok(self.ended(stop)),
        }
    }

    /// The outcome of a call that cannot go on.
    pub(crate) fn ended(&self, stop: Stop) -> Outcome {
        let place = self.place();
        match stop {
            Stop::Throw(thrown) => Outcome::Threw(*thrown),
            Stop::Undefined(what) => Outcome::Undefined(Report { what, place }),
            Stop::Fault(fault) => Outcome::Fault(Report {
                what: *fault,
                place,
            }),
            Stop::Stopped(how) => Outcome::Stopped(how),
            Stop::OutOfFuel => Outcome::OutOfFuel,
            Stop::TooDeep => Outcome::TooDeep,
            Stop::Unsupported(what) => Outcome::Unsupported(Report { what, place }),
            Stop::Host(call) => Outcome::Unsupported(Report {
                what: Lacking::Symbol(call.name),
                place,
            }),
        }
    }

    /// The statement being executed.
    pub(crate) fn place(&self) -> Option<Place> {
        let frame = self.frames.last()?;
        Some(Place {
            func: frame.id,
            inst: frame.current(),
        })
    }

    /// Begins a call.
    pub(crate) fn enter_function(
        &mut self,
        id: Func,
        callee: Value,
        args: Vec<Value>,
    ) -> Result<()> {
        let Some(func) = self.function(id) else {
            return unsupported("a call of a function that does not exist");
        };
        if self.frames.len() >= self.options.max_depth {
            return Err(Stop::TooDeep);
        }
        let entry = match func.entry() {
            Some(entry) if !func.external => entry,
            _ => return unsupported(format!("{} has no body", self.module.describe(id))),
        };
        if args.len() != func.params.len() {
            return unsupported(format!(
                "a call of {} with other arguments",
                self.module.describe(id)
            ));
        }
        self.entered.insert(id);
        let handling = self.exceptions.len();
        self.frames
            .push(Frame::new(id, func, entry, callee, args, handling));
        Ok(())
    }

    /// What a call had on its stack is gone.
    fn end_frame(&mut self, frame: &Frame) {
        for &address in &frame.stack {
            // It is alive: only this ends it.
            let _ = self.memory.free(address, Owner::Stack);
        }
        self.exceptions.truncate(frame.handling);
    }

    /// Executes one statement or terminator of the innermost call.
    fn step(&mut self) -> Result<Step> {
        self.fuel = self.fuel.checked_sub(1).ok_or(Stop::OutOfFuel)?;
        let Some(frame) = self.frames.last_mut() else {
            return unsupported("a step without a call");
        };
        let func = frame.func;
        let block = &func.blocks[frame.block];
        if let Some(&inst) = block.insts.get(frame.next) {
            frame.next += 1;
            return self.execute(func, inst);
        }
        // No statement is being executed.
        frame.next = block.insts.len() + 1;
        match block.term {
            Terminator::Goto(to) => self.enter_block(to)?,
            Terminator::Branch {
                cond,
                then_dest,
                else_dest,
            } => {
                let cond = self.operand(cond)?;
                match self.truth(&cond, "a branch")? {
                    true => self.enter_block(then_dest)?,
                    false => self.enter_block(else_dest)?,
                }
            }
            Terminator::Return(value) => {
                let value = self.operand(value)?;
                return self.leave_function(value);
            }
            // Nothing leads here; in code that never runs, what is said to be impossible happens.
            Terminator::Unreachable => return Err(Stop::Undefined("unreachable code")),
            Terminator::Enter { body, handler } => {
                let frame = self.frame()?;
                let handler = Handler {
                    block: handler,
                    entered_from: frame.block,
                };
                frame.handlers.push(handler);
                self.enter_block(body)?;
            }
        }
        Ok(Step::Next)
    }

    fn execute(&mut self, func: &'m Function, inst: Inst) -> Result<Step> {
        let data = &func.insts[inst];
        if let Op::Invoke {
            func: target,
            callee,
            args,
        } = data.op
        {
            // Its value arrives when the called function returns.
            return self
                .invoke(target, callee, func.args(args))
                .map(|()| Step::Next);
        }
        if matches!(data.op, Op::Phi(_) | Op::Nop) {
            return Ok(Step::Next);
        }
        let value = self.statement(func, inst)?;
        if let Some(value) = value {
            self.frame()?.set(inst, value);
        }
        Ok(Step::Next)
    }

    fn invoke(&mut self, target: Func, callee: Option<Operand>, args: &[Operand]) -> Result<()> {
        let callee = match (callee, self.function(target)) {
            (Some(value), _) => self.operand(value)?,
            (None, Some(f)) => Value::undefined(&self.module.tables, f.self_type),
            (None, None) => Value::Undefined,
        };
        let args = self.operands(args)?;
        self.enter_function(target, callee, args)
    }

    fn leave_function(&mut self, value: Value) -> Result<Step> {
        let Some(frame) = self.frames.pop() else {
            return unsupported("a return without a call");
        };
        self.end_frame(&frame);
        let Some(caller) = self.frames.last_mut() else {
            return Ok(Step::Returned(value));
        };
        caller.cleanup.clear();
        if let Some(inst) = caller.current() {
            caller.set(inst, value);
        }
        Ok(Step::Next)
    }

    /// Goes to a block: all its phis take their values before any of them changes.
    fn enter_block(&mut self, to: Block) -> Result<()> {
        let frame = self.frame()?;
        let (func, from) = (frame.func, frame.block);
        self.enter_block_from(func, from, to)
    }

    fn enter_block_from(&mut self, func: &'m Function, from: Block, to: Block) -> Result<()> {
        let mut phis = Vec::new();
        for phi in func.block_phis(to) {
            let value = match func.phi_value(phi, from) {
                Some(value) => self.operand(value)?,
                None => Value::undefined(&self.module.tables, func.insts[phi].ty),
            };
            phis.push((phi, value));
        }
        let frame = self.frame()?;
        for (phi, value) in phis {
            frame.set(phi, value);
        }
        frame.block = to;
        frame.next = 0;
        Ok(())
    }

    /// Takes an exception to the innermost handler; gives it back if there is none.
    fn unwind(&mut self, thrown: Thrown) -> Result<Option<Thrown>> {
        while let Some(frame) = self.frames.last_mut() {
            for value in std::mem::take(&mut frame.cleanup) {
                self.release(&value)?;
            }
            let frame = self.frame()?;
            if let Some(handler) = frame.handlers.last().copied() {
                let func = frame.func;
                self.exceptions.push(thrown);
                self.enter_block_from(func, handler.entered_from, handler.block)?;
                return Ok(None);
            }
            if let Some(frame) = self.frames.pop() {
                self.end_frame(&frame);
            }
        }
        Ok(Some(thrown))
    }

    /// The innermost call.
    pub(crate) fn frame(&mut self) -> Result<&mut Frame<'m>> {
        match self.frames.last_mut() {
            Some(frame) => Ok(frame),
            None => unsupported("a statement without a call"),
        }
    }

    /// A condition.
    pub(crate) fn truth(&self, value: &Value, of: &'static str) -> Result<bool> {
        match *value {
            Value::Bits {
                ty: Type::BOOL,
                bits,
                undefined: 0,
            } => Ok(bits & 1 != 0),
            Value::Bits { ty: Type::BOOL, .. } | Value::Undefined => Err(Stop::Undefined(of)),
            _ => unsupported("a condition that is no Bool"),
        }
    }

    /// The name of a symbol or the text of a string constant.
    pub(crate) fn name(&self, name: Name) -> &'m str {
        let module: &'m Module = self.module;
        module.tables.names.str(name)
    }
}
