// Package ledger is the port to the record, Jira: it opens the issue of what was
// asked, tells it every event, writes comments, ties it to incidents, and opens an
// issue for what was changed without anybody asking. It queues that work in units
// and carries it out afterwards, each of it once, in the order of its issue.
package ledger
