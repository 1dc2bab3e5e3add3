/* What a start-up is compared with: linked statically, it does nothing but write and exit. */
#include <stdio.h>

int main(void) { return puts("hello") < 0; }
