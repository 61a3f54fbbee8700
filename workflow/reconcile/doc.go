// Package reconcile compares, by the calendar, who is in the governed groups with
// what the grants say. What no grant explains is told, adopted or removed, as its
// app says; what is missing is told; what belongs to people who have left ends. A
// run that changes something is written down in an issue of its own. The first run
// ever only looks and reports, whatever the apps say.
package reconcile
