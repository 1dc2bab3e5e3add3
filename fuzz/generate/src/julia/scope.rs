//! What the generator knows at a place: variables, functions, how much work is done already.

use super::tree::Expr;
use super::types::{StructDef, Ty};
use arbitrary::{Result, Unstructured};

/// A variable. Closures see only those that are assigned once: the others would be boxes.
#[derive(Clone, Debug)]
pub(super) struct Var {
    pub name: String,
    pub ty: Ty,
    pub is_constant: bool,
}

/// A function that can be called.
#[derive(Clone, Debug)]
pub(super) struct Signature {
    pub name: String,
    pub params: Vec<Ty>,
    pub ret: Ty,
    /// Written behind the arguments.
    pub keywords: String,
    /// How many expressions a call evaluates, about.
    pub cost: u64,
}

/// Expressions that a call of a function may evaluate.
const MAX_COST: u64 = 60_000;

pub(super) struct Generator<'u, 'b> {
    pub u: &'u mut Unstructured<'b>,
    pub index: usize,
    pub structs: Vec<StructDef>,
    pub functions: Vec<Signature>,
    pub vars: Vec<Var>,
    /// In the entry, the checksum `h` is there.
    pub in_entry: bool,
    /// Inside of closures, how many.
    pub closures: usize,
    /// Whether the innermost loop can be left.
    pub in_loop: bool,
    /// How often the current place is executed, about.
    pub times: u64,
    pub cost: u64,
    nodes: usize,
    names: usize,
    /// Nodes that a function may have.
    most: usize,
}

impl<'u, 'b> Generator<'u, 'b> {
    pub fn new(u: &'u mut Unstructured<'b>, index: usize, most: usize) -> Self {
        Generator {
            u,
            index,
            structs: Vec::new(),
            functions: Vec::new(),
            vars: Vec::new(),
            in_entry: false,
            closures: 0,
            in_loop: false,
            times: 1,
            cost: 0,
            nodes: 0,
            names: 0,
            most,
        }
    }

    pub fn begin_function(&mut self) {
        self.cost = 0;
        self.nodes = 0;
        self.names = 0;
        self.times = 1;
        self.closures = 0;
        self.in_loop = false;
    }

    /// A number below `n`; 0 when the bytes are used up.
    pub fn pick(&mut self, n: usize) -> Result<usize> {
        self.u.int_in_range(0..=n.max(1) - 1)
    }

    pub fn chance(&mut self, n: usize, of: usize) -> Result<bool> {
        Ok(self.pick(of)? >= of - n)
    }

    /// A new node; whether there may be more.
    pub fn node(&mut self) -> bool {
        self.nodes += 1;
        self.cost += self.times;
        self.nodes < self.most && self.cost < MAX_COST && !self.u.is_empty()
    }

