//go:build !linux || !cgo

package python

// plainMemory does nothing: tree-sitter asks for memory through Go, which is slower.
func plainMemory() {}
