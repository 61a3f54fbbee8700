package store

import "latchkey/access"

// Survey is what the last reconciliation found.
type Survey struct {
	Version uint64
	access.Survey
}

// lastSurvey is the id of the one survey that is kept. The log tells of the others.
const lastSurvey = "last"

func surveys() table[Survey] {
	return table[Survey]{
		kind: "survey",
		row:  func(s *Survey) Record { return Record{ID: lastSurvey, Version: s.Version} },
		set:  func(s *Survey, v uint64) { s.Version = v },
	}
}

// LastSurvey loads what the last reconciliation found. Before the first:
// ErrNotFound.
func LastSurvey(tx Tx) (Survey, error) { return surveys().get(tx, lastSurvey) }

// PutSurvey stores s at its version and raises it.
func PutSurvey(tx Tx, s *Survey) error { return surveys().put(tx, s) }
