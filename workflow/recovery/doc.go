// Package recovery fills an empty store with what the record still knows, and
// compares the result with the directories. It changes nothing there by itself:
// what was under way is taken up again by those who do such work anyway, and what
// does not fit together is listed for a human.
package recovery
