//! Basic blocks of lowered code and the handlers that are active in them. Knows nothing of types.

use cranelift_entity::EntityRef;
use jlift_frontend::lowered::{Code, Stmt, StmtId};

/// Basic blocks of lowered code.
pub struct LoweredCfg {
    /// First statement of each block, ascending; the end of a block is the start of the next.
    pub starts: Vec<usize>,
    /// Block of each statement.
    pub block_of: Vec<u32>,
    pub len: usize,
    /// Handlers that are active in a block, innermost last.
    pub handlers: Vec<Vec<u32>>,
}

impl LoweredCfg {
    /// Finds the blocks of a body.
    pub fn new(code: &Code) -> Self {
        let n = code.stmts.len();
        let mut leader = vec![false; n + 1];
        leader[0] = true;
        for (id, stmt) in code.stmts.iter() {
            let next = id.index() + 1;
            match stmt {
                Stmt::Goto(t) => {
                    leader[t.index()] = true;
                    leader[next] = true;
                }
                Stmt::GotoIfNot(_, t) | Stmt::Enter(t) => {
                    leader[t.index()] = true;
                    leader[next] = true;
                }
                Stmt::Return(_) => leader[next] = true,
                // What follows the end of a region has other handlers.
                Stmt::Leave(_) => leader[next] = true,
                _ => {}
            }
        }
        let mut starts = Vec::new();
        let mut block_of = Vec::with_capacity(n);
        for (i, &leads) in leader.iter().enumerate().take(n) {
            if leads {
                starts.push(i);
            }
            block_of.push(starts.len() as u32 - 1);
        }
        let mut cfg = Self {
            handlers: vec![Vec::new(); starts.len()],
            starts,
            block_of,
            len: n,
        };
        cfg.find_handlers(code);
        cfg
    }

    /// The statements of a block.
    pub fn range(&self, block: usize) -> std::ops::Range<usize> {
        let end = self.starts.get(block + 1).copied().unwrap_or(self.len);
        self.starts[block]..end
    }

    /// Blocks that may follow, without exceptions.
    pub fn successors(&self, code: &Code, block: usize) -> Vec<usize> {
        let last = self.range(block).end - 1;
        let target = |t: StmtId| self.block_of[t.index()] as usize;
        match &code.stmts[StmtId::new(last)] {
            Stmt::Goto(t) => vec![target(*t)],
            Stmt::GotoIfNot(_, t) => {
                let mut out = Vec::with_capacity(2);
                if last + 1 < self.len {
                    out.push(self.block_of[last + 1] as usize);
                }
                if !out.contains(&target(*t)) {
                    out.push(target(*t));
                }
                out
            }
            Stmt::Return(_) => Vec::new(),
            _ if last + 1 < self.len => vec![self.block_of[last + 1] as usize],
            _ => Vec::new(),
        }
    }

    fn find_handlers(&mut self, code: &Code) {
        let mut seen = vec![false; self.starts.len()];
        let mut work = Vec::new();
        if !self.starts.is_empty() {
            work.push((0usize, Vec::<u32>::new()));
        }
        while let Some((block, stack)) = work.pop() {
            if std::mem::replace(&mut seen[block], true) {
                continue;
            }
            self.handlers[block].clone_from(&stack);
            let last = self.range(block).end - 1;
            let mut after = stack.clone();
            match &code.stmts[StmtId::new(last)] {
                Stmt::Enter(t) => {
                    let handler = self.block_of[t.index()];
                    work.push((handler as usize, stack.clone()));
                    after.push(handler);
                }
                Stmt::Leave(n) => after.truncate(after.len().saturating_sub(*n as usize)),
                _ => {}
            }
            for next in self.successors(code, block) {
                work.push((next, after.clone()));
            }
        }
    }
}
