# What the parser knows of operators, by their names: how tightly they bind, on which side.

const ASSIGNMENT_NAMES = (:(=), :+=, :-=, :*=, :/=, ://=, :^=, :÷=, :%=, :<<=, :>>=, :>>>=, :|=, :&=, :⊻=, :\=, :(:=))
const COMPARISON_NAMES = (:<, :>, :<=, :>=, :≤, :≥, :(==), :!=, :≠, :(===), :(!==), :≡, :≢, :<:, :>:, :≈, :≉, :∈, :∉, :∋, :∌, :in, :isa, :⊆, :⊇, :⊈, :⊉, :⊊, :⊋)
const SUM_NAMES = (:+, :-, :|, :⊻, :⊕, :⊖, :⊞, :⊟, :∪, :∨, :⊔, :±, :∓, :++)
const PRODUCT_NAMES = (:*, :/, :÷, :%, :&, :⋅, :⋆, :∘, :×, :\, :∩, :∧, :⊗, :⊘, :⊙, :⊠, :⊡, :⊓, :⊼)

# 0 for what is no operator.
function operator_precedence(name::Symbol)
    name in ASSIGNMENT_NAMES && return 1
    name === Symbol("?") && return 3
    (name === Symbol("-->") || name === :→ || name === :← || name === :↔) && return 4
    name === Symbol("=>") && return 2
    (name === Symbol("||")) && return 5
    name === Symbol("&&") && return 6
    name in COMPARISON_NAMES && return 7
    name === :<| && return 8
    name === :|> && return 9
    (name === :(:) || name === Symbol("..")) && return 10
    name in SUM_NAMES && return 11
    name in PRODUCT_NAMES && return 12
    name === :// && return 13
    (name === :<< || name === :>> || name === :>>>) && return 14
    (name === :^ || name === :↑ || name === :↓) && return 15
    name === Symbol("::") && return 16
    name === Symbol(".") && return 17
    return 0
end

function operator_associativity(name::Symbol)
    precedence = operator_precedence(name)
    (precedence in (1, 2, 4, 5, 6, 8, 15) || name in UNARY_NAMES) && return :right
    (name === :+ || name === :* || name === :++ || precedence == 7) && return :none
    return :left
end

const UNARY_NAMES = (:!, :~, :¬, :√, :∛, :∜)
is_unary_and_binary_operator(name::Symbol) = name in (:+, :-, :&, :⋆, :±, :∓) || name === Symbol("\$")
isunaryoperator(name::Symbol) = name in UNARY_NAMES || is_unary_and_binary_operator(name)
isbinaryoperator(name::Symbol) = isoperator(name) && !(name in UNARY_NAMES)
