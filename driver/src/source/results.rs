//! Results that C cannot hold: where the types come from and what to change.

use super::Program;
use crate::diagnostic::Failure;
use cranelift_entity::EntityRef;
use jlift_frontend::lowered::{Operand, Slot, Stmt};
use jlift_frontend::surface::Span;
use jlift_infer::Obstacle;
use jlift_infer::interp::instance::InstId;
use jlift_ir::{Type, TypeClass};

impl Program {
    /// Refuses an export whose result has no C representation.
    pub(super) fn check_result(&mut self, export: InstId) -> Result<(), Failure> {
        match self.result_obstacle(export) {
            Some(obstacle) => Err(self.obstacles(&[obstacle])),
            None => Ok(()),
        }
    }

    /// Why a result cannot be returned to C, if it cannot.
    fn result_obstacle(&mut self, export: InstId) -> Option<Obstacle> {
        let inst = &self.world.instances[export];
        let ret = inst.ret.clone();
        let ty = self.world.widen(&ret);
        if ty == Type::BOTTOM {
            return None;
        }
        self.world.declare(ty);
        let class = self.world.module.tables.class(ty);
        let help = match class {
            TypeClass::Union | TypeClass::Abstract => None,
            TypeClass::Array => Some("fill an array that the caller passes as an argument"),
            TypeClass::String => Some("write the bytes to memory that the caller passes"),
            TypeClass::Symbol | TypeClass::Heap | TypeClass::InlineWithReferences => {
                Some("return numbers, pointers, or structs and tuples of them")
            }
            _ => return None,
        };
        let text = self.world.type_text(ty);
        let name = {
            let name = self.world.instances[export].name;
            self.world.text(name).to_string()
        };
        let body = self.world.instances[export].body.clone()?;
        let method_span = self.world.instances[export]
            .method
            .and_then(|m| self.world.methods[m].span());
        let mut o = Obstacle::error(
            None,
            format!("the exported function `{name}` returns {text}, which has no C representation"),
        );
        // Where the returned variable gets which type.
        let mut returned: Vec<Slot> = Vec::new();
        let mut return_span: Option<Span> = None;
        for (id, stmt) in body.code.stmts.iter() {
            if let Stmt::Return(operand) = stmt
                && body.entry[body.cfg.block_of[id.index()] as usize].is_some()
            {
                return_span = return_span.or(body.code.spans[id]);
                match operand {
                    Operand::Slot(s) => returned.push(*s),
                    Operand::Ssa(s) => {
                        if let Stmt::Value(jlift_frontend::lowered::Rvalue::Use(Operand::Slot(
                            slot,
                        ))) = &body.code.stmts[*s]
                        {
                            returned.push(*slot);
                        }
                    }
                    _ => {}
                }
            }
        }
        o.span = return_span.or(method_span);
        let mut types_seen: Vec<Type> = Vec::new();
        let mut converted_to: Option<String> = None;
        let mut variable = None;
        for &slot in &returned {
            for (id, stmt) in body.code.stmts.iter() {
                if let Stmt::Assign(s, _) = stmt
                    && *s == slot
                    && body.entry[body.cfg.block_of[id.index()] as usize].is_some()
                {
                    let lat = body.values[id.index()].clone();
                    let ty = self.world.widen(&lat);
                    if ty == Type::BOTTOM || types_seen.contains(&ty) {
                        continue;
                    }
                    let text = self.world.type_text(ty);
                    let name = self.world.text(body.code.slots[slot].name).to_string();
                    let verb = if types_seen.is_empty() {
                        "starts as"
                    } else {
                        "becomes"
                    };
                    o = o.label(body.code.spans[id], format!("`{name}` {verb} {text} here"));
                    types_seen.push(ty);
                    if ty.is_float() {
                        converted_to = Some(text);
                    }
                    variable = Some(name);
                }
            }
        }
        if let Some(help) = help {
            o.labels.clear();
            return Some(o.help(help));
        }
        o.help = Some(match (variable, converted_to) {
            (Some(name), Some(ty)) => format!(
                "start with a value of the right type (`{name} = zero({ty})`), or return `{ty}({name})`"
            ),
            _ => "return one concrete type on every path".into(),
        });
        Some(o)
    }
}
