# Accounts, money type, interest, transactions with rollback, statements, an audit trail, currencies.
using Printf
abstract type Account end
struct Money{C} <: Real
    cents::Int
    Money{C}(c::Integer) where {C} = new{C}(c)
end
Money{C}(x::AbstractFloat) where {C} = Money{C}(round(Int, 100x))
const EUR = Money{:EUR}
const USD = Money{:USD}
currency(::Type{Money{C}}) where {C} = C
currency(m::Money) = currency(typeof(m))
Base.:+(a::M, b::M) where {M<:Money} = M(a.cents + b.cents)
Base.:-(a::M, b::M) where {M<:Money} = M(a.cents - b.cents)
Base.:-(a::M) where {M<:Money} = M(-a.cents)
Base.:*(a::Money{C}, k::Real) where {C} = Money{C}(round(Int, a.cents * k))
Base.:*(k::Real, a::Money) = a * k
Base.:*(a::Money, b::Money) = throw(ArgumentError("money times money"))
Base.:/(a::Money{C}, b::Money{C}) where {C} = a.cents / b.cents
Base.isless(a::M, b::M) where {M<:Money} = isless(a.cents, b.cents)
Base.:<(a::M, b::M) where {M<:Money} = a.cents < b.cents
Base.:(==)(a::Money{C}, b::Money{D}) where {C,D} = C === D && a.cents == b.cents
Base.hash(m::Money, h::UInt) = hash(m.cents, hash(currency(m), h))
Base.zero(::Type{M}) where {M<:Money} = M(0)
Base.zero(m::Money) = zero(typeof(m))
Base.iszero(m::Money) = iszero(m.cents)
function Base.show(io::IO, m::Money{C}) where {C}
    q, r = divrem(abs(m.cents), 100)
    s = reverse(join(Iterators.map(String, Iterators.partition(reverse(string(q)), 3)), ','))
    print(io, m.cents < 0 ? "-" : "", s, ".", lpad(r, 2, '0'), get(io, :plain, false) ? "" : " $C")
end
Base.promote_rule(::Type{Money{C}}, ::Type{Money{D}}) where {C,D} = error("no common currency of $C and $D")
println(EUR(1234567), " ", USD(-5), " ", EUR(12.345), " ", EUR(100) + EUR(250), " ", 3EUR(99), " ", EUR(100) * 0.075, " ", -USD(1))
println(sum([EUR(1), EUR(2)]), " ", maximum([EUR(3), EUR(9)]), " ", sort([EUR(3), EUR(1)]), " ", EUR(300) / EUR(200), " ", EUR(1) == USD(1), " ", unique([EUR(1), EUR(1), EUR(2)]))
println(zero(EUR), " ", typeof(EUR(1)), " ", currency(USD), " ", [EUR(i) for i in 1:2], " ", sprint(show, EUR(100); context = :plain => true))
try EUR(1) + USD(1) catch e; println(sprint(showerror, e)) end
try EUR(1) * EUR(1) catch e; println(sprint(showerror, e)) end

struct InsufficientFunds{M<:Money} <: Exception
    account::String
    needed::M
    available::M
end
Base.showerror(io::IO, e::InsufficientFunds) = print(io, "account ", e.account, " lacks ", e.needed - e.available)
struct Entry
    seq::Int
    kind::Symbol
    account::String
    amount::Money
end
mutable struct Checking{M<:Money} <: Account
    const id::String
    balance::M
    limit::M
end
mutable struct Savings{M<:Money} <: Account
    const id::String
    balance::M
    rate::Float64
end
Checking(id, balance::M; limit::M = zero(M)) where {M} = Checking{M}(id, balance, limit)
Savings(id, balance::M; rate = 0.02) where {M} = Savings{M}(id, balance, rate)
available(a::Checking) = a.balance + a.limit
available(a::Savings) = a.balance
Base.show(io::IO, a::Account) = print(io, nameof(typeof(a)), "(", a.id, ": ", a.balance, ")")
struct Bank
    accounts::Dict{String,Account}
    journal::Vector{Entry}
