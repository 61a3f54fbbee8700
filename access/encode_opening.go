package access

import (
	"slices"
	"time"

	"latchkey/catalog"
)

// opening is the part of an Opening that names nobody but by our own ids.
type opening struct {
	Requester  PersonID
	Route      string              `json:",omitempty"`
	Catalog    string              `json:",omitempty"`
	Stages     []stage             `json:",omitempty"`
	Distinct   bool                `json:",omitempty"`
	Clauses    []catalog.Clause    `json:",omitempty"`
	Exceptions []catalog.Exception `json:",omitempty"`
	Skipped    []source            `json:",omitempty"`
	Extends    string              `json:",omitempty"`
	BreakGlass bool                `json:",omitempty"`
	StepUp     bool                `json:",omitempty"`
	Starts     time.Time           `json:",omitzero"`
	Lapses     time.Time           `json:",omitzero"`
}

type stage struct {
	From    []source
	Need    catalog.Need
	Backups []source `json:",omitempty"`
}

// source is where approvers come from. One that is a person's address is left
// blank: the addresses are in the private part, in the same order.
type source struct{ catalog.Approver }

// MarshalText keeps records readable.
func (s source) MarshalText() ([]byte, error) {
	if s.Kind == catalog.Named {
		return nil, nil
	}
	return s.Approver.MarshalText()
}

// UnmarshalText is the inverse of MarshalText.
func (s *source) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		s.Approver = catalog.Approver{Kind: catalog.Named}
		return nil
	}
	return s.Approver.UnmarshalText(b)
}

// split parts an opening into what may be kept for ever and the addresses in it;
// what else names or quotes people is left out.
func (o *Opening) split() (*opening, []string) {
	var named []string
	blank := func(all []catalog.Approver) []source {
		var out []source
		for _, a := range all {
			if a.Kind == catalog.Named {
				named = append(named, a.Person)
			}
			out = append(out, source{a})
		}
		return out
	}
	kept := &opening{Requester: o.Requester, Route: o.Route, Catalog: o.Catalog, Clauses: o.Clauses, Exceptions: o.Exceptions, Distinct: o.Distinct, Extends: o.Extends, BreakGlass: o.BreakGlass, StepUp: o.StepUp, Starts: o.Starts.UTC(), Lapses: o.Lapses.UTC()}
	for _, s := range o.Stages {
		kept.Stages = append(kept.Stages, stage{blank(s.Approvers), s.Need, blank(s.Backups)})
	}
	kept.Skipped = blank(o.Skipped)
	return kept, named
}

// whole puts an opening together again. Where the private part was erased, nobody
// is asked in place of those it named.
func (o *opening) whole(p private) *Opening {
	named := slices.Clone(p.Named)
	fill := func(all []source) []catalog.Approver {
		var out []catalog.Approver
		for _, s := range all {
			if s.Kind == catalog.Named {
				if len(named) == 0 {
					continue
				}
				s.Person, named = named[0], named[1:]
			}
			out = append(out, s.Approver)
		}
		return out
	}
	out := &Opening{
		Requester: o.Requester, Route: o.Route, Catalog: o.Catalog, Clauses: o.Clauses, Exceptions: o.Exceptions, Distinct: o.Distinct, Extends: o.Extends, BreakGlass: o.BreakGlass, StepUp: o.StepUp, Starts: o.Starts, Lapses: o.Lapses,
		Conversation: p.Conversation, Unlisted: p.Unlisted, Incident: p.Incident,
	}
	for _, s := range o.Stages {
		out.Stages = append(out.Stages, catalog.Stage{Approvers: fill(s.From), Need: s.Need, Backups: fill(s.Backups)})
	}
	out.Skipped = fill(o.Skipped)
	return out
}
