//! Importing functions: what they refer to comes along once, and an import reads like its source.

use jlift_ir::import::{ImportError, Importer, Library};
use jlift_ir::text::{parse, print_function, print_module};
use jlift_ir::{Module, Op, Type};

const NUMBERS: &str = r#"jir 1
singleton typeof(Lib.twice) super=Function
singleton typeof(Lib.thrice) super=Function
struct Lib.Pair inline size=16 align=8 super=Any { "a"::Int64 @0, "b"::Float64 @8 }
const Lib.TABLE::Tuple{Int64, Int64} = (3, 5)
extern function @3 Lib.base(_2::Int64)::Int64 self=typeof(Lib.base)

function @1 Lib.twice(_2 x::Int64)::Int64 self=typeof(Lib.twice)
#1:
  %1 = invoke @3 base(_2)::Int64  ; lib.jl:1 inner < lib.jl:2 twice
  %2 = Core.getfield(const Lib.TABLE, 1)::Int64
  %3 = Base.add_int(%1, %2)::Int64
  return %3

function @2 Lib.thrice(_2 x::Int64)::Lib.Pair self=typeof(Lib.thrice)
#1:
  %1 = invoke @1 twice(_2)::Int64
  %2 = Base.slt_int(%1, 0)::Bool
  goto #3 if not %2
#2:
  %4 = invoke @2 thrice(%1)::Lib.Pair
  goto #3
#3:
  %6 = phi(#1 => 1, #2 => 2)::Int64
  %7 = new type Lib.Pair(%6, 1.5)::Lib.Pair
  return %7
"#;

const BASE: &str = r#"jir 1
singleton typeof(Lib.base) super=Function
function @1 Lib.base(_2 x::Int64)::Int64 self=typeof(Lib.base)
#1:
  return _2
"#;

fn library() -> Library {
    Library::new([("numbers.jir", NUMBERS), ("base.jir", BASE)])
}

#[test]
fn callees_types_and_globals_come_along_once() {
    let library = library();
    let mut module = Module::default();
    let mut importer = Importer::new(&library);
    let thrice = importer
        .function(&mut module, "Lib.thrice", &[Type::INT64])
        .expect("in the library");
    assert_eq!(module.functions.len(), 3);
    assert_eq!(module.globals.len(), 1);
    let twice = importer
        .function(&mut module, "Lib.twice", &[Type::INT64])
        .expect("in the library");
    assert_eq!(module.functions.len(), 3);
    assert_eq!(module.describe(twice), "Lib.twice(Int64)");
    // A second importer finds what the first brought.
    let again = module.import_function(&library, "Lib.thrice", &[Type::INT64]);
    assert_eq!(again, Ok(thrice));
    assert_eq!(module.functions.len(), 3);
    let text = print_module(&module);
    let back = parse(&text).unwrap_or_else(|e| panic!("{}\n{text}", e[0]));
    assert_eq!(print_module(&back), text);
    assert!(text.contains("struct Lib.Pair inline size=16"), "{text}");
    assert!(text.contains("lib.jl:1 inner < lib.jl:2 twice"), "{text}");
}

#[test]
fn calls_of_external_functions_go_to_the_librarys() {
    let mut module = parse(
        r#"jir 1
singleton typeof(Main.f) super=Function
singleton typeof(Lib.base) super=Function
singleton typeof(Lib.absent) super=Function
extern function @2 Lib.base(_2::Int64)::Int64 self=typeof(Lib.base)
extern function @3 Lib.base(_2::Float64)::Int64 self=typeof(Lib.base)
extern function @4 Lib.absent(_2::Int64)::Int64 self=typeof(Lib.absent)
extern function @5 Lib.twice(_2::Int64)::Bool self=typeof(Lib.twice)

function @1 Main.f(_2 x::Int64)::Int64 self=typeof(Main.f) export
#1:
  %1 = invoke @2 base(_2)::Int64
  %2 = invoke @4 absent(%1)::Int64
  return %2
"#,
    )
    .unwrap_or_else(|e| panic!("{}", e[0]));
    // Neither a function that the library lacks nor one with another result is taken.
    let missing: Vec<String> = module
        .resolve_externals(&library())
        .iter()
        .map(|(_, error)| error.to_string())
        .collect();
    let expected = [
        "no function Lib.base(Float64) to import",
        "no function Lib.absent(Int64) to import",
        "no function Lib.twice(Int64)::Bool to import",
    ];
    assert_eq!(missing, expected);
    let callees: Vec<(String, bool)> = module
        .functions
        .values()
        .find(|f| f.export)
        .expect("the exported function")
        .insts
        .values()
        .filter_map(|data| match data.op {
            Op::Invoke { func, .. } => {
                Some((module.describe(func), module.functions[func].external))
            }
            _ => None,
        })
        .collect();
    let expected = [("Lib.base(Int64)", false), ("Lib.absent(Int64)", true)];
    assert_eq!(
        callees,
        expected.map(|(name, external)| (name.to_string(), external))
    );
    jlift_ir::verify::verify_module(&module).unwrap_or_else(|e| panic!("{}", e[0]));
}

#[test]
fn an_import_reads_like_its_source() {
    let library = library();
    let source = parse(NUMBERS).unwrap_or_else(|e| panic!("{}", e[0]));
    let mut module = Module::default();
    let imported = module
        .import_function(&library, "Lib.thrice", &[Type::INT64])
        .expect("in the library");
    let original = source
        .functions
        .keys()
        .find(|&f| source.describe(f) == "Lib.thrice(Int64)")
        .expect("in the source");
    let body = |text: String| -> String {
        text.replace('@', " @")
            .split_whitespace()
            .filter(|w| !w.starts_with('@'))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        body(print_function(&module, imported)),
        body(print_function(&source, original))
    );
}

#[test]
fn what_is_missing_is_named() {
    let library = library();
    let mut module = Module::default();
    assert_eq!(
        module.import_function(&library, "Lib.thrice", &[Type::INT32]),
        Err(ImportError::Missing("Lib.thrice(Int32)".into()))
    );
    let partial = Library::new([("numbers.jir", NUMBERS)]);
    assert_eq!(
        module.import_function(&partial, "Lib.twice", &[Type::INT64]),
        Err(ImportError::Missing("Lib.base(Int64)".into()))
    );
    let broken = Library::new([("b.jir", "jir 1\nfunction @1 Lib.f()::Int64 self=?")]);
    assert!(matches!(
        module.import_function(&broken, "Lib.f", &[]),
        Err(ImportError::Broken { .. })
    ));
}
