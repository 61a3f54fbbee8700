// Package summary counts the rows of a campaign before anything is written of it: the figures at the
// top, how fast who answered, and what an auditor would find, told by the pack itself.
package summary
