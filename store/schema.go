package store

import (
	"encoding/json"
	"errors"
	"fmt"
)

// ErrNewer: something was written by a newer version of Latchkey. Nothing can be
// done with it here; it stays as it is.
var ErrNewer = errors.New("store: written by a newer version of Latchkey; run that one on this store")

// Schema says how the stored form of something has changed over time. Its first
// form has the number 1; each upgrade leads from one to the next. What is stored
// carries its number, is brought up to date when it is read, and is written in
// the newest form.
type Schema struct {
	Upgrades []Upgrade
}

// Upgrade changes a stored form, field by field, into the next one.
type Upgrade func(fields map[string]json.RawMessage) error

// Number is that of the form that is written now.
func (s Schema) Number() int { return len(s.Upgrades) + 1 }

// Decode reads a body that was written in the form with the given number.
func (s Schema) Decode(number int, body []byte, into any) error {
	body, err := s.Newest(number, body)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}

// Newest is a body, written in the form with the given number, in the newest.
func (s Schema) Newest(number int, body []byte) ([]byte, error) {
	switch {
	case number == s.Number():
		return body, nil
	case number > s.Number():
		return nil, fmt.Errorf("%w: it has schema %d, this version reads up to %d", ErrNewer, number, s.Number())
	case number < 1:
		return nil, errors.New("it carries no schema number, so it was not written by Latchkey: restore the store from a backup")
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, err
	}
	for i, up := range s.Upgrades[number-1:] {
		if err := up(fields); err != nil {
			return nil, fmt.Errorf("bring schema %d up to date: %w", number+i, err)
		}
	}
	return json.Marshal(fields)
}
