// Package query reads: how a case stands, what somebody holds and waits for, who
// has access and why, what is stuck, how the week went. It changes nothing. Slack,
// the command line and the metrics all ask here, so that they never disagree;
// whoever may not see something is refused.
package query
