//! The text of an exception that nothing caught, as Julia writes it to stderr.

/// An exception on its way out of the files that are being executed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Uncaught {
    /// What `showerror` writes.
    pub message: String,
    /// File and line of the expressions whose execution it ended, innermost first.
    pub places: Vec<(String, u32)>,
}

impl Uncaught {
    /// An exception with this text.
    pub fn new(message: impl Into<String>) -> Uncaught {
        Uncaught {
            message: message.into(),
            places: Vec::new(),
        }
    }

    /// The text for stderr.
    pub fn text(&self) -> String {
        let mut out = String::from("ERROR: ");
        if !self.places.is_empty() {
            out.push_str("LoadError: ");
        }
        out.push_str(&self.message);
        out.push('\n');
        for (file, line) in &self.places {
            out.push_str(&format!("in expression starting at {file}:{line}\n"));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_adds_its_line_to_the_exception() {
        let mut uncaught = Uncaught::new("DomainError with -1.0:\nno");
        assert_eq!(uncaught.text(), "ERROR: DomainError with -1.0:\nno\n");
        uncaught.places.push(("/b.jl".into(), 3));
        uncaught.places.push(("/a.jl".into(), 1));
        assert_eq!(
            uncaught.text(),
            "ERROR: LoadError: DomainError with -1.0:\nno\n\
             in expression starting at /b.jl:3\nin expression starting at /a.jl:1\n"
        );
    }
}
