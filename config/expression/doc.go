// Package expression compiles the conditions that config.yaml writes as expressions, in the
// Common Expression Language (CEL, cel.dev). Each is type-checked, and its cost bounded, when the
// file is read; what it needs to know and isn't known makes it unknown, not false.
package expression
