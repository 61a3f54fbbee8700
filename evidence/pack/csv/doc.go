// Package csv writes the tables of a pack for spreadsheets: no cell is taken for a formula or is
// longer than Excel keeps.
package csv
