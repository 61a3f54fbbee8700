// Package anchor says outside how the log stands, and compares the store with what
// was said there before.
//
// A checkpoint is made when something happened and a minute has passed. Once a day,
// also when nothing happened, a heads note is posted: in one internal issue a year, in
// the IT channel, and where the configuration says besides. Every hour the issue
// itself carries the newest head.
//
// At start the newest of these is read back. A store that is older than what was
// anchored adds nobody and leaves alone what Jira knows more about; one that has
// another history writes nothing into Jira; one that another Latchkey works on as
// well adds nobody. IT hears of each. Ends that are undisputed wait for none of it.
package anchor
