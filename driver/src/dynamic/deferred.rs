//! First calls of functions that were to be compiled when they are called: generated code that
//! calls one arrives here, by its stub ([`jlift_backend_cranelift::jit`]). The arguments are put aside, the
//! runtime asks for the code, and the call goes on there as if it had been there all the time.

/// Where stubs send calls of functions without code; `None` if nothing may be deferred on this machine.
pub fn arrival() -> Option<*const u8> {
    #[cfg(target_arch = "x86_64")]
    return Some(x86_64::arrive as *const u8);
    #[cfg(not(target_arch = "x86_64"))]
    None
}

#[cfg(target_arch = "x86_64")]
mod x86_64 {
    use super::super::{COMPILERS_STACK, RESOLVER, has_room};

    /// Comes with the number of the function in `r11d`, the arguments where the System V convention
    /// has them: six registers, eight vector registers, the stack. None is a vector of more than 16
    /// bytes.
    #[unsafe(naked)]
    pub extern "C" fn arrive() {
        core::arch::naked_asm!(
            "push rbp",
            "mov rbp, rsp",
            "sub rsp, 176",
            "mov [rsp], rdi",
            "mov [rsp + 8], rsi",
            "mov [rsp + 16], rdx",
            "mov [rsp + 24], rcx",
            "mov [rsp + 32], r8",
            "mov [rsp + 40], r9",
            "movups [rsp + 48], xmm0",
            "movups [rsp + 64], xmm1",
            "movups [rsp + 80], xmm2",
            "movups [rsp + 96], xmm3",
            "movups [rsp + 112], xmm4",
            "movups [rsp + 128], xmm5",
            "movups [rsp + 144], xmm6",
            "movups [rsp + 160], xmm7",
            "mov edi, r11d",
            "call {code_of}",
            "mov r11, rax",
            "mov rdi, [rsp]",
            "mov rsi, [rsp + 8]",
            "mov rdx, [rsp + 16]",
            "mov rcx, [rsp + 24]",
            "mov r8, [rsp + 32]",
            "mov r9, [rsp + 40]",
            "movups xmm0, [rsp + 48]",
            "movups xmm1, [rsp + 64]",
            "movups xmm2, [rsp + 80]",
            "movups xmm3, [rsp + 96]",
            "movups xmm4, [rsp + 112]",
            "movups xmm5, [rsp + 128]",
            "movups xmm6, [rsp + 144]",
            "movups xmm7, [rsp + 160]",
            "leave",
            "jmp r11",
            code_of = sym code_of,
        )
    }

    extern "C" fn code_of(number: u32) -> *const u8 {
        let Some(resolver) = RESOLVER.get() else {
            eprintln!("error: internal error: a program's code runs without its program");
            std::process::exit(2);
        };
        // SAFETY: set for as long as generated code runs; whoever set it does nothing meanwhile.
        let resolver = unsafe { &mut *resolver };
        match has_room() {
            true => resolver.deferred(number),
            false => stacker::grow(COMPILERS_STACK, || resolver.deferred(number)),
        }
    }
}
