// Package packtest has a review in which everything happens that can happen to a row, the pack of it in
// memory, and what tests ask of pages and tables.
package packtest
