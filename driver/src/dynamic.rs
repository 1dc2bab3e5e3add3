//! Values of this process whose types are only known at run time: what generated code calls to
//! find out what a call reaches, and to free an object of any type. Knows nothing of inference: what
//! a call site needs for some types is asked of a [`Resolver`], once.

mod code;
mod deferred;
mod exceptions;
pub mod objects;
mod symbols;

pub use deferred::arrival as deferred_arrival;
pub use exceptions::{take_thrown, text_of, uncaught};

use hashbrown::HashMap;
use jlift_abi::object::{
    ARRAY_DATA_OFFSET, ARRAY_LENGTH_OFFSET, REFERENCE_COUNT_OFFSET, TYPE_INDEX_OFFSET,
};
use jlift_ir::{Func, Module};
use std::cell::{Cell, RefCell, UnsafeCell};
use std::ptr;
use std::rc::Rc;

/// An object whose header tells its type.
pub type Object = *mut u8;

/// What a call site reaches: memory for the result, 1 for an exception.
#[derive(Copy, Clone)]
pub enum Adapter {
    Code(extern "C" fn(*mut Object) -> i32),
    /// The interpreter's.
    Interpreted(Func),
}

impl Adapter {
    fn run(self, result: *mut Object) -> i32 {
        match self {
            Adapter::Code(code) => code(result),
            Adapter::Interpreted(func) => {
                let Some(object) = interpreter().and_then(|i| i.interpret(func)) else {
                    return 1;
                };
                // SAFETY: the caller's memory for the result.
                unsafe { result.write(object) };
                0
            }
        }
    }
}

/// Who executes a program that has no code, and whose the memory of its objects is then.
pub trait Interpreter {
    /// Executes an adapter; `None` if it throws.
    fn interpret(&self, func: Func) -> Option<Object>;
    /// Frees an object that nobody refers to any more, with what only it refers to.
    fn drop_object(&self, object: Object);
    /// Frees an object whose content somebody else has now.
    fn free(&self, object: Object);
}

/// Makes the code of call sites.
pub trait Resolver {
    /// How many arguments of a site are dynamic.
    fn arguments(&self, site: u32) -> usize;
    /// What a site reaches for the type numbers of its arguments.
    fn resolve(&mut self, site: u32, types: &[u32]) -> Adapter;
    /// The module as it is now.
    fn module(&self) -> *const Module;
    /// Whether the values of its arguments matter, not their types only.
    fn is_by_value(&self, site: u32) -> bool;
    /// What a site has to know of a value, so that equal values have equal words.
    fn word(&mut self, site: u32, number: u32, object: *const u8) -> u64;
    /// The site that does something that the runtime itself needs.
    fn own_site(&mut self, what: Own) -> u32;
    /// The code of a function that was to be compiled when it is called, by its number in the code.
    fn deferred(&mut self, number: u32) -> *const u8;
    /// What a program asks of code as objects: an object of the caller's, as the exception is.
    fn code_request(&mut self, what: i64, args: &[Object]) -> Result<Object, Object>;
}

/// What the runtime needs of the program.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Own {
    /// The exception of which the error record has type and text.
    RecordedException,
    /// The `BoundsError` for an array and an index.
    BoundsError,
    /// The exception for a reference that is not there.
    UndefRef,
    /// The exception for `rethrow()` where nothing is being handled.
    RethrowOutside,
    /// The text of an exception, a `String`.
    Text,
    /// A tuple of so many values.
    Tuple(usize),
}

/// What a site has been called with.
#[derive(Default)]
struct SiteCache {
    arguments: usize,
    by_value: bool,
    /// The types of so many arguments for each of `known`.
    types: Vec<u32>,
    known: Vec<Adapter>,
    /// The same, where there are many.
    many: HashMap<Box<[u32]>, Adapter>,
}

impl SiteCache {
    /// What was found for these types.
    fn find(&self, types: &[u32]) -> Option<Adapter> {
        if !self.many.is_empty() {
            return self.many.get(types).copied();
        }
        // Rarely more than three: a call of `memcmp` would take longer, and so would keeping them in
        // the order of their use.
        let is_it = |known: &[u32]| known.iter().zip(types).all(|(a, b)| a == b);
        let at = match types {
            [] => 0,
            [ty] => self.types.iter().position(|known| known == ty)?,
            _ => self.types.chunks_exact(types.len()).position(is_it)?,
        };
        self.known.get(at).copied()
    }

