//! Names that lowering writes, interned once per session.

use jlift_ir::{Name, NameTable};

macro_rules! known {
    ($($id:ident = $text:literal),* $(,)?) => {
        /// Names that lowering writes.
        #[derive(Clone)]
        pub struct Known { $(pub $id: Name),* }

        impl Known {
            /// Interns all names.
            pub fn new(names: &mut NameTable) -> Known {
                Known { $($id: names.intern($text)),* }
            }
        }
    };
}

known! {
    // Core
    core = "Core", base = "Base", any = "Any", apply_iterate = "_apply_iterate", apply_type = "apply_type",
    box_ = "Box", contents = "contents", fieldtype = "fieldtype", getfield = "getfield", isa = "isa",
    isdefined = "isdefined", kwcall = "kwcall", named_tuple = "NamedTuple", setfield = "setfield!",
    symbol = "Symbol", throw = "throw", tuple = "tuple", type_ = "Type", type_error = "TypeError",
    type_of = "Typeof", typeassert = "typeassert", undef_keyword_error = "UndefKeywordError",
    undef_var_error = "UndefVarError", identical = "===", val = "Val",
    // Base
    adjoint = "adjoint", andand = "andand", oror = "oror", broadcast_function = "BroadcastFunction",
    broadcasted = "broadcasted", broadcasted_kwsyntax = "broadcasted_kwsyntax", cconvert = "cconvert",
    collect = "collect", convert = "convert", dotgetproperty = "dotgetproperty", dotview = "dotview",
    filter = "Filter", firstindex = "firstindex", flatten = "Flatten",
    generator = "Generator", getindex = "getindex", getproperty = "getproperty", hcat = "hcat",
    hvcat = "hvcat", hvcat_rows = "hvcat_rows", hvncat = "hvncat", identity = "identity",
    indexed_iterate = "indexed_iterate", isempty = "isempty", iterate = "iterate", kwerr = "kwerr",
    lastindex = "lastindex", length = "length", literal_pow = "literal_pow",
    materialize = "materialize", materialize_to = "materialize!", merge = "merge", not_int = "not_int",
    pairs = "pairs", product = "product", rest = "rest", rethrow = "rethrow", setindex = "setindex!",
    setproperty = "setproperty!", split_rest = "split_rest", string = "string",
    structdiff = "structdiff", typed_hcat = "typed_hcat", typed_hvcat = "typed_hvcat",
    typed_hvncat = "typed_hvncat", typed_vcat = "typed_vcat", unsafe_convert = "unsafe_convert",
    vcat = "vcat", vect = "vect",
    // words and operators with a meaning of their own
    ampersand = "&", arrow_pair = "=>", begin = "begin", broadcast_and = ".&&", broadcast_or = ".||",
    c_call = "ccall", cdecl = "cdecl", fastcall = "fastcall", llvmcall = "llvmcall", stdcall = "stdcall", thiscall = "thiscall",
    end = "end", new = "new",
    outer = "outer", plus = "+", power = "^", subtype = "<:", supertype = ">:",
    // hints
    inline = "inline", noinline = "noinline", nospecialize = "nospecialize",
    propagate_inbounds = "propagate_inbounds", aggressive = "aggressive", pure_ = "pure",
    // generated; no source can contain them
    callee = "#self#", keywords = "#kw#", keyword_callee = "#kwcall#", keyword_value = "#value#",
    iterator = "#next#", result = "#result#", which_exit = "#exit#", return_value = "#return#",
    declared_result = "#return type#",
    keyword_text = "keyword argument", top_level = "top-level scope",
}
