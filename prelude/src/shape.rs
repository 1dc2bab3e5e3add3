//! What arguments the methods of a definition can take, read off their signatures when the prelude
//! was built: how many, and which leading type names. Says "no" only where no method can apply.

/// How many arguments, and of which types, methods take.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Shape(&'static [u8]);

/// An argument as a shape sees it: the numbers (see [`crate::head`]) of the names of its type and
/// of all its supertypes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Argument {
    /// Nothing is known of it.
    Any,
    Names(Vec<u16>),
}

/// Stands for "any number" and "any type".
const ANY: u8 = u8::MAX;

impl Shape {
    pub(crate) fn new(bytes: &'static [u8]) -> Option<Shape> {
        (bytes.len() >= 3).then_some(Shape(bytes))
    }

    /// Whether a method may apply to these arguments, the callee aside.
    pub fn accepts(self, arguments: &[Argument]) -> bool {
        let [least, most, params, ref names @ ..] = *self.0 else {
            return true;
        };
        let count = arguments.len();
        if count < usize::from(least) || (most != ANY && count > usize::from(most)) {
            return false;
        }
        let mut rest = names;
        let mut arguments = arguments.iter();
        for param in 0..params {
            let [len, ref tail @ ..] = *rest else {
                return true;
            };
            let len = if len == ANY {
                None
            } else {
                Some(usize::from(len))
            };
            let names = tail.get(..2 * len.unwrap_or(0)).unwrap_or(&[]);
            rest = tail.get(names.len()..).unwrap_or(&[]);
            // The last parameter may take all arguments that are left.
            let repeated = most == ANY && param + 1 == params;
            for argument in arguments.by_ref() {
                if len.is_some() && !fits(names, argument) {
                    return false;
                }
                if !repeated {
                    break;
                }
            }
        }
        true
    }
}

fn fits(names: &[u8], argument: &Argument) -> bool {
    let Argument::Names(own) = argument else {
        return true;
    };
    names.chunks_exact(2).any(|pair| match pair {
        &[low, high] => own.contains(&u16::from_le_bytes([low, high])),
        _ => true,
    })
}
