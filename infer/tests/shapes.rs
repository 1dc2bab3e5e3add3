//! Methods of Base are read by their shapes: what a shape leaves out must not apply. Every function
//! that Base exports is looked up for many types in a world that reads by shapes, and in one that has
//! read all methods of the function before.

use jlift_infer::interp::methods::Lookup;
use jlift_infer::lattice::Lat;
use jlift_infer::world::World;
use jlift_ir::{Type, Value};

/// A type by its Julia name and parameters, in a world.
fn argument_types(w: &mut World) -> Vec<Type> {
    let named = |w: &mut World, name: &str| match w.base_const(name) {
        Some(Value::Type(ty)) => ty,
        other => panic!("{name} is {other:?}"),
    };
    let apply = |w: &mut World, head: &str, params: &[Type]| {
        let head = named(w, head);
        let params: Vec<_> = params
            .iter()
            .map(|&t| jlift_ir::TypeParam::Type(t))
            .collect();
        w.apply_type(head, &params).expect("a type")
    };
    let int_ranges = apply(w, "UnitRange", &[Type::INT64]);
    let complex = apply(w, "Complex", &[Type::FLOAT64]);
    let dict = apply(w, "Dict", &[Type::STRING, Type::INT64]);
    let (tables, abstract_string) = (&mut w.module.tables, Type::STRING);
    let vector = tables.array(Type::INT64, 1);
    let matrix = tables.array(Type::FLOAT64, 2);
    let words = tables.array(abstract_string, 1);
    let tuple = tables.tuple(&[Type::INT64, Type::STRING]);
    let type_of_int = tables.type_type(Type::INT64);
    let integer = named(w, "Integer");
    let any_vector = named(w, "AbstractVector");
    let colon = named(w, "Colon");
    let io = named(w, "IOBuffer");
    vec![
        Type::INT64,
        Type::UINT8,
        Type::BOOL,
        Type::FLOAT64,
        Type::CHAR,
        Type::STRING,
        Type::SYMBOL,
        Type::NOTHING,
        vector,
        matrix,
        words,
        tuple,
        int_ranges,
        complex,
        dict,
        type_of_int,
        integer,
        any_vector,
        colon,
        io,
        Type::ANY,
    ]
}

/// What a lookup finds, in words that two worlds share.
fn outcome(w: &mut World, types: &[Type]) -> String {
    match w.find_method(types) {
        Lookup::Found(found) => {
            let m = &w.methods[found.method];
            let (sig, module) = (m.sig, m.module);
            let module = w.modules[module].name;
            format!(
                "{} in {}",
                w.type_text(sig),
                w.module.tables.names.str(module)
            )
        }
        Lookup::None => "none".into(),
        // Which two of several is decided by the order in which they were read.
        Lookup::Ambiguous(..) => "ambiguous".into(),
        Lookup::Several => "several".into(),
    }
}

#[test]
fn what_a_shape_leaves_out_does_not_apply() {
    let (mut by_shape, mut whole) = (World::new(), World::new());
    let (few, all) = (argument_types(&mut by_shape), argument_types(&mut whole));
    let mut found = 0;
    let mut wrong = Vec::new();
    let names: Vec<&str> = jlift_prelude::exported().collect();
    assert!(names.len() > 500, "{}", names.len());
    for name in names {
        let (Some(f), Some(g)) = (by_shape.base_const(name), whole.base_const(name)) else {
            continue;
        };
        let (f, g) = (by_shape.widen(&Lat::Const(f)), whole.widen(&Lat::Const(g)));
        // A call with any number of arguments reads all methods.
        let many = whole.module.tables.vararg(Type::ANY, None);
        whole.find_method(&[g, many]);
        let count = few.len();
        // All types alone, and pairs of which every type is the first and the second of some.
        let pairs =
            (0..count * 4).map(|n| vec![n % count, (n % count + 5 * (n / count) + 1) % count]);
        for picked in (0..count).map(|n| vec![n]).chain(pairs) {
            let call = |f: Type, types: &[Type]| {
                let mut call = vec![f];
                call.extend(picked.iter().map(|&n| types[n]));
                call
            };
            let some = outcome(&mut by_shape, &call(f, &few));
            let every = outcome(&mut whole, &call(g, &all));
            found += usize::from(some != "none");
            if some != every {
                let types: Vec<String> = picked.iter().map(|&n| whole.type_text(all[n])).collect();
                wrong.push(format!(
                    "{name}({}): {some}; of all: {every}",
                    types.join(", ")
                ));
            }
        }
    }
    assert!(found > 5000, "{found}");
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Methods are kept by the names that they are written with, which may be other names of the type.
#[test]
fn constructors_are_found_in_a_new_world_by_any_name_of_the_type() {
    for name in ["UInt64", "UInt", "Int64", "Int"] {
        let mut w = World::new();
        let Some(Value::Type(ty)) = w.base_const(name) else {
            panic!("{name} is no type");
        };
        let pointer = w.module.tables.ptr(Type::UINT8);
        let constructor = w.module.tables.type_type(ty);
        let found = outcome(&mut w, &[constructor, pointer]);
        assert!(found.contains("Ptr"), "{name}: {found}");
    }
}
