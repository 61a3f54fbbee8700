// Package membership is one person's place in one group: finding the account and the
// group, which the configuration and the directory let be changed, changing it, and
// reading it back. Why it is changed, and what follows, is for the rooms above it.
package membership
