// Package lifecycle hears of joiners, movers and leavers from the directories' own logs, within a minute where the
// vendor's log is that quick. A log only hints: each account that it names is read by its id, and what that
// says decides. Who has left is handled as whoever is found to have left; anything else is for those who listen. How far
// each log was read is stored, so that nothing is missed while nobody runs. Nothing that takes access away depends on a log:
// what it misses is found by the calendar.
package lifecycle
