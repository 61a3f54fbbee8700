package store

import (
	"encoding/json"
	"errors"
)

// Signing is what this Latchkey is for those who read what it signs.
type Signing struct {
	Instance uint64 // raised by every start and every recovery
	Key      string // the public key it signed with last; empty: it never had one
}

const signingKind, signingID, signingSchema = "signing", "this", 1

// LoadSigning is what is known; nothing for a store that was never begun.
func LoadSigning(tx Tx) (s Signing, err error) {
	r, err := tx.Get(signingKind, signingID)
	switch {
	case errors.Is(err, ErrNotFound):
		return s, nil
	case err == nil && r.Schema > signingSchema:
		err = ErrNewer
	}
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(r.Body, &s)
}

// PutSigning keeps it.
func PutSigning(tx Tx, s Signing) error {
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	r, err := tx.Get(signingKind, signingID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	_, err = tx.Put(Record{Kind: signingKind, ID: signingID, Version: r.Version, Schema: signingSchema, Body: body})
	return err
}
