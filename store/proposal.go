package store

import (
	"time"

	"latchkey/access"
)

// Proposal is what IT says of somebody that counts once a second person has confirmed it.
type Proposal struct {
	ID        string // by which it is confirmed
	Version   uint64
	Person    access.PersonID // whom it is about
	Says      string          // what it is, in words
	By        access.Actor
	At        time.Time
	Confirmed access.Actor `json:",omitzero"` // by whom; nobody yet
}

func proposals() table[Proposal] {
	return table[Proposal]{
		kind: "proposal",
		row: func(p *Proposal) Record {
			return Record{ID: p.ID, Version: p.Version, Index: []string{"says:" + string(p.Person) + ":" + p.Says}}
		},
		set: func(p *Proposal, v uint64) { p.Version = v },
	}
}

// LoadProposal loads a proposal. Absent: ErrNotFound.
func LoadProposal(tx Tx, id string) (Proposal, error) { return proposals().get(tx, id) }

// ProposalOf is the proposal that says something of somebody. Absent: ErrNotFound.
func ProposalOf(tx Tx, who access.PersonID, says string) (Proposal, error) {
	return proposals().first(tx, "says:"+string(who)+":"+says)
}

// PutProposal stores p at its version and raises it.
func PutProposal(tx Tx, p *Proposal) error { return proposals().put(tx, p) }

// DropProposal forgets a proposal.
func DropProposal(tx Tx, id string) error { return tx.Delete("proposal", id) }
