//! `@info`, `@warn`, `@error`: records that the logger prints on the standard error.
//!
//! A record becomes `Base.log_record(level, place, message, names, values...)`, where the place is
//! the module, file and line as text and `names` is a tuple of Symbols, one for each value.

use super::{Expanded, Expander};
use crate::surface::{Head, Node};
use crate::surface_text::to_julia;

impl Expander<'_> {
    pub(super) fn log_record(&mut self, node: Node, args: &[Node], level: &str) -> Expanded {
        let Some((&message, fields)) = args.split_first() else {
            return self.wrong_arguments(node);
        };
        let line = self.at.map_or(0, |at| self.env.source().line(at.start));
        let place = format!("@ Main {}:{line}", self.env.source().path);
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for &field in fields {
            let (head, parts) = self.parts(field);
            let (name, value) = match (head, &parts[..]) {
                (Some(Head::Assign | Head::Kw), &[name, value]) => {
                    (self.symbol_text(name).unwrap_or("").to_owned(), value)
                }
                // Without a name, an expression is named by its text.
                _ => (to_julia(self.tree, field, self.env.tables()), field),
            };
            // These direct the record instead of being part of it.
            if name.starts_with('_') {
                continue;
            }
            names.push(self.quoted_symbol(&name));
            values.push(value);
        }
        let level = self.string(level.as_bytes());
        let place = self.string(place.as_bytes());
        let names = self.expr(Head::Tuple, &names);
        let mut all = vec![level, place, message, names];
        all.extend(values);
        Ok(self.call_base("log_record", &all))
    }
}