end
Bank(as::Account...) = Bank(Dict(a.id => a for a in as), Entry[])
Base.getindex(b::Bank, id) = b.accounts[id]
post!(b::Bank, kind, a, m) = push!(b.journal, Entry(length(b.journal) + 1, kind, a.id, m))
function deposit!(b::Bank, id, m::Money)
    m > zero(m) || throw(DomainError(m, "deposits are positive"))
    a = b[id]
    a.balance += m
    post!(b, :deposit, a, m)
    a
end
function withdraw!(b::Bank, id, m)
    a = b[id]
    available(a) < m && throw(InsufficientFunds(id, m, available(a)))
    a.balance -= m
    post!(b, :withdraw, a, -m)
    a
end
function transaction(f, b::Bank)
    saved = Dict(id => a.balance for (id, a) in b.accounts)
    mark = length(b.journal)
    try
        f(b)
        true
    catch e
        for (id, bal) in saved
            b[id].balance = bal
        end
        resize!(b.journal, mark)
        @printf("rolled back: %s\n", sprint(showerror, e))
        false
    end
end
transfer!(b, from, to, m) = transaction(b) do b
    withdraw!(b, from, m)
    deposit!(b, to, m)
end
b = Bank(Checking("giro", EUR(100000); limit = EUR(50000)), Savings("save", EUR(500000); rate = 0.035), Checking("us", USD(1000)))
println([transfer!(b, "giro", "save", EUR(120000)), transfer!(b, "giro", "save", EUR(40000)), transfer!(b, "save", "us", EUR(1)), transfer!(b, "save", "nobody", EUR(1)), transfer!(b, "us", "giro", USD(-1))])
println(b["giro"], " ", b["save"], " ", b["us"], " ", length(b.journal))
for e in b.journal
    @printf("%03d %-9s %-5s %14s\n", e.seq, e.kind, e.account, e.amount)
end
accrue!(a::Savings, years = 1) = (old = a.balance; for _ in 1:years; a.balance += a.balance * a.rate; end; a.balance - old)
accrue!(::Account, years = 1) = nothing
println([id => accrue!(b[id], 2) for id in sort(collect(keys(b.accounts)))])
totals = Dict{Symbol,Money}()
for a in values(b.accounts)
    c = currency(a.balance)
    totals[c] = haskey(totals, c) ? totals[c] + a.balance : a.balance
end
println(totals[:EUR], " | ", totals[:USD], " ", typeof(totals))
rates = Dict((:USD, :EUR) => 0.92, (:EUR, :USD) => 1 / 0.92)
exchange(m::Money{C}, ::Type{Money{D}}) where {C,D} = C === D ? m : Money{D}(round(Int, m.cents * rates[(C, D)]))
println(exchange(USD(10000), EUR), " ", exchange(EUR(9200), USD), " ", exchange(EUR(1), EUR), " ", sum(exchange(a.balance, EUR) for a in values(b.accounts)))
function schedule(principal::M, rate, months) where {M<:Money}
    r = rate / 12
    pay = M(ceil(Int, principal.cents * r / (1 - (1 + r)^-months)))
    rows = NamedTuple{(:month, :interest, :repaid, :left),Tuple{Int,M,M,M}}[]
    left = principal
    for m in 1:months
        i = left * r
        p = min(pay - i, left)
        left -= p
        push!(rows, (month = m, interest = i, repaid = p, left = left))
    end
    rows
end
rows = schedule(EUR(120000), 0.06, 6)
for r in rows
    println(lpad(r.month, 2), " ", join((lpad(sprint(show, x; context = :plain => true), 10) for x in (r.interest, r.repaid, r.left))))
end
println(sum(r.interest for r in rows), " ", iszero(rows[end].left), " ", sum(getfield.(rows, :repaid)) == EUR(120000))
