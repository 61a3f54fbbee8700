// Package evidence answers the questions of those who were not there: auditors,
// who want to see that the log is whole and how one person came to one access;
// and whoever runs Latchkey, who wants to know how long people wait and whether
// access ends when it should. It reads the store and changes nothing.
package evidence
