// Package mutants judges the conformance suite of idptest: by directories that keep all of its promises but one.
// Whoever runs the suite runs them, too; a promise that no case notices to be broken is one that no case asks for.
package mutants
