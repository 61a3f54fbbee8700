package app

import (
	"errors"
	"strings"

	"latchkey/access"
)

// Sentence is what the person at the terminal reads: cause and remedy, without
// the chain that belongs into the log.
func Sentence(err error) string {
	var f *access.Failure
	if !errors.As(err, &f) {
		return err.Error()
	}
	where, _, _ := strings.Cut(err.Error(), f.Error())
	return where + strings.TrimSuffix(f.Sentence, ".") + "."
}
