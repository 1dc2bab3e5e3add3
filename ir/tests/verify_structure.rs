//! Defects of structure that no text can have, because parsing builds each block and statement
//! once.

use jlift_ir::text::parse;
use jlift_ir::verify::{MAX_ERRORS, verify_function, verify_module};
use jlift_ir::{Block, Func, Function, Inst, Module, Op, Terminator, Type, Value};

/// Three blocks: #1 branches to #2 and #3, #2 goes on to #3.
fn module() -> Module {
    let text = "jir 1\nfunction @1 Main.f(_2::Int64, _3::Bool)::Int64 self=typeof(Main.f)\n#1:\n  \
                %1 = Base.add_int(_2, 1)::Int64\n  goto #3 if not _3\n#2:\n  \
                %2 = Base.mul_int(%1, 2)::Int64\n  goto #3\n#3:\n  \
                %3 = phi(#1 => %1, #2 => %2)::Int64\n  return %3\n";
    parse(text).expect("the text is right")
}

/// The first function after a change, and what the verifier says of it.
fn broken(change: impl FnOnce(&mut Function)) -> String {
    let mut module = module();
    assert_eq!(verify_module(&module), Ok(()));
    let func = Func::from_u32(0);
    change(&mut module.functions[func]);
    let errors = verify_function(&module, func).expect_err("a defect");
    assert_eq!(errors[0].func, Some(func));
    let all: Vec<&str> = errors.iter().map(|e| e.message.as_str()).collect();
    all.join(" | ")
}

fn block(n: usize) -> Block {
    Block::from_u32(n as u32)
}

#[test]
fn a_block_is_listed_once() {
    let message = broken(|f| f.layout.push(f.layout[0]));
    assert_eq!(message, "block #4 is block #1 again");
}

#[test]
fn a_listed_block_exists() {
    let message = broken(|f| f.layout.push(block(77)));
    assert_eq!(message, "block #4 does not exist");
}

#[test]
fn successors_are_listed() {
    let message = broken(|f| {
        let new = f.blocks.push(Default::default());
        f.blocks[f.layout[1]].term = Terminator::Goto(new);
    });
    assert_eq!(message, "block #2 goes to a block that is not listed");
    let message = broken(|f| f.blocks[f.layout[1]].term = Terminator::Goto(block(77)));
    assert_eq!(message, "block #2 goes to a block that is not listed");
}

#[test]
fn a_statement_stands_in_one_place() {
    let message = broken(|f| {
        let first = f.blocks[f.layout[0]].insts[0];
        f.blocks[f.layout[1]].insts.push(first);
    });
    assert_eq!(message, "the statement stands in two places");
}

#[test]
fn a_listed_statement_exists() {
    let message = broken(|f| f.blocks[f.layout[0]].insts.push(Inst::from_u32(99)));
    assert_eq!(
        message,
        "a block lists the statement %99 that does not exist"
    );
}

#[test]
fn an_operand_stands_in_a_block() {
    let message = broken(|f| {
        f.blocks[f.layout[1]].insts.clear();
    });
    assert_eq!(message, "an operand is a statement that stands in no block");
    let message = broken(|f| {
        let inst = f.blocks[f.layout[1]].insts[0];
        f.remove_inst(inst);
    });
    assert_eq!(message, "an operand is a statement that stands in no block");
}

#[test]
fn an_argument_exists() {
    let message = broken(|f| f.blocks[f.layout[2]].term = Terminator::Return(Value::Arg(9)));
    assert_eq!(message, "block #3: there is no argument _9");
}

#[test]
fn an_external_function_has_no_body() {
    assert_eq!(
        broken(|f| f.external = true),
        "an external function has a body"
    );
    assert_eq!(broken(|f| f.layout.clear()), "the function has no blocks");
}

#[test]
fn a_region_is_entered_by_its_statement() {
    let message = broken(|f| {
        let (body, handler) = (f.layout[1], f.layout[2]);
        f.blocks[f.layout[0]].term = Terminator::Enter { body, handler };
    });
    assert_eq!(
        message,
        "block #1: enters a region without an `enter` as the last statement"
    );
    let message = broken(|f| {
        let inst = f.make_inst(Op::Enter, Type::ANY, None.into());
        f.blocks[f.layout[1]].insts.push(inst);
    });
    assert_eq!(message, "an `enter` that is not the end of its block");
}

#[test]
fn constants_fit_their_types() {
    let ret = |value: Value| broken(|f| f.blocks[f.layout[2]].term = Terminator::Return(value));
    let message = ret(Value::Imm {
        ty: Type::INT8,
        bits: 256,
    });
    assert_eq!(message, "block #3: a constant has more bits than Int8");
    let message = ret(Value::Imm {
        ty: Type::STRING,
        bits: 1,
    });
    assert_eq!(message, "block #3: a constant number of type String");
    let message = ret(Value::Imm {
        ty: Type::INT128,
        bits: 1,
    });
    assert_eq!(message, "block #3: a constant of type Int128 in 64 bits");
}

#[test]
fn no_more_errors_than_the_limit_are_reported() {
    let mut text = String::from("jir 1\nfunction @1 Main.f()::Int64 self=typeof(Main.f)\n#1:\n");
    for n in 1..100 {
        text += &format!("  %{n} = Base.add_int(1, 1.5)::Int64\n");
    }
    text += "  return 1\n";
    let module = parse(&text).expect("a text that parses");
    let errors = verify_module(&module).expect_err("defects");
    assert_eq!(errors.len(), MAX_ERRORS);
    assert_eq!(
        errors[0].to_string(),
        "@1 Main.f(): `%1 = Base.add_int(1, 1.5)::Int64`: operands of different types: Int64 and Float64"
    );
}
