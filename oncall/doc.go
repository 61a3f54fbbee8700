// Package oncall says who is on call: by a schedule in a file, or by what a service such as
// PagerDuty or Opsgenie answers. Reading a schedule and saying what it means at a moment are
// pure; a Reader fetches it. It names people as the schedule does, by addresses or by accounts
// in Slack. Who they are is for others to find out.
package oncall
