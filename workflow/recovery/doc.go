// Package recovery fills an empty store with what the record still knows. The record
// lives where others can write, so nothing is believed that Latchkey did not sign,
// what is signed is compared with what comments, anchored heads and directories show,
// and no row of the table (see decide) puts anybody into a group: what was on its way
// waits for a human. What is doubtful is listed, each with the reason and what to do.
package recovery
