// Package catalog says what may be asked for: apps, their roles, the groups a
// role opens, how long it may be held and who has to say yes.
//
// The package is pure: it reads no file, no clock and no network. Configuration
// is decoded elsewhere and handed in; Check reports every fault by its path, so
// that whoever holds the file can name line and column.
package catalog
