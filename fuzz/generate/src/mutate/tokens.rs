//! Text in pieces that belong together: words, numbers, blanks, single signs.

/// The pieces of a text; together they are all of it.
pub fn tokens(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = kind(first);
        let size = match kind {
            Kind::Sign => first.len_utf8(),
            _ => rest
                .char_indices()
                .find(|&(_, c)| self::kind(c) != kind)
                .map_or(rest.len(), |(at, _)| at),
        };
        let (token, behind) = rest.split_at(size);
        out.push(token);
        rest = behind;
    }
    out
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum Kind {
    Word,
    Blank,
    Operator,
    Sign,
}

fn kind(c: char) -> Kind {
    match c {
        '_' | '!' => Kind::Word,
        c if c.is_alphanumeric() => Kind::Word,
        c if c.is_whitespace() => Kind::Blank,
        '+' | '-' | '*' | '/' | '<' | '>' | '=' | ':' | '&' | '|' | '.' => Kind::Operator,
        _ => Kind::Sign,
    }
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn tokens_are_all_of_the_text() {
        let text = "f(x::Int64) = x^2 .+ \"é\" # no\n";
        assert_eq!(tokens(text).concat(), text);
        assert!(tokens(text).contains(&"Int64"));
        assert!(tokens(text).contains(&"::"));
    }
}
