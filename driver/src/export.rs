//! Which functions of a module are exported, from signatures as a user writes them
//! (`f(Int64, Ptr{Float64})`), with the usual aliases and without module prefixes.

use jlift_ir::text::type_text;
use jlift_ir::{Func, Module};

/// The functions that `signatures` name, in that order; all that the module marks if there are
/// none. Errors name what could have been meant.
pub fn select_exports(module: &Module, signatures: &[String]) -> Result<Vec<Func>, Vec<String>> {
    if signatures.is_empty() {
        let all: Vec<Func> = module.exports().collect();
        if all.is_empty() {
            return Err(vec![
                "the input marks no function as exported; name one with --export".into(),
            ]);
        }
        return Ok(all);
    }
    let mut found = Vec::new();
    let mut errors = Vec::new();
    for signature in signatures {
        match find(module, signature) {
            Ok(func) if found.contains(&func) => {}
            Ok(func) => found.push(func),
            Err(message) => errors.push(message),
        }
    }
    if errors.is_empty() {
        Ok(found)
    } else {
        Err(errors)
    }
}

/// The name without its module.
pub fn plain_name(qualified: &str) -> &str {
    // An operator such as `.` or `..` keeps its dots.
    match qualified.find('.') {
        Some(first) if first > 0 => {
            let mut name = &qualified[first + 1..];
            while let Some(dot) = name.find('.') {
                if dot == 0 || dot + 1 >= name.len() {
                    break;
                }
                name = &name[dot + 1..];
            }
            name
        }
        _ => qualified,
    }
}

fn find(module: &Module, signature: &str) -> Result<Func, String> {
    let (name, wanted) = match signature.split_once('(') {
        Some((name, rest)) => match rest.trim_end().strip_suffix(')') {
            Some(params) => (name.trim(), Some(normalize_list(params)?)),
            None => return Err(format!("`{signature}` is not of the form `f(Int64, …)`")),
        },
        None => (signature.trim(), None),
    };
    let mut named = Vec::new();
    for (id, f) in module.functions.iter() {
        if f.external || plain_name(module.tables.names.str(f.name)) != name {
            continue;
        }
        let params: Vec<String> = f
            .params
            .iter()
            .map(|p| normalize(&type_text(&module.tables, p.ty)).unwrap_or_default())
            .collect();
        if wanted.as_ref().is_none_or(|w| *w == params) {
            named.push(id);
        } else if f.export {
            continue;
        }
    }
    let marked: Vec<Func> = named
        .iter()
        .copied()
        .filter(|&f| module.functions[f].export)
        .collect();
    let choice = if marked.is_empty() { &named } else { &marked };
    match choice[..] {
        [one] => Ok(one),
        [] => {
            let near: Vec<String> = module
                .functions
                .iter()
                .filter(|(_, f)| f.export)
                .map(|(id, _)| id)
                .filter(|&id| {
                    let f = module.tables.names.str(module.functions[id].name);
                    plain_name(f) == name
                })
                .map(|id| module.describe(id))
                .collect();
            if near.is_empty() {
                let mut known: Vec<String> = module
                    .exports()
                    .take(12)
                    .map(|id| module.describe(id))
                    .collect();
                known.sort();
                Err(format!(
                    "no function `{name}` in the input; it has {}",
                    if known.is_empty() {
                        "no exported function".to_string()
                    } else {
                        known.join(", ")
                    }
                ))
            } else {
                Err(format!(
                    "no method `{signature}` in the input; it has {}",
                    near.join(", ")
                ))
            }
        }
        _ => Err(format!(
            "`{signature}` names several functions; write the types of the parameters"
        )),
    }
}

/// The types of a parameter list in normal form.
fn normalize_list(params: &str) -> Result<Vec<String>, String> {
    split_top(params)?.iter().map(|p| normalize(p)).collect()
}

/// Splits at commas outside of braces and parentheses.
fn split_top(text: &str) -> Result<Vec<&str>, String> {
    let mut parts = Vec::new();
    let mut depth = 0usize;
    let mut start = 0;
    for (i, c) in text.char_indices() {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => match depth.checked_sub(1) {
                Some(d) => depth = d,
                None => return Err(format!("unbalanced `{c}` in `{text}`")),
            },
            ',' if depth == 0 => {
                parts.push(text[start..i].trim());
                start = i + 1;
            }
            _ => {}
        }
        if depth > 100 {
            return Err("types are nested too deeply".into());
        }
    }
    if depth != 0 {
        return Err(format!("unbalanced braces in `{text}`"));
    }
    if !text[start..].trim().is_empty() || !parts.is_empty() {
        parts.push(text[start..].trim());
    }
    Ok(parts)
}

/// A type in normal form: no spaces, no prefixes of the usual modules, aliases spelt out.
fn normalize(ty: &str) -> Result<String, String> {
    let ty = ty.trim();
    let ty = ty.strip_prefix("::").unwrap_or(ty);
    let (head, params) = match ty.split_once('{') {
        Some((head, rest)) => match rest.strip_suffix('}') {
            Some(params) => (head, Some(normalize_list(params)?)),
            None => return Err(format!("`{ty}` is not a type")),
        },
        None => (ty, None),
    };
    let head = ["Main.", "Base.", "Core."]
        .iter()
        .find_map(|p| head.strip_prefix(p))
        .unwrap_or(head);
    let alias = match head {
        "Int" | "Cssize_t" | "Clong" | "Clonglong" | "Cptrdiff_t" => "Int64",
        "UInt" | "Csize_t" | "Culong" | "Culonglong" => "UInt64",
        "Cint" => "Int32",
        "Cuint" => "UInt32",
        "Cshort" => "Int16",
        "Cushort" => "UInt16",
        "Cchar" => "Int8",
        "Cuchar" => "UInt8",
        "Cfloat" => "Float32",
        "Cdouble" => "Float64",
        "Cvoid" => "Nothing",
        "Cstring" => "Cstring",
        "ComplexF64" => "Complex{Float64}",
        "ComplexF32" => "Complex{Float32}",
        head => head,
    };
    Ok(match (alias, params) {
        (head, None) => head.to_string(),
        ("NTuple", Some(params)) => match &params[..] {
            [n, elem] => match n.parse::<usize>() {
                Ok(n) if n <= 4096 => format!("Tuple{{{}}}", vec![elem.as_str(); n].join(",")),
                _ => return Err(format!("`{ty}` is not a type")),
            },
            _ => return Err(format!("`{ty}` is not a type")),
        },
        ("Vector", Some(params)) => format!("Array{{{},1}}", params.join(",")),
        ("Matrix", Some(params)) => format!("Array{{{},2}}", params.join(",")),
        (head, Some(params)) => format!("{head}{{{}}}", params.join(",")),
    })
}

#[cfg(test)]
mod tests {
    use super::{normalize, plain_name};

    #[test]
    fn aliases_and_prefixes_do_not_matter() {
        for (a, b) in [
            ("Int", "Int64"),
            (" Ptr{ Cdouble } ", "Ptr{Float64}"),
            ("NTuple{3, Float32}", "Tuple{Float32, Float32, Float32}"),
            ("Ptr{Main.Grid}", "Ptr{Grid}"),
            ("ComplexF64", "Base.Complex{Float64}"),
            ("Matrix{Int}", "Array{Int64, 2}"),
        ] {
            assert_eq!(normalize(a), normalize(b));
        }
    }

    #[test]
    fn plain_names_lose_their_module() {
        assert_eq!(plain_name("Main.f"), "f");
        assert_eq!(plain_name("Main.A.g!"), "g!");
        assert_eq!(plain_name("Base.+"), "+");
    }
}
