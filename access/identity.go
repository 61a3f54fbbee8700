package access

import (
	"encoding/json"
	"slices"
	"time"
)

// Identity is who a person was at the time, for those who only have the record:
// what to call them, and by what they were known, then and before.
type Identity struct {
	Email    Email
	Name     string
	Bindings []Binding // accounts and addresses; no names
}

// Identity is who the person is now.
func (p Person) Identity() Identity {
	named := func(b Binding) bool { return b.System == SystemName }
	return Identity{Email: p.Email, Name: p.Name, Bindings: slices.DeleteFunc(slices.Clone(p.Bindings), named)}
}

// recordedIdentity is the form in which an event keeps it: short, for many events
// name many people.
type recordedIdentity struct {
	Email Email             `json:",omitempty"`
	Name  string            `json:",omitempty"`
	Known []recordedBinding `json:",omitempty"`
}

// recordedBinding is one binding; its times are in milliseconds.
type recordedBinding struct {
	System string    `json:"s"`
	ID     string    `json:"i"`
	Source string    `json:"by,omitempty"`
	Level  Assurance `json:"l,omitempty"`
	Reused bool      `json:"r,omitempty"`
	Since  int64     `json:"t,omitempty"`
	Until  int64     `json:"u,omitempty"`
	Denied bool      `json:"x,omitempty"`
	By     string    `json:"d,omitempty"` // Declared
}

// MarshalJSON writes it as an event keeps it.
func (i Identity) MarshalJSON() ([]byte, error) {
	out := recordedIdentity{Email: i.Email, Name: i.Name}
	for _, b := range i.Bindings {
		out.Known = append(out.Known, recordedBinding{b.System, b.ID, b.Source, b.Level, b.Reused, millis(b.Since), millis(b.Until), b.Denied, b.Declared})
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (i *Identity) UnmarshalJSON(raw []byte) error {
	var in recordedIdentity
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	*i = Identity{Email: in.Email, Name: in.Name}
	for _, b := range in.Known {
		i.Bindings = append(i.Bindings, Binding{
			System: b.System, ID: b.ID, Source: b.Source, Level: b.Level, Reused: b.Reused, How: "the record says so", Since: instant(b.Since), Until: instant(b.Until), Denied: b.Denied, Declared: b.By,
		})
	}
	return nil
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
