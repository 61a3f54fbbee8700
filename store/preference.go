package store

import "latchkey/access"

// Preference is how somebody wants to be told.
type Preference struct {
	Person  access.PersonID
	Version uint64
	Notices access.Notices // empty: all
}

func preferences() table[Preference] {
	return table[Preference]{
		kind: "preference",
		row:  func(p *Preference) Record { return Record{ID: string(p.Person), Version: p.Version} },
		set:  func(p *Preference, v uint64) { p.Version = v },
	}
}

// PreferenceOf is how somebody wants to be told: everything, if they never said.
func PreferenceOf(tx Tx, who access.PersonID) (Preference, error) {
	p, err := preferences().getOrZero(tx, string(who))
	if p.Person = who; p.Notices == "" {
		p.Notices = access.NoticesAll
	}
	return p, err
}

// PutPreference stores p at its version and raises it.
func PutPreference(tx Tx, p *Preference) error { return preferences().put(tx, p) }
