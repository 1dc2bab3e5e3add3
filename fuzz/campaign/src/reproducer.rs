//! Programs in files: typed IR with the calls to be made in comments, one a line, and what was wrong
//! once in others.
//!
//! ```text
//! ; call bytes 00ff10, pointer 0, array 1 2x3; buffers 00112233, 0a0b
//! ```

use jlift_driver::differential::{Argument, Buffer, Call, Input};
use jlift_ir::text::{parse, print_module};
use jlift_ir::verify::verify_module;
use jlift_ir::{Module, Type};
use std::fmt::Write;

const CALL: &str = "; call ";

/// The text of a program with calls of its root.
pub fn write(module: &Module, calls: &[Call], notes: &str) -> String {
    let mut text = String::new();
    for note in notes.lines() {
        let _ = writeln!(text, "; {note}");
    }
    for call in calls {
        let _ = writeln!(text, "{CALL}{}", call_text(&call.input));
    }
    text.push_str(&print_module(module));
    text
}

fn hex(bytes: &[u8]) -> String {
    match bytes {
        [] => "-".into(),
        _ => bytes.iter().map(|b| format!("{b:02x}")).collect(),
    }
}

fn call_text(input: &Input) -> String {
    let args = input.args.iter().map(|arg| match arg {
        Argument::Bytes(bytes) => format!("bytes {}", hex(bytes)),
        Argument::Pointer { buffer, offset: 0 } => format!("pointer {buffer}"),
        Argument::Pointer { buffer, offset } => format!("pointer {buffer} {offset}"),
        Argument::Array { buffer, sizes } => {
            let sizes: Vec<String> = sizes.iter().map(i64::to_string).collect();
            format!("array {buffer} {}", sizes.join("x"))
        }
        Argument::Text(bytes) => format!("text {}", hex(bytes)),
    });
    let args: Vec<String> = args.collect();
    let mut text = args.join(", ");
    if !input.buffers.is_empty() {
        let buffers: Vec<String> = input.buffers.iter().map(|b| hex(&b.bytes)).collect();
        let _ = write!(text, "; buffers {}", buffers.join(", "));
    }
    text
}

/// A program and its calls, from a text.
pub fn read(text: &str) -> Result<(Module, Vec<Call>), String> {
    let module = parse(text).map_err(|errors| match errors.first() {
        Some(error) => error.to_string(),
        None => "the text is not typed IR".into(),
    })?;
    verify_module(&module).map_err(|errors| match errors.first() {
        Some(error) => error.to_string(),
        None => "the program is not valid".into(),
    })?;
    let root = module.exports().next().ok_or("nothing is exported")?;
    let mut calls = Vec::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix(CALL) {
            let input = read_call(rest).ok_or_else(|| format!("no call: {line}"))?;
            calls.push(Call { func: root, input });
        }
    }
    for call in &mut calls {
        let params = &module.functions[root].params;
        for (arg, param) in call.input.args.iter().zip(params) {
            let (buffer, elem) = match arg {
                Argument::Pointer { buffer, .. } => (*buffer, module.tables.pointee(param.ty)),
                Argument::Array { buffer, .. } => {
                    (*buffer, module.tables.array_of(param.ty).map(|a| a.0))
                }
                _ => continue,
            };
            if let (Some(buffer), Some(elem)) = (call.input.buffers.get_mut(buffer), elem) {
                buffer.elem = elem;
            }
        }
    }
    Ok((module, calls))
}

fn read_call(text: &str) -> Option<Input> {
    let (args, buffers) = match text.split_once("; buffers ") {
        Some((args, buffers)) => (args, Some(buffers)),
        None => (text, None),
    };
    let mut input = Input::default();
    for arg in args.split(", ").filter(|a| !a.is_empty()) {
        let mut words = arg.split(' ');
        input.args.push(match (words.next()?, words.next()?) {
            ("bytes", bytes) => Argument::Bytes(unhex(bytes)?),
            ("text", bytes) => Argument::Text(unhex(bytes)?),
            ("pointer", buffer) => Argument::Pointer {
                buffer: buffer.parse().ok()?,
                offset: match words.next() {
                    Some(offset) => offset.parse().ok()?,
                    None => 0,
                },
            },
            ("array", buffer) => {
                let sizes = words.next()?.split('x').map(|n| n.parse().ok());
                Argument::Array {
                    buffer: buffer.parse().ok()?,
                    sizes: sizes.collect::<Option<_>>()?,
                }
            }
            _ => return None,
        });
    }
    for buffer in buffers.into_iter().flat_map(|b| b.split(", ")) {
        input.buffers.push(Buffer {
            bytes: unhex(buffer)?,
            elem: Type::UINT8,
        });
    }
    Some(input)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if text == "-" {
        return Some(Vec::new());
    }
    let digit = |c: u8| (c as char).to_digit(16);
    let pairs = text.trim().as_bytes().chunks(2);
    let byte = |pair: &[u8]| match *pair {
        [a, b] => Some((digit(a)? << 4 | digit(b)?) as u8),
        _ => None,
    };
    pairs.map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::{call_text, read_call};

    #[test]
    fn calls_are_read_as_they_were_written() {
        let text = "bytes 00ff, pointer 1 8, array 0 2x0, bytes -; buffers -, 0102";
        let input = read_call(text).expect("a call");
        assert_eq!(call_text(&input), text);
        assert!(read_call("bytes 0").is_none());
        assert!(read_call("number 1").is_none());
    }
}
