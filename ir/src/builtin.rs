//! Julia's builtin functions by name. What they do is written where they are verified, lowered or
//! interpreted.

macro_rules! builtins {
    ($($id:ident = $text:literal ($min:literal, $max:literal)),* $(,)?) => {
        /// A builtin function of `Core`.
        #[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
        pub enum Builtin { $(#[doc = concat!("`", $text, "`")] $id),* }

        impl Builtin {
            /// All of them.
            pub const ALL: &[Builtin] = &[$(Builtin::$id),*];

            /// The name without module.
            pub fn name(self) -> &'static str {
                match self { $(Builtin::$id => $text),* }
            }

            /// The least and the greatest number of arguments.
            pub fn arity(self) -> (usize, usize) {
                match self { $(Builtin::$id => ($min, $max)),* }
            }

            /// The builtin of this name.
            pub fn from_name(name: &str) -> Option<Builtin> {
                match name { $($text => Some(Builtin::$id),)* _ => None }
            }
        }
    };
}

builtins! {
    GetField = "getfield" (2, 4),
    SetField = "setfield!" (3, 4),
    SwapField = "swapfield!" (3, 4),
    ModifyField = "modifyfield!" (4, 5),
    ReplaceField = "replacefield!" (4, 6),
    Tuple = "tuple" (0, 65535),
    Egal = "===" (2, 2),
    TypeOf = "typeof" (1, 1),
    IsA = "isa" (2, 2),
    IfElse = "ifelse" (3, 3),
    SizeOf = "sizeof" (1, 1),
    ArrayRef = "arrayref" (3, 34),
    ConstArrayRef = "const_arrayref" (3, 34),
    ArraySet = "arrayset" (4, 35),
    ArraySize = "arraysize" (2, 2),
    Throw = "throw" (1, 1),
    NFields = "nfields" (1, 1),
    FieldType = "fieldtype" (2, 3),
    IsDefined = "isdefined" (2, 3),
    TypeAssert = "typeassert" (2, 2),
    Subtype = "<:" (2, 2),
    Svec = "svec" (0, 65535),
    ApplyType = "apply_type" (1, 65535),
    ApplyIterate = "_apply_iterate" (2, 65535),
    CompilerBarrier = "compilerbarrier" (2, 2),
    DoNotDelete = "donotdelete" (0, 65535),
    Finalizer = "finalizer" (2, 4),
    GetGlobal = "getglobal" (2, 3),
    SetGlobal = "setglobal!" (3, 4),
    GetBindingType = "get_binding_type" (2, 2),
    Invoke = "invoke" (2, 65535),
    Applicable = "applicable" (1, 65535),
    Expr_ = "_expr" (1, 65535),
    TypeVar_ = "_typevar" (3, 3),
}