    pub fn fresh(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    pub fn push_constant(&mut self, name: String, ty: Ty) {
        self.vars.push(Var {
            name,
            ty,
            is_constant: true,
        });
    }

    /// Does something where a variable that is never assigned to is visible.
    pub fn with<T>(
        &mut self,
        vars: Vec<(String, Ty)>,
        f: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let depth = self.vars.len();
        for (name, ty) in vars {
            self.push_constant(name, ty);
        }
        let result = f(self);
        self.vars.truncate(depth);
        result
    }

    /// Does something that is executed this often, in a function of its own.
    pub fn closure<T>(
        &mut self,
        times: u64,
        vars: Vec<(String, Ty)>,
        f: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let before = self.times;
        self.times *= times;
        self.closures += 1;
        let result = self.with(vars, f);
        self.closures -= 1;
        self.times = before;
        result
    }

    /// A variable of this type that can be read here.
    pub fn variable(&mut self, fits: impl Fn(&Ty) -> bool) -> Result<Option<Var>> {
        let only_constant = self.closures > 0;
        let found: Vec<usize> = (0..self.vars.len())
            .filter(|&i| fits(&self.vars[i].ty) && (self.vars[i].is_constant || !only_constant))
            .collect();
        match found.len() {
            0 => Ok(None),
            n => {
                let i = found[self.pick(n)?];
                Ok(self.vars.get(i).cloned())
            }
        }
    }

    /// A call of a function with a result of this type.
    pub fn call(&mut self, ty: &Ty, depth: usize) -> Result<Option<Expr>> {
        let room = MAX_COST.saturating_sub(self.cost) / self.times.max(1);
        let found: Vec<Signature> = self
            .functions
            .iter()
            .filter(|f| f.ret == *ty && f.cost < room)
            .cloned()
            .collect();
        if found.is_empty() {
            return Ok(None);
        }
        let f = &found[self.pick(found.len())?];
        self.cost += self.times * f.cost;
        let mut args = Vec::new();
        for param in &f.params {
            args.push(self.expr(param, depth)?);
        }
        let holes = vec!["{}"; args.len()].join(", ");
        let template = format!("{}({holes}{})", f.name, f.keywords);
        Ok(Some(Expr::form(ty.clone(), &template, args)))
    }

    pub fn int_type(&mut self) -> Result<Ty> {
        Ok(match self.pick(16)? {
            0..6 => Ty::INT64,
            6 => Ty::UINT64,
            n => Ty::Int {
                signed: n % 2 == 0,
                bits: [8, 16, 32, 64, 128][(n - 7) / 2 % 5],
            },
        })
    }

    pub fn float_type(&mut self) -> Result<Ty> {
        Ok(Ty::Float([64, 64, 64, 32, 32, 16][self.pick(6)?]))
    }

    pub fn scalar_type(&mut self) -> Result<Ty> {
        Ok(match self.pick(8)? {
            0..4 => self.int_type()?,
            4..6 => self.float_type()?,
            6 => Ty::Bool,
            _ => Ty::Char,
        })
    }

    /// A type that a method or a union can be about.
    pub fn member_type(&mut self) -> Result<Ty> {
        Ok(match self.pick(8)? {
            0..2 => Ty::INT64,
            2 => Ty::FLOAT64,
            3 => Ty::Bool,
            4 => Ty::Text,
            5 => Ty::Nothing,
            _ => self.scalar_type()?,
        })
    }

    pub fn field_type(&mut self) -> Result<Ty> {
        Ok(match self.pick(8)? {
            0..4 => self.scalar_type()?,
            4 => Ty::Text,
            5 => Ty::vector(self.scalar_type()?),
            6 => Ty::Union(Box::new((Ty::Nothing, self.scalar_type()?))),
            _ => Ty::Tuple(vec![self.scalar_type()?, self.scalar_type()?]),
        })
    }

    pub fn elem_type(&mut self) -> Result<Ty> {
        Ok(match self.pick(10)? {
            0..6 => self.scalar_type()?,
            6 => Ty::Text,
            7 => Ty::Tuple(vec![self.int_type()?, self.scalar_type()?]),
            8 => Ty::Union(Box::new((Ty::Nothing, Ty::INT64))),
            _ => self.struct_type()?,
        })
    }

    /// A struct of the program, or another type where there is none.
    pub fn struct_type(&mut self) -> Result<Ty> {
        match self.structs.len() {
            0 => self.scalar_type(),
            n => Ok(Ty::Struct(self.pick(n)?)),
        }
    }

    /// Any type of a variable.
    pub fn any_type(&mut self, depth: usize) -> Result<Ty> {
        Ok(match self.pick(14)? {
            0..6 => self.scalar_type()?,
            6 => Ty::Text,
            7..9 => Ty::vector(self.elem_type()?),
            9..11 => self.struct_type()?,
            11 => {
                let second = self.member_type()?;
                let first = if second == Ty::Nothing {
                    Ty::INT64
                } else {
                    Ty::Nothing
                };
                Ty::Union(Box::new((first, second)))
            }
            12 if depth > 0 => {
                let mut parts = Vec::new();
                for _ in 0..1 + self.pick(3)? {
                    parts.push(self.any_type(depth - 1)?);
                }
                Ty::Tuple(parts)
            }
            _ => Ty::FLOAT64,
        })
    }
}
