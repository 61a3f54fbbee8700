// Package access holds the nouns of access governance and the machines that
// move them: a Request is the ask and its decision, a Grant is the change and
// its end. An Event is the only way into a machine, an Effect the only way out.
//
// The package is pure. It does no I/O, reads no clock and takes no context:
// time is a parameter, people are resolved before they get here, and what is to
// be done in the world is returned as effects for somebody else to carry out.
package access
