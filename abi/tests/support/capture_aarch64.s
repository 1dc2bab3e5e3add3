// Callees written by hand for the test of argument passing; the memory is laid out as in
// capture_x86_64.s.
        .globl  capture_aapcs64, produce_aapcs64, produce_sret_aapcs64, _start, write_error
        .text
capture_aapcs64:
        adrp    x9, captured
        add     x9, x9, :lo12:captured
        stp     x0, x1, [x9]
        stp     x2, x3, [x9, 16]
        stp     x4, x5, [x9, 32]
        stp     x6, x7, [x9, 48]
        stp     q0, q1, [x9, 64]
        stp     q2, q3, [x9, 96]
        stp     q4, q5, [x9, 128]
        stp     q6, q7, [x9, 160]
        str     x8, [x9, 192]
        add     x9, x9, 200
        mov     x10, sp
        mov     x11, 256
1:      ldr     x12, [x10], 8
        str     x12, [x9], 8
        subs    x11, x11, 1
        b.ne    1b
        ret
produce_aapcs64:
        adrp    x9, produced
        add     x9, x9, :lo12:produced
        ldp     x0, x1, [x9]
        ldr     q0, [x9, 16]
        ldr     q1, [x9, 32]
        ldr     q2, [x9, 48]
        ldr     q3, [x9, 64]
        ret
produce_sret_aapcs64:
        adrp    x9, produced
        add     x9, x9, :lo12:produced
        ldr     x10, [x9, 80]
        add     x9, x9, 88
        mov     x12, x8
1:      ldrb    w11, [x9], 1
        strb    w11, [x12], 1
        subs    x10, x10, 1
        b.ne    1b
        ret
_start:
        sub     sp, sp, 8192
        bl      run
        mov     x8, 93
        svc     0
write_error:
        mov     x2, x1
        mov     x1, x0
        mov     x0, 2
        mov     x8, 64
        svc     0
        ret
        .section .note.GNU-stack,"",@progbits
