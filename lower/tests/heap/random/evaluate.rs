//! An interpreter of the statements of random programs, which has no memory to manage. Knows nothing of typed IR.

use super::{ARRAYS, MAYBES, NESTED, NODES, PAIRS, Program, Stmt};

impl Program {
    /// What the program gives; `None` if it throws.
    pub fn result(&self, bits: i64) -> Option<i64> {
        let mut m = Machine::new(bits);
        match m.run(&self.body) {
            Flow::Failed => None,
            Flow::Normal | Flow::Returned => Some(m.sum),
        }
    }
}

#[derive(PartialEq)]
enum Flow {
    Normal,
    Returned,
    Failed,
}

/// Arrays, nested arrays and nodes by number, never freed.
#[derive(Clone)]
struct Vars {
    arrays: Vec<usize>,
    nested: Vec<usize>,
    maybes: Vec<Option<usize>>,
    pairs: Vec<(usize, Option<usize>)>,
    nodes: Vec<usize>,
}

struct Machine {
    elements: Vec<i64>,
    nested: Vec<[usize; 2]>,
    nodes: Vec<usize>,
    vars: Vars,
    sum: i64,
    bits: i64,
}

impl Machine {
    fn new(bits: i64) -> Machine {
        let mut elements = vec![0];
        let arrays = (0..ARRAYS)
            .map(|n| {
                elements.push(n as i64);
                elements.len() - 1
            })
            .collect();
        Machine {
            elements,
            nested: vec![[0; 2]; NESTED],
            nodes: vec![0; NODES],
            vars: Vars {
                arrays,
                nested: (0..NESTED).collect(),
                maybes: vec![None; MAYBES],
                pairs: vec![(0, None); PAIRS],
                nodes: (0..NODES).collect(),
            },
            sum: 0,
            bits,
        }
    }

    fn run(&mut self, body: &[Stmt]) -> Flow {
        for stmt in body {
            let flow = self.step(stmt);
            if flow != Flow::Normal {
                return flow;
            }
        }
        Flow::Normal
    }

    fn step(&mut self, stmt: &Stmt) -> Flow {
        match stmt {
            Stmt::Make(v, k) => {
                self.elements.push(*k);
                self.vars.arrays[*v] = self.elements.len() - 1;
            }
            Stmt::Copy(v, w) => self.vars.arrays[*v] = self.vars.arrays[*w],
            Stmt::Put(v, i, w) => self.nested[self.vars.nested[*v]][*i] = self.vars.arrays[*w],
            Stmt::Take(v, w, i) => self.vars.arrays[*v] = self.nested[self.vars.nested[*w]][*i],
            Stmt::CopyNested(v, w) => self.vars.nested[*v] = self.vars.nested[*w],
            Stmt::Text(v, k) => self.vars.maybes[*v] = *k,
            Stmt::Pack(v, w, x) => {
                self.vars.pairs[*v] = (self.vars.arrays[*w], self.vars.maybes[*x]);
            }
            Stmt::Unpack(v, w, x) => {
                let (a, u) = self.vars.pairs[*x];
                self.vars.arrays[*v] = a;
                self.vars.maybes[*w] = u;
            }
            Stmt::Link(v, w, _) => {
                self.nodes.push(self.vars.arrays[*w]);
                self.vars.nodes[*v] = self.nodes.len() - 1;
            }
            Stmt::SetArray(v, w) => self.nodes[self.vars.nodes[*v]] = self.vars.arrays[*w],
            Stmt::Cut(_) => {}
            Stmt::GetArray(v, w) => self.vars.arrays[*v] = self.nodes[self.vars.nodes[*w]],
            Stmt::Add(v) => self.sum += self.elements[self.vars.arrays[*v]],
            Stmt::AddText(v) => self.sum += self.vars.maybes[*v].unwrap_or(0) as i64,
            Stmt::Call(v, w, x) => {
                let (a, n) = (self.vars.arrays[*w], self.vars.nested[*x]);
                let old = std::mem::replace(&mut self.nested[n][1], a);
                if self.elements[a] & 1 == 1 {
                    return Flow::Failed;
                }
                self.vars.arrays[*v] = old;
            }
            Stmt::If(then, other) => {
                let bit = self.bits & 1 == 1;
                self.bits = ((self.bits as u64) >> 1) as i64;
                return self.run(if bit { then } else { other });
            }
            Stmt::Loop(body) => {
                for _ in 0..3 {
                    let flow = self.run(body);
                    if flow != Flow::Normal {
                        return flow;
                    }
                }
            }
            Stmt::Try(body, handler) => {
                let before = (self.vars.clone(), self.sum, self.bits);
                match self.run(body) {
                    Flow::Failed => {
                        (self.vars, self.sum, self.bits) = before;
                        return self.run(handler);
                    }
                    flow => return flow,
                }
            }
            Stmt::Return => return Flow::Returned,
        }
        Flow::Normal
    }
}
