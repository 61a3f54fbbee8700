// Package notetest makes keys for tests.
package notetest

import (
	"time"

	"latchkey/evidence/note"
)

// Log is the log that keys are made for.
const Log = "acme.test/latchkey/7f3k9q2m/1"

// Keys are new ones for a log.
func Keys(log string) note.Keys {
	secret, _, err := note.Generate(log)
	if err != nil {
		panic(err)
	}
	keys := note.Load(note.Source{Text: secret}, time.Now)
	if keys.Lacking != nil {
		panic(keys.Lacking)
	}
	return keys
}
