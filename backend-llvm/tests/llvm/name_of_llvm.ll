; error: `llvm.used`, which is LLVM's own, as a name of C
