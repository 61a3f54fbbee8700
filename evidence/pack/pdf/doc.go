// Package pdf writes a review as a PDF: what the report says, on paper. Its fonts come inside modules,
// so that it prints alike everywhere.
package pdf
