// Package report writes a review as a page to read in a browser, which runs no scripts and loads
// nothing, and its rows on pages of their own where they are many.
package report
