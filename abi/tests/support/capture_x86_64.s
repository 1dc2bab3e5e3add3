# Callees written by hand for the test of argument passing.
# `captured`: 8 integer registers, 8 float registers of 16 bytes, the result address, the stack.
# `produced`: 2 integer and 4 float results, the size and bytes of a result in memory.
        .globl  capture_sysv, capture_ms, produce_sysv, produce_ms, produce_sret_sysv, produce_sret_ms
        .globl  _start
        .text
capture_sysv:
        mov     %rdi, captured(%rip)
        mov     %rsi, captured+8(%rip)
        mov     %rdx, captured+16(%rip)
        mov     %rcx, captured+24(%rip)
        mov     %r8, captured+32(%rip)
        mov     %r9, captured+40(%rip)
        movups  %xmm0, captured+64(%rip)
        movups  %xmm1, captured+80(%rip)
        movups  %xmm2, captured+96(%rip)
        movups  %xmm3, captured+112(%rip)
        movups  %xmm4, captured+128(%rip)
        movups  %xmm5, captured+144(%rip)
        movups  %xmm6, captured+160(%rip)
        movups  %xmm7, captured+176(%rip)
        mov     %rdi, captured+192(%rip)
        lea     8(%rsp), %rsi
        lea     captured+200(%rip), %rdi
        mov     $256, %ecx
        rep movsq
        mov     captured(%rip), %rax
        ret
capture_ms:
        mov     %rcx, captured(%rip)
        mov     %rdx, captured+8(%rip)
        mov     %r8, captured+16(%rip)
        mov     %r9, captured+24(%rip)
        movups  %xmm0, captured+64(%rip)
        movups  %xmm1, captured+80(%rip)
        movups  %xmm2, captured+96(%rip)
        movups  %xmm3, captured+112(%rip)
        mov     %rcx, captured+192(%rip)
        mov     %rdi, %r10
        mov     %rsi, %r11
        lea     8(%rsp), %rsi
        lea     captured+200(%rip), %rdi
        mov     $256, %ecx
        rep movsq
        mov     %r10, %rdi
        mov     %r11, %rsi
        mov     captured(%rip), %rax
        ret
produce_sysv:
produce_ms:
        mov     produced(%rip), %rax
        mov     produced+8(%rip), %rdx
        movups  produced+16(%rip), %xmm0
        movups  produced+32(%rip), %xmm1
        ret
produce_sret_sysv:
        mov     %rdi, %rax
        mov     produced+80(%rip), %rcx
        lea     produced+88(%rip), %rsi
        rep movsb
        ret
produce_sret_ms:
        mov     %rdi, %r10
        mov     %rsi, %r11
        mov     %rcx, %rax
        mov     %rcx, %rdi
        mov     produced+80(%rip), %rcx
        lea     produced+88(%rip), %rsi
        rep movsb
        mov     %r10, %rdi
        mov     %r11, %rsi
        ret
_start:
        and     $-16, %rsp
        sub     $8192, %rsp
        call    run
        mov     %eax, %edi
        mov     $60, %eax
        syscall
        .globl  write_error
write_error:
        mov     %rsi, %rdx
        mov     %rdi, %rsi
        mov     $2, %edi
        mov     $1, %eax
        syscall
        ret
        .section .note.GNU-stack,"",@progbits
