# An assembler and register machine, with labels, a stack, macros for opcodes, tracing, and a disassembler.
module Machine
export assemble, run!, CPU, @op, VMError, disassemble
struct VMError <: Exception
    pc::Int
    what::AbstractString
end
Base.showerror(io::IO, e::VMError) = print(io, "VMError(pc=", e.pc, "): ", e.what)
const OPCODES = Dict{Symbol,UInt8}()
const HANDLERS = Dict{UInt8,Function}()
const ARITY = Dict{UInt8,Int}()
macro op(name, sig, body)
    params = sig.args
    n = length(params)
    code = UInt8(length(OPCODES) + 1)
    OPCODES[name] = code
    quote
        ARITY[$code] = $n
        HANDLERS[$code] = (cpu, $(params...)) -> $body
        nothing
    end |> esc
end
mutable struct CPU
    regs::Vector{Int32}
    stack::Vector{Int32}
    pc::Int
    flags::NTuple{2,Bool}
    halted::Bool
    out::Vector{String}
    cycles::UInt
    CPU(; nregs = 4) = new(zeros(Int32, nregs), Int32[], 1, (false, false), false, String[], 0)
end
Base.getindex(c::CPU, r::Integer) = 1 <= r <= length(c.regs) ? c.regs[r] : throw(VMError(c.pc, "no register $r"))
Base.setindex!(c::CPU, v, r::Integer) = (c.regs[r] = v % Int32)
@op NOP () nothing
@op LOADI (r, v) cpu[r] = v
@op MOV (a, b) cpu[a] = cpu[b]
@op ADD (a, b) cpu[a] = cpu[a] + cpu[b]
@op SUB (a, b) cpu[a] = cpu[a] - cpu[b]
@op MUL (a, b) cpu[a] = Int64(cpu[a]) * cpu[b]
@op DIV (a, b) begin
    iszero(cpu[b]) && throw(VMError(cpu.pc, "division by zero"))
    cpu[a] = cpu[a] ÷ cpu[b]
end
@op CMP (a, b) cpu.flags = (cpu[a] == cpu[b], cpu[a] < cpu[b])
@op JMP (t,) cpu.pc = t
@op JEQ (t,) cpu.flags[1] && (cpu.pc = t)
@op JLT (t,) cpu.flags[2] && (cpu.pc = t)
@op PUSH (r,) push!(cpu.stack, cpu[r])
@op POP (r,) begin
    isempty(cpu.stack) && throw(VMError(cpu.pc, "stack underflow"))
    cpu[r] = pop!(cpu.stack)
end
@op CALL (t,) begin
    length(cpu.stack) > 50 && throw(VMError(cpu.pc, "stack overflow"))
    push!(cpu.stack, Int32(cpu.pc))
    cpu.pc = t
end
@op RET () cpu.pc = pop!(cpu.stack)
@op OUT (r,) push!(cpu.out, string(cpu[r]))
@op HALT () cpu.halted = true

struct Instr
    op::UInt8
    args::Tuple{Vararg{Int}}
end
function Base.show(io::IO, i::Instr)
    name = findfirst(==(i.op), OPCODES)
    print(io, lowercase(string(name)), isempty(i.args) ? "" : " ", join(i.args, ", "))
end
function assemble(src)
    labels = Dict{String,Int}()
    lines = Tuple{Int,Vector{SubString{String}}}[]
    for (n, raw) in enumerate(eachsplit(src, '\n'))
        line = strip(first(split(raw, ';')))
        while (m = match(r"^(\w+):\s*", line)) !== nothing
            labels[m[1]] = length(lines) + 1
            line = line[length(m.match)+1:end]
        end
        isempty(line) || push!(lines, (n, split(line, [' ', ','], keepempty = false)))
    end
    operand(s, n) = begin
        (m = match(r"^r(\d+)$", s)) === nothing || return parse(Int, m[1])
        haskey(labels, s) && return labels[s]
        v = tryparse(Int, s)
        v === nothing ? error("line $n: bad operand $s") : v
    end
    map(lines) do (n, (op, args...))
        code = get(OPCODES, Symbol(uppercase(op)), nothing)
        isnothing(code) && error("line $n: unknown instruction $op")
        length(args) == ARITY[code] || error("line $n: $op takes $(ARITY[code]) operands")
        Instr(code, Tuple(operand(a, n) for a in args))
    end
end
disassemble(code) = join(("$(lpad(i, 3)): $ins" for (i, ins) in enumerate(code)), '\n')
function run!(cpu::CPU, code::Vector{Instr}; limit = 10_000, trace = nothing)
    while !cpu.halted
        checkbounds(Bool, code, cpu.pc) || throw(VMError(cpu.pc, "outside of the program"))
        ins = code[cpu.pc]
        trace === nothing || trace(cpu, ins)
        cpu.pc += 1
        (cpu.cycles += 1) > limit && throw(VMError(cpu.pc - 1, "cycle limit"))
        HANDLERS[ins.op](cpu, ins.args...)
    end
    cpu
end
end
using .Machine
fact = """
        loadi r1, 10    ; n
        loadi r2, 1     ; acc
        loadi r3, 1
loop:   cmp r1, r3
        jlt done
        mul r2, r1
        sub r1, r3
        jmp loop
done:   out r2
        halt
"""
code = assemble(fact)
println(disassemble(code))
cpu = run!(CPU(), code)
println(cpu.out, " cycles=", cpu.cycles, " regs=", cpu.regs, " pc=", cpu.pc)
prog = assemble("start: loadi r1 7\ncall sq\nout r1\nhalt\nsq: push r2\nmov r2 r1\nmul r1 r2\npop r2\nret")
try
    println(run!(CPU(), prog).out)
catch e
    showerror(stdout, e); println()
end
seen = Dict{String,Int}()
run!(CPU(), code; trace = (c, i) -> (k = first(split(string(i))); seen[k] = get(seen, k, 0) + 1))
println(sort!(collect(seen)))
for src in ["loadi r1 1\nloadi r2 0\ndiv r1 r2", "pop r1", "x: jmp x", "nop", "f: call f", "loadi r9 1\nout r9"]
    try
        run!(CPU(), assemble(src))
        println("fine")
    catch e
        println(rpad(typeof(e), 22), sprint(showerror, e))
    end
end
for src in ["foo r1", "add r1", "jmp nowhere", "loadi r1 x"]
    try assemble(src) catch e; println(e.msg) end
end
println(length(Machine.OPCODES), " ", sort(collect(keys(Machine.OPCODES)))[1:4], " ", Machine.ARITY[Machine.OPCODES[:CMP]])
c2 = CPU(; nregs = 2)
c2[1] = typemax(Int32) + 1
println(c2[1], " ", c2.regs, " ", try c2[3] catch e; e end)
println(code[1], " ", repr(code[1:2]), " ", code[end].args)
