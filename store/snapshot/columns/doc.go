// Package columns packs values and columns of values into few bytes: numbers by their width or as they
// grow, times by the longest unit that fits, words of which many are the same, ids that are all
// different; and sets of small numbers. It knows nothing of what they mean, and reading takes no more memory than a fixed
// multiple of the bytes that are read, whatever they say.
package columns
