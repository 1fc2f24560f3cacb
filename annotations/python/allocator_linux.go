package python

/*
#include <stddef.h>

// What tree-sitter exports. Weak, since this package is compiled without it and only the whole program has it.
extern void ts_set_allocator(void *(*)(size_t), void *(*)(size_t, size_t), void *(*)(void *, size_t), void (*)(void *))
	__attribute__((weak));

static void use_c_allocator(void) {
	if (ts_set_allocator)
		ts_set_allocator(NULL, NULL, NULL, NULL);
}
*/
import "C"

import "sync"

// plainMemory has tree-sitter ask C for memory itself, as it does when nobody sets an allocator. The Go module sets one that goes
// through Go to the same functions of C, which is a fifth of all the time that reading takes. It must be called before the
// first parser is made; what was allocated before may be freed after.
var plainMemory = sync.OnceFunc(func() { C.use_c_allocator() })
