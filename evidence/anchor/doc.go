// Package anchor is what Latchkey says of its log outside of its own store, where
// whoever can write to the store can't take it back: in Jira, in Slack, in a file,
// to a witness. It makes and reads these documents, puts together what is found of
// them, and compares a log with it.
//
// A checkpoint says how many events the log has and what the root of its tree is
// (c2sp.org/tlog-checkpoint). A heads note says besides which event each request
// was seen to end with in Jira. Heads notes are numbered, and each names the hash
// of the one before, so that none can be taken away unnoticed while a later one is
// there.
//
// What is read here was written where others can write, too. Nothing follows from
// it before its signature has been checked.
package anchor
