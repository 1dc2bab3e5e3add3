//! Copies types, constants and functions of one module into another.

use super::*;

/// Translation of the entities of one source.
pub(super) struct Context<'m> {
    pub(super) from: &'m Module,
    pub(super) into: &'m mut Module,
    pub(super) maps: &'m mut Maps,
}

impl Context<'_> {
    pub(super) fn name(&mut self, name: Name) -> Name {
        if let Some(known) = self.maps.names[name].expand() {
            return known;
        }
        let to = self
            .into
            .tables
            .names
            .intern(self.from.tables.names.str(name));
        self.maps.names[name] = to.into();
        to
    }

    pub(super) fn param(&mut self, param: TypeParam) -> TypeParam {
        match param {
            TypeParam::Type(t) => TypeParam::Type(self.ty(t)),
            TypeParam::Value(v) => TypeParam::Value(self.constant_value(v)),
        }
    }

    pub(super) fn ty(&mut self, ty: Type) -> Type {
        if let Some(known) = self.maps.types[ty].expand() {
            return known;
        }
        let to = match self.from.tables.type_data(ty) {
            TypeData::Bottom => Type::BOTTOM,
            TypeData::Data { name, .. } => {
                let params: Vec<TypeParam> = self.from.tables.params(ty).to_vec();
                let params: Vec<TypeParam> = params.into_iter().map(|p| self.param(p)).collect();
                let name = self.name(name);
                self.into.tables.data_type(name, &params)
            }
            TypeData::Union(_) => {
                let members = self.from.tables.members(ty);
                let members: Vec<Type> = members.into_iter().map(|m| self.ty(m)).collect();
                self.into.tables.union(&members)
            }
            TypeData::UnionAll {
                var,
                lower,
                upper,
                body,
            } => {
                let (lower, upper) = (self.ty(lower), self.ty(upper));
                let (var, body) = (self.name(var), self.ty(body));
                self.into.tables.union_all(var, lower, upper, body)
            }
            TypeData::Var(name) => {
                let name = self.name(name);
                self.into.tables.type_var(name)
            }
            TypeData::Vararg { elem, count } => {
                let elem = self.ty(elem);
                let count = count.map(|p| self.param(p));
                self.into.tables.vararg(elem, count)
            }
        };
        // Known before its declaration is copied: fields may be of the same type.
        self.maps.types[ty] = to.into();
        if let Some(decl) = self.from.tables.decl(ty) {
            let decl = match decl {
                Decl::Struct(s) => Decl::Struct(StructDecl {
                    supertype: self.ty(s.supertype),
                    fields: s
                        .fields
                        .iter()
                        .map(|field| Field {
                            name: self.name(field.name),
                            ty: self.ty(field.ty),
                            ..field.clone()
                        })
                        .collect(),
                    ..s.clone()
                }),
                Decl::Singleton { supertype } => Decl::Singleton {
                    supertype: self.ty(*supertype),
                },
                Decl::Primitive { bits, supertype } => Decl::Primitive {
                    bits: *bits,
                    supertype: self.ty(*supertype),
                },
            };
            // Where both modules declare the type, the destination's word stands.
            self.into.tables.declare(to, decl);
        }
        to
    }

    pub(super) fn constant_value(&mut self, value: Value) -> Value {
        match value {
            Value::Imm { ty, bits } => Value::Imm {
                ty: self.ty(ty),
                bits,
            },
            Value::Instance(ty) => Value::Instance(self.ty(ty)),
            Value::Type(ty) => Value::Type(self.ty(ty)),
            Value::Const(c) => Value::Const(self.constant(c)),
            Value::Inst(_) | Value::Arg(_) => value,
        }
    }

    pub(super) fn constant(&mut self, c: Const) -> Const {
        if let Some(known) = self.maps.consts[c].expand() {
            return known;
        }
        let data = match self.from.tables.const_data(c).clone() {
            ConstData::Wide { ty, bits } => ConstData::Wide {
                ty: self.ty(ty),
                bits,
            },
            ConstData::String(bytes) => ConstData::String(bytes),
            ConstData::Symbol(name) => ConstData::Symbol(self.name(name)),
            ConstData::Aggregate { ty, fields } => ConstData::Aggregate {
                ty: self.ty(ty),
                fields: fields.iter().map(|&v| self.constant_value(v)).collect(),
            },
            ConstData::Array { ty, dims, elems } => ConstData::Array {
                ty: self.ty(ty),
                dims,
                elems: elems.iter().map(|&v| self.constant_value(v)).collect(),
            },
            ConstData::Module(name) => ConstData::Module(self.name(name)),
            ConstData::Global(g) => ConstData::Global(self.global(g)),
            ConstData::Binding(name) => ConstData::Binding(self.name(name)),
            ConstData::Opaque(ty) => ConstData::Opaque(self.ty(ty)),
        };
        let to = self.into.tables.constant(data);
        self.maps.consts[c] = to.into();
        to
    }

    pub(super) fn global(&mut self, g: Global) -> Global {
        if let Some(known) = self.maps.globals[g].expand() {
            return known;
        }
        let from = &self.from.globals[g];
        let data = GlobalData {
            name: self.name(from.name),
            ty: self.ty(from.ty),
            value: self.constant_value(from.value),
        };
        let same = self.into.globals.iter().find(|(_, d)| **d == data);
        let to = match same.map(|(g, _)| g) {
            Some(g) => g,
            None => self.into.globals.push(data),
        };
        self.maps.globals[g] = to.into();
        to
    }

    pub(super) fn loc(&mut self, loc: PackedOption<Loc>) -> PackedOption<Loc> {
        let Some(loc) = loc.expand() else {
            return None.into();
        };
        if self.maps.locs[loc].is_some() {
            return self.maps.locs[loc];
        }
        let links: Vec<LocData> = self.from.locs.chain(loc).copied().collect();
        let mut outer: PackedOption<Loc> = None.into();
        for link in links.into_iter().rev() {
            let data = LocData {
                file: self.name(link.file),
                line: link.line,
                function: self.name(link.function),
                inlined_at: outer,
            };
            outer = self.into.locs.intern(data).into();
        }
        self.maps.locs[loc] = outer;
        outer
    }

    /// A function of the destination with the signature of `func` and no body yet.
    pub(super) fn declare_function(&mut self, func: Func) -> Func {
        let f = &self.from.functions[func];
        let params = f
            .params
            .iter()
            .map(|p| Param {
                name: self.name(p.name),
                ty: self.ty(p.ty),
            })
            .collect();
        let (name, ret) = (self.name(f.name), self.ty(f.ret));
        let self_type = self.ty(f.self_type);
        // An entry point of a library is none of the program.
        let mut out = Function::new(name, params, ret, self_type);
        out.inline = f.inline;
        let to = self.into.functions.push(out);
        self.maps.funcs[func] = to.into();
        to
    }

    pub(super) fn copy_blocks(&mut self, body: &Function, out: &mut Function) {
        let mut inst_map: SecondaryMap<Inst, PackedOption<Inst>> = SecondaryMap::new();
        let mut block_map: SecondaryMap<Block, PackedOption<Block>> = SecondaryMap::new();
        for &block in &body.layout {
            let to = out.blocks.push(BlockData::default());
            out.layout.push(to);
            block_map[block] = to.into();
            for &inst in &body.blocks[block].insts {
                let data = InstData {
                    op: Op::Nop,
                    ty: self.ty(body.insts[inst].ty),
                    loc: self.loc(body.insts[inst].loc),
                };
                inst_map[inst] = out.insts.push(data).into();
            }
        }
        let mut rename = ImportRename {
            cx: self,
            insts: &inst_map,
            blocks: &block_map,
        };
        for (i, &block) in body.layout.iter().enumerate() {
            let to = out.layout[i];
            let data = &body.blocks[block];
            let mut insts = Vec::with_capacity(data.insts.len());
            for &inst in &data.insts {
                let op = copy_op(out, body, inst, &mut rename);
                if let Some(new) = inst_map[inst].expand() {
                    out.insts[new].op = op;
                    insts.push(new);
                }
            }
            let term = copy_terminator(&data.term, &mut rename);
            let term_loc = rename.cx.loc(data.term_loc);
            out.blocks[to] = BlockData {
                insts,
                term,
                term_loc,
            };
        }
    }
}

struct ImportRename<'c, 'm> {
    cx: &'c mut Context<'m>,
    insts: &'c SecondaryMap<Inst, PackedOption<Inst>>,
    blocks: &'c SecondaryMap<Block, PackedOption<Block>>,
}

impl Rename for ImportRename<'_, '_> {
    fn value(&mut self, value: Value) -> Value {
        match value {
            // A statement outside of all blocks is never executed; nor is its user then.
            Value::Inst(i) => self.insts[i].expand().map_or(Value::NOTHING, Value::Inst),
            Value::Arg(_) => value,
            constant => self.cx.constant_value(constant),
        }
    }

    fn block(&mut self, block: Block) -> Block {
        self.blocks[block].expand().unwrap_or(Block::new(0))
    }

    fn ty(&mut self, ty: Type) -> Type {
        self.cx.ty(ty)
    }

    fn func(&mut self, func: Func) -> Func {
        self.cx.maps.funcs[func].expand().unwrap_or(func)
    }

    fn name(&mut self, name: Name) -> Name {
        self.cx.name(name)
    }

    fn constant(&mut self, c: Const) -> Const {
        self.cx.constant(c)
    }
}
