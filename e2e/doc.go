// Package e2e holds the tests that boot the whole of Latchkey: stories against the
// emulated services, kills at every point of its work, who may do what, and a
// store that comes back from Jira. Stories in testdata/script read like the README.
package e2e
