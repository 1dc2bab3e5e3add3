# module: Base.MathConstants

const pi = Base.pi
const π = Base.pi
const e = Base.ℯ
const ℯ = Base.ℯ
const γ = Base.Irrational{:γ}()
const eulergamma = Base.Irrational{:γ}()
const φ = Base.Irrational{:φ}()
const golden = Base.Irrational{:φ}()
const catalan = Base.Irrational{:catalan}()
export pi, π, e, ℯ, γ, eulergamma, φ, golden, catalan
