// Package harness lets a script act as the people of the sandbox: type a
// command, fill in a modal, press a button, look at an issue or a group, move
// the clock, break something. Stories, the tour, the page and a curl from the
// command line all use the same words.
//
// An action is done once; it waits for what it acts on, and acts on it as it is
// at that moment. An expectation waits, looking again at every change of the
// world, until it holds or its time is up; a negated one waits until the
// opposite holds. Nothing sleeps.
package harness
