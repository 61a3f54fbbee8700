// Package browser looks at pages with a real browser that has no window: it takes pictures
// of them and counts the lines that a reader sees.
package browser
