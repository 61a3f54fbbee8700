// Package inbox reads back what people do in Jira. How an issue stands is first
// interpreted into actions, by a pure function; then one loop applies them: a
// decision goes through the same door as one made in Slack, and what is nobody's
// to do by hand is drift, which is told once and not obeyed.
package inbox
