# module: Base.Checked

import ..Base: add_with_overflow, sub_with_overflow, mul_with_overflow, checked_add, checked_sub, checked_mul, checked_neg, checked_abs, checked_div, checked_rem, checked_fld, checked_mod, checked_cld, checked_pow
export checked_neg, checked_abs, checked_add, checked_sub, checked_mul, checked_div, checked_rem, checked_fld, checked_mod, checked_cld, checked_pow, add_with_overflow, sub_with_overflow, mul_with_overflow