    fn insert(&mut self, types: Vec<u32>, adapter: Adapter) {
        if self.known.len() < MAX_LINEAR {
            self.types.extend_from_slice(&types);
            self.known.push(adapter);
            return;
        }
        if self.many.is_empty() {
            for (at, &known) in self.known.iter().enumerate() {
                let types = self.types.iter().skip(at * self.arguments);
                let types = types.take(self.arguments).copied().collect();
                self.many.insert(types, known);
            }
        }
        self.many.insert(types.into(), adapter);
    }
}

/// Sites with more types than this look them up in a table.
const MAX_LINEAR: usize = 8;

thread_local! {
    static RESOLVER: Cell<Option<*mut dyn Resolver>> = const { Cell::new(None) };
    static ARGUMENTS: Cell<*const Object> = const { Cell::new(ptr::null()) };
    static SITES: RefCell<Vec<SiteCache>> = const { RefCell::new(Vec::new()) };
    static DROPS: RefCell<Vec<*const u8>> = const { RefCell::new(Vec::new()) };
    static DROPPING: Cell<bool> = const { Cell::new(false) };
    static STACK_LIMIT: Cell<u64> = const { Cell::new(0) };
    static FLOAT_SETTINGS: UnsafeCell<[i64; 2]> = const { UnsafeCell::new([0; 2]) };
    static RANDOM_STATE: UnsafeCell<[u64; 4]> = const { UnsafeCell::new([0; 4]) };
    static PENDING: RefCell<Vec<(Object, DropCode)>> = const { RefCell::new(Vec::new()) };
    static INTERPRETER: RefCell<Option<Rc<dyn Interpreter>>> = const { RefCell::new(None) };
    /// Whether there is one: every object that is freed asks.
    static IS_INTERPRETED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `f` while generated code may ask this resolver.
pub fn with_resolver<R>(resolver: *mut dyn Resolver, f: impl FnOnce() -> R) -> R {
    if STACK_LIMIT.get() == 0 {
        STACK_LIMIT.set(crate::overflow::stack_limit().unwrap_or(1));
    }
    struct Restore(Option<*mut dyn Resolver>);
    impl Drop for Restore {
        fn drop(&mut self) {
            RESOLVER.set(self.0);
        }
    }
    let _restore = Restore(RESOLVER.replace(Some(resolver)));
    f()
}

/// Forgets all of the program that this thread ran before; one that begins runs alone.
pub fn reset() {
    forget_sites();
    FLOAT_SETTINGS.with(|settings| {
        // SAFETY: nobody else on this thread has the address while no program runs.
        unsafe { *settings.get() = [0; 2] };
    });
    RANDOM_STATE.with(|state| {
        // SAFETY: as above.
        unsafe { *state.get() = [0; 4] };
    });
    DROPS.with_borrow_mut(Vec::clear);
    INTERPRETER.set(None);
    IS_INTERPRETED.set(false);
    exceptions::reset();
}

/// Calls what the runtime itself needs; `None` if that throws.
fn call_own(what: Own, args: &[Object]) -> Option<Object> {
    let resolver = RESOLVER.get()?;
    // SAFETY: set for as long as generated code runs; whoever set it does nothing meanwhile.
    let site = unsafe { &mut *resolver }.own_site(what);
    call_site(site, args)
}

/// Calls what a site reaches for these arguments; `None` if that throws: the exception is on its way
/// then. To be called where generated code runs or could run ([`with_resolver`]). The runtime's own
/// calls are made however little is left of the stack: some of them say that it ends.
pub fn call_site(site: u32, args: &[Object]) -> Option<Object> {
    let mut result = ptr::null_mut();
    match call(site, args.as_ptr(), &mut result) {
        0 => Some(result),
        _ => None,
    }
}

/// One more reference to an object.
pub fn retain(object: Object) -> Object {
    if !object.is_null() {
        // SAFETY: the header of an object.
        let count = unsafe { &mut *object.add(REFERENCE_COUNT_OFFSET as usize).cast::<i64>() };
        if *count >= 0 {
            *count += 1;
        }
    }
    object
}

/// One reference less.
pub fn release(object: Object) {
    if object.is_null() {
        return;
    }
    // SAFETY: the header of an object.
    let count = unsafe { &mut *object.add(REFERENCE_COUNT_OFFSET as usize).cast::<i64>() };
    match *count {
        ..0 => {}
        0..=1 => drop_dynamic(object),
        _ => *count -= 1,
    }
}

/// From now on the program is the interpreter's.
pub fn set_interpreter(interpreter: Rc<dyn Interpreter>) {
    INTERPRETER.set(Some(interpreter));
    IS_INTERPRETED.set(true);
}

fn interpreter() -> Option<Rc<dyn Interpreter>> {
    match IS_INTERPRETED.get() {
        true => INTERPRETER.with_borrow(Clone::clone),
        false => None,
    }
}

/// Frees an object whose content somebody else has now.
pub fn free(object: Object) {
    match interpreter() {
        Some(interpreter) => interpreter.free(object),
        // SAFETY: nobody has the object any more.
        None => unsafe { libc::free(object.cast()) },
    }
}

/// The module of the program that runs.
pub fn module() -> Option<*const Module> {
    let resolver = RESOLVER.get()?;
    // SAFETY: set for as long as generated code runs; whoever set it does nothing meanwhile.
    Some(unsafe { &*resolver }.module())
}

/// Forgets what sites reach: a method was defined.
pub fn forget_sites() {
    SITES.with_borrow_mut(Vec::clear);
}

/// The function that frees objects of the type of this number.
pub fn set_drop(number: u32, code: *const u8) {
    DROPS.with_borrow_mut(|drops| {
        let at = number as usize;
        if drops.len() <= at {
            drops.resize(at + 1, ptr::null());
        }
        drops[at] = code;
    });
}

/// The address of a function of this file, by the name that generated code calls it.
pub fn symbol(name: &str) -> Option<*const u8> {
    Some(match name {
        "jlift_call_dynamic" => call_dynamic as *const u8,
        "jlift_drop_dynamic" => drop_dynamic as *const u8,
        "jlift_throw" => exceptions::throw as *const u8,
        "jlift_throw_bounds" => exceptions::throw_bounds as *const u8,
        "jlift_rethrow" => exceptions::rethrow as *const u8,
        "jlift_handled_exceptions" => exceptions::handled as *const u8,
        "jlift_handled_exception" => exceptions::handled_at as *const u8,
        "jlift_begin_handler" => exceptions::begin_handler as *const u8,
        "jlift_end_handler" => exceptions::end_handler as *const u8,
        "jlift_caught_exception" => exceptions::caught as *const u8,
        "jlift_tuple_of" => tuple_of as *const u8,
        "jlift_stack_is_low" => stack_is_low as *const u8,
        "jlift_random_state" => random_state as *const u8,
        "jlift_float_settings" => float_settings as *const u8,
        "jlift_code" => code::request as *const u8,
        "jlift_code_failed" => code::failed as *const u8,
        "jl_symbol_n" => symbols::symbol as *const u8,
        "jlift_dynamic_arguments" => dynamic_arguments as *const u8,
        _ => return None,
    })
}

fn type_number(object: Object) -> u32 {
    // SAFETY: generated code passes the address of an object, which begins with its header.
    unsafe {
        object
            .add(TYPE_INDEX_OFFSET as usize)
            .cast::<u32>()
            .read_unaligned()
    }
}

/// Where the adapter that is about to run finds its arguments.
extern "C" fn dynamic_arguments() -> *const Object {
    ARGUMENTS.get()
}

/// The words of the generator of random numbers that a program shares; zero before their first use.
extern "C" fn random_state() -> *mut u64 {
    RANDOM_STATE.with(|state| state.get().cast())
}

/// What a program has set for its floats of any precision: bits and way of rounding; zero if nothing.
extern "C" fn float_settings() -> *mut i64 {
    FLOAT_SETTINGS.with(|settings| settings.get().cast())
}

/// Whether recursion should end; code of Cranelift looks itself.
extern "C" fn stack_is_low() -> u8 {
    let here = 0u8;
    ((&raw const here as u64) < STACK_LIMIT.get()) as u8
}

/// The most arguments whose types are looked at without memory from the heap.
const MAX_ON_STACK: usize = 16;

extern "C" fn call_dynamic(site: i64, args: *const Object, result: *mut Object) -> u8 {
    // Recursion through calls that are resolved here.
    if stack_is_low() != 0 {
        exceptions::throw_overflow();
        return 1;
    }
    call(site as u32, args, result)
}

fn call(site: u32, args: *const Object, result: *mut Object) -> u8 {
    let adapter = SITES.with_borrow(|sites| {
        let cache = sites.get(site as usize)?;
        let (mut few, mut many) = ([0; MAX_ON_STACK], Vec::new());
        let types = match few.get_mut(..cache.arguments) {
            Some(few) => few,
            None => {
                many.resize(cache.arguments, 0);
                &mut many[..]
            }
        };
        for (n, ty) in types.iter_mut().enumerate() {
            // SAFETY: generated code passes as many arguments as the site has.
            let object = unsafe { args.add(n).read() };
            if object.is_null() {
                return None;
            }
            *ty = type_number(object);
        }
        if cache.by_value {
            return None;
        }
        cache.find(types)
    });
    let adapter = match adapter {
        Some(adapter) => adapter,
        None => match first_call(site, args) {
            Some(adapter) => adapter,
            None => return 1,
        },
    };
    ARGUMENTS.set(args);
    adapter.run(result) as u8
}

/// Bytes of stack that making code may need, which is done on a stack of its own where so much is not
/// left.
const COMPILERS_ROOM: u64 = 4 << 20;
const COMPILERS_STACK: usize = 32 << 20;

/// Whether the stack has room for the compiler.
fn has_room() -> bool {
    let here = 0u8;
    (&raw const here as u64) >= STACK_LIMIT.get().saturating_add(COMPILERS_ROOM)
}

#[cold]
fn first_call(site: u32, args: *const Object) -> Option<Adapter> {
    let resolver = RESOLVER.get()?;
    // SAFETY: set for as long as generated code runs; whoever set it does nothing meanwhile.
    let resolver = unsafe { &mut *resolver };
    let count = resolver.arguments(site);
    // SAFETY: generated code passes as many arguments as the site has.
    if (0..count).any(|n| unsafe { args.add(n).read() }.is_null()) {
        let exception = call_own(Own::UndefRef, &[])?;
        exceptions::throw(exception);
        release(exception);
        return None;
    }
    // SAFETY: generated code passes as many arguments as the site has.
    let object = |n: usize| unsafe { args.add(n).read() };
    let mut types: Vec<u32> = (0..count).map(|n| type_number(object(n))).collect();
    let by_value = resolver.is_by_value(site);
    if by_value {
        for n in 0..count {
            let word = resolver.word(site, types[n], object(n));
            types.extend([word as u32, (word >> 32) as u32]);
        }
    }
    let adapter = match has_room() {
        true => resolver.resolve(site, &types),
        false => stacker::grow(COMPILERS_STACK, || resolver.resolve(site, &types)),
    };
    SITES.with_borrow_mut(|sites| {
        let at = site as usize;
        if sites.len() <= at {
            sites.resize_with(at + 1, SiteCache::default);
        }
        let cache = &mut sites[at];
        cache.arguments = count;
        cache.by_value = by_value;
        if by_value {
            // The resolver remembers what it has made.
            return;
        }
        cache.insert(types, adapter);
    });
    Some(adapter)
}

/// The tuple of the elements of a `Vector{Any}`.
extern "C" fn tuple_of(list: Object) -> Object {
    // SAFETY: a vector of references, which has its length and the address of its elements there.
    let (length, data) = unsafe {
        (
            list.add(ARRAY_LENGTH_OFFSET as usize).cast::<i64>().read(),
            list.add(ARRAY_DATA_OFFSET as usize)
                .cast::<*const Object>()
                .read(),
        )
    };
    let length = usize::try_from(length).unwrap_or(0);
    let elements = match length {
        0 => &[],
        // SAFETY: its elements.
        _ => unsafe { std::slice::from_raw_parts(data, length) },
    };
    call_own(Own::Tuple(length), elements).unwrap_or(ptr::null_mut())
}

/// Frees an object whose last reference was dropped. Nothing recurses through dynamic references:
/// what is dropped while an object is being freed waits for its turn.
extern "C" fn drop_dynamic(object: Object) {
    if let Some(interpreter) = interpreter() {
        return interpreter.drop_object(object);
    }
    // SAFETY: the header of an object.
    let count = unsafe {
        object
            .add(REFERENCE_COUNT_OFFSET as usize)
            .cast::<i64>()
            .read()
    };
    if count < 0 {
        return;
    }
    let Some(first) = drop_code(object) else {
        // Without references inside, and made by `malloc`.
        // SAFETY: nobody has the object any more.
        unsafe { libc::free(object.cast()) };
        return;
    };
    if DROPPING.get() {
        PENDING.with_borrow_mut(|pending| pending.push((object, first)));
        return;
    }
    DROPPING.set(true);
    let mut next = Some((object, first));
    while let Some((object, drop)) = next {
        drop(object);
        next = PENDING.with_borrow_mut(Vec::pop);
    }
    DROPPING.set(false);
}

/// The function that frees an object, if there is more to free than its memory.
fn drop_code(object: Object) -> Option<DropCode> {
    let number = type_number(object) as usize;
    let code = DROPS.with_borrow(|drops| drops.get(number).copied())?;
    // SAFETY: the function that frees objects of this type.
    (!code.is_null()).then(|| unsafe { std::mem::transmute::<*const u8, DropCode>(code) })
}

/// Frees an object.
type DropCode = extern "C" fn(Object);
