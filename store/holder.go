package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/rawjson"
)

// Holder is who is bound to an account, with the little of them that is asked of everybody in a directory: the rest of the
// record is passed over.
type Holder struct {
	ID         access.PersonID
	Standing   access.Standing
	Offboarded time.Time
	systems    []byte // of the bindings, as they are stored
}

// HolderOf finds who is bound to an account of a system now. Absent: ErrNotFound.
func HolderOf(tx Tx, system, id string) (Holder, error) {
	ids, err := tx.IDs(people().kind, accountKey(system, id), "", 1)
	if err != nil {
		return Holder{}, fmt.Errorf("%s: %w", people().kind, err)
	}
	if len(ids) == 0 {
		return Holder{}, &absent{people().kind, "with an account of " + system}
	}
	return holder(tx, ids[0])
}

// HolderKnownAs is somebody by our id of them; one of whom nothing is known, where that is so.
func HolderKnownAs(tx Tx, who access.PersonID) (Holder, error) {
	h, err := holder(tx, string(who))
	if errors.Is(err, ErrNotFound) {
		return Holder{}, nil
	}
	return h, err
}

func holder(tx Tx, id string) (Holder, error) {
	r, err := tx.Get(people().kind, id)
	if err != nil {
		return Holder{}, people().unfound(id, err)
	}
	body, err := people().schema.Newest(r.Schema, r.Body)
	var h Holder
	if err == nil {
		err = h.read(body)
	}
	if err != nil {
		return Holder{}, &Damaged{Kind: r.Kind, ID: r.ID, Index: r.Index, Err: err}
	}
	return h, nil
}

// read finds what is wanted in a record of somebody. A hundred thousand are read for a review, so nothing else of it is decoded.
func (h *Holder) read(body []byte) error {
	var wrong error
	err := rawjson.Members(body, func(key, value []byte) {
		switch string(key) {
		case `"ID"`:
			h.ID = access.PersonID(rawjson.Text(value))
		case `"Standing"`:
			h.Standing = standing(value)
		case `"Offboarded"`:
			wrong = errors.Join(wrong, json.Unmarshal(value, &h.Offboarded))
		case `"Bindings"`:
			h.systems = value
		}
	})
	return errors.Join(err, wrong)
}

// standing is one as it is stored: of the usual ones no copy is made.
func standing(value []byte) access.Standing {
	for _, s := range [...]access.Standing{access.Active, access.Suspended, access.Left} {
		if says(value, string(s)) {
			return s
		}
	}
	return access.Standing(rawjson.Text(value))
}

// says tells whether a JSON string is a text.
func says(value []byte, text string) bool {
	if bytes.IndexByte(value, '\\') >= 0 {
		return rawjson.Text(value) == text
	}
	return len(value) == len(text)+2 && string(value[1:len(value)-1]) == text
}

// Accounts is how many accounts of a system they have or had.
func (h Holder) Accounts(system string) (count int) {
	_ = rawjson.Elements(h.systems, func(binding []byte) { // who has no bindings has none of the system
		_ = rawjson.Members(binding, func(key, value []byte) {
			if string(key) == `"System"` && says(value, system) {
				count++
			}
		})
	})
	return count
}
