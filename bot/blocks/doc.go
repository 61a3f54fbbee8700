// Package blocks makes Block Kit, the parts of Slack's messages and views, out
// of text of anybody: it escapes, cuts to Slack's limits, and words dates, counts
// and lengths of time.
//
// Text from people and directories is escaped where it lands and shown verbatim,
// so that nobody can mention, link or disguise through it.
package blocks
