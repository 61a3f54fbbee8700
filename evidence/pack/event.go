package pack

import (
	"golang.org/x/mod/sumdb/tlog"

	"latchkey/access"
)

// Event is an entry of the log, and what shows that it is in the tree of the pack's
// checkpoint. Its private part is left out: what it says of people stands in the rows.
type Event struct {
	Entry access.Entry
	// Proof leads from the leaf to the root of the checkpoint; empty where the event is
	// younger than the checkpoint, or the tree has one leaf.
	Proof tlog.RecordProof
}

// EventLine is a line of events.jsonl. With its first nine fields anybody can put the
// lines together that the leaf is the hash of.
type EventLine struct {
	Log     string        `json:"log"`
	ID      string        `json:"id"`
	Subject string        `json:"subject"`
	N       uint64        `json:"n"`
	Prev    access.Hash   `json:"prev,omitzero"`
	Schema  int           `json:"schema"`
	Body    []byte        `json:"body"`                 // base64 of the bytes as they were written
	Private access.Hash   `json:"private_sum,omitzero"` // SHA-256 of salt and private part
	Leaf    access.Hash   `json:"leaf"`
	Place   uint64        `json:"place"`
	Proof   []access.Hash `json:"proof,omitempty"`
}

// Line is the event as events.jsonl has it.
func (e Event) Line() EventLine {
	bare := e.Entry
	if len(bare.Private) > 0 {
		bare = bare.Erase()
	}
	w := EventLine{
		bare.Log, bare.ID, bare.Subject.String(), bare.N, bare.Prev, bare.Schema, bare.Body,
		bare.Erased, bare.Leaf, bare.Place, nil,
	}
	for _, h := range e.Proof {
		w.Proof = append(w.Proof, access.Hash(h))
	}
	return w
}

// Event reads a line back.
func (w EventLine) Event() (Event, error) {
	subject, err := access.ParseSubject(w.Subject)
	e := Event{Entry: access.Entry{
		ID: w.ID, Log: w.Log, Subject: subject, N: w.N, Prev: w.Prev, Schema: w.Schema, Body: w.Body,
		Erased: w.Private, Leaf: w.Leaf, Place: w.Place,
	}}
	for _, h := range w.Proof {
		e.Proof = append(e.Proof, tlog.Hash(h))
	}
	return e, err
}
