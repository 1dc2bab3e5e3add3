; error: the C symbol `Main.f#0` cannot be used: the program has something else of that name
