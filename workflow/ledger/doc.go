// Package ledger is the port to the record, Jira: it opens the issue of what was
// asked, tells it every event, writes comments and ties it to incidents. It queues
// that work in units and carries it out afterwards, each of it once, in the order
// of its issue. What it takes to record changes that nobody asked for is the port
// Reports, for those who make them.
package ledger
