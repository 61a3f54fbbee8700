package bottest

import (
	"errors"
	"testing"

	"latchkey/access"
)

// WantFailure wants an error of a class and returns it.
func WantFailure(t testing.TB, err error, want access.Class) *access.Failure {
	t.Helper()
	var f *access.Failure
	if !errors.As(err, &f) || f.Class != want {
		t.Fatalf("error %v, want %s", err, want)
	}
	return f
}
